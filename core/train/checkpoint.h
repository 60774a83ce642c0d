// SPDX-License-Identifier: GPL-3.0-or-later
// checkpoints/step-N.safetensors (weights, teacher, both moments, the state as metadata) and step-N.json, written after
// it: a checkpoint is complete when its .json is there and names the size that the weights have.
#pragma once

#include "core/jepa/model.h"
#include "core/train/diagnostics.h"
#include "core/train/optimiser.h"

#include <filesystem>
#include <optional>
#include <string>
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
// Passes over what a crash cut off. Only looks at sizes.
std::optional<CheckpointFile> newestCheckpoint(const std::filesystem::path& runFolder);

struct ResumePoint {
    CheckpointState state;
    TensorFile file;
    std::vector<std::string> damaged; // newer checkpoints that were passed over, each with its reason
};
// Reads the newest checkpoint that is whole, bit for bit. Damaged newer ones are set aside (".damaged" behind their
// names) when setAside. Errors: NotFound names what is wrong with each that is there; ConfigInvalid names the key in
// which the checkpoint's configuration is another one.
Result<ResumePoint> readResumePoint(const std::filesystem::path& runFolder, const std::string& configJson,
                                    bool setAside);

} // namespace precordia
