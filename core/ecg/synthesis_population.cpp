// SPDX-License-Identifier: GPL-3.0-or-later
// A population as a hospital archive holds it: common things are common, findings come together, grow with age, and
// shade into the normal.
#include "core/ecg/synthesis_model.h"

#include <algorithm>

namespace precordia {
namespace synthesis {
namespace {

Rhythm drawRhythm(double older, Random& random) {
    const double fibrillation = 0.03 + 0.13 * older, flutter = 0.012 + 0.035 * older;
    double u = random.uniform();
    const auto is = [&u](double share) {
        u -= share;
        return u < 0;
    };
    if (is(fibrillation))
        return Rhythm::AtrialFibrillation;
    if (is(flutter))
        return Rhythm::AtrialFlutter;
    if (is(0.13))
        return Rhythm::SinusBradycardia;
    if (is(0.11))
        return Rhythm::SinusTachycardia;
    if (is(0.11 - 0.08 * older))
        return Rhythm::SinusArrhythmia;
    return Rhythm::Sinus;
}

// More mild than severe forms; the mildest are hardly to be seen.
double drawSeverity(Random& random) {
    return 0.15 + 0.85 * std::pow(random.uniform(), 1.4);
}

Case drawMember(Random& random) {
    Case c;
    c.ageYears = random.clipped(57, 19, 18, 97);
    c.female = random.chance(0.48);
    const double older = std::clamp((c.ageYears - 20) / 60, 0.0, 1.2);
    SynthesisOptions& o = c.options;
    o.rhythm = drawRhythm(older, random);
    const bool orderly = o.rhythm != Rhythm::AtrialFibrillation && o.rhythm != Rhythm::AtrialFlutter;
    const auto finding = [&random](double probability) {
        return random.chance(probability) ? drawSeverity(random) : 0.0;
    };
    c.rbbb = finding(0.04 + 0.08 * older);
    c.lbbb = c.rbbb > 0 ? 0 : finding(0.015 + 0.05 * older);
    c.lvh = finding(0.06 + 0.10 * older);
    c.inferior = finding(0.02 + 0.07 * older);
    c.anterior = c.inferior > 0 ? 0 : finding(0.02 + 0.06 * older);
    c.ischaemia = finding(0.04 + 0.08 * older);
    c.longQt = finding(0.05);
    c.acuity = random.chance(0.2) ? random.uniform(0.3, 1.0) : random.uniform(0, 0.15);
    o.conduction = c.rbbb > 0 ? Conduction::Rbbb : c.lbbb > 0 ? Conduction::Lbbb : Conduction::Normal;
    o.firstDegreeAvBlock = orderly && random.chance(0.03 + 0.09 * older);
    if (orderly && random.chance(0.05 + 0.06 * older))
        o.prematureAtrial = 1 + random.below(3);
    if (random.chance(0.05 + 0.06 * older))
        o.prematureVentricular = 1 + random.below(4);
    o.noise = std::clamp(random.logNormal(0.45), 0.25, 4.0);
    if (random.chance(0.025))
        o.leadOff = standardLeads()[static_cast<std::size_t>(random.below(static_cast<int>(standardLeads().size())))];
    return c;
}

// Readers miss things and see things: 3 % of the findings are not written down, 1 % of the recordings carry one too
// many. The rhythm is always right.
void addLabelNoise(std::vector<std::string>& labels, Random& random) {
    for (std::size_t i = labels.size(); i-- > 1;) {
        if (random.chance(0.03))
            labels.erase(labels.begin() + static_cast<std::ptrdiff_t>(i));
    }
    static constexpr std::array<const char*, 4> mistaken{"left ventricular hypertrophy", "right bundle branch block",
                                                         "myocardial infarction", "left axis deviation"};
    if (random.chance(0.01)) {
        const std::string extra = mistaken[static_cast<std::size_t>(random.below(static_cast<int>(mistaken.size())))];
        if (std::find(labels.begin(), labels.end(), extra) == labels.end())
            labels.push_back(extra);
    }
}

} // namespace
} // namespace synthesis

SyntheticEcg synthesiseMember(std::uint64_t populationSeed, std::int64_t index) {
    // Two splitmix steps: neighbours in index, and populations with neighbouring seeds, have nothing in common.
    std::uint64_t state = populationSeed;
    std::uint64_t mixed = synthesis::splitmix64(state) ^ (static_cast<std::uint64_t>(index) * 0x9E3779B97F4A7C15ULL);
    const std::uint64_t seed = synthesis::splitmix64(mixed);
    synthesis::Random random(seed, 0);
    SyntheticEcg ecg = synthesis::synthesiseCase(synthesis::drawMember(random), seed);
    synthesis::addLabelNoise(ecg.truth.labels, random);
    synthesis::setLabels(ecg.recording, ecg.truth.labels);
    ecg.recording.name = "synthetic-" + std::to_string(index);
    return ecg;
}

} // namespace precordia
