// SPDX-License-Identifier: GPL-3.0-or-later
// Marks that a hand moves: their order, what is measured with them, and the journal that keeps them.
#include "core/base/result.h" // before <compare>: moc 6.4 trips over it when nothing of libstdc++ came before
#include "core/ecg/synthesis.h"
#include "core/signal/median_marks.h"
#include "core/signal/single_beat.h"
#include "core/study/demo.h"
#include "core/study/fiducial_edits.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace precordia;

namespace {

EcgAnalysis measured() {
    SynthesisOptions o;
    o.noise = 0;
    o.heartRate = 60;
    o.subjectVariation = false;
    return analyseEcg(synthesise(o, 3).recording);
}

constexpr double kSample = 0.002; // s

} // namespace

class TestMedianMarks : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void computedMarksMeasureTheSame() {
        const auto ecg = measured();
        const auto marks = marksOf(ecg.medianBeat);
        QVERIFY(marks.pOn && marks.qrsOn && marks.tOff);
        QVERIFY(plausible(marks, ecg.medianBeat));
        const auto again = flat(measuredWith(ecg, marks));
        const auto before = flat(ecg.measurements);
        QCOMPARE(again.size(), before.size());
        for (const auto& [key, value] : before)
            QVERIFY2(again.contains(key) && std::abs(again.at(key) - value) < 1e-9, key.c_str());
    }

    // Each interval is the distance of its two marks; what hangs on none of the moved ones stays.
    void measurementsFollow() {
        const auto ecg = measured();
        const auto& was = ecg.measurements;
        auto marks = marksOf(ecg.medianBeat);
        *marks.tOff += 0.030;
        auto now = measuredWith(ecg, marks);
        QVERIFY(std::abs(*now.qt.value - *was.qt.value - 30) < 1e-6);
        const double rr = 60 / *was.heartRate.value;
        QVERIFY(std::abs(*now.qtcBazett.value - (*was.qt.value + 30) / std::sqrt(rr)) < 1e-6);
        QVERIFY(std::abs(*now.qtcFridericia.value - (*was.qt.value + 30) / std::cbrt(rr)) < 1e-6);
        QCOMPARE(*now.qrs.value, *was.qrs.value);
        QCOMPARE(*now.pr.value, *was.pr.value);
        QCOMPARE(*now.heartRate.value, *was.heartRate.value);
        marks = marksOf(ecg.medianBeat);
        *marks.qrsOn -= 0.010;
        now = measuredWith(ecg, marks);
        QVERIFY(std::abs(*now.qrs.value - *was.qrs.value - 10) < 1e-6);
        QVERIFY(std::abs(*now.qt.value - *was.qt.value - 10) < 1e-6);
        QVERIFY(std::abs(*now.pr.value - *was.pr.value + 10) < 1e-6);
        QCOMPARE(now.leads.size(), was.leads.size());
        marks = marksOf(ecg.medianBeat);
        *marks.pOn -= 0.020;
        now = measuredWith(ecg, marks);
        QVERIFY(std::abs(*now.pr.value - *was.pr.value - 20) < 1e-6);
        QVERIFY(std::abs(*now.p.value - *was.p.value - 20) < 1e-6);
        QCOMPARE(*now.qt.value, *was.qt.value);
    }

    void marksKeepTheirOrder() {
        const auto ecg = measured();
        const auto& beat = ecg.medianBeat;
        const auto marks = marksOf(beat);
        for (const MedianMark mark : kMedianMarks)
            for (const double to : {-9.0, -0.3, -0.05, 0.0, 0.0513, 0.2, 9.0}) {
                const auto now = withMark(marks, mark, to, beat);
                QVERIFY2(plausible(now, beat), qPrintable(QStringLiteral("%1 to %2").arg(int(mark)).arg(to)));
                for (const MedianMark other : kMedianMarks)
                    QVERIFY(other == mark || now.at(other) == marks.at(other));
                const double samples = *now.at(mark) / kSample;
                QVERIFY(std::abs(samples - std::round(samples)) < 1e-6);
            }
        QVERIFY(*withMark(marks, MedianMark::QrsOn, 9, beat).qrsOn <= *marks.qrsOff - 0.004 + 1e-9);
        QVERIFY(std::abs(*withMark(marks, MedianMark::TOff, *marks.tOff + 0.0304, beat).tOff -
                         std::round((*marks.tOff + 0.0304) / kSample) * kSample) < 1e-9);
        QVERIFY(withMark(marks, MedianMark::TOff, std::nan(""), beat) == marks);
        auto without = marks;
        without.pOn.reset(), without.pOff.reset();
        QVERIFY(!withMark(without, MedianMark::POn, -0.1, beat).pOn);
        QVERIFY(*withMark(without, MedianMark::QrsOn, -0.3, beat).qrsOn < *marks.pOff); // no P is in its way
        QVERIFY(!measuredWith(ecg, without).pr.value);
    }

    void whatNoBeatCanHave() {
        const auto ecg = measured();
        const auto& beat = ecg.medianBeat;
        for (const auto& spoil : std::vector<std::function<void(MedianMarks&)>>{
                 [](MedianMarks& m) { m.qrsOn.reset(); },
                 [](MedianMarks& m) { m.pOff.reset(); },
                 [](MedianMarks& m) { m.tOff = std::numeric_limits<double>::infinity(); },
                 [](MedianMarks& m) { m.tOff = 5; },
                 [](MedianMarks& m) { m.pOn = -5; },
                 [](MedianMarks& m) { std::swap(*m.qrsOn, *m.qrsOff); },
             }) {
            auto marks = marksOf(beat);
            spoil(marks);
            QVERIFY(!plausible(marks, beat));
        }
        QVERIFY(!plausible({}, beat));
    }

    // A single beat is the recording's own trace around its R peak; of like beats the marks are those of their mean.
    void singleBeats() {
        SynthesisOptions o;
        o.noise = 0;
        o.heartRate = 60;
        o.subjectVariation = false;
        o.samplingRate = 500;
        const auto recording = synthesise(o, 3).recording;
        const auto ecg = analyseEcg(recording);
        const auto& beats = ecg.delineation.beats;
        QVERIFY(beats.size() >= 8);
        const auto median = marksOf(ecg.medianBeat);
        for (std::size_t b = 1; b + 1 < beats.size(); ++b) {
            const auto one = analysisOfBeat(recording, ecg, b);
            QCOMPARE(one.medianBeat.beats, std::size_t(1));
            QVERIFY(plausible(marksOf(one.medianBeat), one.medianBeat));
            for (const MedianMark mark : kMedianMarks)
                QVERIFY(std::abs(*marksOf(one.medianBeat).at(mark) - *median.at(mark)) < 0.016);
            const auto& lead = one.medianBeat.leads[1];
            QCOMPARE(lead.lead, std::string("II"));
            const auto& trace = recording.leads[1].samples;
            const auto r = static_cast<std::size_t>(std::lround(beats[b].seconds * 500));
            // From the R peak to 60 ms behind it no filter of the baseline matters.
            for (std::size_t k = 0; k < 30; ++k) {
                const double own = trace[r + k] - trace[r],
                             shown = lead.samples[one.medianBeat.rPeak + k] - lead.samples[one.medianBeat.rPeak];
                QVERIFY2(std::abs(own - shown) < 12, qPrintable(QStringLiteral("%1 %2").arg(own).arg(shown)));
            }
            QVERIFY(std::abs(*one.measurements.qrs.value - 1000 * (one.medianBeat.qrs.off - one.medianBeat.qrs.on)) <
                    1e-9);
            QCOMPARE(*one.measurements.heartRate.value, *ecg.measurements.heartRate.value);
        }
        const auto none = analysisOfBeat(recording, ecg, beats.size());
        QCOMPARE(none.medianBeat.beats, std::size_t(0));
        QVERIFY(!none.measurements.qrs.value && !none.measurements.qrs.reason.empty());
    }

    // What the median beat does not show: one premature ventricular beat is broad, and the others are not.
    void anOddBeatIsMeasuredByItself() {
        int broad = 0;
        for (int i = 0; i < 8; ++i) {
            const auto made = synthesiseSinglePvc(5, i);
            const auto ecg = analyseEcg(made.recording);
            const auto& beats = ecg.delineation.beats;
            const auto odd =
                std::find_if(beats.begin(), beats.end(), [](const Beat& b) { return b.kind == BeatKind::Ventricular; });
            if (odd == beats.end())
                continue;
            const auto one = analysisOfBeat(made.recording, ecg, static_cast<std::size_t>(odd - beats.begin()));
            QCOMPARE(one.medianBeat.beats, std::size_t(1));
            broad += *one.measurements.qrs.value > *ecg.measurements.qrs.value + 20 ? 1 : 0;
            QVERIFY(!one.measurements.pr.value || *one.measurements.pr.value < 300);
        }
        QVERIFY2(broad >= 6, qPrintable(QString::number(broad)));
    }

    // Who, when, what; the last one counts, and nothing is ever overwritten.
    void theJournalGrows() {
        const QTemporaryDir folder;
        const auto at = std::filesystem::path(folder.path().toStdString()) / "study";
        Progress progress;
        QVERIFY(makeDemoStudy(at, 2, 7, {}, progress).ok());
        const auto ecg = measured();
        auto marks = marksOf(ecg.medianBeat);
        {
            const auto study = Study::open(at);
            QVERIFY(study.ok());
            QVERIFY(fiducialEdits(**study, RecordingId(1))->empty());
            const auto add = [&](std::int64_t id, const std::optional<MedianMarks>& made, const char* reader) {
                return addFiducialEdit(**study, RecordingId(id), {{}, made, reader, {}}, {}).ok();
            };
            QVERIFY(add(1, marks, "Reader A"));
            marks.pOn.reset(), marks.pOff.reset();
            QVERIFY(add(1, marks, "Reader B"));
            QVERIFY(add(1, {}, "Reader A"));
            QVERIFY(!add(99, marks, "Reader A"));
        }
        const auto study = Study::open(at);
        const auto edits = fiducialEdits(**study, RecordingId(1));
        QVERIFY(edits.ok());
        QCOMPARE(edits->size(), std::size_t(3));
        QVERIFY(*(*edits)[0].marks == marksOf(ecg.medianBeat));
        QVERIFY(*(*edits)[1].marks == marks);
        QVERIFY(!(*edits)[2].marks);
        QCOMPARE((*edits)[1].reader, std::string("Reader B"));
        QVERIFY((*edits)[0].editedAt.starts_with("20") && (*edits)[0].editedAt.ends_with("Z"));
        QVERIFY((*edits)[0].editedAt <= (*edits)[2].editedAt);
        QVERIFY(fiducialEdits(**study, RecordingId(2))->empty());
        // Blinded, each knows of the own ones alone.
        const auto blinded = Study::open(at, {"Reader B", true});
        const auto own = fiducialEdits(**blinded, RecordingId(1));
        QCOMPARE(own->size(), std::size_t(1));
        QCOMPARE(own->front().reader, std::string("Reader B"));
    }

    // What the marks of the median beat change stands in the study until they are taken back; a single beat's does not.
    void whatFollowsIsInTheStudy() {
        const QTemporaryDir folder;
        const auto at = std::filesystem::path(folder.path().toStdString()) / "study";
        Progress progress;
        QVERIFY(makeDemoStudy(at, 2, 7, {}, progress).ok());
        const auto ecg = measured();
        auto marks = marksOf(ecg.medianBeat);
        *marks.tOff += 0.030;
        const auto changed = changedBy(flat(measuredWith(ecg, marks)), flat(ecg.measurements));
        QVERIFY(changed.contains("qt_ms") && changed.contains("qtc_bazett_ms"));
        QVERIFY(!changed.contains("qrs_ms") && !changed.contains("heart_rate_bpm"));
        const auto study = Study::open(at);
        const RecordingId id(2);
        const auto kept = [&](const char* source = "moved") { return *(*study)->measurements(id, source); };
        const auto computed = kept("computed");
        QVERIFY(addFiducialEdit(**study, id, {SampleIndex(700), marks, "Reader A", {}}, changed).ok());
        QVERIFY(kept().empty());
        QVERIFY(addFiducialEdit(**study, id, {{}, marks, "Reader A", {}}, {{"qt_ms", 1}, {"pr_ms", 2}}).ok());
        QVERIFY(addFiducialEdit(**study, id, {{}, marks, "Reader A", {}}, changed).ok());
        QVERIFY(kept() == changed);
        QVERIFY(kept("computed") == computed);
        QCOMPARE((*study)->measurementColumn("moved", "qt_ms")->size(), std::size_t(1));
        for (const char* reader : {"Reader A", "Reader B"}) {
            const auto blinded = Study::open(at, {reader, true});
            const bool own = reader == std::string("Reader A");
            QVERIFY(*(*blinded)->measurements(id, "moved") == (own ? changed : Measurements{}));
            QCOMPARE((*blinded)->measurementColumn("moved", "qt_ms")->size(), std::size_t(own));
            QVERIFY(*(*blinded)->measurements(id, "computed") == computed);
        }
        const auto edits = *fiducialEdits(**study, id);
        QVERIFY(lastEdit(edits, {}, 0) == &edits.back());
        QVERIFY(lastEdit(edits, SampleIndex(690), 10) == &edits.front());
        QVERIFY(lastEdit(edits, SampleIndex(689), 10) == nullptr);
        QVERIFY(addFiducialEdit(**study, id, {{}, {}, "Reader B", {}}, {}).ok());
        QVERIFY(kept().empty());
    }
};

QTEST_MAIN(TestMedianMarks)
#include "test_median_marks.moc"
