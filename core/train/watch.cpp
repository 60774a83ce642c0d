// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/watch.h"

#include "core/jepa/standardise.h"
#include "core/train/window_batch.h"

#include <ATen/ATen.h>

namespace precordia {

namespace {

constexpr std::int64_t kProbeWindows = 128; // more would cost a tenth of a small run

} // namespace

Result<Watch> Watch::make(const PretrainRequest& request, const ModelConfig& model, const TrainConfig& training,
                          const std::string& configJson, std::int64_t steps, CheckpointState& state) {
    Watch watch;
    watch.windows_ = request.windows;
    watch.model_ = model;
    watch.training_ = training;
    watch.context_ = verdictContext(configJson);
    watch.steps_ = steps;
    watch.earlyStep_ = earlyTestStep(request.windows->size(), training.batch, steps);
    watch.state_ = &state;
    watch.loss_.restore(state.losses);
    watch.gradient_.restore(state.gradients);
    if (request.labels && !request.labels->windows.empty()) {
        auto probe = KnnProbe::make(request.windows, request.labels);
        if (!probe)
            return probe.as<Watch>();
        watch.knn_ = std::move(*probe);
    }
    return watch;
}

void Watch::start(const JepaModel& model, TrainUpdate& update) {
    state_->start.clear();
    diagnoseNow(model, update);
}

bool Watch::due(std::int64_t step) const {
    const auto every = training_.diagnoseEvery;
    return (every > 0 && (step % every == 0 || step == earlyStep_)) || step == steps_;
}

void Watch::step(const JepaModel& model, TrainUpdate& update) {
    update.lossZ = loss_.add(update.total);
    update.gradientZ = gradient_.add(update.gradientNorm);
    update.alarm = alarmText(update);
    state_->losses = loss_.window();
    state_->gradients = gradient_.window();
    if (due(update.step))
        diagnoseNow(model, update);
}

void Watch::diagnoseNow(const JepaModel& model, TrainUpdate& update) {
    if (!probe_.defined()) {
        const auto device = model.parameters().all().front().second.device();
        const auto seed = chanceSeed(training_.seed, Chance::Probe, 0);
        const auto drawn = drawProbe(*windows_, kProbeWindows, seed);
        probe_ = standardise(drawn.microvolts.to(device), model_.scale);
        probeLeads_ = drawn.leadTensor(model_.leadCount());
        if (probeLeads_.defined())
            probeLeads_ = probeLeads_.to(device);
    }
    update.diagnostics = diagnose(model, probe_, probeLeads_);
    if (state_->start.empty())
        state_->start = update.diagnostics;
    const auto verdict = judge(state_->start, update.diagnostics, context_, update.step);
    update.verdict = verdict.word;
    update.verdictText = verdict.text;
    update.advice = verdict.advice;
    if (update.step == earlyStep_) {
        const auto test = earlyTest(update.step, verdict);
        update.earlyTest = test.word;
        update.earlyTestText = test.text;
    }
    if (knn_)
        if (const auto auroc = (*knn_)(model)) // a window that cannot be encoded: no figure, the run goes on
            update.knn = *auroc;
}

} // namespace precordia
