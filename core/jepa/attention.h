// SPDX-License-Identifier: GPL-3.0-or-later
// Multi-head self-attention of many short sequences, without the projections around it.
#pragma once

#include <ATen/core/Tensor.h>

namespace precordia {

// qkv [N, S, 3 d]: queries, keys, values side by side, heads side by side within each -> [N, S, d]
at::Tensor attention(const at::Tensor& qkv, std::int64_t heads);
// q [N, R, d] asks kv [N, S, 2 d] -> [N, R, d]
at::Tensor attention(const at::Tensor& q, const at::Tensor& kv, std::int64_t heads);

} // namespace precordia
