// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/engine_impl.h"

#include "core/engine/config.h"
#include "core/jepa/host_memory.h"
#include "core/train/bench.h"
#include "core/train/device.h"
#include "core/train/fit_decoder.h"
#include "core/train/guard.h"
#include "core/train/head_train.h"
#include "core/train/inference.h"
#include "core/train/pretrain.h"
#include "core/train/train_config.h"
#include "core/train/window_batch.h"

#include <algorithm>
#include <numeric>

namespace precordia {

using Kind = ComputeThread::Kind;

template <typename T, typename Work>
Result<T> EngineImpl::onThread(Kind kind, Work&& work) {
    std::optional<Result<T>> result;
    const bool ran = thread_.run(kind, [&] {
        result.emplace(guarded<T>(std::forward<Work>(work)));
        if (kind == Kind::Long)
            releaseHostMemory(); // what the steps of a long job reused
    });
    if (!ran)
        return Cancelled{};
    return std::move(*result);
}

EngineImpl::EngineImpl() {
    thread_.run(Kind::Long, [this] {
        cacheHostMemory();
        auto info = guarded<EngineInfo>([] {
            fastestThreads();
            return Result<EngineInfo>(inspectEngine());
        });
        if (info)
            info_ = std::move(*info);
    });
}

// The same weights, fewer layers.
static LoadedModel firstLayers(const LoadedModel& model, const EncodeOptions& options) {
    auto config = model.jepa->config();
    if (options.channelLayers >= 0)
        config.channelDepth = std::min<std::int64_t>(config.channelDepth, options.channelLayers);
    if (options.temporalLayers >= 0)
        config.temporalDepth = std::min<std::int64_t>(config.temporalDepth, options.temporalLayers);
    LoadedModel out;
    out.info = model.info;
    out.jepa = JepaModel::make(config, model.jepa->parameters());
    return out;
}

ModelInfo EngineImpl::remember(LoadedModel model) {
    auto info = model.info;
    models_.insert_or_assign(info.hash, std::move(model));
    return info;
}

Result<const LoadedModel*> EngineImpl::find(const std::string& hash) const {
    const auto found = models_.find(hash);
    if (found == models_.end())
        return makeError(ErrorCode::NotFound, "model " + hash + " is not loaded");
    return &found->second;
}

Result<ModelInfo> EngineImpl::loadModel(const std::filesystem::path& path) {
    return onThread<ModelInfo>(Kind::Short, [&]() -> Result<ModelInfo> {
        auto model = readModel(path);
        if (!model)
            return model.as<ModelInfo>();
        return remember(std::move(*model));
    });
}

Result<ModelInfo> EngineImpl::randomModel(const std::string& configJson, std::uint64_t seed) {
    return onThread<ModelInfo>(Kind::Short, [&]() -> Result<ModelInfo> {
        auto model = randomModelOf(configJson, seed);
        if (!model)
            return model.as<ModelInfo>();
        return remember(std::move(*model));
    });
}

Result<RunSummary> EngineImpl::pretrain(const PretrainRequest& request) {
    return onThread<RunSummary>(Kind::Long, [&] {
        auto result = precordia::pretrain(request, info_, thread_);
        useThreads(0);
        return result;
    });
}

Result<DecoderReport> EngineImpl::fitDecoder(const std::filesystem::path& path,
                                             std::shared_ptr<const WindowSource> windows, const DecoderOptions& options,
                                             StopToken stop, Progress& progress) {
    return onThread<DecoderReport>(Kind::Long, [&]() -> Result<DecoderReport> {
        auto model = readModel(path);
        if (!model)
            return model.as<DecoderReport>();
        if (!windows || windows->size() == 0)
            return makeError(ErrorCode::NotFound, "there are no recordings to fit the decoder on");
        const auto training = parseTrainConfig(model->info.configJson);
        if (!training)
            return training.as<DecoderReport>();
        useThreads(training->threads); // as the run that made the model was told
        const PrecisionScope scope(model->precision);
        auto fitted = fitEventDecoder(*model, *windows, options.steps, stop, progress, thread_);
        useThreads(0);
        if (!fitted)
            return fitted.as<DecoderReport>();
        if (!options.keep)
            return std::move(fitted->report);
        if (auto written = writeDecoder(path, fitted->decoder, fitted->report); !written)
            return written.as<DecoderReport>();
        model->decoder = std::move(fitted->decoder);
        model->info.hasDecoder = true;
        model->info.decoder = fitted->report;
        remember(std::move(*model));
        return std::move(fitted->report);
    });
}

Result<Done> EngineImpl::encode(const std::string& modelHash, const WindowSource& windows, std::int64_t first,
                                std::int64_t count, const EncodeOptions& options,
                                const std::function<Result<Done>(std::int64_t, const Encodings&)>& each) {
    if (first < 0 || count < 0 || first + count > windows.size() || options.batch < 1)
        return makeError(ErrorCode::ValueOutOfRange, "windows " + std::to_string(first) + " to " +
                                                         std::to_string(first + count - 1) + " of " +
                                                         std::to_string(windows.size()) + " were asked for");
    // A task a batch: a long encoding and a pretraining share the thread.
    for (std::int64_t at = first; at < first + count; at += options.batch) {
        if (options.stop.stop_requested())
            return Cancelled{};
        std::vector<std::int64_t> which(
            static_cast<std::size_t>(std::min<std::int64_t>(options.batch, first + count - at)));
        std::iota(which.begin(), which.end(), at);
        auto done = onThread<Done>(Kind::Short, [&]() -> Result<Done> {
            const auto model = find(modelHash);
            if (!model)
                return model.as<Done>();
            if (auto fits = checkShape((*model)->jepa->config(), windows); !fits)
                return fits;
            const bool whole = options.channelLayers < 0 && options.temporalLayers < 0;
            const auto encodings =
                encodeWindows(whole ? **model : firstLayers(**model, options), windows, which, options.leadLevel);
            if (!encodings)
                return encodings.as<Done>();
            for (std::size_t i = 0; i < which.size(); ++i)
                if (auto taken = each(which[i], (*encodings)[i]); !taken)
                    return taken;
            return Done{};
        });
        if (!done)
            return done;
    }
    return Done{};
}

Result<Reconstruction> EngineImpl::reconstruct(const std::string& modelHash, const WindowSource& windows,
                                               std::int64_t index, const std::vector<int>& hidden) {
    return onThread<Reconstruction>(Kind::Short, [&]() -> Result<Reconstruction> {
        const auto model = find(modelHash);
        return model ? reconstructWindow(**model, windows, index, hidden) : model.as<Reconstruction>();
    });
}

Result<SurpriseResult> EngineImpl::surprise(const std::string& modelHash, const WindowSource& windows,
                                            std::int64_t index, const SurpriseOptions& options) {
    return onThread<SurpriseResult>(Kind::Short, [&]() -> Result<SurpriseResult> {
        const auto model = find(modelHash);
        return model ? surpriseOfWindow(**model, windows, index, options) : model.as<SurpriseResult>();
    });
}

Result<HeadResult> EngineImpl::trainHead(const HeadRequest& request, Progress& progress) {
    return onThread<HeadResult>(Kind::Long, [&]() -> Result<HeadResult> {
        const auto found = find(request.modelHash);
        if (!found)
            return found.as<HeadResult>();
        const LoadedModel model = **found; // what is served meanwhile may load another one
        const auto training = parseTrainConfig(model.info.configJson);
        if (!training)
            return training.as<HeadResult>();
        useThreads(training->threads);
        auto result = precordia::trainHead(model, request, progress, thread_);
        useThreads(0);
        return result;
    });
}

Result<HeadScores> EngineImpl::applyHead(const std::filesystem::path& file, const WindowSource& windows,
                                         const std::vector<std::int64_t>& rows, StopToken stop) {
    return onThread<HeadScores>(
        Kind::Long, [&]() -> Result<HeadScores> { return precordia::applyHead(file, windows, rows, stop, thread_); });
}

Result<double> EngineImpl::benchEncode(const BenchRequest& request) {
    return onThread<double>(Kind::Long, [&] { return precordia::benchEncode(request); });
}

Result<double> EngineImpl::benchPretrain(const BenchRequest& request) {
    return onThread<double>(Kind::Long, [&] { return precordia::benchPretrain(request); });
}

} // namespace precordia
