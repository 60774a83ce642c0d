// SPDX-License-Identifier: GPL-3.0-or-later
// The runs of a study as their folders tell it: metrics.csv and config.json. For a worker: a long run has many rows.
#pragma once

#include "core/engine/engine.h"

#include <filesystem>
#include <string>
#include <vector>

namespace precordia {

struct RunEntry {
    std::filesystem::path folder;
    std::string name; // of the folder
    std::string preset;
    bool complete = false; // model.safetensors is there
    std::vector<TrainUpdate> updates;
};

// One of them; without a configuration or figures where there are none.
RunEntry readRun(const std::filesystem::path& folder);
// Newest first. A folder that cannot be read is left out.
std::vector<RunEntry> readRuns(const std::filesystem::path& runsFolder);

// The three files by themselves, as anybody may have written them. What cannot be read is empty, "" or 0.
std::vector<TrainUpdate> readMetrics(const std::string& csv);
std::string presetOf(const std::string& configJson);
std::int64_t totalStepsOf(const std::string& environmentJson);

} // namespace precordia
