// SPDX-License-Identifier: GPL-3.0-or-later
// WFDB signal files of the formats 508, 516 and 524: a FLAC stream, one channel a signal, several samples a frame one
// after the other in time. The rate that the stream claims is not the record's.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace precordia::wfdb {

struct FlacStream {
    std::uint64_t samplesClaimed = 0;                // a channel, by the stream's own header; 0: it does not say
    std::vector<std::vector<std::int32_t>> channels; // the samples from `first` on, as far as they are there
};

// Samples [first, first + count) of every channel. Memory grows with what is decoded, whatever the stream claims.
// Errors: FileNotFound, FileUnreadable, FormatInvalid (no FLAC, another number of channels, more bits than `bits`,
// a broken frame).
Result<FlacStream> readFlac(const std::filesystem::path& file, std::size_t channels, unsigned bits, std::uint64_t first,
                            std::uint64_t count, const StopToken& stop);

} // namespace precordia::wfdb
