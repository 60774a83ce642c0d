// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/evaluate_classes.h"

#include "core/explore/evaluate_features.h"
#include "core/explore/evaluate_json.h"
#include "core/explore/head_scores.h"
#include "core/explore/softmax.h"
#include "core/explore/stored_split.h"
#include "core/explore/text_table.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>

namespace precordia {

namespace {

struct ClassRows {
    std::vector<int> places, classOf;
    std::vector<std::int64_t> groups;
    std::vector<RecordingId> ids;
    std::optional<std::vector<int>> split; // the study's own
};

// Which of the labels a recording has; -1 for none and for several.
int classIn(const RecordingRow& row, const std::vector<std::string>& labels) {
    int found = -1;
    for (std::size_t k = 0; k < labels.size(); ++k) {
        const bool has = std::any_of(row.labels.begin(), row.labels.end(),
                                     [&](const std::string& label) { return containsIgnoringCase(label, labels[k]); });
        if (!has)
            continue;
        if (found >= 0)
            return -1;
        found = static_cast<int>(k);
    }
    return found;
}

// Classes with too few recordings go to the refused, and their recordings out.
Result<Done> chooseClasses(const std::vector<RecordingRow>& all, const std::vector<std::string>& labels,
                           ClassEvaluation& out) {
    std::vector<int> counts(labels.size(), 0);
    for (const auto& row : all)
        if (const int k = classIn(row, labels); k >= 0)
            ++counts[static_cast<std::size_t>(k)];
    for (std::size_t k = 0; k < labels.size(); ++k) {
        if (counts[k] >= std::max(out.options.fewestPositives, out.options.folds)) {
            out.classes.push_back(labels[k]);
            continue;
        }
        out.refused.emplace_back(
            labels[k], std::to_string(counts[k]) + " recordings have it and none of the other classes, fewer than " +
                           std::to_string(std::max(out.options.fewestPositives, out.options.folds)));
    }
    if (out.classes.size() < 2)
        return makeError(ErrorCode::NotFound, out.refused.front().second,
                         "class \"" + out.refused.front().first + "\"");
    return Done{};
}

ClassRows rowsOf(const std::vector<RecordingRow>& all, const std::vector<std::string>& classes,
                 const PlaceOf& placeOf) {
    ClassRows out;
    std::map<std::string, std::int64_t> patients;
    for (const auto& row : all) {
        const int k = classIn(row, classes);
        const auto place = placeOf.find(row.id);
        if (k < 0 || place == placeOf.end())
            continue;
        out.places.push_back(static_cast<int>(place->second));
        out.classOf.push_back(k);
        out.ids.push_back(row.id);
        out.groups.push_back(row.patient.empty() ? row.id.value
                                                 : patients.try_emplace(row.patient, row.id.value).first->second);
    }
    return out;
}

// Scores [rows, classes] of a division by one of an encoder's tables or models (random seeds).
using ClassScorer = std::function<Result<RowsD>(const std::vector<ProbeSplit>& splits, std::uint64_t seed)>;
using ClassScorers = std::vector<ClassScorer>;

Result<std::vector<RowsD>> scoresOf(const ClassScorers& scorers, const ClassRows& rows, int classes,
                                    const EvaluateOptions& options, const StopToken& stop) {
    std::vector<RowsD> out;
    for (int repeat = 0; repeat < std::max(options.repeats, 1); ++repeat) {
        const auto seed = options.seed + static_cast<std::uint64_t>(repeat);
        const auto folds = rows.split ? Result<std::vector<int>>(*rows.split)
                                      : makeClassFolds(rows.classOf, classes, rows.groups, options.folds, seed);
        if (!folds)
            return folds.as<std::vector<RowsD>>();
        std::vector<std::pair<std::vector<ProbeSplit>, std::uint64_t>> divisions;
        if (options.labelShare >= 1)
            divisions.emplace_back(probeSplits(*folds), seed);
        else
            for (int draw = 0; draw < std::max(options.draws, 1); ++draw) {
                const auto mine = seed * 1000 + static_cast<std::uint64_t>(draw);
                divisions.emplace_back(
                    drawShare(probeSplits(*folds), rows.classOf, rows.groups, options.labelShare, mine), mine);
            }
        for (const auto& [splits, own] : divisions)
            for (const auto& scorer : scorers) {
                if (stop.stop_requested())
                    return Cancelled{};
                auto scores = scorer(splits, own);
                if (!scores)
                    return scores.as<std::vector<RowsD>>();
                out.push_back(std::move(*scores));
            }
    }
    return out;
}

// A softmax on a table, which must outlive it.
ClassScorer softmaxScorer(const Matrix& table, const ClassRows& rows, int classes, const LinearProbeOptions& probe) {
    return [&table, &rows, classes, probe](const std::vector<ProbeSplit>& splits, std::uint64_t) -> Result<RowsD> {
        auto scores = softmaxProbe(table(rows.places, Eigen::all), rows.classOf, classes, rows.groups, splits, probe);
        if (!scores)
            return scores.as<RowsD>();
        return std::move(scores->scores);
    };
}

ClassScorer headScorer(const HeadSource& source, const HeadPlan& plan, const ClassRows& rows, int classes) {
    return [&source, plan, &rows, classes](const std::vector<ProbeSplit>& splits, std::uint64_t seed) {
        return headClassScores(source, plan, {rows.places.begin(), rows.places.end()}, rows.classOf, classes,
                               rows.groups, splits, seed);
    };
}

using ClassEncoders = std::vector<std::pair<ClassEncoder ClassEvaluation::*, ClassScorers>>;

ClassEncoders linearEncoders(const EvaluationFeatures& features, const ClassRows& rows, int classes,
                             const EvaluateOptions& options) {
    const auto softmax = [&](const Matrix& table) { return softmaxScorer(table, rows, classes, options.probe); };
    ClassScorers random;
    for (const auto& twin : features.random)
        random.push_back(softmax(twin.levels[0].values));
    const auto& levels = features.model.levels;
    return {{&ClassEvaluation::recording, {softmax(levels[0].values)}},
            {&ClassEvaluation::interval, {softmax(levels[1].values)}},
            {&ClassEvaluation::event, {softmax(levels[2].values)}},
            {&ClassEvaluation::random, random},
            {&ClassEvaluation::simple, {softmax(features.simple.values)}}};
}

ClassEncoders headEncoders(const EvaluationFeatures& features, const HeadSource& source, HeadPlan plan,
                           const ClassRows& rows, int classes, const EvaluateOptions& options) {
    const auto softmax = [&](const Matrix& table) { return softmaxScorer(table, rows, classes, options.probe); };
    plan.modelHash = features.info.hash;
    ClassEncoders out = {{&ClassEvaluation::recording, {headScorer(source, plan, rows, classes)}},
                         {&ClassEvaluation::random, {}},
                         {&ClassEvaluation::simple, {softmax(features.simple.values)}},
                         {&ClassEvaluation::linear, {softmax(features.model.levels[0].values)}}};
    for (const ModelInfo& twin : features.twins) {
        plan.modelHash = twin.hash;
        out[1].second.push_back(headScorer(source, plan, rows, classes));
    }
    return out;
}

ClassEncoder describeScores(const std::vector<RowsD>& scores, const std::vector<RowsD>& model, const ClassRows& rows,
                            const EvaluateOptions& options) {
    ClassEncoder out;
    out.auroc = classInterval(scores, rows.classOf, rows.groups, options.bootstraps, options.seed);
    out.above = compareClasses(model, scores, rows.classOf, rows.groups, options.bootstraps, options.seed);
    const auto n = static_cast<double>(scores.size());
    for (const RowsD& s : scores) {
        const RowsD p = softmaxOf(s);
        out.oneVersusRest += aurocOneVersusRest(p, rows.classOf) / n;
        const ClassFigures f = classFiguresOf(p, rows.classOf);
        out.figures.auroc.resize(f.auroc.size());
        out.figures.f1.resize(f.auroc.size());
        out.figures.sensitivity.resize(f.auroc.size());
        out.figures.count = f.count;
        for (std::size_t k = 0; k < f.auroc.size(); ++k) {
            out.figures.auroc[k] += f.auroc[k] / n;
            out.figures.f1[k] += f.f1[k] / n;
            out.figures.sensitivity[k] += f.sensitivity[k] / n;
        }
        out.figures.accuracy += f.accuracy / n;
        out.figures.balancedAccuracy += f.balancedAccuracy / n;
        out.figures.macroF1 += f.macroF1 / n;
    }
    return out;
}

OrderedJson encoderJson(const ClassEncoder& e, const ClassEvaluation& evaluation) {
    OrderedJson json = {{"auroc", e.auroc.difference},
                        {"ci95", {e.auroc.low, e.auroc.high}},
                        {"auroc_one_versus_rest", e.oneVersusRest},
                        {"accuracy", e.figures.accuracy},
                        {"balanced_accuracy", e.figures.balancedAccuracy},
                        {"f1", e.figures.macroF1},
                        {"recording_above", differenceJson(e.above)}};
    json["classes"] = OrderedJson::object();
    for (std::size_t k = 0; k < evaluation.classes.size(); ++k)
        json["classes"][evaluation.classes[k]] = {{"auroc", e.figures.auroc[k]},
                                                  {"f1", e.figures.f1[k]},
                                                  {"sensitivity", e.figures.sensitivity[k]},
                                                  {"count", e.figures.count[k]}};
    return json;
}

} // namespace

Result<ClassEvaluation> evaluateClasses(const std::filesystem::path& studyFolder,
                                        const std::vector<std::string>& labels, const EvaluateOptions& given,
                                        StopToken stop, Progress& progress) {
    const auto start = std::chrono::steady_clock::now();
    if (labels.size() < 2)
        return makeError(ErrorCode::WrongUse, "one of several classes needs at least two labels");
    auto study = Study::open(studyFolder);
    if (!study)
        return study.as<ClassEvaluation>();
    const auto options = withStoredSplit(**study, given);
    const auto all = (*study)->query();
    if (!all)
        return all.as<ClassEvaluation>();
    ClassEvaluation out;
    out.options = options;
    if (const auto chosen = chooseClasses(*all, labels, out); !chosen)
        return chosen.as<ClassEvaluation>();
    const auto features = gatherFeatures(studyFolder, options, stop, progress);
    if (!features)
        return features.as<ClassEvaluation>();
    out.modelHash = features->info.hash;
    const bool linear = options.protocol == ProbeProtocol::Linear;
    HeadSource source;
    PlaceOf placeOf = features->placeOf;
    if (!linear) {
        auto gathered = headSource(studyFolder, features->info, features->simple.ids, options.leads, stop, progress);
        if (!gathered)
            return gathered.as<ClassEvaluation>();
        source = std::move(*gathered);
        placeOf = withWindows(placeOf, source);
    }
    ClassRows rows = rowsOf(*all, out.classes, placeOf);
    auto split = foldsFromSplit(**study, rows.ids, rows.classOf);
    if (!split)
        return split.as<ClassEvaluation>();
    rows.split = std::move(*split);
    const auto classes = static_cast<int>(out.classes.size());
    const auto encoders = linear ? linearEncoders(*features, rows, classes, options)
                                 : headEncoders(*features, source, headPlanOf(studyFolder, options, stop, progress),
                                                rows, classes, options);
    if (linear) // a head tells itself how far it is
        progress.begin("Probes", static_cast<std::int64_t>(encoders.size()));
    std::vector<RowsD> model;
    for (const auto& [member, scorers] : encoders) {
        auto scores = scoresOf(scorers, rows, classes, options, stop);
        if (!scores)
            return scores.as<ClassEvaluation>();
        if (model.empty())
            model = *scores;
        out.*member = describeScores(*scores, model, rows, options);
        if (linear)
            progress.advance();
    }
    out.counts = out.recording.figures.count;
    out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return out;
}

std::string classesJson(const ClassEvaluation& evaluation) {
    OrderedJson json = {{"label", evaluation.classes}};
    json.update(encoderJson(evaluation.recording, evaluation));
    json["random_init"] = encoderJson(evaluation.random, evaluation);
    json["simple_features"] = encoderJson(evaluation.simple, evaluation);
    json["levels"] = {{"recording", encoderJson(evaluation.recording, evaluation)}};
    if (evaluation.options.protocol == ProbeProtocol::Linear) {
        json["levels"]["interval"] = encoderJson(evaluation.interval, evaluation);
        json["levels"]["event"] = encoderJson(evaluation.event, evaluation);
    } else {
        json["linear_probe"] = encoderJson(evaluation.linear, evaluation);
    }
    json.update(probeJson(evaluation.options));
    json["model"] = evaluation.modelHash;
    json["refused"] = refusedJson(evaluation.refused);
    json["seconds"] = evaluation.seconds;
    return json.dump(2);
}

std::string classesTable(const ClassEvaluation& e) {
    const bool linear = e.options.protocol == ProbeProtocol::Linear;
    std::string out =
        wrapped("One of " + std::to_string(e.classes.size()) + " classes, " +
                (linear                                           ? "softmax on the encodings"
                 : e.options.protocol == ProbeProtocol::Attentive ? "an attentive probe"
                                                                  : "fine-tuning") +
                " of model " + e.modelHash + ", " + std::to_string(e.options.folds) +
                " folds by patient. AUROC: one versus one, macro; differences paired by patient with 95 % intervals.");
    std::vector<std::vector<std::string>> rows = {
        {"", "AUROC", "95 %", "recording above it", "1 v rest", "F1", "accuracy", "balanced"}};
    std::vector<std::pair<std::string, const ClassEncoder*>> lines = {{"recording", &e.recording}};
    if (linear)
        lines.insert(lines.end(), {{"event", &e.event}, {"interval", &e.interval}});
    else
        lines.emplace_back("linear probe", &e.linear);
    lines.insert(lines.end(), {{"random-init", &e.random}, {"simple-features", &e.simple}});
    for (const auto& [name, encoder] : lines)
        rows.push_back({name, figureText(encoder->auroc.difference),
                        intervalText(encoder->auroc.low, encoder->auroc.high),
                        name == "recording" ? "" : differenceText(encoder->above), figureText(encoder->oneVersusRest),
                        figureText(encoder->figures.macroF1), figureText(encoder->figures.accuracy),
                        figureText(encoder->figures.balancedAccuracy)});
    out += "\n" + textTable(rows);
    rows = {{"class", "recordings", "AUROC 1 v rest", "random", "simple", "sensitivity", "F1"}};
    for (std::size_t k = 0; k < e.classes.size(); ++k)
        rows.push_back({shortened(e.classes[k], 30), std::to_string(e.counts[k]),
                        figureText(e.recording.figures.auroc[k]), figureText(e.random.figures.auroc[k]),
                        figureText(e.simple.figures.auroc[k]), figureText(e.recording.figures.sensitivity[k]),
                        figureText(e.recording.figures.f1[k])});
    out += "\n" + textTable(rows);
    for (const auto& [label, why] : e.refused)
        out += "\n" + wrapped("Left out: " + label + ": " + why);
    return out;
}

} // namespace precordia
