// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/ecg_jepa.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/smooth_l1_loss.h>

namespace precordia {

namespace {

// Half of the width tells the time, half the lead: [T, L, D]
at::Tensor placesInBoth(std::int64_t t, std::int64_t l, std::int64_t width) {
    const at::Tensor time = sinusoids(t, width / 2).unsqueeze(1).expand({t, l, width / 2});
    const at::Tensor lead = sinusoids(l, width / 2).unsqueeze(0).expand({t, l, width / 2});
    return at::cat({time, lead}, 2);
}

// [B, n] of each recording -> [B * K, n] of each of its leads
at::Tensor eachLead(const at::Tensor& index, std::int64_t k) {
    return index.unsqueeze(1).expand({index.size(0), k, index.size(1)}).reshape({-1, index.size(1)});
}

} // namespace

EcgJepa::CrossEncoder::CrossEncoder(const ModelConfig& config, const Parameters& parameters, const std::string& prefix)
    : intervalSamples(config.intervalSamples)
    , patch(linearOf(parameters, prefix + "patch"))
    , place(placesInBoth(config.intervals, config.leadCount(), config.width)
                .to(patch.weight.options().requires_grad(false)))
    , transformer(parameters, prefix + "transformer", config.channelDepth + config.temporalDepth, config.heads) {}

at::Tensor EcgJepa::CrossEncoder::tokens(const at::Tensor& x, const at::Tensor& leads) const {
    const at::Tensor embedded = patch(patchesOf(x, intervalSamples)); // [B, T, K, D]
    if (!leads.defined())
        return embedded + place;
    const at::Tensor chosen = place.index_select(1, leads.flatten()).unflatten(1, leads.sizes()); // [T, B, K, D]
    return embedded + chosen.transpose(0, 1);
}

at::Tensor EcgJepa::CrossEncoder::encodings(const at::Tensor& tokens, Dropout* dropout) const {
    return crossPattern(transformer, tokens.transpose(1, 2), dropout);
}

EcgJepa::EcgJepa(ModelConfig config, Parameters parameters)
    : JepaModel(std::move(config), std::move(parameters))
    , encoder_(config_, parameters_, "encoder.")
    , predictor_(parameters_, "temporal_predictor.", config_.temporalPredictorDepth, config_.predictorHeads) {
    if (config_.hasTeacher())
        target_.emplace(config_, parameters_, "target.");
}

at::Tensor EcgJepa::predict(const at::Tensor& z, const at::Tensor& visible, const at::Tensor& hidden) const {
    const std::int64_t b = z.size(0), k = z.size(1);
    return predictor_(z.flatten(0, 1), eachLead(visible, k), eachLead(hidden, k)).unflatten(0, {b, k});
}

LossOutput EcgJepa::terms(const LeadBatch& batch, Dropout& dropout, Stage /*stage*/) const {
    const Masks& masks = batch.masks;
    const at::Tensor leads = batch.leadsOfEach();
    LossOutput out;
    {
        const at::NoGradGuard none;
        const at::Tensor whole = teacher().encodings(teacher().tokens(batch.x, leads), &dropout); // [B, K, T, D]
        out.vHat = plainLayerNorm(take(whole.transpose(1, 2), masks.hiddenIntervals)).transpose(1, 2);
    }
    const at::Tensor seen = take(encoder_.tokens(batch.x, leads), masks.visibleIntervals);
    const at::Tensor z = encoder_.encodings(seen, &dropout);
    out.lead = z.transpose(1, 2);
    out.event = z.mean(1);
    out.vPred = predict(z, masks.visibleIntervals, masks.hiddenIntervals);
    out.temporal = at::smooth_l1_loss(out.vPred, out.vHat);
    return out;
}

EncoderOutput EcgJepa::forward(const at::Tensor& x, const at::Tensor& leads, Dropout* dropout) const {
    EncoderOutput out;
    out.lead = encoder_.encodings(encoder_.tokens(x, leads), dropout).transpose(1, 2);
    out.interval = out.lead.mean(2);
    out.event = out.interval;
    return out;
}

at::Tensor EcgJepa::intervalEncodings(const at::Tensor& x, const at::Tensor& leads) const {
    const at::NoGradGuard none;
    return encoder_.tokens(x, leads);
}

at::Tensor EcgJepa::predictHiddenFrom(const at::Tensor& u, const at::Tensor& visible, const at::Tensor& hidden) const {
    const at::NoGradGuard none;
    return predict(encoder_.encodings(take(u, visible), nullptr), visible, hidden).mean(1);
}

at::Tensor EcgJepa::seenEvents(const at::Tensor& u, const at::Tensor& visible) const {
    const at::NoGradGuard none;
    return encoder_.encodings(take(u, visible), nullptr).mean(1);
}

at::Tensor EcgJepa::eventTargets(const at::Tensor& x, const at::Tensor& leads) const {
    const at::NoGradGuard none;
    return plainLayerNorm(teacher().encodings(teacher().tokens(x, leads), nullptr)).mean(1);
}

} // namespace precordia
