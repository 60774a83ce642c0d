// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings that differ from the ordinary by one beat: what a measure of surprise must find.
#include "core/ecg/synthesis_model.h"

#include <algorithm>

namespace precordia {

SyntheticEcg synthesiseSinglePvc(std::uint64_t corpusSeed, std::int64_t index, bool without) {
    using namespace synthesis;
    constexpr std::uint64_t kCorpus = 0x5056432D31ULL; // apart from the populations of the same seed
    std::uint64_t state = corpusSeed ^ kCorpus;
    std::uint64_t mixed = splitmix64(state) ^ (static_cast<std::uint64_t>(index) * 0x9E3779B97F4A7C15ULL);
    const std::uint64_t seed = splitmix64(mixed);
    Random random(seed, 0);
    Case c;
    c.ageYears = random.clipped(57, 17, 18, 95);
    c.female = random.chance(0.48);
    c.options.rhythm = Rhythm::Sinus;
    c.options.heartRate = random.uniform(50, 100);
    c.options.noise = std::clamp(random.logNormal(0.4), 0.25, 2.5);
    c.anyFocus = true;
    c.coupling = random.uniform(0.42, 0.75);
    // Between two sinus beats there is room at slow rates only.
    const bool slow = *c.options.heartRate < 75;
    c.pause = slow && random.chance(0.2) ? Case::Pause::Interpolated
              : random.chance(0.25)      ? Case::Pause::Resetting
                                         : Case::Pause::Compensatory;
    c.options.prematureVentricular = without ? 0 : 1;
    SyntheticEcg ecg = synthesiseCase(c, seed);
    ecg.recording.name = (without ? "regular-" : "single-pvc-") + std::to_string(index);
    return ecg;
}

} // namespace precordia
