// SPDX-License-Identifier: GPL-3.0-or-later
// checkpoints/step-N.safetensors (weights, teacher, both moments) and step-N.json, written after it: a checkpoint is
// complete when its .json is there and names the size that the weights have.
#pragma once

#include "core/jepa/model.h"
#include "core/train/diagnostics.h"
#include "core/train/optimiser.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace precordia {

struct CheckpointState {
    std::int64_t step = 0;
    std::int64_t position = 0;             // of the sampler's stream
    Diagnostics start;                     // what the verdicts compare with
    std::vector<double> losses, gradients; // of the last steps, for the alarms
};

struct CheckpointFile {
    std::filesystem::path weights;
    CheckpointState state;
};

// Keeps the newest two. Returns the file.
Result<std::filesystem::path> writeCheckpoint(const std::filesystem::path& runFolder, const CheckpointState& state,
                                              const JepaModel& model, const AdamW& optimiser,
                                              const std::string& configJson);
// Passes over what a crash cut off.
std::optional<CheckpointFile> newestCheckpoint(const std::filesystem::path& runFolder);

} // namespace precordia
