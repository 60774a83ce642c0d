// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/surprise_study.h"

#include "core/engine/engine_loader.h"
#include "core/explore/embed_study.h"
#include "core/study/signal_cache.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace precordia {

namespace fs = std::filesystem;

namespace {

// A covariance and fifty medians need no more; the rest of a large study is judged by them.
constexpr std::int64_t kCalibrationWindows = 512;

using Errors = std::map<std::int64_t, SurpriseResult>; // by window

Result<SurpriseResult> errorsOf(Engine& engine, const ModelInfo& model, const SignalCache& cache, std::int64_t window,
                                int block, const StopToken& stop, Progress& progress) {
    if (stop.stop_requested())
        return Cancelled{};
    progress.advance();
    return engine.surprise(model.hash, cache, window, {block, true});
}

void add(StudySurprise& out, RecordingId id, const SurpriseResult& errors, const CalibratedSurprise& judged) {
    if (out.ids.empty() || out.ids.back() != id) {
        out.ids.push_back(id);
        out.raw.push_back(errors.recording);
        out.scores.push_back(judged.recordingScore);
        out.perInterval.push_back(errors.perInterval);
        out.percentilePerInterval.push_back(judged.percentile);
        return;
    }
    out.raw.back() = std::max<double>(out.raw.back(), errors.recording);
    out.scores.back() = std::max(out.scores.back(), judged.recordingScore);
    const auto append = [](std::vector<float>& to, const std::vector<float>& from) {
        to.insert(to.end(), from.begin(), from.end());
    };
    append(out.perInterval.back(), errors.perInterval);
    append(out.percentilePerInterval.back(), judged.percentile);
}

Result<Done> store(Study& study, const std::string& modelHash, const StudySurprise& surprise) {
    std::vector<std::pair<RecordingId, double>> values, percentiles;
    for (std::size_t i = 0; i < surprise.ids.size(); ++i) {
        values.emplace_back(surprise.ids[i], surprise.raw[i]);
        percentiles.emplace_back(surprise.ids[i], surprise.percentile[i]);
    }
    return study.inTransaction([&]() -> Result<Done> {
        if (auto set = study.setSurprise(modelHash, values, surprise.perInterval); !set)
            return set;
        if (auto set = study.setSurprisePercentiles(modelHash, percentiles, surprise.percentilePerInterval); !set)
            return set;
        return study.setSurpriseCalibration(modelHash, surprise.calibration->bytes());
    });
}

} // namespace

Result<StudySurprise> computeSurprise(const fs::path& studyFolder, const ModelInfo& model, int block, StopToken stop,
                                      Progress& progress) {
    auto engine = loadEngine();
    if (!engine)
        return engine.as<StudySurprise>();
    const auto preprocessing = preprocessingOf(model);
    if (!preprocessing)
        return preprocessing.as<StudySurprise>();
    const auto cache = SignalCache::build(studyFolder, *preprocessing, stop, progress);
    if (!cache)
        return cache.as<StudySurprise>();
    const auto windows = (*cache)->size();
    if (windows == 0)
        return makeError(ErrorCode::NotFound, "no recording of the study can be given to this model",
                         studyFolder.string());
    progress.begin("Surprise", windows);
    Errors sample;
    std::vector<std::vector<float>> residuals;
    const auto drawn = std::min(windows, kCalibrationWindows);
    for (std::int64_t i = 0; i < drawn; ++i) {
        const auto window = i * windows / drawn; // evenly over the study
        auto errors = errorsOf(**engine, model, **cache, window, block, stop, progress);
        if (!errors)
            return errors.as<StudySurprise>();
        residuals.push_back(errors->residual);
        sample.emplace(window, std::move(*errors));
    }
    StudySurprise out;
    auto calibration = SurpriseCalibration::fit(residuals, model.intervals, model.width, block);
    if (!calibration)
        return calibration.as<StudySurprise>();
    residuals.clear();
    for (std::int64_t i = 0; i < windows; ++i) {
        if (const auto known = sample.find(i); known != sample.end()) {
            add(out, (*cache)->recording(i), known->second, (*calibration)(known->second.residual));
            continue;
        }
        const auto errors = errorsOf(**engine, model, **cache, i, block, stop, progress);
        if (!errors)
            return errors.as<StudySurprise>();
        add(out, (*cache)->recording(i), *errors, (*calibration)(errors->residual));
    }
    for (const double score : out.scores)
        out.percentile.push_back(calibration->recordingPercentile(score));
    out.calibration = std::move(*calibration);
    return out;
}

