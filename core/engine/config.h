// SPDX-License-Identifier: GPL-3.0-or-later
// The configuration of a run: model (keys as in the reference: width, heads, channel_depth, ...), training and
// preprocessing in one JSON document. Presets are JSON files in resources/models (nano, small, base).
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace precordia {

// $PRECORDIA_RESOURCES, the source tree's resources/ beside a build, or the installed share folder.
std::filesystem::path resourcesFolder();
std::vector<std::string> presetNames();

struct ConfigRequest {
    std::string preset = "nano";
    std::filesystem::path file;            // JSON laid over the preset; "" none
    std::vector<std::string> settings;     // "key=value" laid over both; value is JSON or a bare word
};
// The resolved configuration as JSON text, every key present. Error ConfigInvalid names the key: unknown, of the wrong
// type, out of range, or in conflict (heads does not divide width).
Result<std::string> resolveConfig(const ConfigRequest& request);
Result<Done> checkConfig(const std::string& json);

} // namespace precordia
