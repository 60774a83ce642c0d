// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/bench_precision.h"

#include "core/base/file.h"
#include "core/engine/config.h"
#include "core/engine/run_history.h"
#include "core/explore/known_truth.h"
#include "core/explore/training_run.h"
#include "core/study/demo.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iomanip>
#include <map>
#include <sstream>

namespace precordia::cli {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Curve = std::vector<std::pair<std::int64_t, double>>;

namespace {

constexpr std::uint64_t kPopulation = 17;
constexpr std::size_t kShown = 200; // points of a curve in the report

Result<TrainingRun> trained(const PrecisionBench& bench, const fs::path& study, const std::string& precision,
                            const StopToken& stop, Progress& progress) {
    auto settings = bench.settings;
    settings.push_back("steps=" + std::to_string(bench.steps));
    settings.push_back("precision=" + precision);
    settings.push_back("name=precision-" + precision);
    const auto config = resolveConfig({bench.preset, {}, settings});
    if (!config)
        return config.as<TrainingRun>();
    TrainingRequest request{"bench-precision-" + precision, *config, "cpu", {}, stop};
    bool begun = false;
    request.onUpdate = [&](const TrainUpdate& update) {
        if (!begun)
            progress.begin("Training in " + precision, update.steps);
        begun = true;
        progress.update(update.step);
    };
    return trainOnce(study, request, progress);
}

// As the run wrote it: also of one that was trained before.
Result<Curve> curveOf(const fs::path& run) {
    const auto bytes = readFile(run / "metrics.csv");
    if (!bytes)
        return bytes.as<Curve>();
    Curve curve;
    for (const auto& update : readMetrics({reinterpret_cast<const char*>(bytes->data()), bytes->size()}))
        if (update.step > 0)
            curve.emplace_back(update.step, update.total);
    return curve;
}

double lastTenth(const Curve& curve) {
    const auto count = std::max<std::size_t>(1, curve.size() / 10);
    double sum = 0;
    for (std::size_t i = curve.size() - std::min(count, curve.size()); i < curve.size(); ++i)
        sum += curve[i].second / static_cast<double>(count);
    return sum;
}

Json lossJson(const Curve& full, const Curve& half, const std::string& other) {
    const auto difference = compareCurves(full, half);
    Json json = {{"largest_relative_difference", difference.largest},
                 {"at_step", difference.at},
                 {"mean_relative_difference", difference.mean},
                 {"last_tenth", {{"float32", lastTenth(full)}, {other, lastTenth(half)}}},
                 {"curve", Json::array()}};
    const auto each = std::max<std::size_t>(1, std::min(full.size(), half.size()) / kShown);
    for (std::size_t i = 0; i < std::min(full.size(), half.size()); i += each)
        json["curve"].push_back({{"step", full[i].first}, {"float32", full[i].second}, {other, half[i].second}});
    return json;
}

const LevelTruth* recordingLevel(const CorpusTruth& corpus) {
    for (const auto& level : corpus.levels)
        if (level.level == "recording")
            return &level;
    return nullptr;
}

Result<Json> probeBoth(const std::vector<fs::path>& models, const std::string& other, int recordings,
                       const StopToken& stop, Progress& progress) {
    KnownTruthOptions options;
    options.models = models;
    options.corpora = {"ecg"};
    options.recordings = recordings;
    options.layers = false;
    const auto truth = knownTruth(options, stop, progress);
    if (!truth)
        return truth.as<Json>();
    Json json = {{"recordings", recordings}, {"factors", Json::array()}, {"mean", Json::object()}};
    std::map<std::string, double> sums;
    int counted = 0;
    const auto& corpus = truth->front().corpora.front();
    std::array<const LevelTruth*, 2> levels = {recordingLevel(corpus), recordingLevel(truth->back().corpora.front())};
    if (levels[0] == nullptr || levels[1] == nullptr)
        return makeError(ErrorCode::Bug, "the probe has no recording level");
    for (std::size_t f = 0; f < corpus.factors.size(); ++f) {
        const auto &full = levels[0]->model[f].score, &half = levels[1]->model[f].score,
                   &random = levels[0]->random[f].score;
        if (!full || !half || !random)
            continue;
        json["factors"].push_back({{"factor", corpus.factors[f].name},
                                   {"unit", corpus.factors[f].unit},
                                   {"float32", *full},
                                   {other, *half},
                                   {"random_init", *random}});
        sums["float32"] += *full, sums[other] += *half, sums["random_init"] += *random;
        ++counted;
    }
    for (const auto& [name, sum] : sums)
        json["mean"][name] = sum / counted;
    return json;
}

} // namespace

CurveDifference compareCurves(const Curve& a, const Curve& b) {
    const std::map<std::int64_t, double> other(b.begin(), b.end());
    CurveDifference out;
    double sum = 0;
    for (const auto& [step, value] : a) {
        const auto at = other.find(step);
        if (at == other.end() || value == 0)
            continue;
        const double difference = std::abs(at->second - value) / std::abs(value);
        sum += difference;
        ++out.steps;
        if (out.at == 0 || !(difference <= out.largest)) // also when it is not finite
            out.largest = difference, out.at = step;
    }
    out.mean = out.steps > 0 ? sum / static_cast<double>(out.steps) : 0;
    return out;
}

Result<Json> benchPrecision(const PrecisionBench& bench, const StopToken& stop, Progress& progress) {
    auto study = bench.study;
    if (study.empty()) {
        study = bench.folder / "study";
        if (const auto made = makeDemoStudy(study, bench.recordings, kPopulation, stop, progress); !made)
            return made.as<Json>();
    }
    Json report = {
        {"steps", bench.steps}, {"preset", bench.preset}, {"settings", bench.settings}, {"other", bench.other}};
    std::vector<Curve> curves;
    std::vector<fs::path> models;
    for (const std::string& precision : {std::string("float32"), bench.other}) {
        const auto run = trained(bench, study, precision, stop, progress);
        if (!run)
            return run.as<Json>();
        auto curve = curveOf(run->folder);
        if (!curve)
            return curve.as<Json>();
        report["runs"][precision] = {{"run", run->folder.filename().string()},
                                     {"reused", run->reused},
                                     {"seconds", run->seconds},
                                     {"cpu_seconds", run->cpuSeconds},
                                     {"verdict", run->verdict}};
        curves.push_back(std::move(*curve));
        models.push_back(run->model);
    }
    report["loss"] = lossJson(curves[0], curves[1], bench.other);
    report["probe"] = nullptr;
    if (bench.probe > 0) {
        auto probe = probeBoth(models, bench.other, bench.probe, stop, progress);
        if (!probe)
            return probe;
        report["probe"] = std::move(*probe);
    }
    return report;
}

std::string precisionTable(const Json& report) {
    std::ostringstream out;
    out << std::fixed;
    const auto& loss = report["loss"];
    const std::string other = report["other"];
    out << report["steps"] << " steps in float32 and in " << other
        << " from the same seed. Loss: largest relative difference " << std::setprecision(4)
        << loss["largest_relative_difference"].get<double>() << " (step " << loss["at_step"] << "), mean "
        << loss["mean_relative_difference"].get<double>() << ";\nmean of the last tenth "
        << loss["last_tenth"]["float32"].get<double>() << " and " << loss["last_tenth"][other].get<double>() << ".\n";
    for (const std::string& precision : {std::string("float32"), other}) {
        const auto& run = report["runs"][precision];
        out << std::left << std::setw(9) << precision << std::right << std::setprecision(1) << std::setw(8)
            << run["seconds"].get<double>() << " s, " << run["cpu_seconds"].get<double>() << " CPU s, "
            << run["verdict"].get<std::string>() << (run["reused"].get<bool>() ? " (trained before)" : "") << '\n';
    }
    if (report["probe"].is_null())
        return out.str();
    out << "Probe of the recording embedding on " << report["probe"]["recordings"]
        << " synthetic recordings (R2; AUROC of a class):\n"
        << std::left << std::setw(26) << "factor" << std::right << std::setw(9) << "float32" << std::setw(9) << other
        << std::setw(9) << "random" << '\n'
        << std::setprecision(3);
    const auto line = [&](const std::string& name, const Json& row) {
        out << std::left << std::setw(26) << name << std::right;
        for (const std::string& key : {std::string("float32"), other, std::string("random_init")})
            out << std::setw(9) << row[key].get<double>();
        out << '\n';
    };
    for (const auto& factor : report["probe"]["factors"])
        line(factor["factor"].get<std::string>(), factor);
    if (!report["probe"]["mean"].empty())
        line("mean", report["probe"]["mean"]);
    return out.str();
}

} // namespace precordia::cli
