// SPDX-License-Identifier: GPL-3.0-or-later
// Two corpora in which everything is known, for linear probes of what an encoding holds (after Aionoscope, arXiv
// 2607.00956: processes with exact states, rendered to observations; a factor is scored where it is there).
// Diagnostic: 12-lead ECGs whose factors vary independently of each other, as no hospital's do. Generic: channels over
// which trend, oscillation, event and noise are superposed.
#pragma once

#include "core/ecg/synthesis.h"

#include <cstdint>
#include <string>
#include <vector>

namespace precordia {

struct KnownFactor {
    std::string name; // "heart_rate", "p_absent"
    std::string unit; // "bpm", "ms"; "" of a class
    bool isClass = false;
};

// values: one a factor, NaN where it has none (the PR where there is no P wave, the frequency where nothing
// oscillates).
const std::vector<KnownFactor>& diagnosticFactors();
struct DiagnosticEcg {
    SyntheticEcg ecg;
    std::vector<double> values;
};
DiagnosticEcg synthesiseDiagnostic(std::uint64_t corpusSeed, std::int64_t index);

const std::vector<KnownFactor>& genericFactors();
struct GenericWindow {
    std::vector<float> samples; // [channels, samples] uV, about the size of an ECG
    std::vector<double> values;
};
GenericWindow synthesiseGeneric(std::uint64_t corpusSeed, std::int64_t index, int channels, int samples,
                                double samplingRate);

} // namespace precordia
