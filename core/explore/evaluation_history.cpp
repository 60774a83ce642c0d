// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/evaluation_history.h"

#include "core/base/file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace precordia {

namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr std::uint64_t kLargestFile = 64ULL << 20;

const Json& member(const Json& json, const char* key) {
    static const Json none;
    const auto found = json.is_object() ? json.find(key) : json.end();
    return json.is_object() && found != json.end() ? *found : none;
}

double number(const Json& json) {
    return json.is_number() ? json.get<double>() : kNoFigure;
}

std::string word(const Json& json) {
    return json.is_string() ? json.get<std::string>() : std::string();
}

int count(const Json& json) {
    return json.is_number() ? static_cast<int>(json.get<double>()) : 0;
}

// {"<value>": x, "ci95": [low, high]}
Figure figure(const Json& json, const char* value) {
    Figure out;
    out.value = number(member(json, value));
    if (const auto& ci = member(json, "ci95"); ci.is_array() && ci.size() == 2)
        out.low = number(ci[0]), out.high = number(ci[1]);
    return out;
}

// A label, or the classes of which a recording has one.
std::string nameOf(const Json& label) {
    std::string out = word(label);
    if (label.is_array())
        for (const auto& one : label)
            out += (out.empty() ? "" : " / ") + word(one);
    return out;
}

EvaluationRow rowOf(const Json& json) {
    EvaluationRow row;
    row.name = nameOf(member(json, "label"));
    row.positives = count(member(json, "positives"));
    row.negatives = count(member(json, "negatives"));
    row.recording = figure(json, "auroc");
    const auto& levels = member(json, "levels");
    row.interval = figure(member(levels, "interval"), "auroc");
    row.event = figure(member(levels, "event"), "auroc");
    row.random = number(member(member(json, "random_init"), "auroc"));
    row.aboveRandom = figure(member(member(levels, "recording"), "above_random_init"), "value");
    if (!row.aboveRandom.known()) // of classes
        row.aboveRandom = figure(member(member(json, "random_init"), "recording_above"), "value");
    const auto& linear = member(json, "linear_probe");
    row.linear = number(member(linear, "auroc"));
    row.aboveLinear = figure(member(linear, "recording_above"), "value");
    const auto& simple = member(json, "simple_features");
    row.simple = number(member(simple, "auroc"));
    row.aboveSimple = figure(member(simple, "recording_above"), "value");
    return row;
}

// "20260131T235900.123Z-linear" -> "2026-01-31 23:59"
std::string timeOf(const std::string& stem) {
    if (stem.size() < 20 || stem[8] != 'T' || stem[15] != '.' || stem[19] != 'Z')
        return {};
    return stem.substr(0, 4) + "-" + stem.substr(4, 2) + "-" + stem.substr(6, 2) + " " + stem.substr(9, 2) + ":" +
           stem.substr(11, 2);
}

std::string now() {
    const auto instant = std::chrono::system_clock::now();
    const std::time_t time = std::chrono::system_clock::to_time_t(instant);
    const auto milliseconds =
        std::chrono::duration_cast<std::chrono::milliseconds>(instant.time_since_epoch()).count() % 1000;
    std::tm utc{};
    gmtime_r(&time, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y%m%dT%H%M%S", &utc);
    char whole[40];
    std::snprintf(whole, sizeof whole, "%s.%03dZ", text, static_cast<int>(milliseconds));
    return whole;
}

} // namespace

Result<EvaluationEntry> parseEvaluation(const std::string& text) {
    const auto json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object())
        return makeError(ErrorCode::FormatInvalid, "an evaluation is a JSON object; this is none");
    EvaluationEntry entry;
    entry.protocol = word(member(json, "protocol"));
    entry.model = word(member(json, "model"));
    entry.recordings = count(member(json, "recordings"));
    entry.folds = count(member(json, "folds"));
    entry.repeats = count(member(json, "repeats"));
    if (const auto& labels = member(json, "labels"); labels.is_array())
        for (const auto& label : labels)
            entry.labels.push_back(rowOf(label));
    else if (!nameOf(member(json, "label")).empty())
        entry.labels.push_back(rowOf(json));
    if (const auto& models = member(json, "models"); models.is_array())
        for (const auto& model : models) {
            entry.models.push_back(rowOf(model));
            entry.models.back().name = word(member(model, "model"));
        }
    if (const auto& mean = member(json, "mean"); mean.is_object())
        entry.mean = rowOf(mean);
    const auto& rate = member(json, "heart_rate_r2");
    entry.heartRate = number(member(rate, "recording"));
    entry.heartRateRandom = number(member(rate, "random_init"));
    entry.heartRateSimple = number(member(rate, "simple_features"));
    if (const auto& refused = member(json, "refused"); refused.is_array())
        for (const auto& one : refused)
            entry.refused.emplace_back(word(member(one, "label")), word(member(one, "reason")));
    if (entry.labels.empty() && entry.models.empty())
        return makeError(ErrorCode::FormatInvalid, "the evaluation holds neither labels nor models");
    return entry;
}

Result<fs::path> keepEvaluation(const fs::path& studyFolder, const std::string& json) {
    const auto entry = parseEvaluation(json);
    if (!entry)
        return entry.as<fs::path>();
    const auto folder = studyFolder / "evaluations";
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure)
        return makeError(ErrorCode::FileUnwritable, "the folder cannot be made: " + failure.message(), folder.string());
    const auto stem = now() + "-" + (entry->protocol.empty() ? "evaluation" : entry->protocol);
    auto file = folder / (stem + ".json");
    for (int i = 2; fs::exists(file, failure); ++i) // two within one millisecond
        file = folder / (stem + "-" + std::to_string(i) + ".json");
    if (auto written = writeFileAtomically(file, json); !written)
        return written.as<fs::path>();
    return file;
}

std::vector<EvaluationEntry> readEvaluations(const fs::path& studyFolder) {
    std::vector<EvaluationEntry> out;
    std::error_code failure;
    for (const auto& item : fs::directory_iterator(studyFolder / "evaluations", failure)) {
        if (item.path().extension() != ".json")
            continue;
        const auto bytes = readFile(item.path(), kLargestFile);
        if (!bytes)
            continue;
        auto entry = parseEvaluation({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
        if (!entry)
            continue;
        entry->file = item.path();
        entry->finished = timeOf(item.path().stem().string());
        out.push_back(std::move(*entry));
    }
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.file > b.file; });
    return out;
}

} // namespace precordia
