// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/layers.h"

#include "core/jepa/attention.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>

namespace precordia {

namespace {

constexpr double kEpsilon = 1e-5; // PyTorch's LayerNorm

// Inverted dropout. The mask is drawn on the CPU, so that a seed means the same on every device.
at::Tensor drop(const at::Tensor& x, Dropout* dropout) {
    if (dropout == nullptr || dropout->p <= 0)
        return x;
    at::Tensor keep = at::empty_like(x, x.options().device(at::kCPU).requires_grad(false));
    keep.bernoulli_(1 - dropout->p, dropout->generator).div_(1 - dropout->p);
    return x * keep.to(x.device());
}

} // namespace

at::Tensor Linear::operator()(const at::Tensor& x) const {
    return at::linear(x, weight, bias);
}

at::Tensor LayerNorm::operator()(const at::Tensor& x) const {
    return at::layer_norm(x, {x.size(-1)}, weight, bias, kEpsilon);
}

at::Tensor Block::operator()(const at::Tensor& x, Dropout* dropout, std::int64_t from) const {
    const at::Tensor seen = norm1(x);
    at::Tensor wanted = x;
    at::Tensor attended;
    if (from == 0) {
        attended = attention(qkv(seen), heads);
    } else {
        const std::int64_t d = x.size(2);
        wanted = x.slice(1, from);
        const at::Tensor q = at::linear(seen.slice(1, from), qkv.weight.slice(0, 0, d), qkv.bias.slice(0, 0, d));
        const at::Tensor kv = at::linear(seen, qkv.weight.slice(0, d), qkv.bias.slice(0, d));
        attended = attention(q, kv, heads);
    }
    const at::Tensor y = wanted + drop(proj(attended), dropout);
    return y + drop(fc2(at::gelu(fc1(norm2(y)))), dropout);
}

Linear linearOf(const Parameters& parameters, const std::string& prefix) {
    return {parameters[prefix + ".weight"], parameters[prefix + ".bias"]};
}

LayerNorm layerNormOf(const Parameters& parameters, const std::string& prefix) {
    return {parameters[prefix + ".weight"], parameters[prefix + ".bias"]};
}

Transformer::Transformer(const Parameters& parameters, const std::string& prefix, std::int64_t depth,
                         std::int64_t heads)
    : norm_(layerNormOf(parameters, prefix + ".norm")) {
    for (std::int64_t i = 0; i < depth; ++i) {
        const std::string block = prefix + ".blocks." + std::to_string(i);
        blocks_.push_back({layerNormOf(parameters, block + ".norm1"), linearOf(parameters, block + ".attn.qkv"),
                           linearOf(parameters, block + ".attn.proj"), layerNormOf(parameters, block + ".norm2"),
                           linearOf(parameters, block + ".fc1"), linearOf(parameters, block + ".fc2"), heads});
    }
}

at::Tensor Transformer::operator()(at::Tensor x, Dropout* dropout, std::int64_t from) const {
    for (std::size_t i = 0; i < blocks_.size(); ++i)
        x = blocks_[i](x, dropout, i + 1 == blocks_.size() ? from : 0);
    if (blocks_.empty())
        x = x.slice(1, from);
    return norm_(x);
}

at::Tensor plainLayerNorm(const at::Tensor& x) {
    return at::layer_norm(x, {x.size(-1)}, {}, {}, kEpsilon);
}

at::Tensor take(const at::Tensor& x, const at::Tensor& index) {
    // Rows of x as [B * S, ...]: one index_select moves whole rows, where gather would move numbers.
    const at::Tensor first = at::arange(x.size(0), index.options()) * x.size(1);
    const at::Tensor rows = (index + first.unsqueeze(1)).flatten();
    return x.flatten(0, 1).index_select(0, rows).unflatten(0, {index.size(0), index.size(1)});
}

} // namespace precordia
