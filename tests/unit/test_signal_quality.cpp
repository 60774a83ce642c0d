// SPDX-License-Identifier: GPL-3.0-or-later
// Faults put into synthetic recordings, one at a time, and recordings without any.
#include "core/base/result.h" // before <compare>: moc 6.4 trips over it when nothing of libstdc++ came before
#include "core/ecg/synthesis.h"
#include "core/signal/quality.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

using namespace precordia;

namespace {

SyntheticEcg calm(std::uint64_t seed = 12) {
    SynthesisOptions o;
    o.noise = 0.3;
    o.subjectVariation = false;
    return synthesise(o, seed);
}

bool says(const LeadQuality& lead, QualityFinding finding) {
    return std::any_of(lead.notes.begin(), lead.notes.end(),
                       [finding](const QualityNote& n) { return n.finding == finding && !n.words.empty(); });
}

SignalQuality judged(const Recording& recording) {
    return assessQuality(recording, analyseEcg(recording));
}

QString all(const SignalQuality& q) {
    QString out;
    for (const auto& lead : q.leads)
        for (const auto& n : lead.notes)
            out += QString::fromStdString(lead.lead + ": " + n.words + "; ");
    for (const auto& n : q.limbs)
        out += QString::fromStdString(n.words + "; ");
    return out;
}

std::vector<float>& samples(Recording& r, const char* lead) {
    return r.leads[static_cast<std::size_t>(r.find(lead).value)].samples;
}

// The six limb leads as they are when electrodes stand elsewhere: RA, LA, LL from I and II, exchanged, and back.
void exchange(Recording& r, int a, int b) {
    auto& one = samples(r, "I");
    auto& two = samples(r, "II");
    for (std::size_t i = 0; i < one.size(); ++i) {
        std::array<float, 3> e{0, one[i], two[i]}; // against RA
        std::swap(e[static_cast<std::size_t>(a)], e[static_cast<std::size_t>(b)]);
        const float first = e[1] - e[0], second = e[2] - e[0];
        one[i] = first, two[i] = second;
        samples(r, "III")[i] = second - first;
        samples(r, "aVR")[i] = -(first + second) / 2;
        samples(r, "aVL")[i] = first - second / 2;
        samples(r, "aVF")[i] = second - first / 2;
    }
}

} // namespace

