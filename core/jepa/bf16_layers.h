// SPDX-License-Identifier: GPL-3.0-or-later
// Transformer block and linear layer in bf16 on the CPU (core/jepa/bf16_kernel.h), each one node of the gradient's
// graph with a backward pass of its own.
#pragma once

#include "core/jepa/layers.h"

namespace precordia {

bool bf16Takes(const Block& block, const at::Tensor& x, std::int64_t from);
// As Block's operator(). keep1, keep2: dropout's factors [N, S - from, d] of the two branches, or undefined.
at::Tensor bf16Block(const Block& block, const at::Tensor& x, const at::Tensor& keep1, const at::Tensor& keep2,
                     std::int64_t from);

bool bf16Takes(const Linear& linear, const at::Tensor& x);
at::Tensor bf16Linear(const Linear& linear, const at::Tensor& x);

} // namespace precordia
