// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/config.h"

#include "core/base/file.h"
#include "core/engine/config_keys.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>

namespace precordia {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

constexpr std::uint64_t kLargestConfig = 1 << 20;

Error invalid(std::string message, std::string where = {}) {
    return makeError(ErrorCode::ConfigInvalid, std::move(message), std::move(where));
}

Result<Json> parse(const std::string& text, const std::string& where) {
    try {
        auto document = Json::parse(text);
        if (!document.is_object())
            return invalid("it is not a JSON object", where);
        return document;
    } catch (const Json::exception& e) { // also of a number that no double holds
        return invalid(std::string("it is not JSON: ") + e.what(), where);
    }
}

Result<Json> readJson(const fs::path& path) {
    const auto bytes = readFile(path, kLargestConfig);
    if (!bytes)
        return bytes.as<Json>();
    return parse(std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()), path.string());
}

bool isSection(const std::string& key) {
    return key == "model" || key == "training" || key == "preprocessing";
}

// Lays a document over the flat one. Each layer may say how long to train by steps or by epochs: the last word counts.
Result<Done> layOver(Json& flat, const Json& layer, const std::string& where) {
    Json keys = Json::object();
    for (const auto& [key, value] : layer.items()) {
        if (!isSection(key)) {
            keys[key] = value;
            continue;
        }
        if (!value.is_object())
            return invalid("section \"" + key + "\" is not a JSON object", where);
        for (const auto& [inner, innerValue] : value.items())
            keys[inner] = innerValue;
    }
    if (const auto named = keys.find("architecture"); named != keys.end() && named->is_string())
        flat.update(publishedSettings(named->get<std::string>()));
    for (const auto& [key, value] : keys.items()) {
        auto checked = checkConfigKey(key, value);
        if (!checked) {
            auto error = checked.error();
            error.where = where;
            return error;
        }
        flat[key] = std::move(*checked);
    }
    const auto given = [&keys](const char* key) { return keys.contains(key) && keys[key] > 0; };
    if (given("steps") && given("epochs"))
        return invalid("\"steps\" and \"epochs\" are both given: say one, the other follows from the data", where);
    if (given("steps"))
        flat["epochs"] = 0;
    if (given("epochs"))
        flat["steps"] = 0;
    return Done{};
}

// "width=192", "regulariser=none", "ema=[0.9,1]"
Result<Json> parseSetting(const std::string& setting) {
    const auto equals = setting.find('=');
    if (equals == std::string::npos || equals == 0)
        return invalid("\"" + setting + "\" is not of the form key=value");
    const auto word = setting.substr(equals + 1);
    auto value = Json::parse(word, nullptr, false);
    Json layer = Json::object();
    layer[setting.substr(0, equals)] = value.is_discarded() ? Json(word) : value;
    return layer;
}

bool holdsResources(const fs::path& folder) {
    std::error_code ec;
    return fs::is_directory(folder / "models", ec);
}

} // namespace

fs::path resourcesFolder() {
    if (const char* given = std::getenv("PRECORDIA_RESOURCES"); given != nullptr && *given != '\0')
        return given;
    std::error_code ec;
    const auto program = fs::read_symlink("/proc/self/exe", ec).parent_path();
    // build/<preset>/bin/program in the source tree; prefix/bin/program installed.
    auto above = program;
    for (int level = 0; level < 4 && above.has_relative_path(); ++level, above = above.parent_path())
        if (holdsResources(above / "resources"))
            return above / "resources";
    return program.parent_path() / "share" / "precordia";
}

std::vector<std::string> presetNames() {
    // From small to large, not from a to z: the order in which a person should try them.
    std::vector<std::string> names;
    for (const char* name : {"nano", "small", "base"}) {
        std::error_code ec;
        if (fs::exists(resourcesFolder() / "models" / (std::string(name) + ".json"), ec))
            names.emplace_back(name);
    }
    return names;
}

fs::path demoModelFile() {
    const auto file = resourcesFolder() / "models" / "demo-nano.safetensors";
    std::error_code ec;
    return fs::exists(file, ec) ? file : fs::path();
}

Result<std::string> resolveConfig(const ConfigRequest& request) {
    auto flat = configDefaults();
    if (!request.preset.empty()) {
        const auto names = presetNames();
        if (std::find(names.begin(), names.end(), request.preset) == names.end()) {
            std::string known;
            for (const auto& name : names)
                known += (known.empty() ? "" : ", ") + name;
            return invalid("there is no preset \"" + request.preset + "\"; there is: " + known);
        }
        const auto file = resourcesFolder() / "models" / (request.preset + ".json");
        const auto preset = readJson(file);
        if (!preset)
            return preset.as<std::string>();
        if (auto laid = layOver(flat, *preset, file.string()); !laid)
            return laid.as<std::string>();
    }
    if (!request.file.empty()) {
        const auto document = readJson(request.file);
        if (!document)
            return document.as<std::string>();
        if (auto laid = layOver(flat, *document, request.file.string()); !laid)
            return laid.as<std::string>();
    }
    for (const auto& setting : request.settings) {
        const auto layer = parseSetting(setting);
        if (!layer)
            return layer.as<std::string>();
        if (auto laid = layOver(flat, *layer, "setting " + setting); !laid)
            return laid.as<std::string>();
    }
    if (auto checked = checkConfigConflicts(flat); !checked)
        return checked.as<std::string>();
    return flat.dump(2);
}

Result<std::string> completeConfig(const std::string& json) {
    const auto document = parse(json, {});
    if (!document)
        return document.as<std::string>();
    auto flat = configDefaults();
    if (auto laid = layOver(flat, *document, {}); !laid)
        return laid.as<std::string>();
    if (auto checked = checkConfigConflicts(flat); !checked)
        return checked.as<std::string>();
    return flat.dump(2);
}

Result<Done> checkConfig(const std::string& json) {
    const auto complete = completeConfig(json);
    return complete ? Result<Done>(Done{}) : complete.as<Done>();
}

Result<PreprocessingKeys> preprocessingKeys(const std::string& configJson) {
    const auto complete = completeConfig(configJson);
    if (!complete)
        return complete.as<PreprocessingKeys>();
    const auto c = Json::parse(*complete);
    PreprocessingKeys keys;
    keys.leads = c["leads"].get<std::vector<std::string>>();
    keys.lowHz = c["low_hz"];
    keys.highHz = c["high_hz"];
    keys.samplingRate = c["sampling_rate"];
    keys.windowSeconds = c["interval_samples"].get<double>() * c["intervals"].get<double>() / keys.samplingRate;
    return keys;
}

Result<std::int64_t> syntheticBeside(const std::string& configJson) {
    const auto complete = completeConfig(configJson);
    if (!complete)
        return complete.as<std::int64_t>();
    return Json::parse(*complete)["synthetic"].get<std::int64_t>();
}

} // namespace precordia
