// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/pretrain.h"

#include "core/engine/config.h"
#include "core/train/batch_loader.h"
#include "core/train/checkpoint.h"
#include "core/train/device.h"
#include "core/train/memory_estimate.h"
#include "core/train/model_file.h"
#include "core/train/run_folder.h"
#include "core/train/trainer.h"
#include "core/train/watch.h"
#include "core/train/window_batch.h"

#include <ATen/ATen.h>

#include <chrono>

namespace precordia {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

class Run {
public:
    Run(const PretrainRequest& request, const EngineInfo& engine, ComputeThread& thread, RunFolder folder,
        const ModelConfig& model, const TrainConfig& training)
        : request_(request)
        , engine_(engine)
        , thread_(thread)
        , folder_(std::move(folder))
        , model_(model)
        , training_(training)
        , steps_(totalSteps(training, request.windows->size())) {}

    Result<RunSummary> operator()() {
        if (auto begun = begin(); !begun)
            return begun.as<RunSummary>();
        BatchLoader loader(request_.windows, training_.batch, training_.seed, state_.position, device_.is_cuda(),
                           training_.minLeads);
        loader_ = &loader;
        if (state_.step == 0)
            if (auto diagnosed = diagnoseStart(); !diagnosed)
                return diagnosed.as<RunSummary>();
        auto end = End::Complete;
        while (state_.step < steps_ && end == End::Complete) {
            if (auto stepped = oneStep(); !stepped)
                return keepAfter(stepped);
            end = askedToEnd();
        }
        return finish(end);
    }

private:
    enum class End { Complete, AfterEpoch, Stopped };

    Result<Done> begin() {
        const auto device = chooseDevice(request_.device);
        if (!device)
            return device.as<Done>();
        device_ = *device;
        // A resumed run sums with as many threads as before: bit for bit.
        if (training_.threads == 0)
            training_.threads = folder_.threads();
        if (training_.threads == 0)
            training_.threads = fastestThreads();
        environment_.threads = useThreads(training_.threads);
        // Nor does it change its numbers on another processor.
        precision_ =
            choosePrecision(folder_.precision().empty() ? training_.precision : folder_.precision(), device_, model_);
        environment_.precision = precisionName(precision_);
        auto parameters = Parameters::initialise(model_, chanceSeed(training_.seed, Chance::Initial, 0));
        std::optional<TensorFile> kept;
        if (request_.resume) {
            const auto checkpoint = newestCheckpoint(folder_.path());
            if (!checkpoint)
                return makeError(ErrorCode::NotFound, "the run has no complete checkpoint to go on from",
                                 folder_.path().string());
            auto file = readSafetensors(checkpoint->weights);
            if (!file)
                return file.as<Done>();
            auto restored = Parameters::fromTensors(model_, file->tensors);
            if (!restored)
                return restored.as<Done>();
            parameters = std::move(*restored);
            kept = std::move(*file);
            state_ = checkpoint->state;
            environment_.resumedAt = state_.step;
        }
        auto watch = Watch::make(request_, model_, training_, folder_.configJson(), steps_, state_);
        if (!watch)
            return watch.as<Done>();
        watch_ = std::move(*watch);
        trainer_.emplace(model_, training_, parameters.to(device_), steps_, precision_);
        if (kept)
            if (auto restored = trainer_->optimiser().restore(*kept, state_.step); !restored)
                return restored;
        if (auto opened = folder_.openMetrics(environment_.resumedAt); !opened)
            return opened;
        environment_.device = device_.str();
        for (const auto& known : engine_.devices)
            if (known.key == environment_.device)
                environment_.deviceName = known.name;
        environment_.seed = training_.seed;
        environment_.dataHash = request_.windows->dataHash();
        environment_.windows = request_.windows->size();
        environment_.totalSteps = steps_;
        return folder_.writeEnvironment(environment_, engine_);
    }

