// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/er_jepa.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/smooth_l1_loss.h>

#include <algorithm>

namespace precordia {

namespace {

// [B, K] of each recording -> [B * S, K] of each of its S intervals
at::Tensor repeatRows(const at::Tensor& index, std::int64_t s) {
    return index.unsqueeze(1).expand({index.size(0), s, index.size(1)}).reshape({index.size(0) * s, index.size(1)});
}

// x [B, T, L, D] -> [B, V, K, D] of the intervals [B, V] and rows [B, K]
at::Tensor takeBoth(const at::Tensor& x, const at::Tensor& intervals, const at::Tensor& rows) {
    const std::int64_t l = x.size(2);
    const at::Tensor index = intervals.unsqueeze(2) * l + rows.unsqueeze(1); // [B, V, K]
    return take(x.flatten(1, 2), index.flatten(1)).unflatten(1, {intervals.size(1), rows.size(1)});
}

std::vector<at::Tensor> lastOf(const std::vector<at::Tensor>& layers, std::int64_t n) {
    return {layers.end() - std::min(n, static_cast<std::int64_t>(layers.size())), layers.end()};
}

} // namespace

ErJepa::ErJepa(ModelConfig config, Parameters parameters)
    : JepaModel(std::move(config), std::move(parameters))
    , encoder_(config_, parameters_, "encoder.")
    , temporalPredictor_(parameters_, "temporal_predictor.", config_.temporalPredictorDepth, config_.predictorHeads) {
    if (config_.hasTeacher())
        target_.emplace(config_, parameters_, "target.");
    if (config_.hasChannelJepa())
        channelPredictor_.emplace(parameters_, "channel_predictor.", config_.channelPredictorDepth,
                                  config_.predictorHeads);
}

LossOutput ErJepa::terms(const LeadBatch& batch, Dropout& dropout, Stage stage) const {
    const Masks& masks = batch.masks;
    const bool channel = channelPredictor_ && stage != Stage::Temporal && masks.hiddenLeads.size(1) > 0;
    const bool temporal = stage != Stage::Channel;
    LossOutput out;
    { // Targets: everything visible, layer-normed over features.
        const at::NoGradGuard none;
        const EncoderOutput whole = teacher()(batch.x, batch.leadsOfEach(), &dropout, config_.targetLayers > 1);
        if (channel)
            out.zHat = channelTargets(whole, masks);
        if (temporal)
            out.vHat = take(temporalTargetsOf(whole), masks.hiddenIntervals);
    }
    const at::Tensor leads = batch.leadNumbers(masks.visibleLeads);
    const at::Tensor seen =
        takeBoth(patchesOf(batch.x, config_.intervalSamples), masks.visibleIntervals, masks.visibleLeads);
    {
        const at::AutoGradMode learns(at::GradMode::is_enabled() && stage != Stage::Temporal);
        out.lead = encoder_.channels(seen, leads, &dropout);
    }
    if (channel) {
        const std::int64_t s = out.lead.size(1);
        out.zPred = (*channelPredictor_)(out.lead.flatten(0, 1), repeatRows(leads, s),
                                         repeatRows(batch.leadNumbers(masks.hiddenLeads), s))
                        .view(out.zHat.sizes());
        out.channel = at::smooth_l1_loss(out.zPred, out.zHat);
    }
    out.interval = encoder_.intervals(out.lead, leads);
    if (temporal) {
        out.event = encoder_.events(out.interval, masks.visibleIntervals, &dropout);
        out.vPred = temporalPredictor_(out.event, masks.visibleIntervals, masks.hiddenIntervals);
        out.temporal = at::smooth_l1_loss(out.vPred, out.vHat);
    }
    return out;
}

at::Tensor ErJepa::channelTargets(const EncoderOutput& whole, const Masks& masks) const {
    const auto of = [&masks](const at::Tensor& z) {
        return plainLayerNorm(takeBoth(z, masks.visibleIntervals, masks.hiddenLeads));
    };
    if (whole.leadLayers.empty())
        return of(whole.lead);
    const auto layers = lastOf(whole.leadLayers, config_.targetLayers);
    at::Tensor sum = of(layers.front());
    for (std::size_t i = 1; i < layers.size(); ++i)
        sum = sum + of(layers[i]);
    return sum / static_cast<double>(layers.size());
}

at::Tensor ErJepa::temporalTargetsOf(const EncoderOutput& whole) const {
    const auto layers =
        whole.eventLayers.empty() ? std::vector{whole.event} : lastOf(whole.eventLayers, config_.targetLayers);
    switch (config_.targetLevel) {
    case TargetLevel::Event:
        return temporalTargets(layers, config_.targetCentre);
    case TargetLevel::Interval:
        return temporalTargets({whole.interval}, config_.targetCentre);
    case TargetLevel::Both:
        break;
    }
    return at::cat(
        {temporalTargets(layers, config_.targetCentre), temporalTargets({whole.interval}, config_.targetCentre)}, 2);
}

bool ErJepa::trains(const std::string& parameter, Stage stage) const {
    if (stage == Stage::Joint)
        return true;
    const bool ofChannel = parameter.starts_with("encoder.patch") || parameter == "encoder.lead" ||
                           parameter.starts_with("encoder.channel.") || parameter.starts_with("channel_predictor.");
    return ofChannel == (stage == Stage::Channel);
}

EncoderOutput ErJepa::forward(const at::Tensor& x, const at::Tensor& leads, Dropout* dropout) const {
    return encoder_(x, leads, dropout);
}

at::Tensor ErJepa::predictHidden(const at::Tensor& x, const at::Tensor& visible, const at::Tensor& hidden,
                                 const at::Tensor& leads) const {
    const at::NoGradGuard none;
    // Only what is visible is encoded at all.
    const at::Tensor seen = take(patchesOf(x, config_.intervalSamples), visible);
    const at::Tensor u = encoder_.intervals(encoder_.channels(seen, leads), leads);
    return temporalPredictor_(encoder_.events(u, visible), visible, hidden).slice(2, 0, config_.width);
}

at::Tensor ErJepa::intervalEncodings(const at::Tensor& x, const at::Tensor& leads) const {
    const at::NoGradGuard none;
    return encoder_.intervals(encoder_.channels(patchesOf(x, config_.intervalSamples), leads), leads);
}

at::Tensor ErJepa::predictHiddenFrom(const at::Tensor& u, const at::Tensor& visible, const at::Tensor& hidden) const {
    const at::NoGradGuard none;
    return temporalPredictor_(seenEvents(u, visible), visible, hidden).slice(2, 0, config_.width);
}

at::Tensor ErJepa::seenEvents(const at::Tensor& u, const at::Tensor& visible) const {
    const at::NoGradGuard none;
    return encoder_.events(take(u, visible), visible);
}

at::Tensor ErJepa::eventTargets(const at::Tensor& x, const at::Tensor& leads) const {
    const at::NoGradGuard none;
    return temporalTargetsOf(teacher()(x, leads, nullptr, config_.targetLayers > 1)).slice(2, 0, config_.width);
}

} // namespace precordia
