// SPDX-License-Identifier: GPL-3.0-or-later
// One header with its signal files: a record of one segment, or a segment of a longer record.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/io/random_access.h"
#include "core/io/wfdb_header.h"
#include "core/io/wfdb_signal.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace precordia::wfdb {

struct FrameRange {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    std::uint64_t end() const { return first + count; }
};

// Where the samples of one signal go, and what was seen of them.
struct SignalTarget {
    float* out = nullptr; // frames of the range times samples a frame; nullptr: not wanted
    double unit = 1;      // of one step of the file's integers
    SignalFacts facts;
};

// Consecutive signals of one file, interleaved frame by frame.
struct SignalGroup {
    std::string file;
    std::size_t first = 0; // signal
    std::size_t count = 0;
    std::size_t samplesPerFrame = 0; // of all its signals together
    FormatInfo format;
    std::uint64_t byteOffset = 0; // FLAC: samples of a channel
    std::uint64_t framesThere = 0;
    std::unique_ptr<RandomAccess> data;              // while the segment is open
    std::vector<std::vector<std::int32_t>> channels; // FLAC: decoded from frame channelsFrom on
    std::uint64_t channelsFrom = 0;
};

class Segment {
public:
    // Reads the header and what can be told from it alone; the signal files are not looked at.
    // Errors: FileNotFound, FileUnreadable, FormatInvalid, FormatUnsupported, ValueOutOfRange.
    static Result<Segment> parse(const std::filesystem::path& header);

    const Header& header() const { return header_; }
    Header& header() { return header_; }
    const std::filesystem::path& path() const { return path_; }
    const std::vector<SignalGroup>& groups() const { return groups_; }

    // Groups the signals by file and checks their formats. A layout header has none.
    Result<Done> group();
    // Opens the signal files; a FLAC stream is decoded as far as `wanted` goes. Errors: FileNotFound for a signal file
    // that is not there, at the header's line; FileTruncated when the samples begin beyond its end.
    Result<Done> open(const FrameRange& wanted, const StopToken& stop);
    void close();                      // gives back files and decoded samples; open() again is possible
    std::uint64_t framesThere() const; // of the longest file
    std::uint64_t bytesThere() const;  // of all files
    // True when all the frames that the header promises are there: then checksums can be judged.
    bool complete() const;
    // Fills targets[signal]; what no file holds is NaN. Sums are of the file's frames within
    // [0, promised) that were read: of all of them when the range is the whole.
    Result<Done> read(const FrameRange& range, std::span<SignalTarget> targets, const StopToken& stop) const;

private:
    std::string place(int line) const { return path_.string() + ", line " + std::to_string(line); }
    Result<Done> openGroup(SignalGroup& group, const FrameRange& wanted, const StopToken& stop);
    Result<Done> openFlac(SignalGroup& group, const FrameRange& wanted, const StopToken& stop);
    Result<Done> checkMatrix(const SignalGroup& group) const;
    std::uint64_t skewOf(const SignalGroup& group) const; // the largest

    std::filesystem::path path_;
    Header header_;
    std::vector<SignalGroup> groups_;
};

} // namespace precordia::wfdb
