// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/checkpoint.h"

#include "core/base/file.h"
#include "core/engine/config.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace precordia {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

constexpr std::size_t kKept = 2;

Json toJson(const Diagnostics& diagnostics) {
    Json out = Json::array();
    for (const auto& [level, d] : diagnostics)
        out.push_back({{"level", level},
                       {"std", d.std},
                       {"effective_rank", d.effectiveRank},
                       {"mean_cosine", d.meanCosine},
                       {"temporal_std", d.temporalStd},
                       {"teacher_gap", d.teacherGap}});
    return out;
}

Diagnostics fromJson(const Json& list) {
    Diagnostics out;
    for (const auto& d : list)
        out.emplace_back(d.at("level"), LevelDiagnostics{d.at("std"), d.at("effective_rank"), d.at("mean_cosine"),
                                                         d.at("temporal_std"), d.value("teacher_gap", 0.0)});
    return out;
}

Json stateJson(const CheckpointState& state) {
    return {{"step", state.step},
            {"position", state.position},
            {"start", toJson(state.start)},
            {"losses", state.losses},
            {"gradients", state.gradients}};
}

CheckpointState stateOf(const Json& document) {
    CheckpointState state;
    state.step = document.at("step");
    state.position = document.at("position");
    state.start = fromJson(document.at("start"));
    state.losses = document.value("losses", std::vector<double>());
    state.gradients = document.value("gradients", std::vector<double>());
    return state;
}

std::optional<CheckpointFile> readSidecar(const fs::path& sidecar) {
    const auto bytes = readFile(sidecar, 1 << 20);
    if (!bytes)
        return std::nullopt;
    try {
        const auto* text = reinterpret_cast<const char*>(bytes->data());
        const auto document = Json::parse(text, text + bytes->size());
        CheckpointFile file;
        file.weights = fs::path(sidecar).replace_extension(".safetensors");
        if (fs::file_size(file.weights) != document.at("bytes").get<std::uintmax_t>())
            return std::nullopt;
        file.state = stateOf(document);
        return file;
    } catch (const std::exception&) { // cut off, or somebody's own file
        return std::nullopt;
    }
}

// Newest first.
std::vector<CheckpointFile> allCheckpoints(const fs::path& runFolder) {
    std::vector<CheckpointFile> all;
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(runFolder / "checkpoints", ec)) {
        if (entry.path().extension() != ".json")
            continue;
        if (auto file = readSidecar(entry.path()))
            all.push_back(std::move(*file));
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.state.step > b.state.step; });
    return all;
}

} // namespace

Result<fs::path> writeCheckpoint(const fs::path& runFolder, const CheckpointState& state, const JepaModel& model,
                                 const AdamW& optimiser, const std::string& configJson) {
    const auto folder = runFolder / "checkpoints";
    std::error_code ec;
    fs::create_directory(folder, ec); // not the run's folder too: where that has vanished, nothing is begun anew
    if (ec)
        return makeError(ErrorCode::FileUnwritable, ec.message(), folder.string());
    const auto stem = "step-" + std::to_string(state.step);
    const auto weights = folder / (stem + ".safetensors");
    // Resumed and stopped at once: the same state is there already, and must not be lost to a disk that is full now.
    if (readSidecar(folder / (stem + ".json")))
        return weights;
    fs::remove(folder / (stem + ".json"), ec); // a damaged one must not speak for new weights
    auto tensors = model.parameters().all();
    const auto moments = optimiser.state();
    tensors.insert(tensors.end(), moments.begin(), moments.end());
    if (auto written = writeSafetensors(weights, tensors, {{"config", configJson}, {"state", stateJson(state).dump()}});
        !written)
        return written.as<fs::path>();
    auto document = stateJson(state);
    document["bytes"] = fs::file_size(weights, ec);
    if (auto written = writeFileAtomically(folder / (stem + ".json"), document.dump(2) + "\n"); !written) {
        fs::remove(weights, ec); // without it they are no checkpoint, and fill the disk
        return written.as<fs::path>();
    }
    const auto all = allCheckpoints(runFolder);
    for (std::size_t i = kKept; i < all.size(); ++i) {
        fs::remove(fs::path(all[i].weights).replace_extension(".json"), ec);
        fs::remove(all[i].weights, ec);
    }
    return weights;
}

