// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/hash.h"
#include "core/ecg/synthesis.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>

using namespace precordia;

namespace {

const std::vector<float>& lead(const Recording& recording, const char* name) {
    return recording.leads.at(static_cast<std::size_t>(recording.find(name).value)).samples;
}

// Over 16-bit integers, as a file would hold them: no float formatting, no byte order of floats.
QString sampleHash(const Recording& recording) {
    std::string bytes;
    for (const Lead& l : recording.leads) {
        for (const float v : l.samples) {
            const int n = static_cast<int>(std::lround(v));
            bytes += static_cast<char>(n & 0xFF);
            bytes += static_cast<char>((n >> 8) & 0xFF);
        }
    }
    return QString::fromStdString(sha256Hex(bytes));
}

double mean(const std::string& key, const SynthesisOptions& options, int n = 25) {
    double sum = 0;
    for (int i = 0; i < n; ++i)
        sum += synthesise(options, 40 + static_cast<std::uint64_t>(i)).truth.measurements.at(key) / n;
    return sum;
}

bool has(const SyntheticEcg& ecg, const char* label) {
    const auto& labels = ecg.truth.labels;
    return std::find(labels.begin(), labels.end(), label) != labels.end();
}

// Greatest and least value around the beats of kind N, relative to the QRS onset, in one lead, median over the beats.
std::pair<double, double> qrsExtremes(const SyntheticEcg& ecg, const char* name) {
    std::vector<double> high, low;
    const auto& x = lead(ecg.recording, name);
    for (const BeatTruth& b : ecg.truth.beats) {
        const auto from = static_cast<std::int64_t>(b.qrsOn * 500), to = static_cast<std::int64_t>(b.qrsOff * 500);
        if (b.kind != 'N' || from < 0 || to >= static_cast<std::int64_t>(x.size()))
            continue;
        const auto [a, c] = std::minmax_element(x.begin() + from, x.begin() + to);
        const auto zero = static_cast<double>(x[static_cast<std::size_t>(from)]);
        low.push_back(static_cast<double>(*a) - zero);
        high.push_back(static_cast<double>(*c) - zero);
    }
    std::sort(high.begin(), high.end());
    std::sort(low.begin(), low.end());
    return {high[high.size() / 2], low[low.size() / 2]};
}

// A textbook person: the model without variation and noise.
SynthesisOptions plain() {
    SynthesisOptions options;
    options.noise = 0;
    options.subjectVariation = false;
    return options;
}

} // namespace

