// SPDX-License-Identifier: GPL-3.0-or-later
// An evaluation as JSON for scripts and as a table for people.
#include "core/explore/evaluate.h"

#include <nlohmann/json.hpp>

#include <cstdio>

namespace precordia {

namespace {

using Json = nlohmann::ordered_json;

Json differenceJson(const PairedDifference& d) {
    return {{"value", d.difference}, {"ci95", {d.low, d.high}}};
}

Json levelJson(const LevelEvaluation& level, bool isMean) {
    Json json = {{"auroc", level.auroc},
                 {"random_init", level.random},
                 {"above_random_init", differenceJson(level.aboveRandom)}};
    if (!isMean)
        json["ci95"] = {level.low, level.high};
    return json;
}

Json labelJson(const LabelEvaluation& label, bool isMean) {
    Json json = {{"label", label.label}, {"auroc", label.recording.auroc}};
    if (!isMean) {
        json["ci95"] = {label.recording.low, label.recording.high};
        json["positives"] = label.positives;
        json["negatives"] = label.negatives;
        json["datasets"] = label.datasets;
    }
    json["random_init"] = {{"auroc", label.recording.random}};
    json["simple_features"] = {{"auroc", label.simple}, {"recording_above", differenceJson(label.aboveSimple)}};
    json["levels"] = {{"recording", levelJson(label.recording, isMean)},
                      {"interval", levelJson(label.interval, isMean)},
                      {"event", levelJson(label.event, isMean)}};
    return json;
}

// "0.845"
std::string figure(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", value);
    return text;
}

// "+0.023 [-0.004, 0.051]"
std::string differenceText(const PairedDifference& d) {
    char text[64];
    std::snprintf(text, sizeof text, "%+.3f [%+.3f, %+.3f]", d.difference, d.low, d.high);
    return text;
}

std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(text.size() + 1, width), ' ');
    return text;
}

std::string line(const std::vector<std::string>& cells) {
    static constexpr std::size_t kWidths[] = {42, 10, 11, 8, 25, 8, 8, 25, 10, 8, 8, 25};
    std::string out;
    for (std::size_t i = 0; i < cells.size(); ++i)
        out += padded(cells[i], kWidths[i]);
    out.erase(out.find_last_not_of(' ') + 1);
    return out + '\n';
}

std::string row(const LabelEvaluation& e, bool isMean) {
    return line({e.label, isMean ? "" : std::to_string(e.positives) + "/" + std::to_string(e.negatives),
                 figure(e.recording.auroc), figure(e.recording.random), differenceText(e.recording.aboveRandom),
                 figure(e.event.auroc), figure(e.event.random), differenceText(e.event.aboveRandom),
                 figure(e.interval.auroc), figure(e.interval.random), figure(e.simple), differenceText(e.aboveSimple)});
}

} // namespace

std::string evaluationJson(const Evaluation& evaluation) {
    Json json = evaluation.labels.size() == 1 ? labelJson(evaluation.labels.front(), false) : Json::object();
    if (evaluation.labels.size() > 1) {
        json["labels"] = Json::array();
        for (const auto& label : evaluation.labels)
            json["labels"].push_back(labelJson(label, false));
    }
    if (evaluation.mean)
        json["mean"] = labelJson(*evaluation.mean, true);
    json["heart_rate_r2"] = nullptr;
    if (evaluation.heartRate)
        json["heart_rate_r2"] = {{"recording", evaluation.heartRate->recording},
                                 {"random_init", evaluation.heartRate->random},
                                 {"simple_features", evaluation.heartRate->simple},
                                 {"above_random_init", differenceJson(evaluation.heartRate->aboveRandom)},
                                 {"recordings", evaluation.heartRate->recordings}};
    json["protocol"] = "linear";
    json["model"] = evaluation.modelHash;
    json["preprocessing"] = evaluation.preprocessingHash;
    json["random_models"] = evaluation.randomHashes;
    json["recordings"] = evaluation.recordings;
    json["folds"] = evaluation.options.folds;
    json["repeats"] = evaluation.options.repeats;
    json["seed"] = evaluation.options.seed;
    json["bootstraps"] = evaluation.options.bootstraps;
    json["refused"] = Json::array();
    for (const auto& [label, why] : evaluation.refused)
        json["refused"].push_back({{"label", label}, {"reason", why}});
    return json.dump(2);
}

std::string evaluationTable(const Evaluation& evaluation) {
    std::string out =
        "Linear probe of model " + evaluation.modelHash + ", " + std::to_string(evaluation.recordings) +
        " recordings, " + std::to_string(evaluation.options.folds) + " folds by patient" +
        (evaluation.options.repeats > 1 ? ", mean of " + std::to_string(evaluation.options.repeats) + " divisions"
                                        : "") +
        ", seed " + std::to_string(evaluation.options.seed) +
        ". AUROC; differences paired by patient with 95 % intervals.\n";
    out +=
        "random: the same model with random weights" +
        (evaluation.randomHashes.size() > 1 ? ", mean of " + std::to_string(evaluation.randomHashes.size()) + " seeds"
                                            : "") +
        ". simple: 108 amplitude and rhythm numbers, no network.\n\n";
    out += line({"label", "with/out", "recording", "random", "recording - random", "event", "random", "event - random",
                 "interval", "random", "simple", "recording - simple"});
    for (const auto& label : evaluation.labels)
        out += row(label, false);
    if (evaluation.mean)
        out += row(*evaluation.mean, true);
    if (evaluation.heartRate) {
        const auto& rate = *evaluation.heartRate;
        out += "\nHeart rate, R2 from the recording embedding over " + std::to_string(rate.recordings) +
               " recordings: " + figure(rate.recording) + ", random " + figure(rate.random) + ", simple " +
               figure(rate.simple) + ", above random " + differenceText(rate.aboveRandom) + "\n";
    }
    for (const auto& [label, why] : evaluation.refused)
        out += "\nNot probed: " + label + ": " + why + "\n";
    return out;
}

} // namespace precordia