std::optional<CheckpointFile> newestCheckpoint(const fs::path& runFolder) {
    auto all = allCheckpoints(runFolder);
    if (all.empty())
        return std::nullopt;
    return std::move(all.front());
}

namespace {

// Newest first, by the number in the name: of a damaged one nothing else may be believed.
std::vector<std::pair<std::int64_t, fs::path>> sidecars(const fs::path& runFolder) {
    std::vector<std::pair<std::int64_t, fs::path>> all;
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(runFolder / "checkpoints", ec)) {
        const auto stem = entry.path().stem().string();
        constexpr std::string_view kPrefix = "step-";
        std::int64_t step = 0;
        if (entry.path().extension() != ".json" || stem.rfind(kPrefix, 0) != 0)
            continue;
        const auto [end, failure] = std::from_chars(stem.data() + kPrefix.size(), stem.data() + stem.size(), step);
        if (failure == std::errc() && end == stem.data() + stem.size())
            all.emplace_back(step, entry.path());
    }
    std::sort(all.rbegin(), all.rend());
    return all;
}

Error damage(const fs::path& file, const std::string& why) {
    return makeError(ErrorCode::ModelInvalid, why, file.string());
}

// Everything that is in one, or what is wrong with it.
Result<ResumePoint> readWhole(std::int64_t step, const fs::path& sidecar) {
    const auto weights = fs::path(sidecar).replace_extension(".safetensors");
    auto file = readSafetensors(weights);
    if (!file)
        return file.as<ResumePoint>();
    const auto beside = readSidecar(sidecar);
    if (!beside)
        return damage(sidecar, "it is damaged, or the weights have not the size that it names");
    ResumePoint point;
    point.state = beside->state;
    // Covered by the weights' checksum; a checkpoint of an older version has it beside itself only.
    if (const auto state = file->metadata.find("state"); state != file->metadata.end()) {
        const auto document = Json::parse(state->second, nullptr, false);
        try {
            point.state = stateOf(document);
        } catch (const std::exception&) {
            return damage(weights, "its state cannot be read");
        }
        if (stateJson(point.state) != stateJson(beside->state))
            return damage(sidecar, "it tells another state than the weights");
    }
    if (point.state.step != step)
        return damage(weights, "it is of step " + std::to_string(point.state.step) + ", its name says another");
    point.file = std::move(*file);
    return point;
}

// "" when both are the same; else the first key that differs.
std::string difference(const std::string& a, const std::string& b) {
    const auto first = completeConfig(a);
    const auto second = completeConfig(b);
    if (!first || !second)
        return "one of the two cannot be read";
    const auto left = Json::parse(*first);
    const auto right = Json::parse(*second);
    for (const auto& [key, value] : left.items())
        if (right[key] != value)
            return "\"" + key + "\" is " + value.dump() + " there and " + right[key].dump() + " in config.json";
    return {};
}

void setAsideOne(const fs::path& sidecar) {
    std::error_code ec;
    for (const auto& file : {sidecar, fs::path(sidecar).replace_extension(".safetensors")})
        fs::rename(file, file.string() + ".damaged", ec);
}

} // namespace

Result<ResumePoint> readResumePoint(const fs::path& runFolder, const std::string& configJson, bool setAside) {
    std::vector<std::string> damaged;
    std::vector<fs::path> toSetAside;
    for (const auto& [step, sidecar] : sidecars(runFolder)) {
        auto point = readWhole(step, sidecar);
        if (point.failed() && point.error().code == ErrorCode::OutOfMemory)
            return point;
        if (!point) {
            damaged.push_back(point.error().text());
            toSetAside.push_back(sidecar);
            continue;
        }
        const auto config = point->file.metadata.find("config");
        const auto other = config == point->file.metadata.end() ? std::string("it names none")
                                                                : difference(config->second, configJson);
        if (!other.empty())
            return makeError(ErrorCode::ConfigInvalid, "the checkpoint is of another configuration: " + other,
                             fs::path(sidecar).replace_extension(".safetensors").string());
        // Only now: where none is whole, a person may want to look at them.
        if (setAside)
            for (const auto& file : toSetAside)
                setAsideOne(file);
        point->damaged = std::move(damaged);
        return point;
    }
    std::string reasons;
    for (const auto& reason : damaged)
        reasons += "; " + reason;
    return makeError(ErrorCode::NotFound, "the run has no complete checkpoint to go on from" + reasons,
                     runFolder.string());
}

} // namespace precordia
