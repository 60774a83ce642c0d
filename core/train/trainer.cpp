// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/trainer.h"

#include "core/jepa/standardise.h"

#include <ATen/ATen.h>

#include <cmath>

namespace precordia {

Trainer::Trainer(const ModelConfig& model, const TrainConfig& training, const Parameters& parameters,
                 std::int64_t steps, Precision precision)
    : training_(training)
    , steps_(steps)
    , precision_(precision)
    , optimiser_(parameters.trainable(), training.betas, training.weightDecay)
    , model_(JepaModel::make(model, parameters)) {}

std::vector<LeadBatch> Trainer::prepare(const std::vector<LeadGroup>& groups, std::int64_t i, Stage stage) const {
    const auto& config = model_->config();
    const auto device = model_->parameters().all().front().second.device();
    Random random(chanceSeed(training_.seed, Chance::Masks, i));
    const auto hidden = drawHiddenCount(config, random);
    const bool allLeads = !config.hasChannelJepa() || stage == Stage::Temporal;
    std::vector<LeadBatch> batches;
    for (const auto& group : groups) {
        LeadBatch batch;
        batch.x = standardise(group.microvolts.to(device, /*non_blocking=*/true), config.scale);
        batch.leads = group.leadTensor(config.leadCount());
        if (batch.leads.defined())
            batch.leads = batch.leads.to(device);
        batch.masks = sampleMasks(config, group.microvolts, group.leads, hidden, allLeads, random).to(device);
        batches.push_back(std::move(batch));
    }
    return batches;
}

void Trainer::holdFrozen(Stage stage) {
    if (stage == stage_)
        return;
    stage_ = stage;
    frozen_.clear();
    for (const auto& [name, tensor] : model_->parameters().trainable())
        if (!model_->trains(name, stage))
            frozen_.emplace_back(tensor, tensor.detach().clone());
}

void Trainer::putBackFrozen() {
    const at::NoGradGuard none;
    for (auto& [tensor, value] : frozen_)
        tensor.copy_(value);
}

StepResult Trainer::step(const std::vector<LeadGroup>& groups, std::int64_t i) {
    const PrecisionScope scope(precision_);
    const auto now = stageAt(training_, i, steps_);
    StepResult result;
    result.learningRate = learningRateAt(training_, now.i, now.steps);
    result.momentum = momentumAt(model_->config().ema, now.i, now.steps);
    holdFrozen(now.stage);

    optimiser_.zeroGradient();
    const auto loss =
        model_->loss(prepare(groups, i, now.stage), chanceSeed(training_.seed, Chance::Step, i), {}, now.stage);
    loss.total.backward();
    const auto norm = optimiser_.clipGradient(training_.clip);

    // One transfer for all figures; the step waits for it, because a loss that is not finite must not reach the
    // weights.
    const auto figures =
        at::stack({loss.total.detach(), loss.channel.detach(), loss.temporal.detach(), loss.regulariser.detach(), norm})
            .to(at::kCPU, at::kDouble);
    const auto* value = figures.data_ptr<double>();
    result.total = value[0], result.channel = value[1], result.temporal = value[2], result.regulariser = value[3];
    result.gradientNorm = value[4];
    result.finite = std::isfinite(result.total) && std::isfinite(result.gradientNorm);
    if (!result.finite)
        return result;
    optimiser_.step(result.learningRate);
    putBackFrozen();
    model_->updateTarget(result.momentum);
    return result;
}

} // namespace precordia
