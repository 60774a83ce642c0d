// SPDX-License-Identifier: GPL-3.0-or-later
// What the context sees and what is predicted, per recording: a random set of the leads that are there, and intervals.
// The counts are the same for all windows of a group, so that hidden tokens are dropped, not zeroed.
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

// How many intervals a step hides: one number for the whole batch.
std::int64_t drawHiddenCount(const ModelConfig& config, Random& random);
// x [B, K, N] on the CPU, any unit: beats are looked for in it. leads: the model's numbers of its rows, empty for all;
// the masks count rows. allLeads: hide none (what has no channel JEPA sees them all).
// Shapes of the hidden intervals: block: blocks of min_block, which may overlap, the last cut to what is missing;
// random: single intervals; multi-block: four blocks that share the number equally (ECG-JEPA's, Kim 2024); beat: one
// beat each, from halfway since the beat before to halfway to the next (blocks where fewer than two beats are found).
Masks sampleMasks(const ModelConfig& config, const at::Tensor& x, const std::vector<std::int64_t>& leads,
                  std::int64_t hiddenIntervals, bool allLeads, Random& random);
// All leads are there, no signal at hand (beats fall back to blocks).
Masks sampleMasks(const ModelConfig& config, std::int64_t batch, Random& random);

// [first, end) of each beat in intervals, one after another over the whole recording, from the slope energy of x
// [K, N]: peaks above a third of the largest that are 0.25 s apart. Empty where there are fewer than two.
std::vector<std::array<std::int64_t, 2>> beatSpans(const at::Tensor& x, std::int64_t intervalSamples,
                                                   double samplingRate);

} // namespace precordia
