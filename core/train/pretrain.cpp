// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/pretrain.h"

#include "core/base/hash.h"
#include "core/engine/config.h"
#include "core/train/batch_loader.h"
#include "core/train/checkpoint.h"
#include "core/train/collective.h"
#include "core/train/device.h"
#include "core/train/memory_estimate.h"
#include "core/train/model_file.h"
#include "core/train/run_folder.h"
#include "core/train/trainer.h"
#include "core/train/watch.h"
#include "core/train/window_batch.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>
#include <memory>

namespace precordia {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

constexpr std::int64_t kFailed = -1; // what a process tells the others that cannot begin

Error couldNotBegin(std::size_t rank) {
    return makeError(ErrorCode::ProcessLost,
                     "process " + std::to_string(rank) + " of the run could not begin, and says why");
}

// Whether every process can begin, and with the same; each comes here once, also with its failure. Alone: mine.
Result<Done> agree(Collective* together, const Result<Done>& mine, const std::string& fingerprint) {
    if (together == nullptr)
        return mine;
    const auto hash = static_cast<std::int64_t>(std::stoull(sha256Hex(fingerprint).substr(0, 15), nullptr, 16));
    try {
        const auto all = together->all(mine ? hash : kFailed);
        if (!mine)
            return mine;
        for (std::size_t rank = 0; rank < all.size(); ++rank) {
            if (all[rank] == kFailed)
                return couldNotBegin(rank);
            if (all[rank] != hash)
                return makeError(ErrorCode::WrongUse, "process " + std::to_string(rank) +
                                                          " of the run has another configuration, other recordings or "
                                                          "another checkpoint");
        }
    } catch (const ProcessLost&) {
        return mine ? makeError(ErrorCode::ProcessLost, "a process of the run ended before the first step") : mine;
    }
    return mine;
}

class Run {
public:
    Run(const PretrainRequest& request, const EngineInfo& engine, ComputeThread& thread, RunFolder folder,
        const ModelConfig& model, const TrainConfig& training, Collective* together)
        : request_(request)
        , engine_(engine)
        , thread_(thread)
        , folder_(std::move(folder))
        , model_(model)
        , training_(training)
        , together_(together)
        , steps_(totalSteps(training, request.windows->size())) {}

