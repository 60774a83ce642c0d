// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/wfdb_segment.h"

#include "core/base/file.h"
#include "core/io/byte_cursor.h"
#include "core/io/text.h"
#include "core/io/wfdb_flac.h"
#include "core/io/wfdb_group_reader.h"

#include <algorithm>
#include <array>
#include <limits>
#include <unordered_set>
#include <utility>

namespace precordia::wfdb {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxHeaderBytes = 4U << 20U;

} // namespace

Result<Segment> Segment::parse(const fs::path& path) {
    const auto bytes = readFile(path, kMaxHeaderBytes);
    if (!bytes)
        return bytes.as<Segment>();
    auto header = parseHeader(text::utf8(text::asText(*bytes)), path.string());
    if (!header)
        return header.as<Segment>();
    Segment segment;
    segment.path_ = path;
    segment.header_ = std::move(*header);
    return segment;
}

Result<Done> Segment::group() {
    std::unordered_set<std::string> seen;
    for (std::size_t i = 0; i < header_.signals.size(); ++i) {
        const auto& signal = header_.signals[i];
        const auto fail = [&](ErrorCode code, std::string why) {
            return makeError(code, std::move(why), place(signal.line));
        };
        const auto info = formatInfo(signal.format);
        if (signal.format == 0 || signal.file == "~")
            return fail(ErrorCode::FormatUnsupported,
                        "a signal without samples (format 0, a layout header) makes no recording");
        if (!info)
            return fail(ErrorCode::FormatUnsupported,
                        "signal format " + std::to_string(signal.format) + " is not known");
        if (!plainName(signal.file))
            return fail(ErrorCode::FormatInvalid, "the signal file is not a plain file name: '" + signal.file + "'");
        const auto perFrame = static_cast<std::size_t>(signal.samplesPerFrame);
        if (!groups_.empty() && groups_.back().file == signal.file) {
            auto& group = groups_.back();
            const auto& first = header_.signals[group.first];
            if (first.format != signal.format)
                return fail(ErrorCode::FormatInvalid, "two formats in the one signal file " + signal.file);
            if (first.byteOffset != signal.byteOffset && signal.byteOffset != 0)
                return fail(ErrorCode::FormatInvalid, "two byte offsets into the one signal file " + signal.file);
            if (info->flac() && first.samplesPerFrame != signal.samplesPerFrame)
                return fail(ErrorCode::FormatInvalid,
                            "channels of different rates in the one FLAC stream " + signal.file);
            ++group.count;
            group.samplesPerFrame += perFrame;
            continue;
        }
        if (!seen.insert(signal.file).second)
            return fail(ErrorCode::FormatInvalid, "the signals of " + signal.file + " do not stand together");
        SignalGroup made;
        made.file = signal.file;
        made.first = i;
        made.count = 1;
        made.samplesPerFrame = perFrame;
        made.format = *info;
        made.byteOffset = static_cast<std::uint64_t>(signal.byteOffset);
        groups_.push_back(std::move(made));
    }
    return Done{};
}

std::uint64_t Segment::skewOf(const SignalGroup& group) const {
    int skew = 0;
    for (std::size_t s = 0; s < group.count; ++s)
        skew = std::max(skew, header_.signals[group.first + s].skew);
    return static_cast<std::uint64_t>(skew);
}

// The 24 bytes that "16+24" skips are a MAT v4 matrix header: type, rows, columns, imaginary part, name length, "val".
Result<Done> Segment::checkMatrix(const SignalGroup& group) const {
    const auto file = path_.parent_path() / group.file;
    if (group.format.format != 16 || group.byteOffset < 20 || text::lower(file.extension().string()) != ".mat")
        return Done{};
    std::array<std::byte, 20> head{};
    if (const auto got = group.data->readSome(0, head); !got)
        return got.as<Done>();
    if (text::asText(head).starts_with("MATLAB 5.0"))
        return makeError(ErrorCode::FormatInvalid, "a MAT file of version 5 where the header promises version 4",
                         file.string());
    ByteCursor cursor(head);
    constexpr std::uint32_t kInt16 = 30; // little-endian, full matrix of 16-bit integers
    if (cursor.u32() != kInt16)
        return makeError(ErrorCode::FormatInvalid, "not a MAT v4 matrix of little-endian 16-bit integers",
                         file.string());
    const auto rows = cursor.u32();
    cursor.skip(8);
    const auto begin = 20ULL + cursor.u32();
    if (rows != group.count || begin != group.byteOffset)
        return makeError(ErrorCode::FormatInvalid,
                         "its matrix has " + std::to_string(rows) + " rows after " + std::to_string(begin) +
                             " bytes, the header promises " + std::to_string(group.count) + " signals after " +
                             std::to_string(group.byteOffset),
                         file.string());
    return Done{};
}

