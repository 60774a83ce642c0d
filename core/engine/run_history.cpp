// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/run_history.h"

#include "core/base/file.h"
#include "core/engine/alarms.h"
#include "core/engine/verdict.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>
#include <string_view>

namespace precordia {

namespace fs = std::filesystem;

namespace {

std::vector<std::string> cells(std::string_view line) {
    std::vector<std::string> out;
    std::size_t from = 0;
    while (from <= line.size()) {
        const auto to = std::min(line.find(',', from), line.size());
        out.emplace_back(line.substr(from, to - from));
        from = to + 1;
    }
    return out;
}

std::string textOf(const fs::path& file) {
    const auto bytes = readFile(file);
    return bytes ? std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()) : std::string{};
}

class Row {
public:
    Row(const std::map<std::string, std::size_t>& columns, std::vector<std::string> values)
        : columns_(columns)
        , values_(std::move(values)) {}
    std::string text(const std::string& name) const {
        const auto found = columns_.find(name);
        return found != columns_.end() && found->second < values_.size() ? values_[found->second] : std::string{};
    }
    double number(const std::string& name, double absent = 0) const {
        const auto value = text(name);
        return value.empty() ? absent : std::strtod(value.c_str(), nullptr);
    }

private:
    const std::map<std::string, std::size_t>& columns_;
    std::vector<std::string> values_;
};

TrainUpdate updateOf(const Row& row) {
    TrainUpdate u;
    u.step = static_cast<std::int64_t>(row.number("step"));
    u.epoch = row.number("epoch");
    u.total = row.number("total");
    u.channel = row.number("channel");
    u.temporal = row.number("temporal");
    u.regulariser = row.number("regulariser");
    u.learningRate = row.number("learning_rate");
    u.momentum = row.number("momentum");
    u.gradientNorm = row.number("gradient_norm");
    u.recordingsPerSecond = row.number("recordings_per_second");
    for (const std::string level : {"lead", "interval", "event", "recording"}) {
        if (row.text(level + "_effective_rank").empty())
            continue;
        u.diagnostics.emplace_back(
            level, LevelDiagnostics{row.number(level + "_std"), row.number(level + "_effective_rank"),
                                    row.number(level + "_mean_cosine"), row.number(level + "_temporal_std"),
                                    row.number(level + "_teacher_gap")});
    }
    u.verdict = row.text("verdict");
    u.earlyTest = row.text("early_test");
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    u.knn = row.number("knn_auroc", kNone);
    u.lossZ = row.number("loss_z", kNone);
    u.gradientZ = row.number("gradient_z", kNone);
    u.alarm = alarmText(u);
    return u;
}

std::vector<TrainUpdate> readMetrics(const std::string& text) {
    std::vector<TrainUpdate> out;
    std::map<std::string, std::size_t> columns;
    std::size_t from = 0;
    while (from < text.size()) {
        const auto to = text.find('\n', from);
        if (to == std::string::npos)
            break; // a line that was never finished
        auto values = cells(std::string_view(text).substr(from, to - from));
        from = to + 1;
        if (columns.empty())
            for (std::size_t i = 0; i < values.size(); ++i)
                columns[values[i]] = i;
        else
            out.push_back(updateOf(Row(columns, std::move(values))));
    }
    return out;
}

// The words of a verdict are not in the file: they follow from its figures and the configuration.
void judgeAgain(std::vector<TrainUpdate>& updates, const std::string& configJson) {
    const auto context = verdictContext(configJson);
    const Diagnostics* start = nullptr;
    for (auto& u : updates) {
        if (u.diagnostics.empty())
            continue;
        if (start == nullptr)
            start = &u.diagnostics;
        const auto verdict = judge(*start, u.diagnostics, context);
        if (verdict.word != u.verdict)
            continue; // told by an older version, by other limits: its word stands
        u.verdictText = verdict.text;
        u.advice = verdict.advice;
        if (!u.earlyTest.empty())
            u.earlyTestText = earlyTest(u.step, verdict).text;
    }
}

} // namespace

std::vector<RunEntry> readRuns(const fs::path& runsFolder) {
    std::vector<RunEntry> runs;
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(runsFolder, ec)) {
        if (!entry.is_directory(ec) || !fs::exists(entry.path() / "config.json", ec))
            continue;
        RunEntry run;
        run.folder = entry.path();
        run.name = entry.path().filename().string();
        const auto configText = textOf(entry.path() / "config.json");
        const auto config = nlohmann::json::parse(configText, nullptr, false);
        if (config.is_object() && config.contains("name") && config["name"].is_string())
            run.preset = config["name"].get<std::string>();
        run.complete = fs::exists(entry.path() / "model.safetensors", ec);
        run.updates = readMetrics(textOf(entry.path() / "metrics.csv"));
        judgeAgain(run.updates, configText);
        // The configuration may say epochs; how many steps that made is known to the run.
        const auto environment = nlohmann::json::parse(textOf(entry.path() / "environment.json"), nullptr, false);
        const auto steps = environment.is_object() ? environment.value("total_steps", std::int64_t{0}) : 0;
        for (auto& update : run.updates)
            update.steps = steps;
        runs.push_back(std::move(run));
    }
    std::sort(runs.begin(), runs.end(), [](const RunEntry& a, const RunEntry& b) { return a.name > b.name; });
    return runs;
}

} // namespace precordia
