// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/one_d_jepa.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/l1_loss.h>

namespace precordia {

OneDJepa::TokenEncoder::TokenEncoder(const ModelConfig& config, const Parameters& parameters, const std::string& prefix)
    : tokens(config, parameters, prefix)
    , position(sinusoids(config.intervals, config.width)
                   .to(parameters[prefix + "patch_bias"].options().requires_grad(false)))
    , transformer(parameters, prefix + "transformer", config.channelDepth + config.temporalDepth, config.heads) {}

at::Tensor OneDJepa::TokenEncoder::events(const at::Tensor& u, const at::Tensor& intervals, Dropout* dropout) const {
    const at::Tensor place =
        intervals.defined() ? position.index_select(0, intervals.flatten()).view({u.size(0), u.size(1), -1}) : position;
    return transformer(u + place, dropout);
}

OneDJepa::OneDJepa(ModelConfig config, Parameters parameters)
    : JepaModel(std::move(config), std::move(parameters))
    , encoder_(config_, parameters_, "encoder.")
    , predictor_(parameters_, "temporal_predictor.", config_.temporalPredictorDepth, config_.predictorHeads) {
    if (config_.hasTeacher())
        target_.emplace(config_, parameters_, "target.");
}

LossOutput OneDJepa::terms(const LeadBatch& batch, Dropout& dropout, Stage /*stage*/) const {
    const Masks& masks = batch.masks;
    const at::Tensor leads = batch.leadsOfEach();
    LossOutput out;
    {
        const at::NoGradGuard none;
        const at::Tensor whole = teacher().events(teacher().tokens(batch.x, leads), {}, &dropout);
        out.vHat = take(whole, masks.hiddenIntervals);
    }
    out.interval = take(encoder_.tokens(batch.x, leads), masks.visibleIntervals);
    out.event = encoder_.events(out.interval, masks.visibleIntervals, &dropout);
    out.vPred = predictor_(out.event, masks.visibleIntervals, masks.hiddenIntervals);
    out.temporal = at::l1_loss(out.vPred, out.vHat);
    return out;
}

EncoderOutput OneDJepa::forward(const at::Tensor& x, const at::Tensor& leads, Dropout* dropout) const {
    EncoderOutput out;
    out.lead = encoder_.tokens.eachLead(x, leads);
    out.interval = encoder_.tokens(x, leads);
    out.event = encoder_.events(out.interval, {}, dropout);
    return out;
}

at::Tensor OneDJepa::intervalEncodings(const at::Tensor& x, const at::Tensor& leads) const {
    const at::NoGradGuard none;
    return encoder_.tokens(x, leads);
}

at::Tensor OneDJepa::predictHiddenFrom(const at::Tensor& u, const at::Tensor& visible, const at::Tensor& hidden) const {
    const at::NoGradGuard none;
    return predictor_(seenEvents(u, visible), visible, hidden);
}

at::Tensor OneDJepa::seenEvents(const at::Tensor& u, const at::Tensor& visible) const {
    const at::NoGradGuard none;
    return encoder_.events(take(u, visible), visible, nullptr);
}

at::Tensor OneDJepa::eventTargets(const at::Tensor& x, const at::Tensor& leads) const {
    const at::NoGradGuard none;
    return teacher().events(teacher().tokens(x, leads), {}, nullptr);
}

} // namespace precordia
