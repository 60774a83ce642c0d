// SPDX-License-Identifier: GPL-3.0-or-later
// Other signals of the same heart, with known truth: a photoplethysmogram (two wavelengths) and an impedance cardiogram
// (dZ/dt and the impedance change). Simple on purpose: sums of Gaussians a beat, with respiration and noise.
// Waves after Allen, Physiol Meas 2007;28:R1 (PPG) and Sherwood et al., Psychophysiology 1990;27:1 (ICG).
#pragma once

#include "core/ecg/diagnostic_corpus.h"

namespace precordia {

struct PulseWindow {
    std::vector<float> samples; // [2, samples], arbitrary units: unit deviation is a model's business
    std::vector<double> values; // one a factor
};

// heart_rate (bpm), rr_sd (ms), rise_time (ms, foot to systolic peak), reflection (share of the second wave),
// reflection_ delay (ms), log_noise
const std::vector<KnownFactor>& ppgFactors();
PulseWindow synthesisePpg(std::uint64_t corpusSeed, std::int64_t index, int samples, double samplingRate);

// heart_rate (bpm), rr_sd (ms), ejection_time (ms, B to X), c_to_x (size of X against C), o_wave (size of O against C),
// log_noise
const std::vector<KnownFactor>& icgFactors();
PulseWindow synthesiseIcg(std::uint64_t corpusSeed, std::int64_t index, int samples, double samplingRate);

} // namespace precordia
