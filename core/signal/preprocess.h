// SPDX-License-Identifier: GPL-3.0-or-later
// From a recording to the model's windows: band-pass, resample, cut. Versioned and hashed.
#pragma once

#include "core/base/result.h"
#include "core/ecg/recording.h"

#include <cstdint>
#include <string>
#include <vector>

namespace precordia {

struct PreprocessingConfig {
    std::vector<std::string> leads = standardLeads();
    double lowHz = 0.67;       // 0: no high-pass
    double highHz = 40;        // 0: no low-pass
    double samplingRate = 250; // Hz
    double windowSeconds = 10;

    int windowSamples() const { return static_cast<int>(samplingRate * windowSeconds + 0.5); }
    std::string json() const; // canonical: the hash is over it and the algorithm's version
    std::string hash() const; // 16 hex digits
};

struct ModelWindow {
    double startSeconds = 0;
    std::vector<float> samples;            // [leads, windowSamples] uV; gaps 0
    std::vector<std::uint8_t> leadPresent; // [leads]
    double missingShare = 0;               // of samples that were NaN or padded
};

// At least one window: shorter recordings (down to half a window) are padded with zeros at the end, longer give
// several. Missing limb leads are derived. Errors: SignalTooShort, LeadMissing (no lead of the set is there).
Result<std::vector<ModelWindow>> preprocess(const Recording& recording, const PreprocessingConfig& config);

} // namespace precordia
