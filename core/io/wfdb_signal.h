// SPDX-License-Identifier: GPL-3.0-or-later
// The integers of a WFDB signal file (PhysioNet, signal(5)). Format 212 packs two 12-bit samples into three bytes, 310
// and 311 three 10-bit samples into four, 8 keeps first differences; 508, 516 and 524 are FLAC streams of at most 8,
// 16 and 24 bits (wfdb_flac.h); the others are plain words.
#pragma once

#include "core/io/signal_checks.h"

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
    std::uint64_t groupSamples = 1;      // so many samples ...
    std::uint64_t groupBytes = 1;        // ... share so many bytes; 0: FLAC
    bool flac() const { return groupBytes == 0; }
    bool fits16() const { return lowest >= -32768 && highest <= 32767; }
};

// Empty for a format that is not known (0, anything else).
std::optional<FormatInfo> formatInfo(int format);

// How many samples are in so many bytes. Not for FLAC.
std::uint64_t samplesIn(int format, std::uint64_t bytes);

// The samples skip, skip + 1 ... of bytes that begin with a whole group, as they stand in the file (differences for
// format 8), the signals interleaved. A byte past the end is 0. T: std::int16_t where the format fits16(), or
// std::int32_t. Not for FLAC.
template <typename T>
void decodeInto(int format, std::span<const std::byte> bytes, std::size_t skip, std::span<T> out);

// The first `count` samples. Promise of the caller: count <= samplesIn(format, bytes.size()).
std::vector<std::int32_t> decode(int format, std::span<const std::byte> bytes, std::size_t count);

// What was seen of the integers of one signal.
struct SignalFacts {
    std::uint32_t sum = 0;          // modulo 2^32, of the frames that the checksum is of
    std::size_t clipped = 0;        // samples in runs of three or more at the limit of the range
    double lowest = 0, highest = 0; // no sample lies outside, in the unit of the lead; 0 is always inside
};

// File integers -> samples in the lead's unit, a piece of one signal after the other.
class SampleConverter {
public:
    // sample = (integer - baseline) * unit; `missing` becomes NaN; lowest and highest are where a sample is clipped.
    SampleConverter(const FormatInfo& format, double baseline, double unit, std::int64_t lowest, std::int64_t highest);
    template <typename T>
    void convert(std::span<const T> raw, float* out);
    // Of the integers alone, for the checksum.
    template <typename T>
    static std::uint32_t sum(std::span<const T> raw);
    std::size_t clipped() const { return clips_.clipped(); }
    void bounds(double& lowest, double& highest) const; // no sample lies outside

private:
    double baseline_, unit_;
    std::int64_t lowest_, highest_;
    std::int64_t missing_; // beyond every format where there is none
    std::int64_t seenLowest_ = INT64_MAX / 4, seenHighest_ = INT64_MIN / 4;
    ClipCounter clips_;
};

} // namespace precordia::wfdb
