// SPDX-License-Identifier: GPL-3.0-or-later
// Measurements against the synthesis' own truth, within the tolerances of the CSE study (IEC 60601-2-51, 50.101.3).
#include "core/base/result.h" // before <compare>: moc 6.4 trips over it when nothing of libstdc++ came before
#include "core/ecg/annotation_texts.h"
#include "core/ecg/synthesis.h"
#include "core/signal/measurements.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

using namespace precordia;

namespace {

struct Spread {
    std::vector<double> errors;
    int missing = 0;
    double mean() const {
        double sum = 0;
        for (const double e : errors)
            sum += e;
        return errors.empty() ? 0 : sum / static_cast<double>(errors.size());
    }
    double deviation() const {
        double sum = 0;
        const double m = mean();
        for (const double e : errors)
            sum += (e - m) * (e - m);
        return errors.size() < 2 ? 0 : std::sqrt(sum / static_cast<double>(errors.size() - 1));
    }
    // The study's statistic leaves out the few largest outliers: 2 % from each side.
    Spread trimmed() const {
        Spread out = *this;
        std::sort(out.errors.begin(), out.errors.end());
        const auto cut = static_cast<std::ptrdiff_t>(out.errors.size() / 50);
        out.errors.erase(out.errors.end() - cut, out.errors.end());
        out.errors.erase(out.errors.begin(), out.errors.begin() + cut);
        return out;
    }
    std::string text() const {
        return std::to_string(mean()) + " +- " + std::to_string(deviation()) + ", missing " + std::to_string(missing);
    }
};

double turned(double degrees) {
    while (degrees > 180)
        degrees -= 360;
    while (degrees < -180)
        degrees += 360;
    return degrees;
}

// A mixed hundred: rhythms with a P wave, blocks, infarctions, premature beats.
SynthesisOptions mixed(int i, double noise) {
    SynthesisOptions o;
    o.noise = noise;
    o.rhythm = static_cast<Rhythm>(i % 4);
    o.conduction = i / 4 % 8 == 5 ? Conduction::Rbbb : i / 4 % 8 == 6 ? Conduction::Lbbb : Conduction::Normal;
    o.finding = i / 3 % 9 < 6 ? static_cast<Finding>(i / 3 % 9) : Finding::None;
    o.firstDegreeAvBlock = i % 11 == 3;
    o.prematureVentricular = i % 7 == 2 ? 1 : 0;
    o.prematureAtrial = i % 9 == 4 ? 1 : 0;
    return o;
}

std::map<std::string, Spread> against(double noise, int recordings) {
    std::map<std::string, Spread> out;
    for (int i = 0; i < recordings; ++i) {
        const auto ecg = synthesise(mixed(i, noise), 1000 + static_cast<std::uint64_t>(i));
        const auto ours = flat(analyseEcg(ecg.recording).measurements);
        auto truth = ecg.truth.measurements;
        std::vector<double> p;
        for (const BeatTruth& b : ecg.truth.beats)
            if (b.kind == 'N' && b.pOn)
                p.push_back(1000 * (*b.pOff - *b.pOn));
        std::sort(p.begin(), p.end());
        if (!p.empty())
            truth["p_ms"] = p[p.size() / 2];
        for (const auto& [key, value] : truth) {
            const std::string group = key.starts_with("st_") ? "st_uv" : key;
            const auto found = ours.find(key);
            if (found == ours.end())
                ++out[group].missing;
            else
                out[group].errors.push_back(key.ends_with("_deg") ? turned(found->second - value)
                                                                  : found->second - value);
        }
    }
    return out;
}

Recording beatsAt(const std::vector<double>& seconds, double length) {
    Recording out;
    out.samplingRate = 500;
    Lead lead;
    lead.name = "II";
    lead.samples.assign(static_cast<std::size_t>(length * 500), 0.0F);
    for (std::size_t i = 0; i < lead.samples.size(); ++i)
        for (const double at : seconds) {
            const double d = (static_cast<double>(i) / 500 - at) / 0.010;
            if (d * d < 40)
                lead.samples[i] += static_cast<float>(1000 * std::exp(-0.5 * d * d));
        }
    out.leads.push_back(std::move(lead));
    return out;
}

// 0.5 s: 1 mV for 0.2 s, marked as a reader does.
void appendPulse(Recording& recording) {
    const auto length = recording.samples();
    const auto at = [&](double seconds) {
        return static_cast<std::ptrdiff_t>(length) + static_cast<std::ptrdiff_t>(seconds * recording.samplingRate);
    };
    for (auto& lead : recording.leads) {
        lead.samples.resize(static_cast<std::size_t>(at(0.5)), 0.F);
        std::fill(lead.samples.begin() + at(0.16), lead.samples.begin() + at(0.36), 1000.F);
    }
    Annotation mark;
    mark.sample = SampleIndex(static_cast<std::int64_t>(length));
    mark.text = std::string(kCalibrationPulse);
    recording.annotations.push_back(mark);
}

} // namespace

