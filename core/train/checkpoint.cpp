// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/checkpoint.h"

#include "core/base/file.h"

#include <nlohmann/json.hpp>

#include <algorithm>

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
        file.state.step = document.at("step");
        file.state.position = document.at("position");
        file.state.start = fromJson(document.at("start"));
        file.state.losses = document.value("losses", std::vector<double>());
        file.state.gradients = document.value("gradients", std::vector<double>());
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
    fs::create_directories(folder, ec);
    if (ec)
        return makeError(ErrorCode::FileUnwritable, ec.message(), folder.string());
    const auto stem = "step-" + std::to_string(state.step);
    const auto weights = folder / (stem + ".safetensors");
    // A checkpoint of the same step (resumed and stopped at once) is replaced: its .json must not speak for new
    // weights.
    fs::remove(folder / (stem + ".json"), ec);
    auto tensors = model.parameters().all();
    const auto moments = optimiser.state();
    tensors.insert(tensors.end(), moments.begin(), moments.end());
    if (auto written = writeSafetensors(weights, tensors, {{"config", configJson}}); !written)
        return written.as<fs::path>();
    const Json document = {
        {"step", state.step},           {"position", state.position}, {"bytes", fs::file_size(weights, ec)},
        {"start", toJson(state.start)}, {"losses", state.losses},     {"gradients", state.gradients}};
    if (auto written = writeFileAtomically(folder / (stem + ".json"), document.dump(2) + "\n"); !written)
        return written.as<fs::path>();
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

} // namespace precordia
