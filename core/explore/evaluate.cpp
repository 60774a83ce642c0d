// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/evaluate.h"

#include "core/explore/embed_study.h"
#include "core/explore/evaluate_features.h"
#include "core/explore/head_scores.h"
#include "core/explore/stored_split.h"

#include <algorithm>
#include <chrono>

namespace precordia {

namespace {

// The columns of an evaluation: model and random twins at each level, then the simple features. With a head only the
// first level's are there, and the linear probe of the model stands last.
constexpr std::size_t kLevelsOf = kProbeLevels.size();
constexpr std::size_t modelAt(std::size_t level) {
    return level;
}
constexpr std::size_t randomAt(std::size_t level) {
    return kLevelsOf + level;
}
constexpr std::size_t kSimple = 2 * kLevelsOf;
constexpr std::size_t kLinear = kSimple + 1;

std::vector<ProbeColumn> linearColumns(const EvaluationFeatures& features, const LinearProbeOptions& options) {
    std::vector<ProbeColumn> columns(kSimple + 1);
    for (std::size_t level = 0; level < kLevelsOf; ++level) {
        columns[modelAt(level)].scorers = {linearScorer(features.model.levels[level].values, options)};
        for (const EncoderTables& twin : features.random)
            columns[randomAt(level)].scorers.push_back(linearScorer(twin.levels[level].values, options));
    }
    columns[kSimple].scorers = {linearScorer(features.simple.values, options)};
    return columns;
}

std::vector<ProbeColumn> headColumns(const EvaluationFeatures& features, const HeadSource& source, HeadPlan plan,
                                     const LinearProbeOptions& linear) {
    std::vector<ProbeColumn> columns(kLinear + 1);
    plan.modelHash = features.info.hash;
    columns[modelAt(0)].scorers = {headScorer(source, plan)};
    for (const ModelInfo& twin : features.twins) {
        plan.modelHash = twin.hash;
        columns[randomAt(0)].scorers.push_back(headScorer(source, plan));
    }
    columns[kSimple].scorers = {linearScorer(features.simple.values, linear)};
    columns[kLinear].scorers = {linearScorer(features.model.levels[0].values, linear)};
    return columns;
}

LevelEvaluation& levelAt(LabelEvaluation& e, std::size_t level) {
    return level == 0 ? e.recording : level == 1 ? e.interval : e.event;
}

// Of one label, or the mean over several.
LabelEvaluation describeScores(const std::vector<const LabelScores*>& scores, const std::vector<ProbeColumn>& columns,
                               const EvaluateOptions& options) {
    LabelEvaluation out;
    const auto n = static_cast<double>(scores.size());
    const auto compare = [&](std::size_t a, std::size_t b) {
        return compareColumns(scores, a, b, options.bootstraps, options.seed);
    };
    for (std::size_t level = 0; level < kLevelsOf; ++level) {
        if (columns[modelAt(level)].scorers.empty())
            continue;
        LevelEvaluation& e = levelAt(out, level);
        const auto value = meanInterval(scores, modelAt(level), options.bootstraps, options.seed);
        e.auroc = value.difference, e.low = value.low, e.high = value.high;
        for (const LabelScores* s : scores)
            e.random += meanAuroc(*s, randomAt(level)) / n;
        e.aboveRandom = compare(modelAt(level), randomAt(level));
    }
    for (const LabelScores* s : scores)
        out.simple += meanAuroc(*s, kSimple) / n;
    out.aboveSimple = compare(modelAt(0), kSimple);
    if (columns.size() > kLinear) {
        for (const LabelScores* s : scores)
            out.linear += meanAuroc(*s, kLinear) / n;
        out.aboveLinear = compare(modelAt(0), kLinear);
    }
    return out;
}

LabelEvaluation labelEvaluation(const LabelScores& scores, const std::vector<ProbeColumn>& columns,
                                const EvaluateOptions& options) {
    LabelEvaluation out = describeScores({&scores}, columns, options);
    out.label = scores.label;
    const auto& labels = scores.rows.labels;
    out.positives = static_cast<int>(std::count(labels.begin(), labels.end(), 1));
    out.negatives = static_cast<int>(labels.size()) - out.positives;
    const auto& alone = scores.rows.byReadersAlone;
    out.byReadersAlone = static_cast<int>(std::count(alone.begin(), alone.end(), 1));
    out.differing = scores.rows.differing;
    out.datasets = scores.rows.datasets;
    out.figures = figuresOf(scores, modelAt(0), options.sensitivity);
    out.randomFigures = figuresOf(scores, randomAt(0), options.sensitivity);
    out.simpleFigures = figuresOf(scores, kSimple, options.sensitivity);
    if (columns.size() > kLinear)
        out.linearFigures = figuresOf(scores, kLinear, options.sensitivity);
    return out;
}

LabelFigures meanFigures(const std::vector<LabelEvaluation>& labels, LabelFigures LabelEvaluation::*which) {
    LabelFigures out;
    const auto n = static_cast<double>(labels.size());
    for (const auto& label : labels) {
        const LabelFigures& f = label.*which;
        out.auprc += f.auprc / n, out.f1 += f.f1 / n, out.accuracy += f.accuracy / n;
        out.sensitivity += f.sensitivity / n, out.specificity += f.specificity / n;
        out.calibration.brier += f.calibration.brier / n;
        out.calibration.expectedError += f.calibration.expectedError / n;
    }
    return out;
}

void addRanks(const EvaluationFeatures& features, Evaluation& out) {
    out.effectiveRank = features.model.effectiveRank;
    for (const auto& twin : features.random)
        for (std::size_t level = 0; level < kLevelsOf; ++level)
            out.randomRank[level] += twin.effectiveRank[level] / static_cast<double>(features.random.size());
}

// Labels that turn out too few among the encoded recordings go to the refused.
Result<std::vector<LabelScores>> scoreAll(const Study& study, const std::vector<LabelQuestion>& asked,
                                          const PlaceOf& placeOf, const std::vector<ProbeColumn>& columns,
                                          const StopToken& stop, Progress& progress, Evaluation& out) {
    const EvaluateOptions& options = out.options;
    const DivisionChoice choice{options.folds, options.repeats, options.labelShare, options.draws, options.seed};
    std::vector<LabelScores> all;
    // A head tells itself how far it is: a bar a division.
    const bool tellsItself = options.protocol != ProbeProtocol::Linear;
    if (!tellsItself)
        progress.begin("Probes", static_cast<std::int64_t>(asked.size()) + 1);
    for (const auto& question : asked) {
        auto scores = scoreLabel(study, question, placeOf, columns, choice, stop);
        if (!tellsItself)
            progress.advance();
        if (scores)
            all.push_back(std::move(*scores));
        else if (scores.failed() &&
                 (scores.error().code == ErrorCode::ValueOutOfRange || scores.error().code == ErrorCode::NotFound))
            out.refused.emplace_back(question.name, scores.error().message);
        else
            return scores.as<std::vector<LabelScores>>();
    }
    if (all.empty())
        return makeError(ErrorCode::NotFound, out.refused.front().second,
                         "label \"" + out.refused.front().first + "\"");
    return all;
}

} // namespace

std::string_view protocolName(ProbeProtocol protocol) {
    return protocol == ProbeProtocol::Linear      ? "linear"
           : protocol == ProbeProtocol::Attentive ? "attentive"
                                                  : "finetune";
}

std::optional<ProbeProtocol> protocolNamed(std::string_view name) {
    for (const auto protocol : {ProbeProtocol::Linear, ProbeProtocol::Attentive, ProbeProtocol::FineTune})
        if (protocolName(protocol) == name)
            return protocol;
    return {};
}

HeadKind headKind(ProbeProtocol protocol) {
    return protocol == ProbeProtocol::FineTune ? HeadKind::FineTune : HeadKind::Attentive;
}

Result<Evaluation> evaluateStudy(const std::filesystem::path& studyFolder, const std::vector<LabelQuestion>& questions,
                                 const EvaluateOptions& given, StopToken stop, Progress& progress) {
    const auto start = std::chrono::steady_clock::now();
    if (questions.empty())
        return makeError(ErrorCode::WrongUse, "no label is asked for");
    auto study = Study::open(studyFolder);
    if (!study)
        return study.as<Evaluation>();
    const auto options = withStoredSplit(**study, given);
    Evaluation out;
    out.options = options;
    const auto asked =
        answerable(**study, questions, options.folds, options.seed, options.fewestPositives, out.refused);
    if (!asked)
        return asked.as<Evaluation>();
    const auto features = gatherFeatures(studyFolder, options, stop, progress);
    if (!features)
        return features.as<Evaluation>();
    out.modelHash = features->info.hash;
    for (const auto& twin : features->twins)
        out.randomHashes.push_back(twin.hash);
    out.recordings = static_cast<std::int64_t>(features->simple.ids.size());
    out.encodingSeconds = features->model.seconds;
    if (const auto preprocessing = preprocessingOf(features->info); preprocessing)
        out.preprocessingHash = preprocessing->hash();
    addRanks(*features, out);
    HeadSource source; // outlives the columns that read it
    auto columns = linearColumns(*features, options.probe);
    auto placeOf = features->placeOf;
    if (options.protocol != ProbeProtocol::Linear) {
        auto gathered = headSource(studyFolder, features->info, features->simple.ids, options.leads, stop, progress);
        if (!gathered)
            return gathered.as<Evaluation>();
        source = std::move(*gathered);
        placeOf = withWindows(placeOf, source);
        columns = headColumns(*features, source, headPlanOf(studyFolder, options, stop, progress), options.probe);
    }
    const auto scores = scoreAll(**study, *asked, placeOf, columns, stop, progress, out);
    if (!scores)
        return scores.as<Evaluation>();
    std::vector<const LabelScores*> all;
    for (const LabelScores& label : *scores) {
        out.labels.push_back(labelEvaluation(label, columns, options));
        all.push_back(&label);
    }
    if (all.size() > 1) {
        out.mean = describeScores(all, columns, options);
        out.mean->label = "mean";
        for (const auto which : {&LabelEvaluation::figures, &LabelEvaluation::randomFigures,
                                 &LabelEvaluation::simpleFigures, &LabelEvaluation::linearFigures})
            (*out.mean).*which = meanFigures(out.labels, which);
    }
    if (options.labelShare >= 1) {
        auto rate = evaluateHeartRate(**study, *features, options);
        if (!rate)
            return rate.as<Evaluation>();
        out.heartRate = *rate;
    }
    if (options.protocol == ProbeProtocol::Linear)
        progress.advance();
    out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return out;
}

} // namespace precordia
