// SPDX-License-Identifier: GPL-3.0-or-later
// Attention in which not every token sees every other, for the rivals of ER-JEPA. It walks the blocks of a Transformer
// (layers.h) with its own attention in place of theirs.
#pragma once

#include "core/jepa/layers.h"

namespace precordia {

// x [N, S, d] -> [N, S, d]: a token sees itself and those before it.
at::Tensor causal(const Transformer& transformer, at::Tensor x, Dropout* dropout);
// x [B, L, T, d] -> [B, L, T, d]: a token sees those of its own lead and those of its own time. (ECG-JEPA's
// cross-pattern attention. Scores are computed for L + T tokens each, not for L * T and then masked: the same sums.)
at::Tensor crossPattern(const Transformer& transformer, at::Tensor x, Dropout* dropout);

} // namespace precordia
