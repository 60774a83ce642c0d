// SPDX-License-Identifier: GPL-3.0-or-later
// What the context sees and what is predicted. Per recording: a random set of leads, and blocks of intervals; the
// counts are the same for the whole batch, so that hidden tokens are dropped, not zeroed.
#pragma once

#include "core/jepa/config.h"
#include "core/jepa/random.h"

#include <ATen/core/Tensor.h>

namespace precordia {

struct Masks {                   // int64, each row sorted
    at::Tensor visibleLeads;     // [B, K]
    at::Tensor hiddenLeads;      // [B, L-K]
    at::Tensor visibleIntervals; // [B, V]
    at::Tensor hiddenIntervals;  // [B, T-V]

    Masks to(at::Device device) const;
};

Masks sampleMasks(const ModelConfig& config, std::int64_t batch, Random& random);

} // namespace precordia
