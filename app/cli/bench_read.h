// SPDX-License-Identifier: GPL-3.0-or-later
// How many recordings a second one thread reads, and how many headers, from the page cache.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <nlohmann/json.hpp>

#include <filesystem>

namespace precordia::cli {

struct ReadBench {
    std::filesystem::path folder; // of ECG files; empty: WFDB records of 10 s, 12 leads, 500 Hz are written and read
    int recordings = 0;           // at most; 0: 200 written ones, or all of the folder
    double seconds = 2;           // how long each figure is measured, at least
    std::filesystem::path temporary;
};

// {"recordings_per_s", "metadata_per_s", "with_annotations_per_s", and the same by processor time: "..._per_cpu_s",
// "samples_per_s", "recordings", "failed"}. The first pass over the files, which fills the page cache, does not count;
// each figure is that of the middle one of the passes.
Result<nlohmann::json> benchRead(const ReadBench& bench, const StopToken& stop, Progress& progress);

} // namespace precordia::cli