Result<Done> Segment::openFlac(SignalGroup& group, const FrameRange& wanted, const StopToken& stop) {
    const auto perFrame = static_cast<std::uint64_t>(header_.signals[group.first].samplesPerFrame);
    const auto bits = static_cast<unsigned>(group.format.format - 500);
    constexpr auto kLargest = std::numeric_limits<std::uint64_t>::max() / 4;
    const auto frames = std::min(wanted.count, kLargest / perFrame) + skewOf(group);
    const auto first = group.byteOffset + std::min(wanted.first, kLargest / perFrame) * perFrame;
    auto stream = readFlac(path_.parent_path() / group.file, group.count, bits, first, frames * perFrame, stop);
    if (!stream)
        return stream.as<Done>();
    const auto decoded = stream->channels.front().size() / perFrame;
    const auto claimed =
        stream->samplesClaimed > group.byteOffset ? (stream->samplesClaimed - group.byteOffset) / perFrame : 0;
    // Its claim counts only for what lies behind the part that was decoded to its end.
    group.framesThere = decoded < frames ? wanted.first + decoded : std::max(wanted.first + decoded, claimed);
    group.channels = std::move(stream->channels);
    group.channelsFrom = wanted.first;
    return Done{};
}

Result<Done> Segment::openGroup(SignalGroup& group, const FrameRange& wanted, const StopToken& stop) {
    const auto file = path_.parent_path() / group.file;
    auto data = RandomAccess::open(file);
    if (data.failed() && data.error().code == ErrorCode::FileNotFound)
        return makeError(ErrorCode::FileNotFound, "signal file " + group.file,
                         place(header_.signals[group.first].line));
    if (!data)
        return data.as<Done>();
    group.data = std::move(*data);
    if (group.format.flac())
        return openFlac(group, wanted, stop);
    if (group.byteOffset > group.data->size())
        return makeError(ErrorCode::FileTruncated,
                         "the samples begin at byte " + std::to_string(group.byteOffset) + " of " +
                             std::to_string(group.data->size()),
                         file.string());
    if (auto matrix = checkMatrix(group); !matrix)
        return matrix;
    group.framesThere = samplesIn(group.format.format, group.data->size() - group.byteOffset) / group.samplesPerFrame;
    return Done{};
}

Result<Done> Segment::open(const FrameRange& wanted, const StopToken& stop) {
    for (auto& group : groups_)
        if (auto done = openGroup(group, wanted, stop); !done)
            return done;
    return Done{};
}

void Segment::close() {
    for (auto& group : groups_) {
        group.data.reset();
        group.channels = {};
    }
}

std::uint64_t Segment::framesThere() const {
    std::uint64_t longest = 0;
    for (const auto& group : groups_)
        longest = std::max(longest, group.framesThere);
    return longest;
}

std::uint64_t Segment::bytesThere() const {
    std::uint64_t bytes = 0;
    for (const auto& group : groups_) {
        bytes += group.data ? group.data->size() : 0;
        for (const auto& channel : group.channels)
            bytes += channel.size() * sizeof(channel[0]);
    }
    return bytes;
}

bool Segment::complete() const {
    return header_.frames && std::all_of(groups_.begin(), groups_.end(), [&](const SignalGroup& g) {
               return std::cmp_greater_equal(g.framesThere, *header_.frames);
           });
}

Result<Done> Segment::read(const FrameRange& range, std::span<SignalTarget> targets, const StopToken& stop) const {
    for (const auto& group : groups_) {
        GroupReader reader(group, header_, targets.subspan(group.first, group.count), range);
        if (auto done = reader.run(stop); !done)
            return done;
    }
    return Done{};
}

} // namespace precordia::wfdb
