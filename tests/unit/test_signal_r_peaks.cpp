// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/result.h" // before <compare>: moc 6.4 trips over it when nothing of libstdc++ came before
#include "core/ecg/annotation_texts.h"
#include "core/ecg/synthesis.h"
#include "core/io/reader.h"
#include "core/signal/r_peaks.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

using namespace precordia;

namespace {

struct Score {
    int hit = 0, missed = 0, extra = 0;
    double sensitivity() const { return static_cast<double>(hit) / std::max(1, hit + missed); }
    double precision() const { return static_cast<double>(hit) / std::max(1, hit + extra); }
};

// Beats within 150 ms (ANSI/AAMI EC57), each peak used once, counted from `from` to `to` seconds only.
void compare(Score& score, const std::vector<double>& truth, const std::vector<SampleIndex>& peaks, double rate,
             double from, double to) {
    std::vector<bool> used(peaks.size(), false);
    for (const double beat : truth) {
        std::size_t best = peaks.size();
        for (std::size_t k = 0; k < peaks.size(); ++k) {
            const double d = std::abs(static_cast<double>(peaks[k].value) / rate - beat);
            if (!used[k] && d <= 0.15 &&
                (best == peaks.size() || d < std::abs(static_cast<double>(peaks[best].value) / rate - beat)))
                best = k;
        }
        if (best < peaks.size()) {
            used[best] = true;
            ++score.hit;
        } else if (beat >= from && beat <= to) {
            ++score.missed;
        }
    }
    for (std::size_t k = 0; k < peaks.size(); ++k) {
        const double t = static_cast<double>(peaks[k].value) / rate;
        if (!used[k] && t >= from && t <= to)
            ++score.extra;
    }
}

Score scoreSynthetic(const SynthesisOptions& options, int recordings) {
    Score score;
    for (int i = 0; i < recordings; ++i) {
        const SyntheticEcg ecg = synthesise(options, 900 + static_cast<std::uint64_t>(i));
        std::vector<double> truth;
        for (const BeatTruth& beat : ecg.truth.beats)
            truth.push_back(beat.rPeak);
        compare(score, truth, detectRPeaks(ecg.recording), options.samplingRate, 0.15, options.seconds - 0.15);
    }
    return score;
}

std::filesystem::path dataFolder() {
    if (const char* named = std::getenv("PRECORDIA_DATA"))
        return named;
    const char* source = std::getenv("PRECORDIA_SOURCE_DIR");
    return std::filesystem::path(source != nullptr ? source : ".") / ".." / "shared" / "data";
}

void scoreFile(Score& score, const std::filesystem::path& header, const std::string& annotator) {
    const auto recording = Registry::standard().read(header);
    QVERIFY2(recording.ok(), failureText(recording).c_str());
    static const std::string beats = "NLRaVFJASEj/Qefn?";
    std::vector<double> truth;
    for (const Annotation& a : recording->annotations) {
        if (a.source == annotator && a.symbol.size() == 1 && beats.find(a.symbol) != std::string::npos)
            truth.push_back(static_cast<double>(a.sample.value) / recording->samplingRate);
    }
    QVERIFY(truth.size() > 1);
    compare(score, truth, detectRPeaks(*recording), recording->samplingRate, truth.front() - 0.15, truth.back() + 0.15);
}

} // namespace

