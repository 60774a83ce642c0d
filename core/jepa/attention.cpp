// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/attention.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/softmax.h>

#include <cmath>

namespace precordia {

namespace {

at::Tensor byHead(const at::Tensor& x, std::int64_t heads) { // [N, S, d] -> [N, heads, S, d / heads]
    return x.unflatten(2, {heads, -1}).transpose(1, 2);
}

at::Tensor attend(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, std::int64_t heads) {
    const double scale = 1 / std::sqrt(static_cast<double>(q.size(2) / heads));
    const at::Tensor scores = at::matmul(byHead(q, heads) * scale, byHead(k, heads).transpose(-2, -1));
    return at::matmul(at::softmax(scores, -1), byHead(v, heads)).transpose(1, 2).flatten(2);
}

} // namespace

at::Tensor attention(const at::Tensor& qkv, std::int64_t heads) {
    const auto parts = qkv.chunk(3, 2);
    return attend(parts[0], parts[1], parts[2], heads);
}

at::Tensor attention(const at::Tensor& q, const at::Tensor& kv, std::int64_t heads) {
    const auto parts = kv.chunk(2, 2);
    return attend(q, parts[0], parts[1], heads);
}

} // namespace precordia
