// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/bench_collapse.h"

#include "core/ecg/synthesis.h"
#include "core/engine/config.h"
#include "core/engine/engine_loader.h"
#include "core/signal/preprocess.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iomanip>
#include <map>
#include <sstream>

namespace precordia::cli {

using Json = nlohmann::json;

namespace {

constexpr std::uint64_t kPopulation = 11;
constexpr std::size_t kLabels = 5, kLabelled = 192;

struct Case {
    const char* name;
    bool healthy;
    std::vector<std::string> settings;
};

const std::vector<Case>& cases() {
    static const std::vector<Case> all = {
        {"as the preset has it", true, {}},
        {"teacher at 0.9, no regulariser", false, {"ema=[0.9,0.9]", "regulariser=none"}},
    };
    return all;
}

struct Data {
    std::shared_ptr<MemoryWindows> windows;
    std::shared_ptr<ProbeLabels> labels;
};

Result<Data> synthetic(const CollapseBench& bench, const std::string& config, const StopToken& stop,
                       Progress& progress) {
    const auto keys = preprocessingKeys(config);
    if (!keys)
        return keys.as<Data>();
    PreprocessingConfig preprocessing;
    preprocessing.leads = keys->leads;
    preprocessing.lowHz = keys->lowHz, preprocessing.highHz = keys->highHz;
    preprocessing.samplingRate = keys->samplingRate, preprocessing.windowSeconds = keys->windowSeconds;
    Data data;
    data.windows = std::make_shared<MemoryWindows>(
        WindowShape{static_cast<int>(keys->leads.size()), preprocessing.windowSamples(), keys->samplingRate});
    std::map<std::string, int> counts;
    std::vector<std::vector<std::string>> labels;
    progress.begin("Making synthetic recordings", bench.recordings);
    for (int i = 0; i < bench.recordings; ++i) {
        if (stop.stop_requested())
            return Cancelled{};
        const auto ecg = synthesiseMember(kPopulation, i);
        auto windows = preprocess(ecg.recording, preprocessing);
        if (!windows)
            return windows.as<Data>();
        data.windows->add(std::move(windows->front().samples), std::move(windows->front().leadPresent));
        labels.push_back(ecg.truth.labels);
        for (const auto& label : ecg.truth.labels)
            ++counts[label];
        progress.advance();
    }
    data.labels = std::make_shared<ProbeLabels>();
    std::vector<std::pair<int, std::string>> frequent;
    for (const auto& [label, count] : counts)
        frequent.emplace_back(-count, label);
    std::sort(frequent.begin(), frequent.end());
    for (std::size_t i = 0; i < std::min(kLabels, frequent.size()); ++i)
        data.labels->names.push_back(frequent[i].second);
    for (std::size_t i = 0; i < std::min(kLabelled, labels.size()); ++i) {
        data.labels->windows.push_back(static_cast<std::int64_t>(i));
        data.labels->groups.push_back(static_cast<std::int64_t>(i));
        for (const auto& name : data.labels->names)
            data.labels->values.push_back(std::find(labels[i].begin(), labels[i].end(), name) != labels[i].end() ? 1
                                                                                                                 : 0);
    }
    return data;
}

const LevelDiagnostics* eventLevel(const TrainUpdate& update) {
    for (const auto& [level, figures] : update.diagnostics)
        if (level == "event")
            return &figures;
    return nullptr;
}

Json number(double value) {
    return std::isfinite(value) ? Json(value) : Json();
}

// What is told of a run, gathered update by update.
class Story {
public:
    void add(const TrainUpdate& u) {
        if (const auto* event = eventLevel(u)) {
            if (!begun_)
                first_ = *event, firstKnn_ = u.knn;
            begun_ = true;
            last_ = *event, lastKnn_ = u.knn;
        }
        if (!u.verdict.empty()) {
            verdict_ = u.verdict, text_ = u.verdictText, advice_ = u.advice;
            if (!u.advice.empty() && calledAt_ < 0)
                calledAt_ = u.step;
        }
        if (!u.earlyTest.empty())
            early_ = u.earlyTestText;
        loss_ = std::max(loss_, std::isfinite(u.lossZ) ? std::abs(u.lossZ) : 0);
        gradient_ = std::max(gradient_, std::isfinite(u.gradientZ) ? std::abs(u.gradientZ) : 0);
        alarms_ += u.alarm.empty() ? 0 : 1;
    }
    bool everCalled() const { return calledAt_ >= 0; }
    Json json() const {
        return {{"verdict", verdict_},
                {"verdict_text", text_},
                {"advice", advice_},
                {"called_at_step", calledAt_ >= 0 ? Json(calledAt_) : Json()},
                {"early_test", early_},
                {"event_rank", {first_.effectiveRank, last_.effectiveRank}},
                {"event_std", {first_.std, last_.std}},
                {"event_cosine", {first_.meanCosine, last_.meanCosine}},
                {"teacher_gap", last_.teacherGap},
                {"knn_auroc", {number(firstKnn_), number(lastKnn_)}},
                {"largest_loss_z", loss_},
                {"largest_gradient_z", gradient_},
                {"alarms", alarms_}};
    }

private:
    bool begun_ = false;
    LevelDiagnostics first_, last_;
    double firstKnn_ = std::nan(""), lastKnn_ = std::nan("");
    std::string verdict_, text_, advice_, early_;
    std::int64_t calledAt_ = -1;
    double loss_ = 0, gradient_ = 0;
    int alarms_ = 0;
};

} // namespace

Result<Json> benchCollapse(const CollapseBench& bench, const std::filesystem::path& folder, const StopToken& stop,
                           Progress& progress) {
    auto base = bench.settings;
    base.push_back("steps=" + std::to_string(bench.steps));
    base.push_back("batch=" + std::to_string(bench.batch));
    base.push_back("threads=" + std::to_string(bench.threads));
    base.emplace_back("diagnose_every=50");
    base.emplace_back("checkpoint_every=0");
    const auto config = resolveConfig({bench.preset, {}, base});
    if (!config)
        return config.as<Json>();
    const auto data = synthetic(bench, *config, stop, progress);
    if (!data)
        return data.as<Json>();
    const auto engine = loadEngine();
    if (!engine)
        return engine.as<Json>();
    Json report = {{"runs", Json::array()}, {"as_expected", true}};
    progress.begin("Training", static_cast<std::int64_t>(cases().size()) * bench.seeds * bench.steps);
    for (const auto& one : cases())
        for (int seed = 0; seed < bench.seeds; ++seed) {
            auto settings = base;
            settings.insert(settings.end(), one.settings.begin(), one.settings.end());
            settings.push_back("seed=" + std::to_string(seed));
            PretrainRequest request;
            const auto resolved = resolveConfig({bench.preset, {}, settings});
            if (!resolved)
                return resolved.as<Json>();
            request.configJson = *resolved;
            request.windows = data->windows;
            request.labels = data->labels;
            request.device = "cpu";
            request.runFolder = folder / ("run-" + std::to_string(report["runs"].size()));
            request.stop = stop;
            Story story;
            request.onUpdate = [&](const TrainUpdate& u) {
                story.add(u);
                if (u.step > 0)
                    progress.advance();
            };
            const auto start = std::chrono::steady_clock::now();
            const auto summary = (*engine)->pretrain(request);
            if (!summary)
                return summary.as<Json>();
            auto row = story.json();
            row["run"] = one.name;
            row["seed"] = seed;
            row["expected"] = one.healthy ? "healthy" : "collapsing or collapsed";
            row["seconds"] = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            const bool right = story.everCalled() != one.healthy;
            row["as_expected"] = right;
            report["as_expected"] = report["as_expected"].get<bool>() && right;
            report["runs"].push_back(std::move(row));
        }
    return report;
}

std::string collapseTable(const Json& report) {
    std::ostringstream out;
    out << std::left << std::setw(32) << "run" << std::setw(6) << "seed" << std::setw(12) << "verdict" << std::setw(11)
        << "called at" << std::setw(14) << "event rank" << std::setw(15) << "event spread" << std::setw(14)
        << "k-NN AUROC" << std::setw(9) << "loss z" << std::setw(12) << "gradient z"
        << "alarms\n";
    const auto pair = [](const Json& two, int digits) {
        std::ostringstream text;
        text << std::fixed << std::setprecision(digits);
        for (int i = 0; i < 2; ++i) {
            const auto& v = two[static_cast<std::size_t>(i)];
            text << (i > 0 ? " to " : "");
            if (v.is_number())
                text << v.get<double>();
            else
                text << "-";
        }
        return text.str();
    };
    std::string told;
    for (const auto& run : report["runs"]) {
        out << std::setw(32) << run["run"].get<std::string>() << std::setw(6) << run["seed"].dump() << std::setw(12)
            << run["verdict"].get<std::string>() << std::setw(11)
            << (run["called_at_step"].is_null() ? "-" : run["called_at_step"].dump()) << std::setw(14)
            << pair(run["event_rank"], 0) << std::setw(15) << pair(run["event_std"], 2) << std::setw(14)
            << pair(run["knn_auroc"], 2) << std::fixed << std::setprecision(1) << std::setw(9)
            << run["largest_loss_z"].get<double>() << std::setw(12) << run["largest_gradient_z"].get<double>()
            << run["alarms"].dump() << '\n';
        if (!run["advice"].get<std::string>().empty() && told.empty())
            told = run["verdict_text"].get<std::string>() + "\nWhat to change: " + run["advice"].get<std::string>() +
                   "\n" + run["early_test"].get<std::string>() + "\n";
    }
    out << told
        << (report["as_expected"].get<bool>() ? "Every run was called what it is.\n"
                                              : "Some run was not called what it is.\n");
    return out.str();
}

} // namespace precordia::cli
