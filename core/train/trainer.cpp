// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/trainer.h"

#include "core/jepa/standardise.h"

#include <ATen/ATen.h>

#include <cmath>

namespace precordia {

Trainer::Trainer(const ModelConfig& model, const TrainConfig& training, const Parameters& parameters,
                 std::int64_t steps)
    : training_(training)
    , steps_(steps)
    , optimiser_(parameters.trainable(), training.betas, training.weightDecay)
    , model_(model, parameters) {}

StepResult Trainer::step(const at::Tensor& microvolts, std::int64_t i) {
    const auto& config = model_.config();
    const auto device = model_.parameters().all().front().second.device();
    StepResult result;
    result.learningRate = learningRateAt(training_, i, steps_);
    result.momentum = momentumAt(config.ema, i, steps_);

    const auto x = standardise(microvolts.to(device, /*non_blocking=*/true), config.scale);
    Random random(chanceSeed(training_.seed, Chance::Masks, i));
    const auto masks = sampleMasks(config, x.size(0), random).to(device);

    optimiser_.zeroGradient();
    const auto loss = model_.loss(x, masks, chanceSeed(training_.seed, Chance::Step, i));
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
    model_.updateTarget(result.momentum);
    return result;
}

} // namespace precordia
