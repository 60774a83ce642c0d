// SPDX-License-Identifier: GPL-3.0-or-later
// The inner loop of reading: bytes of one signal file -> samples of its signals, in tiles that stay in the first-level
// cache, with the sums and limits that the reader wants to know of.
#pragma once

#include "core/io/wfdb_segment.h"

#include <vector>

namespace precordia::wfdb {

class GroupReader {
public:
    // targets: one a signal of the group.
    GroupReader(const SignalGroup& group, const Header& header, std::span<SignalTarget> targets,
                const FrameRange& range);
    // Errors: FileUnreadable, FileTruncated when the file shrinks meanwhile.
    Result<Done> run(const StopToken& stop);

private:
    struct Channel {
        SampleConverter converter;
        SignalTarget* target;
        std::size_t perFrame;
        std::size_t offset;  // of its first sample in a frame
        std::uint64_t skew;  // frames
        std::uint32_t value; // format 8: the running sum
    };

    template <typename T>
    Result<Done> runFile(const StopToken& stop);
    Result<Done> runDecoded(const StopToken& stop);
    template <typename T>
    void tile(const T* samples, std::uint64_t firstFrame, std::size_t frames);
    template <typename T>
    void piece(Channel& channel, std::span<const T> raw, std::uint64_t firstFrame, std::size_t frames);

    const SignalGroup& group_;
    FrameRange range_;
    std::uint64_t end_ = 0; // of the file's frames that are wanted, skew included
    std::vector<Channel> channels_;
};

} // namespace precordia::wfdb
