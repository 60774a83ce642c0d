// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/layers.h"

#include "core/jepa/attention.h"
#include "core/jepa/half_layers.h"
#include "core/jepa/precision.h"
#include "core/jepa/to_device.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>

#include <array>

namespace precordia {

namespace {

constexpr double kEpsilon = 1e-5; // PyTorch's LayerNorm

// Drawn on the CPU, so that a seed means the same on every device.
at::Tensor drawKeep(at::IntArrayRef sizes, const at::TensorOptions& options, double chance, Dropout& dropout) {
    at::Tensor keep = at::empty(sizes, options.device(at::kCPU).requires_grad(false));
    drawBernoulli(keep, 1 - chance, dropout.generator, dropout.rows);
    keep.div_(1 - chance);
    return queuedTo(keep, options.device());
}

// Dropout's factors, undefined without it.
at::Tensor keepOf(at::IntArrayRef sizes, const at::TensorOptions& options, Dropout* dropout) {
    return dropout == nullptr || dropout->p <= 0 ? at::Tensor() : drawKeep(sizes, options, dropout->p, *dropout);
}

// Stochastic depth's, [N, 1, 1].
at::Tensor keepPathOf(std::int64_t rows, const at::TensorOptions& options, Dropout* dropout, double share) {
    const double chance = dropout == nullptr ? 0 : dropout->path * share;
    return chance <= 0 ? at::Tensor() : drawKeep({rows, 1, 1}, options, chance, *dropout);
}

// Both, of one branch of a block.
at::Tensor keepBranch(at::IntArrayRef sizes, const at::TensorOptions& options, Dropout* dropout, double share) {
    const at::Tensor numbers = keepOf(sizes, options, dropout);
    const at::Tensor path = keepPathOf(sizes[0], options, dropout, share);
    if (!path.defined())
        return numbers;
    return numbers.defined() ? numbers * path : path.expand(sizes).contiguous();
}

} // namespace

at::Tensor drop(const at::Tensor& x, Dropout* dropout) {
    const at::Tensor keep = keepOf(x.sizes(), x.options(), dropout);
    return keep.defined() ? x * keep : x;
}

at::Tensor dropPath(const at::Tensor& x, Dropout* dropout, double share) {
    const at::Tensor keep = keepPathOf(x.size(0), x.options(), dropout, share);
    return keep.defined() ? x * keep : x;
}

at::Tensor Linear::operator()(const at::Tensor& x) const {
    if (precisionHere() != Precision::BFloat16) // inputs of a single layer may lie beyond fp16
        return at::linear(x, weight, bias);
    if (halfTakes(*this, x))
        return halfLinear(*this, x);
    const at::Tensor offset = bias.defined() ? bias.to(at::kBFloat16) : at::Tensor();
    return at::linear(x.to(at::kBFloat16), weight.to(at::kBFloat16), offset).to(x.scalar_type());
}

at::Tensor LayerNorm::operator()(const at::Tensor& x) const {
    return at::layer_norm(x, {x.size(-1)}, weight, bias, kEpsilon);
}

at::Tensor Block::operator()(const at::Tensor& x, Dropout* dropout, std::int64_t from) const {
    if (precisionHere() != Precision::Float32 && halfTakes(*this, x, from)) {
        const std::array<std::int64_t, 3> wanted{x.size(0), x.size(1) - from, x.size(2)};
        const at::Tensor keep1 = keepBranch(wanted, x.options(), dropout, depth);
        const at::Tensor keep2 = keepBranch(wanted, x.options(), dropout, depth);
        return halfBlock(*this, x, keep1, keep2, from);
    }
    const at::Tensor seen = norm1(x);
    at::Tensor wanted = x;
    at::Tensor attended;
    if (from == 0) {
        attended = attention(qkv(seen), heads);
    } else {
        const std::int64_t d = x.size(2);
        wanted = x.slice(1, from);
        const Linear query{qkv.weight.slice(0, 0, d), qkv.bias.slice(0, 0, d)};
        const Linear keyAndValue{qkv.weight.slice(0, d), qkv.bias.slice(0, d)};
        const at::Tensor q = query(seen.slice(1, from)), kv = keyAndValue(seen);
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
