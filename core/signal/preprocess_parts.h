// SPDX-License-Identifier: GPL-3.0-or-later
// preprocess() of a recording that is too long to hold: read, filtered and cut in parts of about ten minutes.
#pragma once

#include "core/signal/preprocess.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace precordia {

struct LongRecording {
    std::string name;
    double samplingRate = 0;
    std::int64_t samples = 0; // a lead
    // Samples [first, first + count) of every lead, the leads the same each time.
    std::function<Result<Recording>(std::int64_t first, std::int64_t count)> read;
};

// Gives `use` the windows that preprocess() of the whole gives, one after the other, and returns the configuration's
// leads that are present: of all windows, those among them that came before a lead's first sample (ModelWindow's own
// leadPresent is of the part that was read). Errors: those of preprocess(), of read and of use.
//
// The same samples: a part is read with so much beside it that what a zero-phase filter knows of the samples farther
// off is below the last bit of a double, and begins where a sample of the resampled signal lies on one of the file, so
// that both are filtered at the same phases. What is left is the rounding of sums that began elsewhere: about 1e-9 uV,
// a last bit of a float in one sample of ten thousand, and in the 16 bits of a cache none in a million. More only
// beside a gap that is longer than what is read beside a part (17 s as configured) and lies across its edge: it is
// bridged by the value at its end, not by the line from its beginning, and what follows the gap differs by the filter's
// answer to that slope. Where rates have no common step within 20,000 samples, windows lie within 1/20,000 of a sample
// of their place.
//
// Memory: about 15 minutes of the recording, in float, and twice of the lead at hand.
Result<std::vector<std::uint8_t>> preprocessInParts(const LongRecording& recording, const PreprocessingConfig& config,
                                                    const std::function<Result<Done>(const ModelWindow&)>& use);

} // namespace precordia
