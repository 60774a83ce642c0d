// SPDX-License-Identifier: GPL-3.0-or-later
// bench load: what reading a large study costs a pretraining, in time and in memory.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace precordia::cli {

struct LoadBenchRequest {
    std::int64_t recordings = 200'000; // of 10 s and 12 leads: 60 kB each on disk
    std::int64_t steps = 40;
    int threads = 1;
    std::vector<std::string> settings;
    std::filesystem::path folder; // where the cache is written; it goes with its owner
};

// Writes a signal cache of random numbers (no two windows alike), drops it from the system's page cache, and pretrains
// on it. {"recordings", "cache_gib", "open_s", "read_ms", "data_share", "recordings_per_s", "peak_mib"}: read_ms is of
// one window, drawn at random; data_share the part of a step spent waiting for its batch.
Result<nlohmann::json> benchLoad(const LoadBenchRequest& request, const StopToken& stop, Progress& progress);

// The process's largest resident memory so far, MiB.
double peakMiB();

} // namespace precordia::cli
