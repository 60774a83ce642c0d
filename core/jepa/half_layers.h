// SPDX-License-Identifier: GPL-3.0-or-later
// Transformer block (bf16 or fp16) and linear layer (bf16) on the CPU (core/jepa/half_kernel.h), each one node of the
// gradient's graph with a backward pass of its own.
#pragma once

#include "core/jepa/layers.h"

namespace precordia {

bool halfTakes(const Block& block, const at::Tensor& x, std::int64_t from);
// As Block's operator(), in precisionHere(), with which it is asked whether it takes them. keep1, keep2: dropout's
// factors [N, S - from, d] of the two branches, or undefined.
at::Tensor halfBlock(const Block& block, const at::Tensor& x, const at::Tensor& keep1, const at::Tensor& keep2,
                     std::int64_t from);

bool halfTakes(const Linear& linear, const at::Tensor& x);
at::Tensor halfLinear(const Linear& linear, const at::Tensor& x);

} // namespace precordia