    // What the verdicts compare with, and the first row of metrics.csv.
    Result<Done> diagnoseStart() {
        TrainUpdate update;
        update.steps = steps_;
        const PrecisionScope scope(precision_);
        watch_->start(trainer_->model(), update);
        return publish(update);
    }

    Result<Done> oneStep() {
        const auto start = Clock::now();
        const auto batch = loader_->next();
        const double waited = secondsSince(start);
        if (batch.windows.empty())
            return makeError(ErrorCode::LeadMissing, tooFewLeads());
        const auto result = trainer_->step(groupByLeads(batch.microvolts, batch.present), state_.step);
        if (!result.finite)
            return makeError(ErrorCode::NotFinite, notFiniteReason(batch));
        state_.step += 1;
        state_.position = batch.positionAfter;

        TrainUpdate update;
        update.step = state_.step;
        update.steps = steps_;
        update.epoch = static_cast<double>(state_.position) / static_cast<double>(request_.windows->size());
        update.total = result.total, update.channel = result.channel, update.temporal = result.temporal;
        update.regulariser = result.regulariser, update.learningRate = result.learningRate;
        update.momentum = result.momentum, update.gradientNorm = result.gradientNorm;
        measureSpeed(update, secondsSince(start), waited);
        const PrecisionScope scope(precision_);
        watch_->step(trainer_->model(), update);
        if (due(training_.checkpointEvery)) {
            const auto kept = keep();
            if (!kept)
                return kept.as<Done>();
            update.checkpoint = kept->string();
        }
        return publish(update);
    }

    bool due(std::int64_t every) const { return (every > 0 && state_.step % every == 0) || state_.step == steps_; }

    // Between two steps: other requests, pause, and whether to go on.
    End askedToEnd() {
        const auto stopped = [this] { return request_.stop.stop_requested() || thread_.closing(); };
        thread_.serve();
        while (request_.control && request_.control->paused && !stopped())
            thread_.serveFor(std::chrono::milliseconds(50));
        useThreads(training_.threads); // what was served may have chosen otherwise
        if (stopped())
            return state_.step < steps_ ? End::Stopped : End::Complete;
        const auto epoch = state_.position / request_.windows->size();
        const bool ended = epoch != epoch_;
        epoch_ = epoch;
        return ended && request_.control && request_.control->stopAfterEpoch ? End::AfterEpoch : End::Complete;
    }

    Result<RunSummary> finish(End end) {
        if (end != End::Complete)
            if (auto kept = keep(); !kept)
                return kept.as<RunSummary>();
        environment_.windowsPassedOver = loader_->passedOver();
        if (auto written = folder_.writeEnvironment(environment_, engine_); !written)
            return written.as<RunSummary>();
        if (end == End::Stopped)
            return Cancelled{};
        const auto file = folder_.path() / "model.safetensors";
        auto written =
            writeModel(file, trainer_->model(), folder_.configJson(), nullptr, state_.step, environment_.dataHash);
        if (!written)
            return written.as<RunSummary>();
        return RunSummary{folder_.path(), file, state_.step, last_, secondsSince(began_)};
    }

    // A failure in the middle: the last good state stays on disk, then the failure is told.
    Result<RunSummary> keepAfter(const Result<Done>& failure) {
        auto error = failure.error();
        if (error.code == ErrorCode::NotFinite)
            if (const auto kept = keep(); kept)
                error.message += "; the state before this step is kept in " + kept->string();
        return error;
    }

    Result<std::filesystem::path> keep() {
        return writeCheckpoint(folder_.path(), state_, trainer_->model(), trainer_->optimiser(), folder_.configJson());
    }

    std::string notFiniteReason(const Batch& batch) const {
        const auto finite = batch.microvolts.isfinite().all(2).all(1);
        for (std::size_t i = 0; i < batch.windows.size(); ++i)
            if (!finite[static_cast<std::int64_t>(i)].item<bool>())
                return "step " + std::to_string(state_.step + 1) + ": window " + std::to_string(batch.windows[i]) +
                       " of the data holds values that are not finite";
        return "step " + std::to_string(state_.step + 1) +
               ": the loss or its gradient is not finite; a smaller \"learning_rate\" or a longer \"warmup\" may help";
    }

