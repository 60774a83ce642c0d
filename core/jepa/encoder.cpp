// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/encoder.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/baddbmm.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/softmax.h>

#include <cmath>

namespace precordia {

namespace {

at::Tensor optional(const Parameters& parameters, const std::string& name) {
    return parameters.contains(name) ? parameters[name] : at::Tensor();
}

} // namespace

at::Tensor patchesOf(const at::Tensor& x, std::int64_t intervalSamples) {
    return x.unflatten(2, {-1, intervalSamples}).transpose(1, 2);
}

Encoder::Encoder(const ModelConfig& config, const Parameters& parameters, const std::string& prefix)
    : leadCount_(config.leadCount())
    , intervalSamples_(config.intervalSamples)
    , heads_(config.heads)
    , patchWeight_(optional(parameters, prefix + "patch_weight"))
    , patch_(patchWeight_.defined() ? Linear{} : linearOf(parameters, prefix + "patch"))
    , lead_(parameters[prefix + "lead"])
    , aggregate_(optional(parameters, prefix + "aggregate"))
    , query_(optional(parameters, prefix + "aggregate_query"))
    , value_(query_.defined() ? linearOf(parameters, prefix + "aggregate_value") : Linear{})
    , position_(sinusoids(config.intervals, config.width).to(lead_.options().requires_grad(false)))
    , event_(linearOf(parameters, prefix + "event"))
    , channel_(parameters, prefix + "channel", config.channelDepth, config.heads)
    , temporal_(parameters, prefix + "temporal", config.temporalDepth, config.heads) {}

at::Tensor Encoder::embedPatches(const at::Tensor& patches, const at::Tensor& leads) const {
    const std::int64_t b = patches.size(0), t = patches.size(1), k = patches.size(2), p = patches.size(3);
    if (!patchWeight_.defined()) {
        const at::Tensor lead = leads.defined() ? lead_.index_select(0, leads.flatten()).view({b, 1, k, -1}) : lead_;
        return patch_(patches) + lead;
    }
    if (!leads.defined()) { // one product a lead over the whole batch
        const at::Tensor rows = patches.permute({2, 0, 1, 3}).reshape({k, b * t, p});
        return at::baddbmm(lead_.unsqueeze(1), rows, patchWeight_).view({k, b, t, -1}).permute({1, 2, 0, 3});
    }
    // Each recording has leads of its own: one product a recording and lead.
    const at::Tensor chosen = leads.flatten();
    const at::Tensor rows = patches.transpose(1, 2).reshape({b * k, t, p});
    return at::baddbmm(lead_.index_select(0, chosen).unsqueeze(1), rows, patchWeight_.index_select(0, chosen))
        .view({b, k, t, -1})
        .transpose(1, 2);
}

at::Tensor Encoder::channels(const at::Tensor& patches, const at::Tensor& leads, Dropout* dropout,
                             std::vector<at::Tensor>* layers) const {
    const at::Tensor z = embedPatches(patches, leads).contiguous(); // [B, T, K, D]
    const at::Tensor encoded = channel_(z.flatten(0, 1), dropout, 0, layers).view(z.sizes());
    if (layers != nullptr)
        for (auto& layer : *layers)
            layer = layer.view(z.sizes());
    return encoded;
}

at::Tensor Encoder::attentionToLeads(const at::Tensor& z) const {
    if (!query_.defined())
        return {};
    const double scale = 1 / std::sqrt(static_cast<double>(z.size(3)));
    return at::softmax(at::matmul(z, query_.t()) * scale, 2).transpose(2, 3);
}

at::Tensor Encoder::intervals(const at::Tensor& z, const at::Tensor& leads) const {
    if (query_.defined()) { // each head weighs the leads for its own part of their values
        const at::Tensor values = value_(z).unflatten(3, {heads_, -1});              // [B, T, K, heads, D / heads]
        const at::Tensor weights = attentionToLeads(z).transpose(2, 3).unsqueeze(4); // [B, T, K, heads, 1]
        return (weights * values).sum(2).flatten(2);
    }
    if (!aggregate_.defined())
        return z.mean(2);
    // A sum over the leads of a product a lead is one product over lead and feature together.
    const std::int64_t b = z.size(0), t = z.size(1), k = z.size(2), d = z.size(3);
    const double scale = std::sqrt(static_cast<double>(leadCount_) / static_cast<double>(k));
    if (!leads.defined())
        return at::matmul(z.flatten(2), aggregate_.flatten(0, 1)) * scale;
    const at::Tensor chosen = aggregate_.index_select(0, leads.flatten()).view({b, k * d, d});
    return at::bmm(z.reshape({b, t, k * d}), chosen) * scale;
}

at::Tensor Encoder::events(const at::Tensor& u, const at::Tensor& intervals, Dropout* dropout,
                           std::vector<at::Tensor>* layers) const {
    const at::Tensor position = intervals.defined()
                                    ? position_.index_select(0, intervals.flatten()).view({u.size(0), u.size(1), -1})
                                    : position_;
    return temporal_(event_(u) + position, dropout, 0, layers);
}

EncoderOutput Encoder::operator()(const at::Tensor& x, const at::Tensor& leads, Dropout* dropout, bool layers) const {
    EncoderOutput out;
    out.lead = channels(patchesOf(x, intervalSamples_), leads, dropout, layers ? &out.leadLayers : nullptr);
    out.interval = intervals(out.lead, leads);
    out.event = events(out.interval, {}, dropout, layers ? &out.eventLayers : nullptr);
    return out;
}

} // namespace precordia