class TestSignalQuality : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void goodRecordingsHaveNoNotes() {
        for (std::uint64_t seed = 1; seed <= 12; ++seed) {
            const auto q = judged(calm(seed).recording);
            QVERIFY2(all(q).isEmpty(), qPrintable(all(q)));
            QCOMPARE(q.leads.size(), std::size_t(12));
        }
    }

    void flatMissingAndOff() {
        auto r = calm().recording;
        std::fill(samples(r, "V1").begin(), samples(r, "V1").end(), 3.0F);
        std::fill_n(samples(r, "V2").begin(), 3000, std::numeric_limits<float>::quiet_NaN());
        std::fill_n(samples(r, "V3").begin() + 1000, 2000, 40.0F);
        const auto q = judged(r);
        QVERIFY(says(q.leads[6], QualityFinding::Flat) && !q.leads[6].usable());
        QVERIFY(says(q.leads[7], QualityFinding::Missing) && !q.leads[7].usable());
        QVERIFY2(says(q.leads[8], QualityFinding::LeadOff), qPrintable(all(q)));
        QVERIFY(q.leads[8].usable());
        QVERIFY(q.leads[9].notes.empty());
    }

    // Pieces with missing samples have no height: they are left out, wherever the gap lies.
    void flatWithAGapIsFlat() {
        constexpr float nan = std::numeric_limits<float>::quiet_NaN();
        for (const int from : {0, 700, 4000}) {
            auto r = calm().recording;
            std::fill(samples(r, "V1").begin(), samples(r, "V1").end(), 3.0F);
            std::fill_n(samples(r, "V1").begin() + from, 1000, nan);
            const auto q = judged(r);
            QVERIFY2(says(q.leads[6], QualityFinding::Flat) && !q.leads[6].usable(), qPrintable(all(q)));
        }
        // Every third sample missing: no piece is whole, and that is not flat.
        auto r = calm().recording;
        for (std::size_t i = 0; i < 5000; i += 3)
            samples(r, "V1")[i] = nan;
        QVERIFY(!says(judged(r).leads[6], QualityFinding::Flat));
    }

    void clipped() {
        auto r = calm().recording;
        auto& x = samples(r, "V5");
        const float limit = 0.4F * *std::max_element(x.begin(), x.end());
        for (float& v : x)
            v = std::min(v, limit);
        const auto q = judged(r);
        QVERIFY2(says(q.leads[10], QualityFinding::Clipped), qPrintable(all(q)));
        QVERIFY(!says(q.leads[9], QualityFinding::Clipped));
    }

    void noiseInMicrovolts() {
        auto r = calm().recording;
        std::uint32_t state = 7;
        for (float& v : samples(r, "V4")) { // uniform of +-100 uV: 57.7 uV RMS, white
            state = state * 1664525U + 1013904223U;
            v += static_cast<float>(state >> 8) / 16777216.0F * 200 - 100;
        }
        const auto q = judged(r);
        QVERIFY2(says(q.leads[9], QualityFinding::Noise), qPrintable(all(q)));
        // Above 20 Hz of 250 Hz are 92 % of the power: 55 uV; the quieter pieces are a little below.
        QVERIFY2(q.leads[9].noiseUv > 40 && q.leads[9].noiseUv < 60, qPrintable(QString::number(q.leads[9].noiseUv)));
        QVERIFY(q.leads[8].noiseUv < 15);
    }

    void mains() {
        auto r = calm().recording;
        auto& x = samples(r, "V2");
        for (std::size_t i = 0; i < x.size(); ++i)
            x[i] += 60 * std::sin(2 * std::numbers::pi_v<float> * 50 * static_cast<float>(i) / 500);
        const auto q = judged(r);
        QVERIFY2(says(q.leads[7], QualityFinding::Mains), qPrintable(all(q)));
        QVERIFY2(std::abs(q.leads[7].mainsUv - 60) < 12, qPrintable(QString::number(q.leads[7].mainsUv)));
    }

    void wanderAndJump() {
        auto r = calm().recording;
        auto& slow = samples(r, "V1");
        for (std::size_t i = 0; i < slow.size(); ++i)
            slow[i] += 900 * std::sin(2 * std::numbers::pi_v<float> * 0.2F * static_cast<float>(i) / 500);
        auto& step = samples(r, "V6");
        std::for_each(step.begin() + 2600, step.end(), [](float& v) { v += 1500; });
        const auto q = judged(r);
        QVERIFY2(says(q.leads[6], QualityFinding::BaselineWander), qPrintable(all(q)));
        QVERIFY2(!says(q.leads[6], QualityFinding::BaselineJump), qPrintable(all(q)));
        QVERIFY2(says(q.leads[11], QualityFinding::BaselineJump), qPrintable(all(q)));
    }

    // An electrode's offset is a level, a gap is none.
    void gapIsNoJump() {
        for (const int from : {0, 2000, 4500}) {
            auto r = calm().recording;
            auto& x = samples(r, "V6");
            std::for_each(x.begin(), x.end(), [](float& v) { v += 600; });
            std::fill_n(x.begin() + from, 500, std::numeric_limits<float>::quiet_NaN());
            const auto q = judged(r);
            QVERIFY2(!says(q.leads[11], QualityFinding::BaselineJump), qPrintable(all(q)));
        }
        // The level behind the gap is another one: that is a jump.
        auto r = calm().recording;
        auto& x = samples(r, "V6");
        std::for_each(x.begin() + 2500, x.end(), [](float& v) { v += 1500; });
        std::fill_n(x.begin() + 2000, 500, std::numeric_limits<float>::quiet_NaN());
        QVERIFY(says(judged(r).leads[11], QualityFinding::BaselineJump));
    }

    void exchangedArms() {
        auto r = calm().recording;
        exchange(r, 0, 1);
        const auto q = judged(r);
        QCOMPARE(q.limbs.size(), std::size_t(1));
        QVERIFY(q.limbs[0].finding == QualityFinding::SwapSuspected);
        QVERIFY2(q.limbs[0].words.find("arm electrodes") != std::string::npos, q.limbs[0].words.c_str());
    }

    void exchangedRightArmAndLeg() {
        auto r = calm().recording;
        exchange(r, 0, 2);
        const auto q = judged(r);
        QVERIFY2(!q.limbs.empty() && q.limbs[0].words.find("left leg") != std::string::npos, qPrintable(all(q)));
    }
};

QTEST_GUILESS_MAIN(TestSignalQuality)
#include "test_signal_quality.moc"
