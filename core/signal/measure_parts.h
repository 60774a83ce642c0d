// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of analyseEcg. Internal to core/signal.
#pragma once

#include "core/signal/analysis.h"
#include "core/signal/measurements.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace precordia::signal {

inline Measured missing(std::string reason) {
    return {std::nullopt, 0, std::move(reason)};
}
// quality is limited to what a quality may be.
inline Measured of(double value, double quality) {
    return {value, std::clamp(quality, 0.0, 1.0), {}};
}

// The lead of this name of anything that is kept by lead; null where there is none.
template <typename Named>
const Named* leadNamed(const std::vector<Named>& leads, std::string_view name) {
    const auto at = std::find_if(leads.begin(), leads.end(), [&](const Named& l) { return l.lead == name; });
    return at == leads.end() ? nullptr : &*at;
}

// Samples [first, last) of all leads, as far as they are there.
Recording cut(const Recording& recording, std::size_t first, std::size_t last);

// Counts, rate, RR and variability.
void measureRhythmOf(const std::vector<Beat>& beats, EcgMeasurements& out);

// The median beat of the dominant shape's normal beats, delineated lead by lead and over all leads.
MedianBeat medianBeatOf(const Analysis& analysis);

// Intervals, axes, amplitudes, ST and voltage criteria.
void measureMedianBeat(const MedianBeat& beat, const std::string& pAbsent, EcgMeasurements& out);

} // namespace precordia::signal
