// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/result.h" // before <compare>: moc 6.4 trips over it when nothing of libstdc++ came before
#include "core/ecg/synthesis.h"
#include "core/io/reader.h"
#include "core/signal/delineation_score.h"
#include "core/signal/measurements.h"

#include <QTest>

#include <cmath>
#include <filesystem>
#include <limits>

using namespace precordia;

namespace {

std::filesystem::path dataFolder() {
    if (const char* named = std::getenv("PRECORDIA_DATA"))
        return named;
    const char* source = std::getenv("PRECORDIA_SOURCE_DIR");
    return std::filesystem::path(source != nullptr ? source : ".") / ".." / "shared" / "data";
}

Delineation delineated(const Recording& recording) {
    return analyseEcg(recording).delineation;
}

Annotation mark(std::int64_t sample, const char* symbol) {
    Annotation a;
    a.sample = SampleIndex(sample);
    a.symbol = symbol;
    a.source = "ii";
    return a;
}

} // namespace

class TestSignalDelineation : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void findsTheWavesOfTheSynthesis() {
        DelineationScore score;
        for (int i = 0; i < 24; ++i) {
            SynthesisOptions o;
            o.rhythm = static_cast<Rhythm>(i % 4);
            const auto ecg = synthesise(o, 40 + static_cast<std::uint64_t>(i));
            ReaderMarks marks;
            marks.from = 0.6, marks.to = 9.4;
            for (const BeatTruth& b : ecg.truth.beats) {
                if (b.rPeak < marks.from || b.rPeak > marks.to)
                    continue;
                if (b.pOn && *b.pOn > 0)
                    marks.wave[0].push_back({b.pOn, b.pPeak, b.pOff});
                marks.wave[1].push_back({b.qrsOn, b.rPeak, b.qrsOff});
                if (b.tOff < 10)
                    marks.wave[2].push_back({std::nullopt, b.tPeak, b.tOff});
            }
            for (const auto& lead : delineated(ecg.recording).leads)
                score.add(scoreLead(lead, marks));
        }
        for (const auto& wave : score.wave) {
            QVERIFY2(wave.sensitivity() > 0.95, qPrintable(QString::number(wave.sensitivity())));
        }
        QVERIFY(score.wave[1].sensitivity() > 0.999);
        QVERIFY(std::abs(score.wave[1].edge[0].mean()) < 25 && score.wave[1].edge[0].deviation() < 12);
    }

    void marksAreInOrderAndInside() {
        for (int i = 0; i < 40; ++i) {
            const auto ecg = synthesiseMember(3, i);
            const auto d = delineated(ecg.recording);
            for (const auto& lead : d.leads)
                for (const auto* waves : {&lead.p, &lead.qrs, &lead.t})
                    for (const WaveMarks& w : *waves) {
                        QVERIFY2(w.on >= 0 && w.on < w.peak && w.peak < w.off && w.off <= ecg.recording.seconds(),
                                 qPrintable(QString("%1: %2 %3 %4").arg(i).arg(w.on).arg(w.peak).arg(w.off)));
                        QVERIFY(w.beat >= 0 && static_cast<std::size_t>(w.beat) < d.beats.size());
                    }
        }
    }

    void pacedBeatsAreKnown() {
        SynthesisOptions o;
        o.noise = 0.3;
        o.conduction = Conduction::Lbbb;
        auto ecg = synthesise(o, 8);
        for (const BeatTruth& b : ecg.truth.beats) {
            const auto at = static_cast<std::int64_t>((b.qrsOn - 0.012) * 500);
            for (Lead& lead : ecg.recording.leads)
                for (std::int64_t k = 0; k < 8; ++k) // decays within 20 ms
                    if (at + k >= 0 && at + k < 5000)
                        lead.samples[static_cast<std::size_t>(at + k)] +=
                            static_cast<float>(700 * std::exp(-static_cast<double>(k) / 2));
        }
        const auto d = delineated(ecg.recording);
        int paced = 0;
        for (const Beat& beat : d.beats)
            paced += beat.paced ? 1 : 0;
        QVERIFY(paced + 2 >= static_cast<int>(d.beats.size()));
        QVERIFY(d.pAbsent.find("paced") != std::string::npos);
        o.noise = 1;
        for (const Beat& beat : delineated(synthesise(o, 8).recording).beats)
            QVERIFY(!beat.paced);
    }

    void strangeRecordings() {
        Recording r;
        QVERIFY(delineated(r).beats.empty());
        r.samplingRate = 500;
        for (const std::size_t length : {0, 1, 10, 499, 700}) {
            r.leads.assign(1, {});
            r.leads[0].samples.assign(length, 5.0F);
            QVERIFY(delineated(r).beats.empty());
            r.leads[0].samples.assign(length, std::numeric_limits<float>::quiet_NaN());
            QVERIFY(delineated(r).beats.empty());
        }
        // One lead, gaps, other units beside it.
        auto ecg = synthesise({}, 5).recording;
        std::fill_n(ecg.leads[1].samples.begin() + 2000, 700, std::numeric_limits<float>::quiet_NaN());
        Recording two;
        two.samplingRate = 500;
        two.leads = {ecg.leads[1], ecg.leads[1]};
        two.leads[1].unit = "mmHg";
        const auto d = delineated(two);
        QCOMPARE(d.leads.size(), std::size_t(1));
        QVERIFY(d.beats.size() > 5);
        for (const float size : {1e6F, 1e30F, std::numeric_limits<float>::infinity()}) {
            for (float& v : two.leads[0].samples)
                v = v > 0 ? size : -size;
            QVERIFY(delineated(two).beats.size() < 60);
        }
        for (const double rate : {60.0, 100.0, 8000.0}) {
            SynthesisOptions o;
            o.samplingRate = rate;
            o.seconds = 6;
            const auto one = synthesise(o, 9);
            QVERIFY2(delineated(one.recording).beats.size() + 2 >= one.truth.beats.size(),
                     qPrintable(QString::number(rate)));
        }
    }

    void longRecordingsAreMeasuredInMinutes() {
        SynthesisOptions o;
        o.seconds = 190;
        o.samplingRate = 250;
        const auto ecg = synthesise(o, 3);
        const auto d = delineated(ecg.recording);
        QVERIFY(std::abs(static_cast<double>(d.beats.size()) - static_cast<double>(ecg.truth.beats.size())) <= 2);
        for (std::size_t b = 1; b < d.beats.size(); ++b)
            QVERIFY(d.beats[b].seconds - d.beats[b - 1].seconds > 0.3); // none twice at the seams
        QVERIFY(d.leads[1].p.size() + 4 >= d.beats.size());
    }

    void scoreByHand() {
        Recording r;
        r.samplingRate = 500;
        for (const auto& a : {mark(100, "("), mark(150, "N"), mark(180, ")"), mark(300, "("), mark(340, "t"),
                              mark(380, ")"), mark(500, "("), mark(520, "p"), mark(540, ")"), mark(600, "N")})
            r.annotations.push_back(a);
        const auto marks = readerMarks(r, "ii");
        QVERIFY(marks && !readerMarks(r, "v1"));
        QVERIFY(marks->from == 0.2 && marks->to == 1.2);
        QVERIFY(!marks->wave[1][1].on && !marks->wave[1][1].off);
        LeadDelineation ours;
        ours.qrs = {{0.21, 0.3, 0.35, 0}, {0.7, 0.75, 0.8, 1}}; // the first: on 10 ms late, off 10 ms early
        ours.t = {{0.5, 0.6, 0.7, 0}, {1.3, 1.4, 1.5, 1}};      // the second is beyond the span
        const auto s = scoreLead(ours, *marks);
        QCOMPARE(s.wave[0].missed, std::int64_t(1));
        QCOMPARE(s.wave[1].hit, std::int64_t(1));
        QCOMPARE(s.wave[1].missed, std::int64_t(1));
        QCOMPARE(s.wave[1].extra, std::int64_t(1));
        QVERIFY(std::abs(s.wave[1].edge[0].mean() - 10) < 1e-6 && std::abs(s.wave[1].edge[2].mean() + 10) < 1e-6);
        QCOMPARE(s.wave[2].hit, std::int64_t(1)); // 0.6 s against 0.68 s
        QCOMPARE(s.wave[2].extra, std::int64_t(0));
    }

    void ludb() {
        const auto folder = dataFolder() / "ludb" / "data";
        if (!std::filesystem::exists(folder))
            QSKIP("no LUDB in the data folder");
        DelineationScore all;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            if (entry.path().extension() != ".hea")
                continue;
            const auto recording = Registry::standard().read(entry.path());
            QVERIFY2(recording.ok(), failureText(recording).c_str());
            for (const auto& [lead, score] : scoreRecording(*recording, delineated(*recording)))
                all.add(score);
        }
        QVERIFY(all.wave[1].hit > 1000);
        struct Bound {
            double found;
            std::array<double, 3> deviation; // ms; on, peak, off
        };
        const std::array<Bound, 3> bounds{
            {{0.985, {15.5, 13, 14.5}}, {0.996, {10.5, 20, 12}}, {0.99, {21.5, 19.5, 22.5}}}};
        for (std::size_t w = 0; w < 3; ++w) {
            const auto& s = all.wave[w];
            QVERIFY2(s.sensitivity() >= bounds[w].found && s.predictivity() >= bounds[w].found,
                     qPrintable(QString("wave %1: %2 %3").arg(w).arg(s.sensitivity()).arg(s.predictivity())));
            for (std::size_t e = 0; e < 3; ++e)
                QVERIFY2(std::abs(s.edge[e].mean()) <= 6 && s.edge[e].deviation() <= bounds[w].deviation[e],
                         qPrintable(QString("wave %1 edge %2: %3 +- %4")
                                        .arg(w)
                                        .arg(e)
                                        .arg(s.edge[e].mean())
                                        .arg(s.edge[e].deviation())));
        }
    }
};

QTEST_GUILESS_MAIN(TestSignalDelineation)
#include "test_signal_delineation.moc"