    Result<RunSummary> operator()() {
        auto begun = begin();
        if (!othersFailed_)
            begun = agree(together_, begun, fingerprint());
        if (!begun)
            return begun.as<RunSummary>();
        BatchLoader loader(request_.windows, training_.batch, training_.seed, state_.position, device_.is_cuda(),
                           training_.minLeads);
        loader_ = &loader;
        if (state_.step == 0)
            if (auto diagnosed = diagnoseStart(); !diagnosed)
                return diagnosed.as<RunSummary>();
        auto end = End::Complete;
        try {
            while (state_.step < steps_ && end == End::Complete) {
                if (auto stepped = oneStep(); !stepped)
                    return keepAfter(stepped.error());
                end = askedToEnd();
            }
        } catch (const ProcessLost&) { // before the step changed anything
            return keepAfter(
                makeError(ErrorCode::ProcessLost, "a process of the run ended, or does not answer, at step " +
                                                      std::to_string(state_.step + 1)));
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
        if (training_.threads == 0) // processes that measure at the same time would measure each other
            training_.threads =
                together_ != nullptr ? std::max(1, physicalCores() / together_->size()) : fastestThreads();
        environment_.threads = useThreads(training_.threads);
        // Nor does it change its numbers on another processor.
        const auto precision = agreedPrecision();
        if (!precision)
            return precision.as<Done>();
        precision_ = *precision;
        environment_.precision = precisionName(precision_);
        auto parameters = Parameters::initialise(model_, chanceSeed(training_.seed, Chance::Initial, 0));
        std::optional<TensorFile> kept;
        if (request_.resume) {
            auto point = readResumePoint(folder_.path(), folder_.configJson(), !folder_.isSilent());
            if (!point)
                return point.as<Done>();
            for (const auto& reason : point->damaged)
                if (request_.onNotice)
                    request_.onNotice("a damaged checkpoint was passed over and set aside: " + reason +
                                      "; the run goes on from step " + std::to_string(point->state.step));
            environment_.damaged = point->damaged;
            auto restored = Parameters::fromTensors(model_, point->file.tensors);
            if (!restored)
                return restored.as<Done>();
            parameters = std::move(*restored);
            kept = std::move(point->file);
            state_ = point->state;
            environment_.resumedAt = state_.step;
        }
        auto watch = Watch::make(request_, model_, training_, folder_.configJson(), steps_, state_);
        if (!watch)
            return watch.as<Done>();
        watch_ = std::move(*watch);
        trainer_.emplace(model_, training_, parameters.to(device_), steps_, precision_, together_);
        if (kept)
            if (auto restored = trainer_->optimiser().restore(*kept, state_.step); !restored)
                return restored;
        if (auto opened = folder_.openMetrics(environment_.resumedAt); !opened)
            return opened;
        environment_.device = device_.str();
        for (const auto& known : engine_.devices)
            if (known.key == environment_.device)
                environment_.deviceName = known.name;
        environment_.processes = together_ != nullptr ? together_->size() : 1;
        environment_.seed = training_.seed;
        environment_.dataHash = request_.windows->dataHash();
        environment_.windows = request_.windows->size();
        environment_.totalSteps = steps_;
        return folder_.writeEnvironment(environment_, engine_);
    }

    // What "auto" comes to is measured, and processes that measure at the same time might find differently: the first
    // one does, while the others wait, and tells them.
    Result<Precision> agreedPrecision() {
        const auto wanted = folder_.precision().empty() ? training_.precision : folder_.precision();
        if (!hasPrecision(wanted, device_))
            return makeError(ErrorCode::ConfigInvalid,
                             "precision=" + wanted + ": it needs a processor with AVX512-FP16, and no other device" +
                                 (folder_.precision().empty()
                                      ? ", or precision=auto"
                                      : "; the run was begun with it and goes on with it alone"));
        if (together_ == nullptr)
            return choosePrecision(wanted, device_, model_);
        constexpr int kTold = 1; // above 0: a process that failed before tells kFailed (agree)
        const auto own =
            together_->rank() == 0 ? static_cast<std::int64_t>(choosePrecision(wanted, device_, model_)) : 0;
        try {
            const auto all = together_->all(kTold + own);
            for (std::size_t rank = 0; rank < all.size(); ++rank)
                if (all[rank] < kTold) {
                    othersFailed_ = true;
                    return couldNotBegin(rank);
                }
            return static_cast<Precision>(all.front() - kTold);
        } catch (const ProcessLost&) {
            return makeError(ErrorCode::ProcessLost, "a process of the run ended before the first step");
        }
    }

    // What the verdicts compare with, and the first row of metrics.csv.
    Result<Done> diagnoseStart() {
        if (folder_.isSilent())
            return Done{};
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
        if (!folder_.isSilent())
            watch_->step(trainer_->model(), update);
        if (due(training_.checkpointEvery)) {
            if (!weightsAreFinite())
                return makeError(ErrorCode::NotFinite, "step " + std::to_string(state_.step) +
                                                           " made weights that are not finite; a smaller "
                                                           "\"learning_rate\" or a longer \"warmup\" may help");
            const auto kept = keep();
            if (!kept)
                return kept.as<Done>();
            update.checkpoint = kept->string();
        }
        return publish(update);
    }

    bool due(std::int64_t every) const { return (every > 0 && state_.step % every == 0) || state_.step == steps_; }

    enum Wish : std::int64_t { GoOn, EndWithEpoch, Pause, Stop };

    // Of the processes' wishes the strongest counts for all.
    Wish wish() {
        const auto& control = request_.control;
        const auto own = request_.stop.stop_requested() || thread_.closing() ? Stop
                         : control && control->paused                        ? Pause
                         : control && control->stopAfterEpoch                ? EndWithEpoch
                                                                             : GoOn;
        return together_ != nullptr ? static_cast<Wish>(together_->largest(own)) : own;
    }

    // Between two steps: other requests, pause, and whether to go on.
    End askedToEnd() {
        thread_.serve();
        auto now = wish();
        for (; now == Pause; now = wish())
            thread_.serveFor(std::chrono::milliseconds(50));
        useThreads(training_.threads); // what was served may have chosen otherwise
        if (now == Stop)
            return state_.step < steps_ ? End::Stopped : End::Complete;
        const auto epoch = state_.position / request_.windows->size();
        const bool ended = epoch != epoch_;
        epoch_ = epoch;
        return ended && now == EndWithEpoch ? End::AfterEpoch : End::Complete;
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
        const RunSummary summary{folder_.path(), file, state_.step, last_, secondsSince(began_)};
        if (folder_.isSilent())
            return summary;
        auto written =
            writeModel(file, trainer_->model(), folder_.configJson(), nullptr, state_.step, environment_.dataHash);
        if (!written)
            return written.as<RunSummary>();
        return summary;
    }

    // A failure in the middle: the last good state stays on disk, then the failure is told.
    Result<RunSummary> keepAfter(Error error) {
        if (folder_.isSilent())
            return error;
        const bool whole =
            error.code == ErrorCode::ProcessLost || (error.code == ErrorCode::NotFinite && weightsAreFinite());
        const auto kept = whole ? keep() : Result<std::filesystem::path>(Cancelled{});
        if (kept) {
            error.message += "; the state before this step is kept in " + kept->string();
        } else if (kept.failed()) {
            error.message += "; the state before this step could not be kept: " + kept.error().text();
        } else {
            const auto last = newestCheckpoint(folder_.path());
            error.message += last ? "; the run can be resumed from step " + std::to_string(last->state.step)
                                  : "; the run has no checkpoint yet";
        }
        return error;
    }

    // The step before may have brought them out of all bounds: then they are no good state.
    bool weightsAreFinite() const {
        const auto& all = trainer_->model().parameters().all();
        return std::all_of(all.begin(), all.end(),
                           [](const auto& named) { return named.second.isfinite().all().template item<bool>(); });
    }

    // What all processes must have alike.
    std::string fingerprint() const {
        return folder_.configJson() + request_.windows->dataHash() + std::to_string(steps_) + " " +
               std::to_string(state_.step);
    }

    Result<std::filesystem::path> keep() {
        if (folder_.isSilent())
            return std::filesystem::path();
        return writeCheckpoint(folder_.path(), state_, trainer_->model(), trainer_->optimiser(), folder_.configJson());
    }

    // "window 15 (recording 7)"
    std::string nameOf(std::int64_t window) const {
        const auto origin = request_.windows->origin(window);
        return "window " + std::to_string(window) + (origin.empty() ? "" : " (" + origin + ")");
    }

    std::string notFiniteReason(const Batch& batch) const {
        const auto step = "step " + std::to_string(state_.step + 1);
        const auto finite = batch.microvolts.isfinite().all(2).all(1);
        std::string names;
        for (std::size_t i = 0; i < batch.windows.size(); ++i) {
            if (!finite[static_cast<std::int64_t>(i)].item<bool>())
                return step + ": " + nameOf(batch.windows[i]) + " of the data holds values that are not finite";
            names += (names.empty() ? "" : ", ") + nameOf(batch.windows[i]);
        }
        return step +
               ": the loss or its gradient is not finite, though the data are; a smaller \"learning_rate\" or a longer "
               "\"warmup\" may help. The batch: " +
               names;
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
    Collective* together_;      // nullptr: one process
    bool othersFailed_ = false; // a process that cannot begin has told so: there is nothing left to agree on
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

struct Prepared {
    RunFolder folder;
    ModelConfig model;
    TrainConfig training;
};

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

// All that can be refused is, before a folder is made. Only the first process of a run writes to it.
Result<Prepared> prepare(const PretrainRequest& request, const EngineInfo& engine) {
    const bool first = !request.place || request.place->rank == 0;
    if (const auto device = chooseDevice(request.device); !device)
        return device.as<Prepared>();
    std::optional<RunFolder> folder;
    auto config = completeConfig(request.configJson);
    if (request.resume) {
        auto opened = RunFolder::open(request.runFolder, request.windows->dataHash());
        if (!opened)
            return opened.as<Prepared>();
        config = opened->configJson();
        folder.emplace(std::move(*opened));
        if (first)
            folder->tidy();
        else
            folder->silence();
    }
    if (!config)
        return config.as<Prepared>();
    const auto model = parseModelConfig(*config);
    if (!model)
        return model.as<Prepared>();
    const auto training = parseTrainConfig(*config);
    if (!training)
        return training.as<Prepared>();
    if (auto fits = checkShape(*model, *request.windows); !fits)
        return fits.as<Prepared>();
    if (auto fits = checkMemoryOf(request, engine, *model, *training); !fits)
        return fits.as<Prepared>();
    if (request.place && training->batch < request.place->size)
        return makeError(ErrorCode::ConfigInvalid, "\"batch\" is " + std::to_string(training->batch) +
                                                       ", less than the " + std::to_string(request.place->size) +
                                                       " processes");
    if (!folder && first) {
        auto made = RunFolder::create(request.runFolder, *config);
        if (!made)
            return made.as<Prepared>();
        folder.emplace(std::move(*made));
    }
    if (!folder)
        folder.emplace(RunFolder::silent(request.runFolder, *config));
    return Prepared{std::move(*folder), *model, *training};
}

} // namespace

Result<RunSummary> pretrain(const PretrainRequest& request, const EngineInfo& engine, ComputeThread& thread) {
    if (!request.windows || request.windows->size() == 0)
        return makeError(ErrorCode::NotFound, "there are no recordings to pretrain on");
    std::unique_ptr<Collective> together;
    if (request.place) {
        auto joined = joinProcesses(*request.place, request.stop);
        if (!joined)
            return joined.as<RunSummary>();
        together = std::move(*joined);
    }
    auto prepared = prepare(request, engine);
    if (!prepared) {
        const auto told = agree(together.get(), prepared.as<Done>(), {});
        return told.as<RunSummary>();
    }
    Run run(request, engine, thread, std::move(prepared->folder), prepared->model, prepared->training, together.get());
    return run();
}

} // namespace precordia
