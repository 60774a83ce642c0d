// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/er_jepa.h"

#include "core/jepa/losses.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/smooth_l1_loss.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

#include <algorithm>

namespace precordia {

namespace {

constexpr std::int64_t kSigregDirections = 256;

// [B, K] of each recording -> [B * S, K] of each of its S intervals
at::Tensor repeatRows(const at::Tensor& index, std::int64_t s) {
    return index.unsqueeze(1).expand({index.size(0), s, index.size(1)}).reshape({index.size(0) * s, index.size(1)});
}

// x [B, T, L, D] -> [B, V, K, D] of the intervals [B, V] and leads [B, K]
at::Tensor takeBoth(const at::Tensor& x, const at::Tensor& intervals, const at::Tensor& leads) {
    const std::int64_t l = x.size(2);
    const at::Tensor index = intervals.unsqueeze(2) * l + leads.unsqueeze(1); // [B, V, K]
    return take(x.flatten(1, 2), index.flatten(1)).unflatten(1, {intervals.size(1), leads.size(1)});
}

} // namespace

ErJepa::ErJepa(ModelConfig config, Parameters parameters)
    : config_(std::move(config))
    , parameters_(std::move(parameters))
    , encoder_(config_, parameters_, "encoder.")
    , target_(config_, parameters_, "target.")
    , channelPredictor_(parameters_, "channel_predictor.", config_.channelPredictorDepth, config_.predictorHeads)
    , temporalPredictor_(parameters_, "temporal_predictor.", config_.temporalPredictorDepth, config_.predictorHeads) {}

LossOutput ErJepa::loss(const at::Tensor& x, const Masks& masks, std::uint64_t seed,
                        const at::Tensor& directions) const {
    Dropout dropout{config_.dropout, at::detail::createCPUGenerator(seed)};
    LossOutput out;
    {
        const at::NoGradGuard none; // targets: everything visible, layer-normed over features
        const EncoderOutput whole = target_(x, {}, &dropout);
        out.zHat = plainLayerNorm(takeBoth(whole.lead, masks.visibleIntervals, masks.hiddenLeads));
        out.vHat = plainLayerNorm(take(whole.event, masks.hiddenIntervals));
    }
    const at::Tensor seen = takeBoth(patchesOf(x, config_.intervalSamples), masks.visibleIntervals, masks.visibleLeads);
    out.lead = encoder_.channels(seen, masks.visibleLeads, &dropout);
    const std::int64_t s = out.lead.size(1);
    out.zPred =
        channelPredictor_(out.lead.flatten(0, 1), repeatRows(masks.visibleLeads, s), repeatRows(masks.hiddenLeads, s))
            .view(out.zHat.sizes());
    out.interval = encoder_.intervals(out.lead, masks.visibleLeads);
    out.event = encoder_.events(out.interval, masks.visibleIntervals, &dropout);
    out.vPred = temporalPredictor_(out.event, masks.visibleIntervals, masks.hiddenIntervals);

    out.channel = at::smooth_l1_loss(out.zPred, out.zHat);
    out.temporal = at::smooth_l1_loss(out.vPred, out.vHat);
    const at::Tensor u = out.interval.flatten(0, 1), v = out.event.flatten(0, 1);
    if (config_.regulariser == Regulariser::VicReg) {
        out.regulariser = vicreg(u) + vicreg(v) + vicreg(out.event.mean(1));
    } else if (config_.regulariser == Regulariser::SigReg) {
        const at::Tensor a =
            directions.defined()
                ? directions
                : at::randn({config_.width, kSigregDirections}, dropout.generator, at::kFloat).to(x.device());
        out.regulariser = sigreg(u, a) + sigreg(v, a);
    } else {
        out.regulariser = at::zeros({}, x.options());
    }
    out.total = out.channel * config_.lossWeights[0] + out.temporal * config_.lossWeights[1] +
                out.regulariser * config_.regulariserWeight;
    return out;
}

void ErJepa::updateTarget(double momentum) const {
    const at::NoGradGuard none;
    const auto target = parameters_.target();
    at::_foreach_mul_(target, momentum);
    at::_foreach_add_(target, parameters_.encoder(), 1 - momentum);
}

EncoderOutput ErJepa::encode(const at::Tensor& x, const at::Tensor& leads) const {
    const at::NoGradGuard none;
    return encoder_(x, leads);
}

at::Tensor ErJepa::recordingEmbedding(const EncoderOutput& e) {
    const at::NoGradGuard none;
    return at::cat({e.interval.mean(1), e.interval.std({1}, /*unbiased=*/true), e.event.mean(1),
                    e.event.std({1}, /*unbiased=*/true), rhythmProfile(e.interval)},
                   1);
}

at::Tensor ErJepa::predictHidden(const at::Tensor& x, const at::Tensor& visible, const at::Tensor& hidden,
                                 const at::Tensor& leads) const {
    const at::NoGradGuard none;
    const at::Tensor seen = take(patchesOf(x, config_.intervalSamples), visible);
    const at::Tensor u = encoder_.intervals(encoder_.channels(seen, leads), leads);
    return temporalPredictor_(encoder_.events(u, visible), visible, hidden);
}

at::Tensor ErJepa::intervalEncodings(const at::Tensor& x, const at::Tensor& leads) const {
    const at::NoGradGuard none;
    return encoder_.intervals(encoder_.channels(patchesOf(x, config_.intervalSamples), leads), leads);
}

at::Tensor ErJepa::predictHiddenFrom(const at::Tensor& u, const at::Tensor& visible, const at::Tensor& hidden) const {
    const at::NoGradGuard none;
    return temporalPredictor_(encoder_.events(take(u, visible), visible), visible, hidden);
}

at::Tensor ErJepa::eventTargets(const at::Tensor& x, const at::Tensor& leads) const {
    const at::NoGradGuard none;
    return plainLayerNorm(target_(x, leads).event);
}

at::Tensor rhythmProfile(const at::Tensor& u, std::int64_t lags) {
    const at::Tensor centred = u - u.mean({1}, true);
    const at::Tensor c = centred / (centred.norm(2, {1, 2}, true) + 1e-6);
    const std::int64_t t = u.size(1);
    std::vector<at::Tensor> out;
    for (std::int64_t k = 1; k <= std::min(lags, t - 1); ++k)
        out.push_back((c.slice(1, k) * c.slice(1, 0, t - k)).sum({1, 2}) *
                      (static_cast<double>(t) / static_cast<double>(t - k)));
    return at::stack(out, 1);
}

} // namespace precordia
