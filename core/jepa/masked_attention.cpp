// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/masked_attention.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/softmax.h>

#include <cmath>
#include <limits>

namespace precordia {

namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

// Of one block, on rows [N, S, d]; attend: qkv [N, S, 3 d] -> [N, S, d]
template <typename Attend>
at::Tensor through(const Block& block, const at::Tensor& x, Dropout* dropout, const Attend& attend) {
    const at::Tensor attended = block.proj(attend(block.qkv(block.norm1(x))));
    const at::Tensor y = x + dropPath(drop(attended, dropout), dropout, block.depth);
    const at::Tensor fed = block.fc2(at::gelu(block.fc1(block.norm2(y))));
    return y + dropPath(drop(fed, dropout), dropout, block.depth);
}

// [..., S, 3 d] -> queries (scaled), keys, values, each [..., heads, S, d / heads]
struct Asked {
    at::Tensor q, k, v;
};
Asked split(const at::Tensor& qkv, std::int64_t heads) {
    const at::Tensor parts = qkv.unflatten(-1, {3, heads, -1}).transpose(-4, -2); // [..., heads, 3, S, d / heads]
    const double scale = 1 / std::sqrt(static_cast<double>(parts.size(-1)));
    return {parts.select(-3, 0) * scale, parts.select(-3, 1), parts.select(-3, 2)};
}

at::Tensor causalAttention(const at::Tensor& qkv, std::int64_t heads) {
    const auto [q, k, v] = split(qkv, heads); // [N, heads, S, d']
    const std::int64_t s = q.size(-2);
    const at::Tensor later = at::ones({s, s}, q.options().dtype(at::kBool).requires_grad(false)).triu(1);
    const at::Tensor weights = at::softmax(at::matmul(q, k.transpose(-2, -1)).masked_fill(later, kNever), -1);
    return at::matmul(weights, v).transpose(-3, -2).flatten(-2);
}

at::Tensor crossPatternAttention(const at::Tensor& qkv, std::int64_t heads) {           // [B, L, T, 3 d]
    const auto [q, k, v] = split(qkv, heads);                                           // [B, L, heads, T, d']
    const auto byTime = [](const at::Tensor& x) { return x.permute({0, 3, 2, 1, 4}); }; // [B, T, heads, L, d']
    const std::int64_t l = q.size(1), t = q.size(3);
    const at::Tensor sameLead = at::matmul(q, k.transpose(-2, -1)); // [B, L, heads, T, T]
    // The token itself stands among those of its lead already.
    const at::Tensor self = at::eye(l, q.options().requires_grad(false)).to(at::kBool);
    const at::Tensor sameTime =
        at::matmul(byTime(q), byTime(k).transpose(-2, -1)).masked_fill(self, kNever);      // [B, T, heads, L, L]
    const at::Tensor weights = at::softmax(at::cat({sameLead, byTime(sameTime)}, -1), -1); // [B, L, heads, T, T + L]
    const at::Tensor fromLead = at::matmul(weights.slice(-1, 0, t), v);
    const at::Tensor fromTime = byTime(at::matmul(byTime(weights.slice(-1, t)), byTime(v)));
    return (fromLead + fromTime).transpose(-3, -2).flatten(-2); // [B, L, T, d]
}

} // namespace

at::Tensor causal(const Transformer& transformer, at::Tensor x, Dropout* dropout) {
    for (const auto& block : transformer.blocks())
        x = through(block, x, dropout, [&block](const at::Tensor& qkv) { return causalAttention(qkv, block.heads); });
    return transformer.norm()(x);
}

at::Tensor crossPattern(const Transformer& transformer, at::Tensor x, Dropout* dropout) {
    const std::int64_t l = x.size(1), t = x.size(2);
    x = x.flatten(1, 2);
    for (const auto& block : transformer.blocks())
        x = through(block, x, dropout, [&](const at::Tensor& qkv) {
            return crossPatternAttention(qkv.unflatten(1, {l, t}), block.heads).flatten(1, 2);
        });
    return transformer.norm()(x).unflatten(1, {l, t});
}

} // namespace precordia