class TestSignalMeasurements : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // A pulse of 1 mV that a device puts behind the heart is no beat, where the reader has marked it.
    void calibrationPulseIsNoBeat() {
        SynthesisOptions options;
        options.heartRate = 60;
        auto recording = synthesise(options, 4).recording;
        const auto before = analyseEcg(recording).measurements;
        appendPulse(recording);
        const auto after = analyseEcg(recording).measurements;
        QCOMPARE(after.beats, before.beats);
        QCOMPARE(*after.rrSd.value, *before.rrSd.value);
        QCOMPARE(*after.qrs.value, *before.qrs.value);
        recording.annotations.clear();
        QVERIFY(analyseEcg(recording).measurements.beats != before.beats); // unmarked it would be one
    }

    // A long one is measured minute by minute: the mark must reach the minute that the pulse stands in.
    void calibrationPulseBehindALongRecording() {
        SynthesisOptions options;
        options.heartRate = 60;
        options.seconds = 150;
        options.samplingRate = 250;
        auto recording = synthesise(options, 4).recording;
        const auto before = analyseEcg(recording).delineation.beats;
        appendPulse(recording);
        const auto after = analyseEcg(recording).delineation.beats;
        QCOMPARE(after.size(), before.size());
        QCOMPARE(after.back().peak, before.back().peak);
        recording.annotations.clear();
        QVERIFY(analyseEcg(recording).delineation.beats.size() > before.size());
    }

    void withinTheToleranceOfTheCseStudy_data() {
        QTest::addColumn<double>("noise");
        QTest::newRow("no noise") << 0.0;
        QTest::newRow("ordinary noise") << 1.0;
    }
    void withinTheToleranceOfTheCseStudy() {
        QFETCH(double, noise);
        const auto all = against(noise, 100);
        const auto check = [&](const char* key, double mean, double deviation, int missing) {
            const Spread s = all.at(key).trimmed();
            qInfo("%s: %s", key, s.text().c_str());
            QVERIFY2(std::abs(s.mean()) <= mean && s.deviation() <= deviation && s.missing <= missing,
                     (std::string(key) + ": " + s.text()).c_str());
        };
        check("p_ms", 10, 15, 5);
        check("pr_ms", 10, 10, 5);
        check("qrs_ms", 10, 10, 0);
        check("qt_ms", 25, 30, 0);
        check("heart_rate_bpm", 1, 3, 0);
        check("qrs_axis_deg", 5, 10, 5);
        check("st_uv", 15, 30, 0);
    }

    void correctionsByHand() {
        // QT 400 ms at 75 bpm, RR 0.8 s: 400 / 0.894427, 400 / 0.928318, 400 + 154 * 0.2, 400 + 1.75 * 15.
        QVERIFY(std::abs(qtcBazett(400, 0.8) - 447.2136) < 1e-3);
        QVERIFY(std::abs(qtcFridericia(400, 0.8) - 430.8869) < 1e-3);
        QVERIFY(std::abs(qtcFramingham(400, 0.8) - 430.8) < 1e-9);
        QVERIFY(std::abs(qtcHodges(400, 0.8) - 426.25) < 1e-9);
        for (const auto correct : {qtcBazett, qtcFridericia, qtcFramingham, qtcHodges})
            QVERIFY(std::abs(correct(380, 1) - 380) < 1e-9);
    }

    void rhythmByHand() {
        // 24 beats, RR 0.8 s and 0.9 s in turn.
        std::vector<double> at{0.5};
        for (int i = 0; i < 23; ++i)
            at.push_back(at.back() + (i % 2 == 0 ? 0.8 : 0.9));
        const auto m = analyseEcg(beatsAt(at, at.back() + 1)).measurements;
        QCOMPARE(m.beats, 24);
        QVERIFY(std::abs(*m.rrMin.value - 800) < 3 && std::abs(*m.rrMax.value - 900) < 3);
        QVERIFY(std::abs(*m.rrMean.value - (12 * 800 + 11 * 900) / 23.0) < 1);
        QVERIFY(m.rmssd.value && std::abs(*m.rmssd.value - 100) < 4);
        QVERIFY(m.pnn50.value && *m.pnn50.value > 99);
        QVERIFY(m.sdnn.value && std::abs(*m.sdnn.value - 51.1) < 3); // deviation of 12 and 11 values 100 apart
    }

    void whatIsMissingSaysWhy() {
        const auto few = analyseEcg(beatsAt({0.6, 1.4, 2.2, 3.0}, 4)).measurements;
        QVERIFY(!few.sdnn.value && few.sdnn.reason.find("20") != std::string::npos);
        QVERIFY(!few.qrsAxis.value && few.qrsAxis.reason.find("I and II") != std::string::npos);
        QVERIFY(!few.sokolowLyon.value && !few.sokolowLyon.reason.empty());
        Recording nothing;
        nothing.samplingRate = 500;
        nothing.leads.push_back({});
        nothing.leads.back().samples.assign(5000, 0.0F);
        for (const Recording& r : {nothing, Recording{}}) {
            const auto ecg = analyseEcg(r);
            QVERIFY(flat(ecg.measurements).empty());
            for (const auto& [key, measured] : named(ecg.measurements))
                QVERIFY2(!measured.reason.empty(), key.c_str());
        }
    }

    void otherRatesAndGainsMeasureTheSame() {
        SynthesisOptions o;
        o.noise = 0;
        const auto reference = analyseEcg(synthesise(o, 77).recording).measurements;
        for (const double rate : {250.0, 360.0, 1000.0}) {
            o.samplingRate = rate;
            const auto m = analyseEcg(synthesise(o, 77).recording).measurements;
            QVERIFY2(std::abs(*m.qrs.value - *reference.qrs.value) < 8, qPrintable(QString::number(rate)));
            QVERIFY(std::abs(*m.qt.value - *reference.qt.value) < 12);
            QVERIFY(m.pr.value && std::abs(*m.pr.value - *reference.pr.value) < 12);
            QVERIFY(std::abs(*m.qrsAxis.value - *reference.qrsAxis.value) < 3);
        }
    }

    void oddBeatsStayOutOfTheMedianBeat() {
        SynthesisOptions o;
        o.noise = 0.5;
        o.prematureVentricular = 3;
        const auto with = synthesise(o, 31);
        const auto ecg = analyseEcg(with.recording);
        int ventricular = 0;
        for (const BeatTruth& b : with.truth.beats)
            ventricular += b.kind == 'V' ? 1 : 0;
        QVERIFY(ventricular >= 2);
        QVERIFY(std::abs(ecg.measurements.ventricular - ventricular) <= 1);
        QVERIFY(ecg.medianBeat.beats + static_cast<std::size_t>(ventricular) <= with.truth.beats.size());
        QVERIFY(std::abs(*ecg.measurements.qrs.value - with.truth.measurements.at("qrs_ms")) < 25);
    }
};

QTEST_GUILESS_MAIN(TestSignalMeasurements)
#include "test_signal_measurements.moc"
