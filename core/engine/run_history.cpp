// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/run_history.h"

#include "core/base/file.h"
#include "core/engine/alarms.h"
#include "core/engine/verdict.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
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

constexpr std::uint64_t kLargestJson = 1 << 20;
constexpr std::uint64_t kLargestMetrics = 1 << 28;
// Of a row in memory, which is larger than the shortest text for it: bounds how much larger.
constexpr std::size_t kFewestColumns = 5;

std::string textOf(const fs::path& file, std::uint64_t largest) {
    const auto bytes = readFile(file, largest);
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
    const auto step = row.text("step");
    std::from_chars(step.data(), step.data() + step.size(), u.step);
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

} // namespace

std::vector<TrainUpdate> readMetrics(const std::string& text) {
    std::vector<TrainUpdate> out;
    std::map<std::string, std::size_t> columns;
    std::size_t width = 0;
    std::size_t from = 0;
    while (from < text.size()) {
        const auto to = text.find('\n', from);
        if (to == std::string::npos)
            break; // a line that was never finished
        auto values = cells(std::string_view(text).substr(from, to - from));
        from = to + 1;
        if (columns.empty()) {
            width = values.size();
            for (std::size_t i = 0; i < width; ++i)
                columns[values[i]] = i;
            if (width < kFewestColumns || !columns.contains("step"))
                return {}; // somebody's own file
        } else if (values.size() == width) {
            out.push_back(updateOf(Row(columns, std::move(values))));
        }
    }
    return out;
}

namespace {

// The words of a verdict are not in the file: they follow from its figures and the configuration.
void judgeAgain(std::vector<TrainUpdate>& updates, const std::string& configJson) {
    const auto context = verdictContext(configJson);
    const Diagnostics* start = nullptr;
    for (auto& u : updates) {
        if (u.diagnostics.empty())
            continue;
        if (start == nullptr)
            start = &u.diagnostics;
        const auto verdict = judge(*start, u.diagnostics, context, u.step);
        if (verdict.word != u.verdict)
            continue; // told by an older version, by other limits: its word stands
        u.verdictText = verdict.text;
        u.advice = verdict.advice;
        if (!u.earlyTest.empty())
            u.earlyTestText = earlyTest(u.step, verdict).text;
    }
}

} // namespace

std::string presetOf(const std::string& configJson) {
    const auto config = nlohmann::json::parse(configJson, nullptr, false);
    const auto name = config.is_object() ? config.find("name") : config.end();
    return name != config.end() && name->is_string() ? name->get<std::string>() : std::string();
}

std::int64_t totalStepsOf(const std::string& environmentJson) {
    const auto environment = nlohmann::json::parse(environmentJson, nullptr, false);
    const auto total = environment.is_object() ? environment.find("total_steps") : environment.end();
    return total != environment.end() && total->is_number_integer() ? total->get<std::int64_t>() : 0;
}

RunEntry readRun(const fs::path& folder) {
    RunEntry run;
    run.folder = folder;
    run.name = folder.filename().string();
    const auto text = [&folder](const char* name, std::uint64_t largest) { return textOf(folder / name, largest); };
    const auto configText = text("config.json", kLargestJson);
    run.preset = presetOf(configText);
    std::error_code ec;
    run.complete = fs::exists(folder / "model.safetensors", ec);
    run.updates = readMetrics(text("metrics.csv", kLargestMetrics));
    judgeAgain(run.updates, configText);
    // The configuration may say epochs; how many steps that made is known to the run.
    const auto steps = totalStepsOf(text("environment.json", kLargestJson));
    for (auto& update : run.updates)
        update.steps = steps;
    return run;
}

std::vector<RunEntry> readRuns(const fs::path& runsFolder) {
    std::vector<RunEntry> runs;
    std::error_code ec;
    for (const auto& entry : fs::directory_iterator(runsFolder, ec))
        if (entry.is_directory(ec) && fs::exists(entry.path() / "config.json", ec))
            runs.push_back(readRun(entry.path()));
    std::sort(runs.begin(), runs.end(), [](const RunEntry& a, const RunEntry& b) { return a.name > b.name; });
    return runs;
}

} // namespace precordia