    std::string tooFewLeads() const {
        if (training_.minLeads == 0)
            return "no recording of the study has all leads of the configuration; \"min_leads\" says how few are "
                   "enough";
        return "no recording of the study has " + std::to_string(training_.minLeads) +
               " or more leads of the configuration (\"min_leads\")";
    }

    // Smoothed over about 20 steps: a single one says little about the time left.
    void measureSpeed(TrainUpdate& update, double seconds, double waited) {
        const double weight = secondsEach_ == 0 ? 1 : 0.05;
        secondsEach_ += weight * (seconds - secondsEach_);
        waitedEach_ += weight * (waited - waitedEach_);
        update.recordingsPerSecond = static_cast<double>(training_.batch) / secondsEach_;
        update.dataShare = waitedEach_ / secondsEach_;
        update.secondsLeft = secondsEach_ * static_cast<double>(steps_ - state_.step);
    }

    Result<Done> publish(const TrainUpdate& update) {
        last_ = update;
        if (auto added = folder_.addMetrics(update); !added)
            return added;
        if (request_.onUpdate)
            request_.onUpdate(update);
        return Done{};
    }

    const PretrainRequest& request_;
    const EngineInfo& engine_;
    ComputeThread& thread_;
    RunFolder folder_;
    ModelConfig model_;
    TrainConfig training_;
    std::int64_t steps_;
    c10::Device device_{c10::kCPU};
    Precision precision_ = Precision::Float32;
    RunEnvironment environment_;
    CheckpointState state_;
    std::optional<Watch> watch_;
    std::optional<Trainer> trainer_;
    BatchLoader* loader_ = nullptr;
    std::int64_t epoch_ = 0;
    double secondsEach_ = 0, waitedEach_ = 0;
    TrainUpdate last_;
    Clock::time_point began_ = Clock::now();
};

} // namespace

namespace {

Result<Done> checkMemoryOf(const PretrainRequest& request, const EngineInfo& engine, const ModelConfig& model,
                           const TrainConfig& training) {
    const auto device = chooseDevice(request.device);
    if (!device)
        return device.as<Done>();
    for (const auto& known : engine.devices)
        if (known.key == device->str())
            return checkMemory(model, training.batch, choosePrecision(training.precision, *device, model),
                               known.memoryBytes, known.name);
    return Done{};
}

} // namespace

Result<RunSummary> pretrain(const PretrainRequest& request, const EngineInfo& engine, ComputeThread& thread) {
    if (!request.windows || request.windows->size() == 0)
        return makeError(ErrorCode::NotFound, "there are no recordings to pretrain on");
    // All that can be refused is, before a folder is made.
    if (const auto device = chooseDevice(request.device); !device)
        return device.as<RunSummary>();
    std::optional<RunFolder> folder;
    auto config = completeConfig(request.configJson);
    if (request.resume) {
        auto opened = RunFolder::open(request.runFolder, request.windows->dataHash());
        if (!opened)
            return opened.as<RunSummary>();
        config = opened->configJson();
        folder.emplace(std::move(*opened));
    }
    if (!config)
        return config.as<RunSummary>();
    const auto model = parseModelConfig(*config);
    if (!model)
        return model.as<RunSummary>();
    const auto training = parseTrainConfig(*config);
    if (!training)
        return training.as<RunSummary>();
    if (auto fits = checkShape(*model, *request.windows); !fits)
        return fits.as<RunSummary>();
    if (auto fits = checkMemoryOf(request, engine, *model, *training); !fits)
        return fits.as<RunSummary>();
    if (!folder) {
        auto made = RunFolder::create(request.runFolder, *config);
        if (!made)
            return made.as<RunSummary>();
        folder.emplace(std::move(*made));
    }
    Run run(request, engine, thread, std::move(*folder), *model, *training);
    return run();
}

} // namespace precordia
