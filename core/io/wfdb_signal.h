// SPDX-License-Identifier: GPL-3.0-or-later
// The integers of a WFDB signal file (PhysioNet, signal(5)). Format 212 packs two 12-bit samples into three bytes, 310
// and 311 three 10-bit samples into four, 8 keeps first differences; the others are plain words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace precordia::wfdb {

struct FormatInfo {
    int format = 0;
    std::int64_t lowest = 0; // the range of its integers
    std::int64_t highest = 0;
    std::optional<std::int64_t> missing; // the code of a sample that is not there
};

// Empty for a format that is not read (0, the FLAC formats 508, 516, 524, anything unknown).
std::optional<FormatInfo> formatInfo(int format);

// How many samples are in so many bytes.
std::uint64_t samplesIn(int format, std::uint64_t bytes);

// The first `count` samples as they stand in the file, the signals interleaved (differences for format 8).
// Promise of the caller: count <= samplesIn(format, bytes.size()).
std::vector<std::int32_t> decode(int format, std::span<const std::byte> bytes, std::size_t count);

} // namespace precordia::wfdb
