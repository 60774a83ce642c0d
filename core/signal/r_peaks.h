// SPDX-License-Identifier: GPL-3.0-or-later
// R peaks over all leads together, and what follows from them: heart rate and RR spread.
#pragma once

#include "core/ecg/recording.h"

#include <optional>
#include <vector>

namespace precordia {

// Sample indices at the recording's own rate, ascending; empty when there is no usable signal. A calibration pulse that
// an annotation marks, and what follows it, is not searched.
std::vector<SampleIndex> detectRPeaks(const Recording& recording);

struct RhythmMeasures {
    std::optional<double> heartRateBpm; // 60 s over the mean RR, as analyseEcg; empty with fewer than 2 beats
    std::optional<double> rrSdMs;       // empty with fewer than 3 beats
    int beats = 0;
};
RhythmMeasures measureRhythm(const std::vector<SampleIndex>& rPeaks, double samplingRate);

} // namespace precordia
