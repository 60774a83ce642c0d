// SPDX-License-Identifier: GPL-3.0-or-later
// What is said of the rhythm: P waves given in sinus rhythm and not in fibrillation and flutter, the rate, premature
// beats, and which channels are heard at all.
#include "core/base/result.h" // before <compare>: moc 6.4 trips over it when nothing of libstdc++ came before
#include "core/ecg/synthesis.h"
#include "core/io/reader.h"
#include "core/signal/ecg_leads.h"
#include "core/signal/measurements.h"
#include "core/signal/median_marks.h"

#include <QTest>

#include <cmath>
#include <filesystem>
#include <numbers>

using namespace precordia;

namespace {

std::filesystem::path dataFolder() {
    if (const char* named = std::getenv("PRECORDIA_DATA"))
        return named;
    const char* source = std::getenv("PRECORDIA_SOURCE_DIR");
    return std::filesystem::path(source != nullptr ? source : ".") / ".." / "shared" / "data";
}

Recording beatsAt(const std::vector<double>& seconds) {
    Recording out;
    out.samplingRate = 500;
    Lead lead;
    lead.name = "II";
    lead.samples.assign(static_cast<std::size_t>((seconds.back() + 0.8) * 500), 0.0F);
    for (std::size_t i = 0; i < lead.samples.size(); ++i)
        for (const double at : seconds) {
            const double d = (static_cast<double>(i) / 500 - at) / 0.010;
            if (d * d < 40)
                lead.samples[i] += static_cast<float>(1000 * std::exp(-0.5 * d * d));
        }
    out.leads.push_back(std::move(lead));
    return out;
}

// The first beat at 0.6 s, then these RRs.
EcgAnalysis withIntervals(const std::vector<double>& rr) {
    std::vector<double> at{0.6};
    for (const double v : rr)
        at.push_back(at.back() + v);
    return analyseEcg(beatsAt(at));
}

int prematureIn(const std::vector<double>& rr) {
    return withIntervals(rr).measurements.premature;
}

Lead channel(const std::string& name, const std::string& unit, double hz, double size) {
    Lead out;
    out.name = name;
    out.unit = unit;
    for (int i = 0; i < 5000; ++i)
        out.samples.push_back(static_cast<float>(size * std::pow(std::sin(std::numbers::pi * hz * i / 500), 8)));
    return out;
}

} // namespace