Result<SurpriseReport> surpriseStudy(const fs::path& studyFolder, StopToken stop, Progress& progress, int block) {
    auto study = Study::open(studyFolder);
    if (!study)
        return study.as<SurpriseReport>();
    const std::string hash = (*study)->currentModel();
    if (hash.empty())
        return makeError(ErrorCode::NotFound, "no model has encoded this study yet: embed it first",
                         studyFolder.string());
    progress.begin("Loading the model", 0);
    auto engine = loadEngine();
    if (!engine)
        return engine.as<SurpriseReport>();
    const auto model = (*engine)->loadModel(modelFile(**study, hash));
    if (!model)
        return model.as<SurpriseReport>();
    block = std::min(block, model->intervals - 1);
    const auto computed = computeSurprise(studyFolder, *model, block, stop, progress);
    if (!computed)
        return computed.as<SurpriseReport>();
    if (const auto stored = store(**study, hash, *computed); !stored)
        return stored.as<SurpriseReport>();

    SurpriseReport report;
    report.modelHash = hash;
    report.recordings = static_cast<std::int64_t>(computed->ids.size());
    report.block = block;
    auto raw = computed->raw;
    std::sort(raw.begin(), raw.end());
    report.median = raw[raw.size() / 2];
    report.highest = raw.back();
    std::vector<std::size_t> order(computed->ids.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return computed->scores[a] > computed->scores[b]; });
    const double interval = model->intervalSamples / model->samplingRate;
    for (const auto i : order) {
        const auto& percentiles = computed->percentilePerInterval[i];
        const auto top = std::max_element(percentiles.begin(), percentiles.end());
        const auto row = (*study)->row(computed->ids[i]);
        report.rows.push_back({computed->ids[i], row ? row->name : std::string(), computed->raw[i],
                               computed->percentile[i], interval * static_cast<double>(top - percentiles.begin()),
                               static_cast<double>(*top)});
    }
    report.highestId = report.rows.front().id;
    return report;
}

std::optional<SurpriseCalibration> surpriseCalibration(const Study& study, const std::string& modelHash) {
    const auto bytes = study.surpriseCalibration(modelHash);
    if (!bytes || bytes->empty())
        return std::nullopt;
    auto calibration = SurpriseCalibration::fromBytes(*bytes);
    if (!calibration)
        return std::nullopt;
    return std::move(*calibration);
}

Result<WindowSurprise> windowSurprise(const fs::path& studyFolder, const ModelInfo& model, const WindowSource& windows,
                                      std::int64_t index) {
    auto engine = loadEngine();
    if (!engine)
        return engine.as<WindowSurprise>();
    const auto study = Study::open(studyFolder);
    const auto calibration = study ? surpriseCalibration(**study, model.hash) : std::nullopt;
    const int block = calibration ? calibration->block() : std::min(kSurpriseBlock, model.intervals - 1);
    auto found = (*engine)->surprise(model.hash, windows, index, {block, calibration.has_value()});
    if (!found)
        return found.as<WindowSurprise>();
    WindowSurprise out;
    if (calibration)
        out.percentile = (*calibration)(found->residual).percentile;
    out.latentError = std::move(found->perInterval);
    return out;
}

} // namespace precordia
