// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/evaluate_features.h"

#include "core/engine/engine_loader.h"
#include "core/explore/embed_study.h"
#include "core/explore/stored_split.h"

#include <algorithm>
#include <map>

namespace precordia {

Result<ModelInfo> loadForStudy(const Study& study, const std::filesystem::path& model) {
    const std::string current = study.currentModel();
    const auto chosen = chooseModel(study, model.empty() && !current.empty() ? modelFile(study, current) : model);
    if (!chosen)
        return chosen.as<ModelInfo>();
    const auto engine = loadEngine();
    if (!engine)
        return engine.as<ModelInfo>();
    auto info = (*engine)->loadModel(chosen->path);
    if (!info)
        return info;
    if (const auto kept = keepModel(study, *info); !kept)
        return kept.as<ModelInfo>();
    return info;
}

Result<EvaluationFeatures> gatherFeatures(const std::filesystem::path& studyFolder, const EvaluateOptions& options,
                                          const StopToken& stop, Progress& progress) {
    auto study = Study::open(studyFolder);
    if (!study)
        return study.as<EvaluationFeatures>();
    progress.begin("Loading the model", 0);
    EvaluationFeatures out;
    auto info = loadForStudy(**study, options.model);
    if (!info)
        return info.as<EvaluationFeatures>();
    out.info = std::move(*info);
    EncodingChoice choice;
    choice.leads = options.leads;
    auto tables = encoderTables(studyFolder, out.info, choice, stop, progress);
    if (!tables)
        return tables.as<EvaluationFeatures>();
    out.model = std::move(*tables);
    const auto engine = loadEngine();
    if (!engine)
        return engine.as<EvaluationFeatures>();
    for (int i = 0; i < std::max(options.randomSeeds, 1); ++i) {
        const auto twin = (*engine)->randomModel(out.info.configJson, options.seed + static_cast<std::uint64_t>(i));
        if (!twin)
            return twin.as<EvaluationFeatures>();
        auto random = encoderTables(studyFolder, *twin, choice, stop, progress);
        if (!random)
            return random.as<EvaluationFeatures>();
        out.twins.push_back(*twin);
        out.random.push_back(std::move(*random));
    }
    auto simple = simpleFeatureTable(studyFolder, out.info, choice, stop, progress);
    if (!simple)
        return simple.as<EvaluationFeatures>();
    out.simple = std::move(*simple);
    for (std::size_t i = 0; i < out.simple.ids.size(); ++i)
        out.placeOf[out.simple.ids[i]] = static_cast<Eigen::Index>(i);
    const auto same = [&](const EncoderTables& t) { return t.levels[0].ids == out.simple.ids; };
    if (!same(out.model) || !std::all_of(out.random.begin(), out.random.end(), same))
        return makeError(ErrorCode::Bug, "the encoders were given different recordings");
    return out;
}

Result<std::optional<HeartRateEvaluation>> evaluateHeartRate(const Study& study, const EvaluationFeatures& features,
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
    std::vector<int> places;
    std::vector<RecordingId> ids;
    std::vector<double> rates;
    std::vector<std::int64_t> groups;
    for (std::size_t i = 0; i < all->ids.size(); ++i) {
        const auto at = features.placeOf.find(all->ids[i]);
        const auto rate = rateOf.find(all->ids[i]);
        if (at == features.placeOf.end() || rate == rateOf.end())
            continue;
        places.push_back(static_cast<int>(at->second));
        ids.push_back(all->ids[i]);
        rates.push_back(rate->second);
        groups.push_back(all->groups[i]);
    }
    constexpr std::size_t kFewest = 4; // a fold: below, R2 says nothing
    if (rates.size() < kFewest * static_cast<std::size_t>(options.folds))
        return Out{};
    const auto split = foldsFromSplit(study, ids);
    if (split.failed() && split.error().code == ErrorCode::ValueOutOfRange)
        return Out{}; // recordings that no label is asked of may be outside of the split
    if (!split)
        return split.as<Out>();
    HeartRateEvaluation out;
    out.recordings = static_cast<int>(rates.size());
    std::vector<Scores> guesses, random, simple;
    for (int repeat = 0; repeat < std::max(options.repeats, 1); ++repeat) {
        const auto folds = *split ? Result<std::vector<int>>(**split)
                                  : makeFolds(groups, options.folds, options.seed + static_cast<std::uint64_t>(repeat));
        if (!folds)
            return folds.as<Out>();
        const auto guess = [&](const Matrix& table, std::vector<Scores>& into) -> Result<Done> {
            auto values = probeValues(table(places, Eigen::all), rates, *folds);
            if (!values)
                return values.as<Done>();
            into.push_back(std::move(*values));
            return Done{};
        };
        if (const auto done = guess(features.model.levels[0].values, guesses); !done)
            return done.as<Out>();
        if (const auto done = guess(features.simple.values, simple); !done)
            return done.as<Out>();
        for (const EncoderTables& twin : features.random)
            if (const auto done = guess(twin.levels[0].values, random); !done)
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

} // namespace precordia