class TestSignalRPeaks : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void findsTheBeatsOfEveryRhythm_data() {
        QTest::addColumn<int>("rhythm");
        QTest::addColumn<int>("conduction");
        QTest::addColumn<int>("ventricular");
        QTest::addColumn<double>("noise");
        const auto row = [](const char* name, Rhythm r, Conduction c = Conduction::Normal, int pvc = 0,
                            double noise = 1) {
            QTest::newRow(name) << static_cast<int>(r) << static_cast<int>(c) << pvc << noise;
        };
        row("sinus", Rhythm::Sinus);
        row("sinus, loud", Rhythm::Sinus, Conduction::Normal, 0, 4);
        row("bradycardia", Rhythm::SinusBradycardia);
        row("tachycardia", Rhythm::SinusTachycardia);
        row("arrhythmia", Rhythm::SinusArrhythmia);
        row("fibrillation", Rhythm::AtrialFibrillation);
        row("flutter", Rhythm::AtrialFlutter);
        row("right block", Rhythm::Sinus, Conduction::Rbbb);
        row("left block", Rhythm::Sinus, Conduction::Lbbb);
        row("premature beats", Rhythm::Sinus, Conduction::Normal, 3);
    }
    void findsTheBeatsOfEveryRhythm() {
        QFETCH(int, rhythm);
        QFETCH(int, conduction);
        QFETCH(int, ventricular);
        QFETCH(double, noise);
        SynthesisOptions options;
        options.rhythm = static_cast<Rhythm>(rhythm);
        options.conduction = static_cast<Conduction>(conduction);
        options.prematureVentricular = ventricular;
        options.noise = noise;
        const Score score = scoreSynthetic(options, 12);
        QVERIFY2(
            score.sensitivity() >= 0.99 && score.precision() >= 0.98,
            qPrintable(QString("%1 found, %2 missed, %3 extra").arg(score.hit).arg(score.missed).arg(score.extra)));
    }

    void extremesOfRateAndSampling_data() {
        QTest::addColumn<double>("bpm");
        QTest::addColumn<double>("rate");
        QTest::newRow("30 bpm") << 30.0 << 500.0;
        QTest::newRow("200 bpm") << 200.0 << 500.0;
        QTest::newRow("100 Hz") << 75.0 << 100.0;
        QTest::newRow("1000 Hz") << 75.0 << 1000.0;
    }
    void extremesOfRateAndSampling() {
        QFETCH(double, bpm);
        QFETCH(double, rate);
        SynthesisOptions options;
        options.heartRate = bpm;
        options.samplingRate = rate;
        const Score score = scoreSynthetic(options, 8);
        QVERIFY2(
            score.sensitivity() >= 0.98 && score.precision() >= 0.98,
            qPrintable(QString("%1 found, %2 missed, %3 extra").arg(score.hit).arg(score.missed).arg(score.extra)));
    }

    void peakIsWhereTheVectorIsLongest() {
        SynthesisOptions options;
        options.noise = 0;
        options.subjectVariation = false;
        const SyntheticEcg ecg = synthesise(options, 3);
        const auto peaks = detectRPeaks(ecg.recording);
        QVERIFY(peaks.size() + 1 >= ecg.truth.beats.size());
        for (const SampleIndex p : peaks) {
            double nearest = 1;
            for (const BeatTruth& beat : ecg.truth.beats)
                nearest = std::min(nearest, std::abs(beat.rPeak - static_cast<double>(p.value) / 500));
            QVERIFY2(nearest < 0.012, qPrintable(QString::number(nearest)));
        }
    }

    void badLeadsAreOutvoted() {
        SynthesisOptions options;
        SyntheticEcg ecg = synthesise(options, 11);
        std::vector<double> truth;
        for (const BeatTruth& beat : ecg.truth.beats)
            truth.push_back(beat.rPeak);
        auto& leads = ecg.recording.leads;
        std::fill(leads[0].samples.begin(), leads[0].samples.end(), 0.0F);
        std::fill(leads[1].samples.begin(), leads[1].samples.end(), std::numeric_limits<float>::quiet_NaN());
        std::uint32_t state = 1;
        for (float& v : leads[6].samples) { // a chest lead of loud noise
            state = state * 1664525U + 1013904223U;
            v = static_cast<float>(state >> 20) - 2048.0F;
        }
        for (std::size_t i = 0; i < 5000; i += 333) // another with steps
            std::for_each(leads[7].samples.begin() + static_cast<std::ptrdiff_t>(i), leads[7].samples.end(),
                          [](float& v) { v += 900; });
        Score score;
        compare(score, truth, detectRPeaks(ecg.recording), 500, 0.15, 9.85);
        QCOMPARE(score.missed, 0);
        QCOMPARE(score.extra, 0);
    }

    void pacingSpikesAreNoBeats() {
        SynthesisOptions options;
        options.noise = 0.5;
        SyntheticEcg ecg = synthesise(options, 21);
        std::vector<double> truth;
        for (const BeatTruth& beat : ecg.truth.beats) {
            truth.push_back(beat.rPeak);
            const auto spike = static_cast<std::int64_t>((beat.qrsOn - 0.28) * 500);
            for (std::int64_t i = std::max<std::int64_t>(0, spike); i < spike + 2; ++i) {
                for (Lead& lead : ecg.recording.leads)
                    lead.samples[static_cast<std::size_t>(i)] += 1500;
            }
        }
        Score score;
        compare(score, truth, detectRPeaks(ecg.recording), 500, 0.15, 9.85);
        QCOMPARE(score.missed, 0);
        QCOMPARE(score.extra, 0);
    }

    // Whoever asks for the peaks: the mark counts from the file's start, also where a range of it was read.
    void markedCalibrationPulseIsNoBeat() {
        auto recording = synthesise({}, 4).recording;
        const auto before = detectRPeaks(recording);
        for (Lead& lead : recording.leads) {
            lead.samples.resize(5250, 0.F);
            std::fill(lead.samples.begin() + 5080, lead.samples.begin() + 5180, 1000.F);
        }
        QVERIFY(detectRPeaks(recording).size() > before.size());
        Annotation mark;
        mark.sample = SampleIndex(5000 + 700);
        mark.text = std::string(kCalibrationPulse);
        recording.annotations.push_back(mark);
        recording.firstSample = 700;
        const auto after = detectRPeaks(recording);
        QCOMPARE(after.size(), before.size());
        QVERIFY(std::equal(after.begin(), after.end(), before.begin()));
        recording.firstSample = 6000; // the whole range lies behind the mark
        QVERIFY(detectRPeaks(recording).empty());
    }

    void nothingToFind() {
        Recording recording;
        QVERIFY(detectRPeaks(recording).empty());
        recording.samplingRate = 500;
        Lead flat;
        flat.name = "II";
        flat.samples.assign(5000, 12.0F);
        recording.leads.push_back(flat);
        QVERIFY(detectRPeaks(recording).empty());
        recording.leads[0].samples.assign(5000, std::numeric_limits<float>::quiet_NaN());
        QVERIFY(detectRPeaks(recording).empty());
        recording.leads[0].samples.assign(10, 1.0F);
        QVERIFY(detectRPeaks(recording).empty());
    }

    void rhythmMeasuresByHand() {
        const auto at = [](std::initializer_list<int> samples) {
            std::vector<SampleIndex> out;
            for (const int s : samples)
                out.emplace_back(s);
            return out;
        };
        // RR 0.8, 0.8, 1.2 s: mean 14/15 s = 64.29 bpm, deviation sqrt(2 (2/15)^2 + (4/15)^2) / sqrt(2) s
        const RhythmMeasures m = measureRhythm(at({0, 400, 800, 1400}), 500);
        QCOMPARE(m.beats, 4);
        QVERIFY(std::abs(*m.heartRateBpm - 60 * 15 / 14.0) < 1e-9);
        QVERIFY(std::abs(*m.rrSdMs - 230.9401) < 1e-3);
        const RhythmMeasures two = measureRhythm(at({100, 600}), 500);
        QVERIFY(std::abs(*two.heartRateBpm - 60) < 1e-9);
        QVERIFY(!two.rrSdMs);
        QVERIFY(!measureRhythm(at({100}), 500).heartRateBpm);
        QVERIFY(!measureRhythm({}, 500).heartRateBpm);
    }

    // A recording that begins and ends within a beat: no peak is made of the piece of it.
    void piecesOfBeatsAtTheEnds() {
        SynthesisOptions o;
        o.noise = 0;
        const auto ecg = synthesise(o, 3);
        const auto whole = detectRPeaks(ecg.recording);
        QVERIFY(whole.size() > 6);
        for (const int off : {-30, -10, 0, 10, 20}) {
            auto piece = ecg.recording;
            const auto first = whole[1].value + off, last = whole[5].value + off;
            for (Lead& lead : piece.leads)
                lead.samples = {lead.samples.begin() + first, lead.samples.begin() + last};
            const auto found = detectRPeaks(piece);
            QVERIFY(found.size() >= 3);
            for (std::size_t k = 1; k < found.size(); ++k) { // as far apart as in the whole
                const auto at = std::find_if(whole.begin(), whole.end(), [&](SampleIndex p) {
                    return std::abs(p.value - first - found[k].value) <= 4;
                });
                QVERIFY2(at != whole.end() &&
                             std::abs((*at).value - (*(at - 1)).value - found[k].value + found[k - 1].value) <= 8,
                         qPrintable(QString("%1 %2").arg(off).arg(k)));
            }
        }
    }

    void ludb() {
        const auto folder = dataFolder() / "ludb" / "data";
        if (!std::filesystem::exists(folder))
            QSKIP("no LUDB in the data folder");
        Score score;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            if (entry.path().extension() == ".hea")
                scoreFile(score, entry.path(), "ii");
        }
        qInfo("LUDB: %d found, %d missed, %d extra", score.hit, score.missed, score.extra);
        QVERIFY(score.sensitivity() >= 0.99);
        QVERIFY(score.precision() >= 0.99);
    }

    void twoLeadHolters() {
        const auto folder = dataFolder() / "formats" / "annotated-2-lead";
        if (!std::filesystem::exists(folder))
            QSKIP("no two-lead records in the data folder");
        for (const char* name : {"208.hea", "sel100.hea"}) {
            Score score;
            scoreFile(score, folder / name, "atr");
            qInfo("%s: %d found, %d missed, %d extra", name, score.hit, score.missed, score.extra);
            QVERIFY(score.sensitivity() >= 0.997);
            QVERIFY(score.precision() >= 0.997);
        }
    }
};

QTEST_GUILESS_MAIN(TestSignalRPeaks)
#include "test_signal_r_peaks.moc"
