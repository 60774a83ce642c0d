// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/layers.h"

#include "core/jepa/attention.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>

namespace precordia {

namespace {

constexpr double kEpsilon = 1e-5; // PyTorch's LayerNorm

} // namespace

at::Tensor drop(const at::Tensor& x, Dropout* dropout) {
    if (dropout == nullptr || dropout->p <= 0)
        return x;
    at::Tensor keep = at::empty_like(x, x.options().device(at::kCPU).requires_grad(false));
    drawBernoulli(keep, 1 - dropout->p, dropout->generator, dropout->rows);
    keep.div_(1 - dropout->p);
    return x * keep.to(x.device());
}

at::Tensor dropPath(const at::Tensor& x, Dropout* dropout, double share) {
    const double chance = dropout == nullptr ? 0 : dropout->path * share;
    if (chance <= 0)
        return x;
    at::Tensor keep = at::empty({x.size(0), 1, 1}, x.options().device(at::kCPU).requires_grad(false));
    drawBernoulli(keep, 1 - chance, dropout->generator, dropout->rows);
    keep.div_(1 - chance);
    return x * keep.to(x.device());
}

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
    const at::Tensor y = wanted + dropPath(drop(proj(attended), dropout), dropout, depth);
    return y + dropPath(drop(fc2(at::gelu(fc1(norm2(y)))), dropout), dropout, depth);
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
                           linearOf(parameters, block + ".fc1"), linearOf(parameters, block + ".fc2"), heads,
                           depth > 1 ? static_cast<double>(i) / static_cast<double>(depth - 1) : 1.0});
    }
}

at::Tensor Transformer::operator()(at::Tensor x, Dropout* dropout, std::int64_t from,
                                   std::vector<at::Tensor>* layers) const {
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
        x = blocks_[i](x, dropout, i + 1 == blocks_.size() ? from : 0);
        if (layers != nullptr && i + 1 < blocks_.size())
            layers->push_back(x);
    }
    if (blocks_.empty())
        x = x.slice(1, from);
    x = norm_(x);
    if (layers != nullptr)
        layers->push_back(x);
    return x;
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
