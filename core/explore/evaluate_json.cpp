// SPDX-License-Identifier: GPL-3.0-or-later
// An evaluation as JSON for scripts.
#include "core/explore/evaluate_json.h"

#include <cmath>

namespace precordia {

namespace {

using Json = OrderedJson;

Json levelJson(const LevelEvaluation& level) {
    return {{"auroc", level.auroc},
            {"random_init", level.random},
            {"above_random_init", differenceJson(level.aboveRandom)},
            {"ci95", {level.low, level.high}}};
}

Json withAuroc(double auroc, Json figures) {
    Json json = {{"auroc", auroc}};
    json.update(figures);
    return json;
}

Json labelJson(const LabelEvaluation& label, bool isMean, bool allLevels) {
    Json json = {{"label", label.label}, {"auroc", label.recording.auroc}};
    json["ci95"] = {label.recording.low, label.recording.high};
    if (!isMean) {
        json["positives"] = label.positives;
        json["negatives"] = label.negatives;
        json["positives_by_readers_alone"] = label.byReadersAlone;
        json["left_out_as_readers_differ"] = label.differing;
        json["datasets"] = label.datasets;
    }
    json.update(figuresJson(label.figures, !isMean));
    json["random_init"] = withAuroc(label.recording.random, figuresJson(label.randomFigures, false));
    json["simple_features"] = withAuroc(label.simple, figuresJson(label.simpleFigures, false));
    json["simple_features"]["recording_above"] = differenceJson(label.aboveSimple);
    if (!allLevels) { // a head
        json["linear_probe"] = withAuroc(label.linear, figuresJson(label.linearFigures, false));
        json["linear_probe"]["recording_above"] = differenceJson(label.aboveLinear);
    }
    json["levels"] = {{"recording", levelJson(label.recording)}};
    if (allLevels) {
        json["levels"]["interval"] = levelJson(label.interval);
        json["levels"]["event"] = levelJson(label.event);
    }
    return json;
}

Json rankJson(const std::array<double, kProbeLevels.size()>& rank) {
    Json json;
    for (std::size_t level = 0; level < rank.size(); ++level)
        json[kProbeLevels[level]] = std::round(rank[level] * 100) / 100;
    return json;
}

} // namespace

OrderedJson differenceJson(const PairedDifference& d) {
    return {{"value", d.difference}, {"ci95", {d.low, d.high}}};
}

OrderedJson figuresJson(const LabelFigures& f, bool withBins) {
    Json json = {{"auprc", f.auprc},
                 {"f1", f.f1},
                 {"accuracy", f.accuracy},
                 {"sensitivity", f.sensitivity},
                 {"specificity", f.specificity},
                 {"brier", f.calibration.brier},
                 {"expected_calibration_error", f.calibration.expectedError}};
    if (withBins) {
        json["reliability"] = Json::array();
        for (const auto& bin : f.calibration.bins)
            if (bin.count > 0)
                json["reliability"].push_back(
                    {{"count", bin.count}, {"probability", bin.meanProbability}, {"share", bin.share}});
    }
    return json;
}

OrderedJson refusedJson(const std::vector<std::pair<std::string, std::string>>& refused) {
    Json json = Json::array();
    for (const auto& [label, why] : refused)
        json.push_back({{"label", label}, {"reason", why}});
    return json;
}

OrderedJson probeJson(const EvaluateOptions& options) {
    Json json;
    json["protocol"] = protocolName(options.protocol);
    json["folds"] = options.folds;
    if (options.storedSplit)
        json["split"] = "stored";
    json["repeats"] = options.repeats;
    json["seed"] = options.seed;
    json["bootstraps"] = options.bootstraps;
    json["c"] = options.probe.c > 0 ? Json(options.probe.c) : Json("chosen by inner cross-validation");
    json["label_share"] = options.labelShare;
    if (options.labelShare < 1)
        json["draws"] = options.draws;
    json["operating_point"] = options.sensitivity > 0 ? Json({{"sensitivity", options.sensitivity}}) : Json("youden");
    json["leads"] = options.leads.empty() ? Json("all") : Json(options.leads);
    if (options.protocol == ProbeProtocol::Linear)
        return json;
    const HeadTraining t = options.head.value_or(headDefaults(headKind(options.protocol)));
    json["head"] = {{"epochs", t.epochs},
                    {"batch", t.batch},
                    {"learning_rate", t.learningRate},
                    {"weight_decay", t.weightDecay},
                    {"dropout", t.dropout},
                    {"patience", t.patience},
                    {"inner_share", t.innerShare},
                    {"class_weights", "balanced"}};
    if (options.protocol == ProbeProtocol::FineTune)
        json["head"]["layer_decay"] = t.layerDecay;
    else
        json["head"]["queries"] = t.queries;
    return json;
}

std::string evaluationJson(const Evaluation& evaluation) {
    const bool allLevels = evaluation.options.protocol == ProbeProtocol::Linear;
    Json json = evaluation.labels.size() == 1 ? labelJson(evaluation.labels.front(), false, allLevels) : Json::object();
    if (evaluation.labels.size() > 1) {
        json["labels"] = Json::array();
        for (const auto& label : evaluation.labels)
            json["labels"].push_back(labelJson(label, false, allLevels));
    }
    if (evaluation.mean)
        json["mean"] = labelJson(*evaluation.mean, true, allLevels);
    json["heart_rate_r2"] = nullptr;
    if (evaluation.heartRate)
        json["heart_rate_r2"] = {{"recording", evaluation.heartRate->recording},
                                 {"random_init", evaluation.heartRate->random},
                                 {"simple_features", evaluation.heartRate->simple},
                                 {"above_random_init", differenceJson(evaluation.heartRate->aboveRandom)},
                                 {"recordings", evaluation.heartRate->recordings}};
    json.update(probeJson(evaluation.options));
    json["effective_rank"] = rankJson(evaluation.effectiveRank);
    json["effective_rank"]["random_init"] = rankJson(evaluation.randomRank);
    json["model"] = evaluation.modelHash;
    json["preprocessing"] = evaluation.preprocessingHash;
    json["random_models"] = evaluation.randomHashes;
    json["recordings"] = evaluation.recordings;
    json["refused"] = refusedJson(evaluation.refused);
    json["seconds"] = evaluation.seconds;
    json["encoding_seconds"] = evaluation.encodingSeconds;
    return json.dump(2);
}

} // namespace precordia
