// SPDX-License-Identifier: GPL-3.0-or-later
// The configuration of a run: model (keys as in the reference: width, heads, channel_depth, ...), training and
// preprocessing in one JSON document. Presets are JSON files in resources/models (nano, small, base).
// What is read may be flat or stand in the sections "model", "training" and "preprocessing"; what is resolved is flat.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace precordia {

// $PRECORDIA_RESOURCES, the source tree's resources/ beside a build, or the installed share folder.
std::filesystem::path resourcesFolder();
std::vector<std::string> presetNames();
// The demo weights that come with the program: the model of a study that has none yet. "" when they are not installed.
std::filesystem::path demoModelFile();

struct ConfigRequest {
    std::string preset = "nano";
    std::filesystem::path file;        // JSON laid over the preset; "" none
    std::vector<std::string> settings; // "key=value" laid over both; value is JSON or a bare word
};
// The resolved configuration as JSON text, every key present. Error ConfigInvalid names the key: unknown, of the wrong
// type, out of range, or in conflict (heads does not divide width).
Result<std::string> resolveConfig(const ConfigRequest& request);
Result<Done> checkConfig(const std::string& json);
// A document as somebody wrote it (a preset, a file from elsewhere, a model's metadata): flattened, every key present.
Result<std::string> completeConfig(const std::string& json);

// What the signal cache must be built with for a configuration (core/signal's PreprocessingConfig has the same fields).
struct PreprocessingKeys {
    std::vector<std::string> leads;
    double lowHz = 0, highHz = 0;
    double samplingRate = 0; // Hz
    double windowSeconds = 0;
};
Result<PreprocessingKeys> preprocessingKeys(const std::string& configJson);
// Key "synthetic": how many synthetic ECGs a run learns from beside the study's recordings.
Result<std::int64_t> syntheticBeside(const std::string& configJson);

} // namespace precordia
