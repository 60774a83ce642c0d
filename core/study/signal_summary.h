// SPDX-License-Identifier: GPL-3.0-or-later
// What an import keeps of a signal: a hash, the rhythm, and a coarse signature by which the same ECG is found again at
// another sampling rate. Of long recordings chunk by chunk, in memory of one chunk. Internal to core/study.
#pragma once

#include "core/base/result.h"
#include "core/io/reader.h"
#include "core/study/measured_signal.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace precordia {

inline constexpr double kLongSeconds = 600; // above, the hash is one over the hashes of the leads

// SHA-256 over rate, lead names and samples as decoded: the same ECG from another file gives the same.
std::string hashSamples(const Recording& recording);

// The first 10 s of up to two leads (II and V2, else the first two) at 25 Hz, without baseline and amplitude: two rows
// of kSignatureBins bytes; a row that says nothing is all zero. Empty when the recording is shorter than 2 s.
inline constexpr std::size_t kSignatureBins = 250;
inline constexpr double kSignatureSeconds = 10.5; // to be read: the last bin takes a part of the sample after it
using Signature = std::vector<std::int8_t>;
Signature signatureOf(const Recording& recording);
// The lowest correlation of the rows that both have; 0 when they share none.
double similarity(const Signature& a, const Signature& b);

struct SignalSummary {
    std::string sampleHash;
    Measurements rhythm;                    // of the whole: heart_rate_bpm, rr_sd_ms
    std::optional<MeasuredSignal> measured; // nothing of a recording that is too long for it
    Signature signature;
    std::int64_t samples = 0;
};
SignalSummary summarise(const Recording& recording);

// Reads the file in ranges. `first` gets what is known beside the samples: metadata, annotations, warnings of all
// chunks; its leads hold no samples. Errors: those of the reader.
Result<SignalSummary> summariseInChunks(const Reader& reader, const std::filesystem::path& file,
                                        const ReadOptions& options, std::int64_t samples, double rate,
                                        Recording& first);

} // namespace precordia
