// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/lenepa.h"

#include "core/jepa/losses.h"
#include "core/jepa/masked_attention.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/mse_loss.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/rsqrt.h>
#include <ATen/ops/zeros.h>

namespace precordia {

LeNepa::LeNepa(ModelConfig config, Parameters parameters)
    : JepaModel(std::move(config), std::move(parameters))
    , tokens_(config_, parameters_, "encoder.")
    , position_(sinusoids(config_.intervals, config_.width)
                    .to(parameters_["encoder.patch_bias"].options().requires_grad(false)))
    , transformer_(parameters_, "encoder.transformer", config_.channelDepth + config_.temporalDepth, config_.heads)
    , fc1_(linearOf(parameters_, "projector.fc1"))
    , fc2_(linearOf(parameters_, "projector.fc2"))
    , norm_(layerNormOf(parameters_, "projector.norm")) {}

at::Tensor LeNepa::events(const at::Tensor& tokens, Dropout* dropout) const {
    return causal(transformer_, tokens + position_, dropout);
}

at::Tensor LeNepa::project(const at::Tensor& z) const {
    constexpr double kEpsilon = 1e-5; // PyTorch's BatchNorm1d
    const at::Tensor h = fc1_(z).flatten(0, 1);
    const at::Tensor centred = h - h.mean(0);
    const at::Tensor normed = centred * at::rsqrt(centred.square().mean(0) + kEpsilon);
    return fc2_(at::relu(normed * norm_.weight + norm_.bias)).unflatten(0, {z.size(0), z.size(1)});
}

LossOutput LeNepa::terms(const LeadBatch& batch, Dropout& dropout, Stage /*stage*/) const {
    const at::Tensor tokens = tokens_(batch.x, batch.leadsOfEach());
    LossOutput out;
    out.interval = project(tokens);
    out.event = project(events(tokens, &dropout));
    out.vHat = out.interval.slice(1, 1); // not detached: SIGReg alone keeps it from collapsing
    out.vPred = out.event.slice(1, 0, out.event.size(1) - 1);
    out.temporal = at::mse_loss(out.vPred, out.vHat);
    return out;
}

at::Tensor LeNepa::regularise(const at::Tensor& u, const at::Tensor& v, const at::Tensor& directions) const {
    std::vector<at::Tensor> parts;
    if (config_.intervalRegulariser() == Regulariser::SigReg)
        parts.push_back(u);
    if (config_.eventRegulariser() == Regulariser::SigReg)
        parts.push_back(v);
    return parts.empty() ? at::zeros({}, u.options().requires_grad(false)) : sigregOverTime(at::cat(parts), directions);
}

EncoderOutput LeNepa::forward(const at::Tensor& x, const at::Tensor& leads, Dropout* dropout) const {
    EncoderOutput out;
    out.lead = tokens_.eachLead(x, leads);
    out.interval = tokens_(x, leads);
    out.event = events(out.interval, dropout);
    return out;
}

} // namespace precordia
