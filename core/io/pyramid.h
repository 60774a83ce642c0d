// SPDX-License-Identifier: GPL-3.0-or-later
// Min-max pyramid of a long recording, on disk: the smallest and largest sample of every 32, 256, 2048 ... samples of a
// lead, so that any stretch of time is drawn from a few thousand pairs. The file is written once, from the first sample
// to the last, in bounded memory; it appears under its name only when it is whole. Native byte order: a cache, not for
// exchange. Every tile of pairs has a checksum that is tested when it is first read.
#pragma once

#include "core/base/result.h"
#include "core/ecg/recording.h"
#include "core/io/random_access.h"
#include "core/io/reader.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace precordia {

struct MinMax {
    float low, high; // NaN, both: no sample is there
};

inline constexpr std::int64_t kPyramidBase = 32; // samples of a pair of level 0
inline constexpr std::int64_t kPyramidRatio = 8; // pairs of a level that make one of the next

struct PyramidShape {
    std::int64_t samples = 0; // a lead
    double samplingRate = 0;
    int leads = 0;

    int levels() const;                   // the last has at most 1024 pairs
    std::int64_t bucket(int level) const; // samples of a pair
    std::int64_t pairs(int level) const;  // a lead; the last may stand for fewer samples
    std::uint64_t fileBytes() const;      // without what else is kept in the file
    // The coarsest level that has a pair for each of so many columns, so that at most kPyramidRatio + 1 are read a
    // column; -1: the samples themselves are fewer.
    int levelFor(std::int64_t samplesShown, int columns) const;
};

class PyramidWriter {
public:
    // Writes beside `file` and takes away what a killed writer left there. key: what the file is of, tested by open().
    // Errors: FileUnwritable (also: the disk has no room for it), ValueOutOfRange (no samples, no leads).
    static Result<std::unique_ptr<PyramidWriter>> create(const std::filesystem::path& file, std::string_view key,
                                                         const PyramidShape& shape);
    ~PyramidWriter(); // what was not finished is gone
    PyramidWriter(const PyramidWriter&) = delete;
    PyramidWriter& operator=(const PyramidWriter&) = delete;

    // The samples that follow, all leads. Errors: FileUnwritable; WrongUse (other leads, more samples than the shape).
    Result<Done> add(const Recording& chunk);
    // more: kept in the same file. Errors: FileUnwritable; WrongUse (fewer samples than the shape).
    Result<Done> finish(std::span<const std::byte> more);

private:
    struct Impl;
    explicit PyramidWriter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

class Pyramid {
public:
    // Errors: FileNotFound, FileUnreadable; FormatInvalid (damaged, cut short, of another version or key: build it
    // again).
    static Result<std::shared_ptr<const Pyramid>> open(const std::filesystem::path& file, std::string_view key);

    const PyramidShape& shape() const { return shape_; }
    std::uint64_t fileBytes() const { return file_->size(); }
    std::span<const std::byte> more() const { return more_; }

    // Pairs [first, first + count) of a level, as far as they are there. Safe from several threads. Errors:
    // FileUnreadable, FileTruncated, FormatInvalid (a tile's checksum).
    Result<std::vector<MinMax>> pairs(int level, LeadIndex lead, std::int64_t first, std::int64_t count) const;
    // A stretch of time as a recording that a trace is drawn from like any other: for every pair its low, then its
    // high, so that its sampling rate is twice that of the pairs. head: names and units, lead for lead; leads: which;
    // empty: all. Errors as above.
    Result<Recording> envelope(const Recording& head, SampleRange range, int level,
                               std::span<const LeadIndex> leads = {}) const;

private:
    Pyramid() = default;
    std::unique_ptr<RandomAccess> file_;
    std::string where_;
    PyramidShape shape_;
    std::vector<std::uint64_t> sums_; // of the tiles
    mutable std::vector<std::atomic<bool>> tested_;
    std::vector<std::byte> more_;
};

} // namespace precordia
