// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/training_run.h"

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/engine/config.h"
#include "core/engine/engine_loader.h"
#include "core/explore/embed_study.h"
#include "core/study/training_windows.h"

#include <nlohmann/json.hpp>

#include <ctime>

namespace precordia {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

constexpr const char* kSummary = "training.json"; // beside the run's own files

Json readSummary(const fs::path& run) {
    const auto bytes = readFile(run / kSummary);
    if (!bytes)
        return Json::object();
    auto json =
        Json::parse(std::string_view(reinterpret_cast<const char*>(bytes->data()), bytes->size()), nullptr, false);
    return json.is_object() ? json : Json::object();
}

template <typename T>
T entry(const Json& json, const char* key, T fallback) {
    try {
        return json.value(key, fallback);
    } catch (const Json::exception&) {
        return fallback;
    }
}

void fill(TrainingRun& run, const Json& summary) {
    run.steps = entry<std::int64_t>(summary, "steps", 0);
    run.seconds = entry(summary, "seconds", 0.0);
    run.cpuSeconds = entry(summary, "cpu_seconds", 0.0);
    run.verdict = entry<std::string>(summary, "verdict", "");
    run.verdictText = entry<std::string>(summary, "verdict_text", "");
}

Result<RunSummary> startOrGoOn(Engine& engine, PretrainRequest& request) {
    std::error_code code;
    request.resume = fs::exists(request.runFolder, code);
    auto summary = engine.pretrain(request);
    if (request.resume && summary.failed() && summary.error().code == ErrorCode::NotFound) {
        // Cut off before its first checkpoint: nothing in it is worth keeping.
        fs::remove_all(request.runFolder, code);
        request.resume = false;
        summary = engine.pretrain(request);
    }
    return summary;
}

} // namespace

Result<TrainingRun> trainOnce(const fs::path& studyFolder, const TrainingRequest& asked, Progress& progress) {
    auto study = Study::open(studyFolder);
    if (!study)
        return study.as<TrainingRun>();
    ModelInfo wanted;
    wanted.configJson = asked.configJson;
    const auto preprocessing = preprocessingOf(wanted);
    if (!preprocessing)
        return preprocessing.as<TrainingRun>();
    const auto synthetic = syntheticBeside(asked.configJson);
    if (!synthetic)
        return synthetic.as<TrainingRun>();
    const auto windows = trainingWindows(studyFolder, *preprocessing, *synthetic, asked.stop, progress);
    if (!windows)
        return windows.as<TrainingRun>();
    TrainingRun run;
    const std::string key = sha256Hex(asked.configJson + "\n" + windows->all->dataHash() + "\n" + asked.device);
    run.folder = (*study)->runsFolder() / (asked.prefix + "-" + key.substr(0, 10));
    run.model = run.folder / "model.safetensors";
    const Json before = readSummary(run.folder);
    std::error_code code;
    if (fs::exists(run.model, code) && entry(before, "finished", false)) {
        fill(run, before);
        run.reused = true;
        return run;
    }
    const auto engine = loadEngine();
    if (!engine)
        return engine.as<TrainingRun>();
    PretrainRequest request;
    request.windows = windows->all;
    request.configJson = asked.configJson;
    request.runFolder = run.folder;
    request.device = asked.device;
    request.stop = asked.stop;
    TrainUpdate last;
    request.onUpdate = [&](const TrainUpdate& update) {
        if (!update.verdict.empty())
            run.verdict = update.verdict, run.verdictText = update.verdictText;
        last = update;
        if (asked.onUpdate)
            asked.onUpdate(update);
    };
    const auto started = std::chrono::steady_clock::now();
    const auto cpu = std::clock();
    const auto summary = startOrGoOn(**engine, request);
    run.seconds = entry(before, "seconds", 0.0) +
                  std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    run.cpuSeconds = entry(before, "cpu_seconds", 0.0) +
                     static_cast<double>(std::clock() - cpu) / static_cast<double>(CLOCKS_PER_SEC);
    run.steps = summary ? summary->steps : last.step;
    if (summary && !summary->last.verdict.empty())
        run.verdict = summary->last.verdict, run.verdictText = summary->last.verdictText;
    if (fs::exists(run.folder, code)) {
        const Json now = {{"finished", summary.ok()},      {"steps", run.steps},     {"seconds", run.seconds},
                          {"cpu_seconds", run.cpuSeconds}, {"verdict", run.verdict}, {"verdict_text", run.verdictText}};
        if (const auto written = writeFileAtomically(run.folder / kSummary, now.dump(2) + "\n"); !written && summary)
            return written.as<TrainingRun>();
    }
    if (!summary)
        return summary.as<TrainingRun>();
    return run;
}

} // namespace precordia
