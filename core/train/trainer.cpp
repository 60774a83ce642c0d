// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/trainer.h"

#include "core/jepa/standardise.h"
#include "core/jepa/to_device.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace precordia {

namespace {

// Of the group of `count` rows that begins at row `before` of the batch.
RowShare partOf(const RowShare& batch, std::int64_t before, std::int64_t count) {
    const auto first = std::clamp<std::int64_t>(batch.first - before, 0, count);
    const auto end = std::clamp<std::int64_t>(batch.first + batch.own - before, 0, count);
    return {first, end - first, count};
}

Masks partOf(const Masks& whole, const RowShare& rows) {
    return {rows.of(whole.visibleLeads), rows.of(whole.hiddenLeads), rows.of(whole.visibleIntervals),
            rows.of(whole.hiddenIntervals)};
}

} // namespace

Trainer::Trainer(const ModelConfig& model, const TrainConfig& training, const Parameters& parameters,
                 std::int64_t steps, Precision precision, Collective* together)
    : training_(training)
    , steps_(steps)
    , precision_(precision)
    , together_(together)
    , optimiser_(parameters.trainable(), training.betas, training.weightDecay)
    , model_(JepaModel::make(model, parameters)) {}

std::vector<LeadBatch> Trainer::prepare(const std::vector<LeadGroup>& groups, const RowShare& rows, std::int64_t i,
                                        Stage stage) const {
    const auto& config = model_->config();
    const auto device = model_->parameters().all().front().second.device();
    Random random(chanceSeed(training_.seed, Chance::Masks, i));
    const auto hidden = drawHiddenCount(config, random);
    const bool allLeads = !config.hasChannelJepa() || stage == Stage::Temporal;
    std::vector<LeadBatch> batches;
    std::int64_t before = 0; // rows of the groups before this one
    for (std::size_t g = 0; g < groups.size(); ++g) {
        const auto& group = groups[g];
        // Drawn for the whole group, also where none of it is this process's: chance goes on from it.
        const auto masks = sampleMasks(config, group.microvolts, group.leads, hidden, allLeads, random);
        const RowShare own = partOf(rows, before, group.microvolts.size(0));
        before += own.whole;
        if (own.own == 0)
            continue;
        LeadBatch batch;
        batch.group = static_cast<std::int64_t>(g);
        batch.part = own;
        batch.x = standardise(queuedTo(own.of(group.microvolts), device), config.scale);
        batch.leads = queuedTo(group.leadTensor(config.leadCount()), device);
        batch.masks = partOf(masks, own).to(device);
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

    std::int64_t recordings = 0;
    for (const auto& group : groups)
        recordings += group.microvolts.size(0);
    std::optional<BatchShare> share;
    if (together_ != nullptr)
        share = together_->share(recordings);

    optimiser_.zeroGradient();
    auto loss = model_->loss(prepare(groups, share ? share->rows : RowShare{0, recordings, recordings}, i, now.stage),
                             chanceSeed(training_.seed, Chance::Step, i), {}, now.stage, share ? &*share : nullptr);
    if (share)
        loss.total = loss.total * share->rows.weight();
    loss.total.backward();
    if (share)
        sumOverProcesses(loss, share->rows.weight());
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

// Gradient and figures; total comes weighted already.
void Trainer::sumOverProcesses(LossOutput& loss, double weight) {
    const at::NoGradGuard noGrad;
    const auto sum = [this](at::Tensor& x) {
        auto onHost = x.to(at::kCPU);
        together_->sum(onHost);
        if (!x.is_cpu())
            x.copy_(onHost);
    };
    sum(optimiser_.gradient());
    auto figures = at::stack({loss.total.detach(), loss.channel.detach() * weight, loss.temporal.detach() * weight,
                              loss.regulariser.detach() * weight});
    sum(figures);
    loss.total = figures[0], loss.channel = figures[1], loss.temporal = figures[2], loss.regulariser = figures[3];
}

} // namespace precordia
