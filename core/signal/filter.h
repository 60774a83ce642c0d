// SPDX-License-Identifier: GPL-3.0-or-later
// Zero-phase filtering (forward and backward Butterworth) and band-limited resampling (soxr, very high quality).
#pragma once

#include "core/base/result.h"

#include <span>
#include <vector>

namespace precordia {

// Zero-phase Butterworth, 2nd order each way; lowHz or highHz 0 leaves that side open. NaN samples are bridged by a
// straight line for the filter and are NaN again in the result. Error ValueOutOfRange: a corner not in (0, rate / 2).
Result<std::vector<float>> bandPass(std::span<const float> signal, double rate, double lowHz, double highHz);
// The same of several: those of one length are filtered side by side, which is quicker.
Result<std::vector<std::vector<float>>> bandPassAll(std::span<const std::span<const float>> signals, double rate,
                                                    double lowHz, double highHz);

// Zero-phase notch, 2nd order each way; one way the half-power band is hz / quality wide. Gaps as in bandPass().
// Error ValueOutOfRange: hz not in (0, rate / 2).
Result<std::vector<float>> notch(std::span<const float> signal, double rate, double hz, double quality = 25);

// Length round(n * to / from). Sample 0 stays at time 0. Error ValueOutOfRange for a rate not above 0.
Result<std::vector<float>> resample(std::span<const float> signal, double fromRate, double toRate);

} // namespace precordia