class TestSignalRhythm : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void givesPWhereThereAre_data() {
        QTest::addColumn<int>("rhythm");
        QTest::addColumn<int>("least");
        QTest::addColumn<int>("most");
        QTest::newRow("sinus") << static_cast<int>(Rhythm::Sinus) << 24 << 24;
        QTest::newRow("bradycardia") << static_cast<int>(Rhythm::SinusBradycardia) << 24 << 24;
        QTest::newRow("tachycardia") << static_cast<int>(Rhythm::SinusTachycardia) << 22 << 24;
        QTest::newRow("arrhythmia") << static_cast<int>(Rhythm::SinusArrhythmia) << 24 << 24;
        QTest::newRow("fibrillation") << static_cast<int>(Rhythm::AtrialFibrillation) << 0 << 1;
        QTest::newRow("flutter") << static_cast<int>(Rhythm::AtrialFlutter) << 0 << 3;
    }
    void givesPWhereThereAre() {
        QFETCH(int, rhythm);
        QFETCH(int, least);
        QFETCH(int, most);
        int given = 0;
        for (int i = 0; i < 24; ++i) {
            SynthesisOptions o;
            o.rhythm = static_cast<Rhythm>(rhythm);
            const auto ecg = analyseEcg(synthesise(o, 2000 + static_cast<std::uint64_t>(i)).recording);
            given += ecg.measurements.pr.value ? 1 : 0;
            if (ecg.measurements.pr.value)
                continue;
            QVERIFY(!ecg.measurements.pr.reason.empty() && !ecg.measurements.pAxis.value);
            for (const auto& lead : ecg.delineation.leads)
                QVERIFY(lead.p.empty());
        }
        QVERIFY2(given >= least && given <= most, qPrintable(QString::number(given)));
    }

    // What readers said of the rhythm of these.
    void readersAgreeOnP_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<bool>("there");
        QTest::newRow("sinus arrhythmia, slow") << "cinc2021-b/SPH/SPH00001.h5" << true;
        QTest::newRow("sinus tachycardia with premature beats") << "cinc2021-a/JS20005.hea" << true;
        QTest::newRow("flutter 4 : 1") << "cinc2020/Q0096.hea" << false;
        QTest::newRow("flutter 2 : 1") << "cinc2021-b/ChapmanShaoxing_Ningbo/JS00005.hea" << false;
        QTest::newRow("fibrillation") << "cinc2021-b/ChapmanShaoxing_Ningbo/JS00007.hea" << false;
    }
    void readersAgreeOnP() {
        QFETCH(QString, file);
        QFETCH(bool, there);
        const auto path = dataFolder() / file.toStdString();
        if (!std::filesystem::exists(path))
            QSKIP("not in the data folder");
        const auto recording = Registry::standard().read(path);
        QVERIFY2(recording.ok(), failureText(recording).c_str());
        const auto pr = analyseEcg(*recording).measurements.pr;
        QVERIFY2(pr.value.has_value() == there, pr.reason.c_str());
    }

    // What the devices wrote into these files beside the signal.
    void nearTheDevicesValues_data() {
        QTest::addColumn<QString>("file");
        QTest::newRow("MUSE 1") << "formats/muse-xml/example1.xml";
        QTest::newRow("MUSE 2") << "formats/muse-xml/example2.xml";
        QTest::newRow("Sierra") << "formats/sierra-xml/3191723_ZZDEMOPTONLY_1-04_orig.xml";
        QTest::newRow("SCP") << "formats/scp/Example.scp";
        QTest::newRow("aECG") << "formats/aecg/Example.xml";
    }
    void nearTheDevicesValues() {
        QFETCH(QString, file);
        const auto path = dataFolder() / file.toStdString();
        if (!std::filesystem::exists(path))
            QSKIP("not in the data folder");
        const auto recording = Registry::standard().read(path);
        QVERIFY2(recording.ok(), failureText(recording).c_str());
        const auto ours = flat(analyseEcg(*recording).measurements);
        for (const auto& [key, most] :
             {std::pair{"heart_rate_bpm", 3.0}, {"pr_ms", 10.0}, {"qrs_ms", 8.0}, {"qt_ms", 20.0}})
            if (const auto theirs = recording->fileMeasurements.find(key); theirs != recording->fileMeasurements.end())
                QVERIFY2(ours.contains(key) && std::abs(ours.at(key) - theirs->second) <= most, key);
    }

    void rateIsOfTheMeanInterval() {
        // 9 RRs of 0.8 s and one of 1.3 s: mean 0.85 s, 70.6 bpm; the median would say 75.
        const auto m = withIntervals({0.8, 0.8, 0.8, 0.8, 0.8, 1.3, 0.8, 0.8, 0.8, 0.8}).measurements;
        QVERIFY2(std::abs(*m.heartRate.value - 60 / 0.85) < 0.3, qPrintable(QString::number(*m.heartRate.value)));
        QCOMPARE(*m.heartRate.value, 60000 / *m.rrMean.value);
    }

    void earlyBeats() {
        QCOMPARE(prematureIn({1, 1, 1, 0.7, 1.2, 1, 1, 1}), 1);
        QCOMPARE(prematureIn({0.7, 1.2, 1, 1, 1, 1, 1}), 1);          // the second beat of all
        QCOMPARE(prematureIn({1, 1, 1, 0.6, 0.65, 1.3, 1, 1, 1}), 2); // two in a row
    }

    void rateThatChangesHasNoEarlyBeats() {
        QCOMPARE(prematureIn({0.57, 0.58, 0.61, 0.67, 0.77, 0.80, 0.82, 0.84, 0.85, 0.84, 0.83, 0.80}), 0);
        QCOMPARE(prematureIn({1.1, 1.0, 0.9, 0.82, 0.75, 0.7, 0.66, 0.63, 0.61, 0.6, 0.6}), 0);
        QCOMPARE(prematureIn({0.8, 0.86, 0.95, 1.02, 1.0, 0.92, 0.84, 0.8, 0.85, 0.95, 1.02, 0.95}), 0); // breathing
    }

    void otherChannelsAreLeftOut() {
        SynthesisOptions o;
        auto recording = synthesise(o, 12).recording;
        const auto alone = analyseEcg(recording);
        recording.leads.insert(recording.leads.begin(), channel("PPG", "uV", 1.9, 40000));
        recording.leads.push_back(channel("EEG Fpz-Cz", "uV", 3.1, 900));
        recording.leads.push_back(channel("ABP", "mmHg", 1.9, 120));
        const auto with = analyseEcg(recording);
        QCOMPARE(with.leftOut.size(), std::size_t(3));
        QCOMPARE(with.leftOut[0].lead, std::string("PPG"));
        QCOMPARE(with.leftOut[2].reason, std::string("its unit is mmHg"));
        QCOMPARE(with.delineation.leads.size(), alone.delineation.leads.size());
        QCOMPARE(*with.measurements.heartRate.value, *alone.measurements.heartRate.value);
        QCOMPARE(*with.measurements.sokolowLyon.value, *alone.measurements.sokolowLyon.value);
    }

    void voltagesOfNoBodyAreRefused() {
        auto recording = synthesise({}, 12).recording;
        QVERIFY(analyseEcg(recording).measurements.sokolowLyon.value);
        for (Lead& lead : recording.leads)
            for (float& v : lead.samples)
                v *= 40;
        const auto m = analyseEcg(recording).measurements;
        QVERIFY(m.heartRate.value && !m.sokolowLyon.value);
        QVERIFY2(m.sokolowLyon.reason.find("unit") != std::string::npos, m.sokolowLyon.reason.c_str());
    }

    void nothingButOtherChannels() {
        Recording recording;
        recording.samplingRate = 500;
        recording.leads = {channel("Fp1", "uV", 1.3, 700), channel("C3-A2", "uV", 1.3, 500)};
        const auto ecg = analyseEcg(recording);
        QVERIFY(ecg.delineation.beats.empty() && !ecg.measurements.heartRate.value);
        QVERIFY2(ecg.measurements.heartRate.reason.find("EEG") != std::string::npos,
                 ecg.measurements.heartRate.reason.c_str());
    }

    void namesOfLeads() {
        for (const char* name : {"I", "aVR", "V1", "C1", "C6", "MLII", "MCL1", "V", "X", "vz", "ECG 1", "ECG art", "ES",
                                 "CM5", "col 0", "Lead II", "II (MDC)"})
            QVERIFY2(reasonNotEcg(channel(name, "uV", 1, 1)).empty(), name);
        for (const char* name : {"PLETH", "SpO2", "EEG", "EEG F3-A1", "Fp1", "O2", "C4-M1", "EOG left", "EMG chin",
                                 "ART", "Resp thorax", "GSR", "Temp rectal", "UC"})
            QVERIFY2(!reasonNotEcg(channel(name, "uV", 1, 1)).empty(), name);
        QVERIFY(reasonNotEcg(channel("II", "NU", 1, 1)).empty());
        QVERIFY(!reasonNotEcg(channel("II", "bpm", 1, 1)).empty());
    }

    // A fast regular rhythm with a broad QRS may be the ventricles': nothing is said of the atria. An irregular one is
    // not, however broad: fibrillation with a bundle branch block.
    void broadAndFast() {
        int regular = 0, irregular = 0;
        for (std::uint64_t seed = 1; seed <= 12; ++seed)
            for (const Rhythm rhythm : {Rhythm::AtrialFlutter, Rhythm::AtrialFibrillation}) {
                SynthesisOptions o;
                o.rhythm = rhythm;
                o.conduction = Conduction::Lbbb;
                o.heartRate = 150;
                o.noise = 0.3;
                const auto ecg = analyseEcg(synthesise(o, seed).recording);
                const auto& reason = ecg.delineation.pAbsent;
                if (reason.empty() || !ecg.measurements.qrs.value || *ecg.measurements.qrs.value < 145)
                    continue;
                const bool broad = reason.find("broad QRS") != std::string::npos;
                if (rhythm == Rhythm::AtrialFibrillation) {
                    QVERIFY2(!broad, reason.c_str());
                    ++irregular;
                } else if (*ecg.measurements.rrSd.value < 15) { // conducted alike
                    QVERIFY2(broad && reason.find("atrial") == std::string::npos, reason.c_str());
                    ++regular;
                }
            }
        QVERIFY2(regular >= 3 && irregular >= 3, qPrintable(QStringLiteral("%1 %2").arg(regular).arg(irregular)));
    }

    // A tachycardia like a sine: nobody can tell where its QRS ends, so no number is given that hangs on it, until a
    // reader lays the marks. A sinus rhythm as fast, with a QRS of its own, keeps its numbers.
    void wavesThatMergeAreNotMeasured() {
        Recording sine;
        sine.samplingRate = 500;
        for (std::size_t l = 0; l < standardLeads().size(); ++l) {
            Lead lead;
            lead.name = standardLeads()[l];
            const double size = (l % 3 == 2 ? -1 : 1) * (600 + 90 * static_cast<double>(l));
            for (int i = 0; i < 5000; ++i) { // a cycle of 333 ms: up in 100 ms, down in the rest
                const double cycle = std::fmod(static_cast<double>(i) * 0.006 + 0.01 * static_cast<double>(l), 1.0);
                const double phase = cycle < 0.3 ? cycle / 0.6 : 0.5 + (cycle - 0.3) / 1.4;
                lead.samples.push_back(static_cast<float>(-size * std::cos(2 * std::numbers::pi * phase)));
            }
            sine.leads.push_back(std::move(lead));
        }
        const auto ecg = analyseEcg(sine);
        const auto& m = ecg.measurements;
        QVERIFY(m.heartRate.value && std::abs(*m.heartRate.value - 180) < 2);
        for (const Measured* one : {&m.p, &m.pr, &m.qrs, &m.qt, &m.pAxis, &m.qrsAxis, &m.tAxis, &m.sokolowLyon,
                                    &m.cornell, &m.qtcBazett, &m.leads.front().stJ60}) {
            QVERIFY(!one->value);
            QVERIFY2(one->reason.find("run into each other") != std::string::npos || one == &m.qtcBazett,
                     one->reason.c_str());
        }
        MedianMarks marks = marksOf(ecg.medianBeat);
        *marks.qrsOn -= 0.05;
        const auto read = measuredWith(ecg, marks);
        QVERIFY(read.qrs.value && read.qrsAxis.value);
        QCOMPARE(*read.qrs.value, 1000 * (*marks.qrsOff - *marks.qrsOn));

        for (std::uint64_t seed = 1; seed <= 10; ++seed) {
            SynthesisOptions o;
            o.rhythm = Rhythm::SinusTachycardia;
            o.heartRate = 170;
            QVERIFY(analyseEcg(synthesise(o, seed).recording).measurements.qrs.value);
        }
    }
};

QTEST_GUILESS_MAIN(TestSignalRhythm)
#include "test_signal_rhythm.moc"
