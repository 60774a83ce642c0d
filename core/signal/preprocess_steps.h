// SPDX-License-Identifier: GPL-3.0-or-later
// What preprocess() does to a whole recording and preprocessInParts() to a part of one. Internal to core/signal.
#pragma once

#include "core/signal/preprocess.h"

#include <cstddef>
#include <vector>

namespace precordia::signal {

struct PreparedLeads {
    std::vector<std::vector<float>> leads; // of the configuration, at its rate; empty: absent; NaN: gap
    std::size_t samples = 0;
};

// Errors: those of bandPass() and resample().
Result<PreparedLeads> prepareLeads(const Recording& complete, const PreprocessingConfig& config);
// Samples [start, start + length) of what was prepared; what lies beyond its end is padded.
ModelWindow cutWindow(const PreparedLeads& prepared, std::size_t start, std::size_t length, double rate);
// With the limb leads that can be derived; no metadata.
Recording completeLeads(const Recording& recording);
// ConfigInvalid, or ValueOutOfRange for a recording without a rate.
Result<Done> checkPreprocessing(const PreprocessingConfig& config, double rate, const std::string& where);
Error noLeadKnown(const Recording& recording); // LeadMissing
Error tooShort(double seconds, const PreprocessingConfig& config, const std::string& where);

} // namespace precordia::signal
