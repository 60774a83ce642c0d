// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/evaluate.h"

#include "core/engine/engine_loader.h"
#include "core/explore/embed_study.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <unordered_map>

namespace precordia {

namespace {

constexpr std::array kLevels = {"recording", "interval", "event"};
using Scores = std::vector<double>;

// One encoder's tables, in the order of kLevels.
using Levels = std::array<EmbeddingTable, kLevels.size()>;

struct Features {
    Levels model;
    std::vector<Levels> random; // one a seed
    EmbeddingTable simple;
    std::unordered_map<RecordingId, Eigen::Index> rowOf; // the same in every table: all come from one cache
};

Result<Levels> levelsOf(const std::filesystem::path& file) {
    const auto opened = EmbeddingFile::open(file);
    if (!opened)
        return opened.as<Levels>();
    Levels levels;
    for (std::size_t i = 0; i < kLevels.size(); ++i) {
        auto table = tableOf(**opened, kLevels[i]);
        if (!table)
            return table.as<Levels>();
        levels[i] = std::move(*table);
    }
    return levels;
}

Result<EmbeddingTable> simpleTable(const std::filesystem::path& studyFolder, const ModelInfo& model,
                                   const StopToken& stop, Progress& progress) {
    const auto preprocessing = preprocessingOf(model);
    if (!preprocessing)
        return preprocessing.as<EmbeddingTable>();
    const auto cache = SignalCache::build(studyFolder, *preprocessing, stop, progress);
    if (!cache)
        return cache.as<EmbeddingTable>();
    const WindowShape shape = (*cache)->shape();
    std::vector<float> window(static_cast<std::size_t>(shape.leads) * static_cast<std::size_t>(shape.samples));
    std::vector<std::uint8_t> present(static_cast<std::size_t>(shape.leads));
    EmbeddingTable table;
    std::vector<std::vector<float>> rows;
    std::vector<int> windows;
    progress.begin("Simple features", (*cache)->size());
    for (std::int64_t i = 0; i < (*cache)->size(); ++i) {
        if (stop.stop_requested())
            return Cancelled{};
        (*cache)->read(i, window, present);
        const auto features = simpleFeatures(window, shape.leads, shape.samples);
        const RecordingId id = (*cache)->recording(i);
        if (table.ids.empty() || table.ids.back() != id) {
            table.ids.push_back(id);
            rows.push_back(features);
            windows.push_back(1);
        } else {
            ++windows.back();
            std::transform(features.begin(), features.end(), rows.back().begin(), rows.back().begin(), std::plus<>());
        }
        progress.advance();
    }
    table.values.resize(static_cast<Eigen::Index>(rows.size()),
                        rows.empty() ? 0 : static_cast<Eigen::Index>(rows[0].size()));
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (std::size_t c = 0; c < rows[i].size(); ++c)
            table.values(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(c)) =
                rows[i][c] / static_cast<float>(windows[i]);
    return table;
}

Result<Features> gatherFeatures(const std::filesystem::path& studyFolder, const EvaluateOptions& options,
                                const StopToken& stop, Progress& progress, Evaluation& out) {
    auto study = Study::open(studyFolder);
    if (!study)
        return study.as<Features>();
    EmbedOptions embed;
    embed.leadLevel = false;
    embed.makeCurrent = false;
    const std::string current = (*study)->currentModel();
    const auto model = options.model.empty() && !current.empty() ? modelFile(**study, current) : options.model;
    const auto report = embedStudy(studyFolder, model, embed, stop, progress);
    if (!report)
        return report.as<Features>();
    out.modelHash = report->model.hash;
    out.recordings = report->recordings;
    Features features;
    auto levels = levelsOf(report->file);
    if (!levels)
        return levels.as<Features>();
    features.model = std::move(*levels);
    const auto engine = loadEngine();
    if (!engine)
        return engine.as<Features>();
    for (int i = 0; i < std::max(options.randomSeeds, 1); ++i) {
        const auto twin =
            (*engine)->randomModel(report->model.configJson, options.seed + static_cast<std::uint64_t>(i));
        if (!twin)
            return twin.as<Features>();
        const auto embedded = embedLoaded(studyFolder, *twin, embed, stop, progress);
        if (!embedded)
            return embedded.as<Features>();
        auto random = levelsOf(embedded->file);
        if (!random)
            return random.as<Features>();
        out.randomHashes.push_back(twin->hash);
        features.random.push_back(std::move(*random));
    }
    auto simple = simpleTable(studyFolder, report->model, stop, progress);
    if (!simple)
        return simple.as<Features>();
    features.simple = std::move(*simple);
    for (std::size_t i = 0; i < features.simple.ids.size(); ++i)
        features.rowOf[features.simple.ids[i]] = static_cast<Eigen::Index>(i);
    const auto same = [&](const Levels& l) { return l[0].ids == features.simple.ids; };
    if (!same(features.model) || !std::all_of(features.random.begin(), features.random.end(), same))
        return makeError(ErrorCode::Bug, "the encoders were given different recordings");
    if (const auto hash = preprocessingOf(report->model); hash)
        out.preprocessingHash = hash->hash();
    return features;
}

Matrix pick(const Matrix& values, const std::vector<Eigen::Index>& rows) {
    Matrix out(static_cast<Eigen::Index>(rows.size()), values.cols());
    for (std::size_t i = 0; i < rows.size(); ++i)
        out.row(static_cast<Eigen::Index>(i)) = values.row(rows[i]);
    return out;
}

// The rows that the encoders have, with their places in the tables.
std::vector<Eigen::Index> keepEncoded(LabelledRows& rows, const Features& features) {
    std::vector<Eigen::Index> places;
    LabelledRows kept;
    kept.datasets = rows.datasets;
    for (std::size_t i = 0; i < rows.ids.size(); ++i) {
        const auto at = features.rowOf.find(rows.ids[i]);
        if (at == features.rowOf.end())
            continue;
        places.push_back(at->second);
        kept.ids.push_back(rows.ids[i]);
        kept.labels.push_back(rows.labels[i]);
        kept.groups.push_back(rows.groups[i]);
    }
    rows = std::move(kept);
    return places;
}

// Everything that compareMeanAuroc needs of one label, to form the mean row afterwards. One vector of scores a division
// into folds (and a random initialisation).
struct LabelScores {
    std::vector<int> labels;
    std::vector<std::int64_t> groups;
    std::array<std::vector<Scores>, kLevels.size()> model, random;
    std::vector<Scores> simple;
};

LevelEvaluation& levelAt(LabelEvaluation& e, std::size_t level) {
    return level == 0 ? e.recording : level == 1 ? e.interval : e.event;
}
const LevelEvaluation& levelAt(const LabelEvaluation& e, std::size_t level) {
    return level == 0 ? e.recording : level == 1 ? e.interval : e.event;
}

ScoredLabel againstRandom(const LabelScores& s, std::size_t level) {
    return {s.model[level], s.random[level], s.labels, s.groups};
}
ScoredLabel againstSimple(const LabelScores& s) {
    return {s.model[0], s.simple, s.labels, s.groups};
}

double meanAuroc(const std::vector<Scores>& scores, const std::vector<int>& labels) {
    double sum = 0;
    for (const auto& s : scores)
        sum += auroc(s, labels);
    return sum / static_cast<double>(scores.size());
}

// Out-of-fold scores of every encoder at every level, for one division into folds.
Result<Done> scoreAll(const Features& features, const std::vector<Eigen::Index>& places, const std::vector<int>& folds,
                      LabelScores& scores) {
    const auto score = [&](const Matrix& table, std::vector<Scores>& out) -> Result<Done> {
        auto result = probeScores(pick(table, places), scores.labels, folds, ProbeOptions{}.c);
        if (!result)
            return result.as<Done>();
        out.push_back(std::move(*result));
        return Done{};
    };
    for (std::size_t level = 0; level < kLevels.size(); ++level) {
        if (const auto done = score(features.model[level].values, scores.model[level]); !done)
            return done;
        for (const Levels& twin : features.random)
            if (const auto done = score(twin[level].values, scores.random[level]); !done)
                return done;
    }
    return score(features.simple.values, scores.simple);
}

Result<LabelEvaluation> evaluateOne(const LabelQuestion& question, const Study& study, const Features& features,
                                    const EvaluateOptions& options, LabelScores& scores, const StopToken& stop) {
    auto found = rowsOf(study, question);
    if (!found)
        return found.as<LabelEvaluation>();
    LabelledRows& rows = *found;
    const auto places = keepEncoded(rows, features);
    scores.labels = rows.labels;
    scores.groups = rows.groups;
    for (int repeat = 0; repeat < std::max(options.repeats, 1); ++repeat) {
        if (stop.stop_requested())
            return Cancelled{};
        const auto folds =
            makeFolds(rows.labels, rows.groups, options.folds, options.seed + static_cast<std::uint64_t>(repeat));
        if (!folds)
            return folds.as<LabelEvaluation>();
        if (const auto done = scoreAll(features, places, *folds, scores); !done)
            return done.as<LabelEvaluation>();
    }
    LabelEvaluation out;
    out.label = question.name;
    out.positives = static_cast<int>(std::count(rows.labels.begin(), rows.labels.end(), 1));
    out.negatives = static_cast<int>(rows.labels.size()) - out.positives;
    out.datasets = rows.datasets;
    for (std::size_t level = 0; level < kLevels.size(); ++level) {
        LevelEvaluation& e = levelAt(out, level);
        const auto value =
            meanAurocInterval(scores.model[level], rows.labels, rows.groups, options.bootstraps, options.seed);
        e.auroc = value.difference, e.low = value.low, e.high = value.high;
        e.random = meanAuroc(scores.random[level], rows.labels);
        e.aboveRandom = compareMeanAuroc({againstRandom(scores, level)}, options.bootstraps, options.seed);
    }
    out.simple = meanAuroc(scores.simple, rows.labels);
    out.aboveSimple = compareMeanAuroc({againstSimple(scores)}, options.bootstraps, options.seed);
    return out;
}

LabelEvaluation meanOf(const std::vector<LabelEvaluation>& labels, const std::vector<LabelScores>& scores,
                       const EvaluateOptions& options) {
    LabelEvaluation mean;
    mean.label = "mean";
    const auto n = static_cast<double>(labels.size());
    for (const auto& label : labels) {
        for (std::size_t level = 0; level < kLevels.size(); ++level) {
            levelAt(mean, level).auroc += levelAt(label, level).auroc / n;
            levelAt(mean, level).random += levelAt(label, level).random / n;
        }
        mean.simple += label.simple / n;
    }
    std::vector<ScoredLabel> compared(scores.size());
    for (std::size_t level = 0; level < kLevels.size(); ++level) {
        std::transform(scores.begin(), scores.end(), compared.begin(),
                       [level](const LabelScores& s) { return againstRandom(s, level); });
        levelAt(mean, level).aboveRandom = compareMeanAuroc(compared, options.bootstraps, options.seed);
    }
    std::transform(scores.begin(), scores.end(), compared.begin(), againstSimple);
    mean.aboveSimple = compareMeanAuroc(compared, options.bootstraps, options.seed);
    return mean;
}

// R2 of the study's own heart rates (R peaks) from the recording embedding.
Result<std::optional<HeartRateEvaluation>> evaluateHeartRate(const Study& study, const Features& features,
                                                             const EvaluateOptions& options) {
    using Out = std::optional<HeartRateEvaluation>;
    const auto column = study.measurementColumn("computed", "heart_rate_bpm");
    if (!column)
        return column.as<Out>();
    const auto named = rowsOf(study, {"", {}, [](const std::string& dataset) { return !dataset.empty(); }});
    const auto all =
        named && named->ids.empty() ? rowsOf(study, {"", {}, [](const std::string&) { return true; }}) : named;
    if (!all)
        return all.as<Out>();
    const std::map<RecordingId, double> rateOf(column->begin(), column->end());
    std::vector<Eigen::Index> places;
    std::vector<double> rates;
    std::vector<std::int64_t> groups;
    for (std::size_t i = 0; i < all->ids.size(); ++i) {
        const auto at = features.rowOf.find(all->ids[i]);
        const auto rate = rateOf.find(all->ids[i]);
        if (at == features.rowOf.end() || rate == rateOf.end())
            continue;
        places.push_back(at->second);
        rates.push_back(rate->second);
        groups.push_back(all->groups[i]);
    }
    constexpr std::size_t kFewest = 4; // a fold: below, R2 says nothing
    if (rates.size() < kFewest * static_cast<std::size_t>(options.folds))
        return Out{};
    HeartRateEvaluation out;
    out.recordings = static_cast<int>(rates.size());
    std::vector<Scores> guesses, random, simple;
    for (int repeat = 0; repeat < std::max(options.repeats, 1); ++repeat) {
        const auto folds = makeFolds(groups, options.folds, options.seed + static_cast<std::uint64_t>(repeat));
        if (!folds)
            return folds.as<Out>();
        const auto guess = [&](const Matrix& table, std::vector<Scores>& into) -> Result<Done> {
            auto values = probeValues(pick(table, places), rates, *folds);
            if (!values)
                return values.as<Done>();
            into.push_back(std::move(*values));
            return Done{};
        };
        if (const auto done = guess(features.model[0].values, guesses); !done)
            return done.as<Out>();
        if (const auto done = guess(features.simple.values, simple); !done)
            return done.as<Out>();
        for (const Levels& twin : features.random)
            if (const auto done = guess(twin[0].values, random); !done)
                return done.as<Out>();
    }
    const auto mean = [&rates](const std::vector<Scores>& repeats) {
        double sum = 0;
        for (const auto& one : repeats)
            sum += rSquared(one, rates);
        return sum / static_cast<double>(repeats.size());
    };
    out.recording = mean(guesses);
    out.random = mean(random);
    out.simple = mean(simple);
    out.aboveRandom = compareR2(guesses, random, rates, groups, options.bootstraps, options.seed);
    return Out{out};
}

Error refusalOf(const Evaluation& evaluation) {
    const auto& [label, why] = evaluation.refused.front();
    return makeError(ErrorCode::NotFound, why, "label \"" + label + "\"");
}

// The questions that the study can answer; the others go among the refused. An error when none is left.
Result<std::vector<LabelQuestion>> answerable(const Study& study, const std::vector<LabelQuestion>& questions,
                                              const EvaluateOptions& options, Evaluation& out) {
    std::vector<LabelQuestion> asked;
    for (const auto& question : questions) {
        const auto rows = answerableRows(study, question, options.folds, options.seed);
        if (rows)
            asked.push_back(question);
        else if (rows.error().code == ErrorCode::NotFound)
            out.refused.emplace_back(question.name, rows.error().message);
        else
            return rows.as<std::vector<LabelQuestion>>();
    }
    if (asked.empty())
        return refusalOf(out);
    return asked;
}

} // namespace

Result<Evaluation> evaluateStudy(const std::filesystem::path& studyFolder, const std::vector<LabelQuestion>& questions,
                                 const EvaluateOptions& options, StopToken stop, Progress& progress) {
    if (questions.empty())
        return makeError(ErrorCode::WrongUse, "no label is asked for");
    auto study = Study::open(studyFolder);
    if (!study)
        return study.as<Evaluation>();
    Evaluation out;
    out.options = options;
    const auto asked = answerable(**study, questions, options, out);
    if (!asked)
        return asked.as<Evaluation>();
    const auto features = gatherFeatures(studyFolder, options, stop, progress, out);
    if (!features)
        return features.as<Evaluation>();
    progress.begin("Probes", static_cast<std::int64_t>(asked->size()) + 1);
    std::vector<LabelScores> scores;
    for (const auto& question : *asked) {
        LabelScores mine;
        auto label = evaluateOne(question, **study, *features, options, mine, stop);
        progress.advance();
        if (label.cancelled())
            return Cancelled{};
        if (label.failed() && label.error().code != ErrorCode::ValueOutOfRange &&
            label.error().code != ErrorCode::NotFound)
            return label.as<Evaluation>();
        if (label.failed()) {
            out.refused.emplace_back(question.name, label.error().message);
            continue;
        }
        out.labels.push_back(std::move(*label));
        scores.push_back(std::move(mine));
    }
    if (out.labels.empty())
        return refusalOf(out);
    if (out.labels.size() > 1)
        out.mean = meanOf(out.labels, scores, options);
    auto rate = evaluateHeartRate(**study, *features, options);
    if (!rate)
        return rate.as<Evaluation>();
    out.heartRate = *rate;
    progress.advance();
    return out;
}

} // namespace precordia
