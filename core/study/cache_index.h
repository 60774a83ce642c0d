// SPDX-License-Identifier: GPL-3.0-or-later
// The index of a signal cache: where each window lies and what it was made from. Internal to core/study.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace precordia {

struct CacheWindow {
    std::int64_t recording = -1;
    double startSeconds = 0;
    std::uint64_t offset = 0;   // bytes, in its shard
    std::uint64_t leadMask = 0; // bit l: lead l is there
    std::uint32_t shard = 0;
    float scale = 1; // uV a step
};

// A recording that was looked at: `windows` of them follow in CacheIndex::windows, or none and a reason.
struct CacheRecording {
    std::int64_t id = -1;
    std::string sampleHash;
    std::uint32_t windows = 0;
    std::string reason;              // in words
    ErrorCode code = ErrorCode::Bug; // of the reason; on disk SignalTooShort and LeadMissing alone
    bool withoutEcg = false;         // with LeadMissing: none of its leads is one of an ECG
};

struct CacheIndex {
    std::uint32_t leads = 0, samples = 0;
    std::vector<std::uint64_t> shardBytes;
    std::vector<CacheRecording> recordings;
    std::vector<CacheWindow> windows; // in the order of recordings

    std::uint64_t windowBytes() const { return std::uint64_t{leads} * samples * 2; }
};

std::filesystem::path shardPath(const std::filesystem::path& folder, std::size_t number);

// Errors: FileNotFound, FormatInvalid (damaged, of another shape, or a shard is shorter than it says).
Result<CacheIndex> readCacheIndex(const std::filesystem::path& folder, std::uint32_t leads, std::uint32_t samples);
Result<Done> writeCacheIndex(const std::filesystem::path& folder, const CacheIndex& index);

} // namespace precordia
