// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/bench_surprise.h"

#include "core/ecg/synthesis.h"
#include "core/engine/config.h"
#include "core/engine/engine_loader.h"
#include "core/explore/embed_study.h"
#include "core/explore/surprise_calibration.h"
#include "core/signal/preprocess.h"
#include "core/study/labelled_set.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace precordia {

namespace {

struct OneWindow {
    std::vector<float> raw, residual; // [T], [T, D]
    double rawRecording = 0;
};

// The model's errors on one synthetic recording.
Result<OneWindow> errorsOf(Engine& engine, const ModelInfo& model, const PreprocessingConfig& preprocessing,
                           const Recording& recording, int block) {
    const auto windows = preprocess(recording, preprocessing);
    if (!windows)
        return windows.as<OneWindow>();
    MemoryWindows memory(
        {static_cast<int>(preprocessing.leads.size()), preprocessing.windowSamples(), preprocessing.samplingRate});
    memory.add(windows->front().samples, windows->front().leadPresent);
    auto surprise = engine.surprise(model.hash, memory, 0, {block, true});
    if (!surprise)
        return surprise.as<OneWindow>();
    return OneWindow{std::move(surprise->perInterval), std::move(surprise->residual), surprise->recording};
}

// Intervals [T] that the stretch [from, to] s touches.
std::vector<bool> touched(double from, double to, int intervals, double seconds) {
    std::vector<bool> out(static_cast<std::size_t>(intervals));
    for (std::size_t t = 0; t < out.size(); ++t)
        out[t] = static_cast<double>(t + 1) * seconds > from && static_cast<double>(t) * seconds < to;
    return out;
}

std::size_t largest(const std::vector<float>& values) {
    return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

double aurocOf(const std::vector<double>& scores, const std::vector<int>& labels) {
    return RankedScores(scores, labels).auroc(std::vector<int>(scores.size(), 1)).value_or(0.5);
}

class SyntheticBench {
public:
    SyntheticBench(const SurpriseBenchRequest& request, Engine& engine, const ModelInfo& model,
                   const PreprocessingConfig& preprocessing)
        : request_(request)
        , engine_(engine)
        , model_(model)
        , preprocessing_(preprocessing) {}

    Result<SurpriseBenchRow> operator()(int block, const StopToken& stop, Progress& progress) {
        block_ = block;
        std::vector<std::vector<float>> residuals;
        for (int i = 0; i < request_.calibration; ++i) {
            auto one = errors(synthesiseMember(request_.seed, i), stop, progress);
            if (!one)
                return one.as<SurpriseBenchRow>();
            residuals.push_back(std::move(one->residual));
        }
        const auto calibration = SurpriseCalibration::fit(residuals, model_.intervals, model_.width, block);
        if (!calibration)
            return calibration.as<SurpriseBenchRow>();
        SurpriseBenchRow row;
        row.block = block;
        std::vector<double> scores;
        std::vector<int> labels;
        for (int i = 0; i < request_.recordings; ++i)
            for (const bool without : {false, true}) {
                const auto ecg = synthesiseSinglePvc(request_.seed, i, without);
                const auto one = errors(ecg, stop, progress);
                if (!one)
                    return one.as<SurpriseBenchRow>();
                const auto judged = (*calibration)(one->residual);
                scores.push_back(judged.recordingScore);
                labels.push_back(without ? 0 : 1);
                if (!without)
                    count(row, ecg.truth, *one, judged);
            }
        const auto n = static_cast<double>(request_.recordings);
        row.raw /= n, row.calibrated /= n, row.calibratedQrs /= n, row.chance /= n;
        row.auroc = aurocOf(scores, labels);
        return row;
    }

private:
    Result<OneWindow> errors(const SyntheticEcg& ecg, const StopToken& stop, Progress& progress) {
        if (stop.stop_requested())
            return Cancelled{};
        progress.advance();
        return errorsOf(engine_, model_, preprocessing_, ecg.recording, block_);
    }

    void count(SurpriseBenchRow& row, const SynthesisTruth& truth, const OneWindow& one,
               const CalibratedSurprise& judged) const {
        const double seconds = model_.intervalSamples / model_.samplingRate;
        for (const auto& beat : truth.beats) {
            if (beat.kind != 'V')
                continue;
            const auto whole = touched(beat.qrsOn, beat.tOff, model_.intervals, seconds);
            const auto qrs = touched(beat.qrsOn, beat.qrsOff, model_.intervals, seconds);
            row.raw += whole[largest(one.raw)] ? 1 : 0;
            row.calibrated += whole[largest(judged.score)] ? 1 : 0;
            row.calibratedQrs += qrs[largest(judged.score)] ? 1 : 0;
            row.chance += static_cast<double>(std::count(whole.begin(), whole.end(), true)) / model_.intervals;
        }
    }

    const SurpriseBenchRequest& request_;
    Engine& engine_;
    const ModelInfo& model_;
    const PreprocessingConfig& preprocessing_;
    int block_ = 1;
};

// The recordings that carry a label of an ectopic beat, against the others of the data sets that use such labels.
Result<EctopyAuroc> ectopyIn(const std::filesystem::path& folder, const ModelInfo& model, int block, StopToken stop,
                             Progress& progress) {
    const auto study = Study::open(folder);
    if (!study)
        return study.as<EctopyAuroc>();
    const auto set =
        labelledSet(**study, {"extrasystole", "premature", "ectopic", "bigemin", "trigemin", "pvc", "couplet"});
    if (!set)
        return set.as<EctopyAuroc>();
    const auto computed = computeSurprise(folder, model, block, stop, progress);
    if (!computed)
        return computed.as<EctopyAuroc>();
    std::map<RecordingId, std::size_t> place;
    for (std::size_t i = 0; i < computed->ids.size(); ++i)
        place.emplace(computed->ids[i], i);
    EctopyAuroc out;
    out.block = block;
    std::vector<double> scores, raw;
    std::vector<int> labels;
    std::vector<std::int64_t> groups;
    for (std::size_t i = 0; i < set->ids.size(); ++i) {
        const auto found = place.find(set->ids[i]);
        if (found == place.end())
            continue;
        scores.push_back(computed->scores[found->second]);
        raw.push_back(computed->raw[found->second]);
        labels.push_back(set->y[i]);
        groups.push_back(set->groups[i]);
    }
    out.positives = static_cast<int>(std::count(labels.begin(), labels.end(), 1));
    out.negatives = static_cast<int>(labels.size()) - out.positives;
    if (out.positives == 0 || out.negatives == 0)
        return makeError(ErrorCode::NotFound, "the study has not both recordings with and without ectopic beats",
                         folder.string());
    out.auroc = aurocOf(scores, labels);
    out.raw = aurocOf(raw, labels);
    constexpr int kDraws = 1000;
    const RankedScores ranked(scores, labels);
    GroupBootstrap bootstrap(groups);
    RandomSource random(0);
    std::vector<double> drawn;
    for (int i = 0; i < kDraws; ++i)
        if (const auto value = ranked.auroc(bootstrap.draw(random)))
            drawn.push_back(*value);
    out.interval = percentiles(drawn);
    return out;
}

} // namespace

Result<SurpriseBench> benchSurprise(const SurpriseBenchRequest& request, StopToken stop, Progress& progress) {
    auto engine = loadEngine();
    if (!engine)
        return engine.as<SurpriseBench>();
    const auto path = request.model.empty() ? demoModelFile() : request.model;
    if (path.empty())
        return makeError(ErrorCode::NotFound, "no model was named and the demo weights are not installed");
    const auto model = (*engine)->loadModel(path);
    if (!model)
        return model.as<SurpriseBench>();
    const auto preprocessing = preprocessingOf(*model);
    if (!preprocessing)
        return preprocessing.as<SurpriseBench>();
    SurpriseBench out;
    out.modelHash = model->hash;
    out.recordings = request.recordings;
    progress.begin("Surprise",
                   static_cast<std::int64_t>(request.blocks.size()) * (request.calibration + 2 * request.recordings));
    SyntheticBench synthetic(request, **engine, *model, *preprocessing);
    if (request.recordings > 0)
        for (const int block : request.blocks) {
            const auto row = synthetic(block, stop, progress);
            if (!row)
                return row.as<SurpriseBench>();
            out.rows.push_back(*row);
        }
    if (!request.study.empty())
        for (const int block : request.blocks) {
            const auto one = ectopyIn(request.study, *model, block, stop, progress);
            if (!one)
                return one.as<SurpriseBench>();
            out.study.push_back(*one);
        }
    return out;
}

} // namespace precordia
