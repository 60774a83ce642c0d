// SPDX-License-Identifier: GPL-3.0-or-later
// From a WindowSource to tensors.
#pragma once

#include "core/base/result.h"
#include "core/ecg/window_source.h"
#include "core/jepa/config.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace precordia {

// Error ConfigInvalid when windows and model differ in leads, samples or rate.
Result<Done> checkShape(const ModelConfig& model, const WindowSource& windows);

// Some of a batch's windows, all with the same leads: what the encoder takes at once.
struct LeadGroup {
    std::vector<std::int64_t> rows;  // of the batch
    std::vector<std::int64_t> leads; // that are there
    at::Tensor microvolts;           // [rows, leads there, N]

    // [leads there] int64, or undefined when all `count` are there
    at::Tensor leadTensor(std::int64_t count) const;
};
// microvolts [B, L, N], present [B * L] flags (empty: all there). The groups in an order that the flags alone decide.
std::vector<LeadGroup> groupByLeads(const at::Tensor& microvolts, const std::vector<std::uint8_t>& present);
std::vector<LeadGroup> readGroups(const WindowSource& windows, const std::vector<std::int64_t>& which);

// Up to `count` different windows that have all leads and only finite values, drawn by the seed: [count, L, N].
at::Tensor drawWindows(const WindowSource& windows, std::int64_t count, std::uint64_t seed);
// The same for diagnoses, also of data in which no window has all leads: then those of a sample that have the lead set
// which is found most often. Without a window when none has a lead.
LeadGroup drawProbe(const WindowSource& windows, std::int64_t count, std::uint64_t seed);

} // namespace precordia
