// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/fused_tokens.h"

#include "core/jepa/encoder.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/matmul.h>

#include <cmath>

namespace precordia {

FusedTokens::FusedTokens(const ModelConfig& config, const Parameters& parameters, const std::string& prefix)
    : leadCount_(config.leadCount())
    , intervalSamples_(config.intervalSamples)
    , weight_(parameters[prefix + "patch_weight"])
    , bias_(parameters[prefix + "patch_bias"]) {}

double FusedTokens::scale(const at::Tensor& x) const {
    return std::sqrt(static_cast<double>(leadCount_) / static_cast<double>(x.size(1)));
}

at::Tensor FusedTokens::operator()(const at::Tensor& x, const at::Tensor& leads) const {
    const at::Tensor rows = patchesOf(x, intervalSamples_).flatten(2); // [B, T, K * P]
    if (!leads.defined())
        return at::matmul(rows, weight_.flatten(0, 1)) + bias_;
    const at::Tensor chosen = weight_.index_select(0, leads.flatten()).view({x.size(0), rows.size(2), -1});
    return at::bmm(rows, chosen) * scale(x) + bias_;
}

at::Tensor FusedTokens::eachLead(const at::Tensor& x, const at::Tensor& leads) const {
    const at::Tensor patches = patchesOf(x, intervalSamples_).transpose(1, 2); // [B, K, T, P]
    const at::Tensor chosen =
        leads.defined()
            ? weight_.index_select(0, leads.flatten()).view({x.size(0), x.size(1), weight_.size(1), weight_.size(2)})
            : weight_;
    return (at::matmul(patches, chosen) * scale(x)).transpose(1, 2);
}

} // namespace precordia