class TestSynthesis : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void shapeAndMetadata() {
        SynthesisOptions options;
        options.seconds = 7.3;
        options.samplingRate = 400;
        const SyntheticEcg ecg = synthesise(options, 1);
        QCOMPARE(ecg.recording.leads.size(), std::size_t(12));
        for (std::size_t i = 0; i < 12; ++i) {
            QCOMPARE(ecg.recording.leads[i].name, standardLeads()[i]);
            QCOMPARE(ecg.recording.leads[i].samples.size(), std::size_t(2920));
            QCOMPARE(ecg.recording.leads[i].unit, std::string("uV"));
        }
        QCOMPARE(ecg.recording.samplingRate, 400.0);
        QVERIFY(ecg.recording.metadata.ageYears.has_value());
    }

    void sameSeedSameSamplesEverywhere() {
        // Fixed on x86-64; other machines must give the same. A change of the model changes them: say so in CHANGELOG.
        SynthesisOptions options;
        options.prematureVentricular = 1;
        options.leadOff = "V2";
        QCOMPARE(sampleHash(synthesise(options, 7).recording),
                 QString("87c75076c7efa0d917b52dac0bb8082992d04375073f5556ad845ae0f04542b5"));
        options.rhythm = Rhythm::AtrialFibrillation;
        QCOMPARE(sampleHash(synthesise(options, 8).recording),
                 QString("6a1355c060a9bb933b3499e08726a2a41a0fda6fe29be45377cedfe856c010ab"));
        QCOMPARE(sampleHash(synthesiseMember(2026, 17).recording),
                 QString("b08abd435e5637367f38418182bf582f3f6bb6f2ce5e8c06f8b49768c95f10c9"));
    }

    void seedsAndIndicesDiffer() {
        QVERIFY(sampleHash(synthesise({}, 1).recording) != sampleHash(synthesise({}, 2).recording));
        QVERIFY(sampleHash(synthesiseMember(1, 2).recording) != sampleHash(synthesiseMember(2, 1).recording));
        QVERIFY(sampleHash(synthesiseMember(1, 3).recording) == sampleHash(synthesiseMember(1, 3).recording));
    }

    void noiseDoesNotMoveTheBeats() {
        SynthesisOptions options;
        const SyntheticEcg loud = synthesise(options, 12);
        options.noise = 0;
        const SyntheticEcg quiet = synthesise(options, 12);
        QCOMPARE(loud.truth.beats.size(), quiet.truth.beats.size());
        QCOMPARE(loud.truth.beats[3].rPeak, quiet.truth.beats[3].rPeak);
        QCOMPARE(loud.truth.measurements, quiet.truth.measurements);
    }

    void einthovenAndGoldbergerHold() {
        SynthesisOptions options;
        options.leadOff = "II"; // an electrode off breaks no law either
        options.noise = 3;
        for (const std::uint64_t seed : {1U, 2U, 3U}) {
            const Recording r = synthesise(options, seed).recording;
            for (std::size_t i = 0; i < r.samples(); ++i) {
                const float one = lead(r, "I")[i], two = lead(r, "II")[i];
                QCOMPARE(lead(r, "III")[i], two - one);
                QVERIFY(std::abs(lead(r, "aVR")[i] + (one + two) / 2) <= 0.5F);
                QVERIFY(std::abs(lead(r, "aVL")[i] - (one - two / 2)) <= 0.5F);
                QVERIFY(std::abs(lead(r, "aVF")[i] - (two - one / 2)) <= 0.5F);
                QCOMPARE(one, std::round(one)); // whole quanta
            }
        }
    }

    void normalBeatIsNormal() {
        const SyntheticEcg ecg = synthesise(plain(), 4);
        const auto& m = ecg.truth.measurements;
        QVERIFY(m.at("qrs_ms") > 75 && m.at("qrs_ms") < 105);
        QVERIFY(m.at("pr_ms") > 115 && m.at("pr_ms") < 200);
        QVERIFY(m.at("qrs_axis_deg") > 20 && m.at("qrs_axis_deg") < 80);
        QVERIFY(m.at("p_axis_deg") > 0 && m.at("p_axis_deg") < 90);
        QVERIFY(m.at("t_axis_deg") > 0 && m.at("t_axis_deg") < 90);
        for (const std::string& name : standardLeads())
            QVERIFY2(std::abs(m.at("st_" + name + "_uv")) < 100, name.c_str());
        // R grows and S shrinks from V1 to V5; septal q in V6.
        const auto [r1, s1] = qrsExtremes(ecg, "V1");
        const auto [r5, s5] = qrsExtremes(ecg, "V5");
        const auto [r6, q6] = qrsExtremes(ecg, "V6");
        QVERIFY(r1 > 50 && r1 < 500 && s1 < -500);
        QVERIFY(r5 > 800 && s5 > -400 && r5 > 3 * r1);
        QVERIFY(r6 > 500 && q6 < -20);
        // aVR looks from the right shoulder: everything points away.
        const auto [rr, sr] = qrsExtremes(ecg, "aVR");
        QVERIFY(-sr > 3 * rr);
    }

    void truthMatchesTheSignal() {
        SynthesisOptions options = plain();
        const SyntheticEcg ecg = synthesise(options, 9);
        const auto& two = lead(ecg.recording, "II");
        for (const BeatTruth& b : ecg.truth.beats) {
            QVERIFY(b.pOn && b.pPeak && b.pOff);
            QVERIFY(*b.pOn < *b.pPeak && *b.pPeak < *b.pOff && *b.pOff < b.qrsOn + 0.02);
            QVERIFY(b.qrsOn < b.rPeak && b.rPeak < b.qrsOff && b.qrsOff < b.tPeak && b.tPeak < b.tOff);
            if (*b.pOn < 0.05 || b.tOff > 9.9)
                continue;
            const auto at = [&](double t) { return two[static_cast<std::size_t>(std::lround(t * 500))]; };
            QVERIFY(at(b.rPeak) > 600);
            QVERIFY(at(*b.pPeak) > 60);
            QVERIFY(at(b.tPeak) > 120);
            QVERIFY(std::abs(at(*b.pOn - 0.01)) < 12);
            QVERIFY(std::abs(at(b.tOff + 0.03)) < 12);
        }
    }

    void fibrillationHasNoPAndNoPr() {
        SynthesisOptions options;
        options.rhythm = Rhythm::AtrialFibrillation;
        for (std::uint64_t seed = 0; seed < 10; ++seed) {
            const SyntheticEcg ecg = synthesise(options, seed);
            QVERIFY(!ecg.truth.measurements.contains("pr_ms"));
            for (const BeatTruth& b : ecg.truth.beats)
                QVERIFY(!b.pOn);
            QVERIFY(has(ecg, "atrial fibrillation"));
            QVERIFY(!has(ecg, "sinus rhythm"));
        }
        QVERIFY(mean("rr_sd_ms", options) > 3 * mean("rr_sd_ms", {}));
    }

    void flutterBeatsAtWholeParts() {
        SynthesisOptions options;
        options.rhythm = Rhythm::AtrialFlutter;
        for (std::uint64_t seed = 0; seed < 10; ++seed) {
            const SyntheticEcg ecg = synthesise(options, seed);
            QVERIFY(!ecg.truth.measurements.contains("pr_ms"));
            const double bpm = ecg.truth.measurements.at("heart_rate_bpm");
            QVERIFY2(bpm > 55 && bpm < 175, qPrintable(QString::number(bpm)));
        }
    }

    void ratesAreAsAsked() {
        SynthesisOptions options;
        for (const double bpm : {40.0, 75.0, 150.0}) {
            options.heartRate = bpm;
            const double got = mean("heart_rate_bpm", options);
            QVERIFY2(std::abs(got - bpm) < 0.03 * bpm, qPrintable(QString("%1 for %2").arg(got).arg(bpm)));
        }
        SynthesisOptions slow, fast;
        slow.rhythm = Rhythm::SinusBradycardia;
        fast.rhythm = Rhythm::SinusTachycardia;
        QVERIFY(mean("heart_rate_bpm", slow) < 60);
        QVERIFY(mean("heart_rate_bpm", fast) > 100);
        QVERIFY(mean("qt_ms", fast) < mean("qt_ms", slow) - 60); // the QT adapts to the rate
    }

    void findingsDoWhatTheyAreNamedFor() {
        const double normalQrs = mean("qrs_ms", {}), normalQt = mean("qt_ms", {}), normalPr = mean("pr_ms", {});
        SynthesisOptions right, left, block, longQt;
        right.conduction = Conduction::Rbbb;
        left.conduction = Conduction::Lbbb;
        block.firstDegreeAvBlock = true;
        longQt.finding = Finding::LongQt;
        QVERIFY(mean("qrs_ms", right) > normalQrs + 25);
        QVERIFY(mean("qrs_ms", left) > normalQrs + 40);
        QVERIFY(mean("qt_ms", longQt) > normalQt + 50);
        QVERIFY(mean("pr_ms", block) > 200);
        QVERIFY(normalPr < 190);
        QVERIFY(has(synthesise(right, 1), "right bundle branch block"));
        QVERIFY(has(synthesise(left, 1), "left bundle branch block"));
        QVERIFY(has(synthesise(block, 1), "1st degree av block"));
        QVERIFY(has(synthesise(longQt, 1), "prolonged qt interval"));

        SynthesisOptions o = plain();
        o.conduction = Conduction::Rbbb; // a late R' in V1, a broad S in V6
        QVERIFY(qrsExtremes(synthesise(o, 2), "V1").first > qrsExtremes(synthesise(plain(), 2), "V1").first + 100);
        QVERIFY(qrsExtremes(synthesise(o, 2), "V6").second < -150);
        o = plain();
        o.conduction = Conduction::Lbbb; // no q in V6
        QVERIFY(qrsExtremes(synthesise(o, 2), "V6").second > -60);
        o = plain();
        o.finding = Finding::Lvh; // Sokolow: S in V1 + R in V5
        const auto sokolow = [](const SyntheticEcg& e) {
            return qrsExtremes(e, "V5").first - qrsExtremes(e, "V1").second;
        };
        QVERIFY(sokolow(synthesise(o, 2)) > 1.25 * sokolow(synthesise(plain(), 2)));
        o = plain();
        o.finding = Finding::InferiorInfarction; // Q in III
        QVERIFY(qrsExtremes(synthesise(o, 2), "III").second < -100);
        o = plain();
        o.finding = Finding::AnteriorInfarction; // the R in V2 and V3 is lost
        QVERIFY(qrsExtremes(synthesise(o, 2), "V3").first < 0.6 * qrsExtremes(synthesise(plain(), 2), "V3").first);
        SynthesisOptions ischaemia;
        ischaemia.finding = Finding::IschaemicSt;
        QVERIFY(mean("st_V5_uv", ischaemia) < mean("st_V5_uv", {}) - 60);
    }

    void prematureBeatsComeEarly() {
        SynthesisOptions options;
        options.prematureVentricular = 2;
        const SyntheticEcg ecg = synthesise(options, 6);
        const auto& beats = ecg.truth.beats;
        int ventricular = 0;
        for (std::size_t i = 1; i + 1 < beats.size(); ++i) {
            if (beats[i].kind != 'V')
                continue;
            ++ventricular;
            QVERIFY(!beats[i].pOn);
            const double before = beats[i].rPeak - beats[i - 1].rPeak, after = beats[i + 1].rPeak - beats[i].rPeak;
            const double rr = 60 / ecg.truth.measurements.at("heart_rate_bpm");
            QVERIFY(before < 0.85 * rr);
            QVERIFY(std::abs(before + after - 2 * rr) < 0.25 * rr); // the pause makes up for it
            QVERIFY(beats[i].qrsOff - beats[i].qrsOn > 0.115);
        }
        QCOMPARE(ventricular, 2);
        QVERIFY(has(ecg, "premature ventricular contractions"));

        SynthesisOptions atrial;
        atrial.prematureAtrial = 2;
        const SyntheticEcg early = synthesise(atrial, 6);
        QCOMPARE(std::count_if(early.truth.beats.begin(), early.truth.beats.end(),
                               [](const BeatTruth& b) { return b.kind == 'A' && b.pOn.has_value(); }),
                 2);
        QVERIFY(has(early, "premature atrial contraction"));

        atrial.seconds = 120; // many: the beats still reach the end
        atrial.prematureAtrial = 500;
        QVERIFY(synthesise(atrial, 6).truth.beats.back().rPeak > 118);
        QVERIFY(!has(early, "premature ventricular contractions"));
    }

    void anElectrodeOffCarriesNoHeart() {
        SynthesisOptions options;
        options.noise = 0;
        const Recording whole = synthesise(options, 3).recording;
        options.leadOff = "V4";
        const Recording off = synthesise(options, 3).recording;
        int differing = 0;
        for (std::size_t l = 0; l < 12; ++l)
            differing += whole.leads[l].samples == off.leads[l].samples ? 0 : 1;
        QCOMPARE(differing, 1); // only its own lead
        options.leadOff = "I";  // the left arm: in every lead but II
        const Recording arm = synthesise(options, 3).recording;
        QCOMPARE(lead(arm, "II"), lead(whole, "II"));
        QVERIFY(lead(arm, "V6") != lead(whole, "V6"));
    }

    void impossibleOptionsAreTamed() {
        SynthesisOptions options;
        options.seconds = -1;
        options.samplingRate = 0;
        options.heartRate = 0.0;
        options.prematureVentricular = 1000;
        options.prematureAtrial = -4;
        options.leadOff = "no such lead";
        const SyntheticEcg ecg = synthesise(options, 1);
        QCOMPARE(ecg.recording.samples(), std::size_t(50));
    }

    void populationIsMixed() {
        std::map<std::string, int> count;
        int several = 0;
        constexpr int n = 400;
        for (int i = 0; i < n; ++i) {
            const SyntheticEcg ecg = synthesiseMember(1, i);
            for (const std::string& label : ecg.truth.labels)
                ++count[label];
            several += ecg.truth.labels.size() > 2 ? 1 : 0;
            QCOMPARE(ecg.recording.metadata.diagnosisTexts, ecg.truth.labels);
            QCOMPARE(ecg.recording.metadata.diagnosisCodes.size(), ecg.truth.labels.size());
        }
        QVERIFY(count["sinus rhythm"] > 0.35 * n && count["sinus rhythm"] < 0.75 * n);
        for (const char* label :
             {"atrial fibrillation", "sinus bradycardia", "sinus tachycardia", "left ventricular hypertrophy",
              "right bundle branch block", "left bundle branch block", "myocardial infarction", "1st degree av block",
              "premature ventricular contractions", "premature atrial contraction"})
            QVERIFY2(count[label] >= 8 && count[label] < 0.3 * n, label);
        QVERIFY(several > 0.15 * n);
    }

    void singlePvcIsOneAndInside() {
        int axes = 0, late = 0, paused = 0, between = 0;
        constexpr int n = 60;
        for (int i = 0; i < n; ++i) {
            const SyntheticEcg ecg = synthesiseSinglePvc(3, i);
            const auto isPvc = [](const BeatTruth& b) { return b.kind == 'V'; };
            QCOMPARE(std::count_if(ecg.truth.beats.begin(), ecg.truth.beats.end(), isPvc), 1);
            QCOMPARE(std::count_if(ecg.truth.beats.begin(), ecg.truth.beats.end(),
                                   [](const BeatTruth& b) { return b.kind == 'A'; }),
                     0);
            QVERIFY(has(ecg, "sinus rhythm") && has(ecg, "premature ventricular contractions"));
            const auto pvc = std::find_if(ecg.truth.beats.begin(), ecg.truth.beats.end(), isPvc);
            QVERIFY2(pvc->qrsOn > 0 && pvc->tOff < 10, qPrintable(QString::number(pvc->tOff)));
            QVERIFY(pvc->qrsOff - pvc->qrsOn > 0.10); // wide
            QVERIFY(!pvc->pOn);
            QVERIFY(pvc != ecg.truth.beats.begin() && pvc + 1 != ecg.truth.beats.end());
            // The gaps around it, in units of the usual RR.
            const double rr = 60 / ecg.truth.measurements.at("heart_rate_bpm");
            const double before = pvc->rPeak - (pvc - 1)->rPeak, after = (pvc + 1)->rPeak - pvc->rPeak;
            QVERIFY2(before < 0.95 * rr, qPrintable(QString::number(before / rr)));
            paused += before + after > 1.85 * rr ? 1 : 0;
            between += before + after < 1.25 * rr ? 1 : 0;
            late += before > 0.65 * rr ? 1 : 0;
            // Its direction: from all over the ventricles.
            const auto& one = lead(ecg.recording, "II");
            axes += one[static_cast<std::size_t>(pvc->rPeak * 500)] > 0 ? 1 : 0;
            // The same person without it: as many regular beats, no label of it.
            const SyntheticEcg calm = synthesiseSinglePvc(3, i, true);
            QVERIFY(!has(calm, "premature ventricular contractions"));
            QCOMPARE(*calm.recording.metadata.ageYears, *ecg.recording.metadata.ageYears);
        }
        QVERIFY(paused > n / 2 && paused < n);
        QVERIFY(between > 0 && between < n / 3);
        QVERIFY(late > n / 8 && late < n * 3 / 4);
        QVERIFY(axes > n / 6 && axes < n * 5 / 6);
    }
};

QTEST_GUILESS_MAIN(TestSynthesis)
#include "test_synthesis.moc"
