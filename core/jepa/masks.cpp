// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/masks.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace precordia {

namespace {

// Splits [0, n) by `hidden` into two sorted rows.
void split(const std::vector<char>& hidden, std::int64_t* visibleRow, std::int64_t* hiddenRow) {
    for (std::size_t i = 0; i < hidden.size(); ++i)
        *(hidden[i] ? hiddenRow++ : visibleRow++) = static_cast<std::int64_t>(i);
}

std::vector<char> hiddenLeads(std::int64_t leads, std::int64_t keep, Random& random) {
    std::vector<std::int64_t> order(static_cast<std::size_t>(leads));
    std::iota(order.begin(), order.end(), 0);
    for (std::size_t i = order.size(); i > 1; --i) // Fisher-Yates
        std::swap(order[i - 1], order[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(i)))]);
    std::vector<char> hidden(order.size(), 1);
    for (std::int64_t i = 0; i < keep; ++i)
        hidden[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])] = 0;
    return hidden;
}

// Blocks of minBlock until n are hidden; the last is cut to what is missing, blocks may overlap.
std::vector<char> hiddenIntervals(std::int64_t intervals, std::int64_t n, std::int64_t minBlock, Random& random) {
    std::vector<char> hidden(static_cast<std::size_t>(intervals), 0);
    for (std::int64_t count = 0; count < n;) {
        const std::int64_t length = std::min(std::max<std::int64_t>(minBlock, 1), n - count);
        const auto first = hidden.begin() + random.below(intervals - length + 1);
        std::fill(first, first + length, 1);
        count = std::count(hidden.begin(), hidden.end(), 1);
    }
    return hidden;
}

} // namespace

Masks Masks::to(at::Device device) const {
    return {visibleLeads.to(device), hiddenLeads.to(device), visibleIntervals.to(device), hiddenIntervals.to(device)};
}

Masks sampleMasks(const ModelConfig& config, std::int64_t batch, Random& random) {
    const std::int64_t leads = config.leadCount();
    const std::int64_t keep = config.visibleLeads();
    const std::int64_t intervals = config.intervals;
    const auto [low, high] = config.intervalMaskRatio;
    const std::int64_t hide = std::clamp<std::int64_t>(
        std::llrint(static_cast<double>(intervals) * (low + (high - low) * random.uniform())), 1, intervals - 1);

    Masks masks{at::empty({batch, keep}, at::kLong), at::empty({batch, leads - keep}, at::kLong),
                at::empty({batch, intervals - hide}, at::kLong), at::empty({batch, hide}, at::kLong)};
    for (std::int64_t b = 0; b < batch; ++b) {
        split(hiddenLeads(leads, keep, random), masks.visibleLeads.data_ptr<std::int64_t>() + b * keep,
              masks.hiddenLeads.data_ptr<std::int64_t>() + b * (leads - keep));
        split(hiddenIntervals(intervals, hide, config.minBlock, random),
              masks.visibleIntervals.data_ptr<std::int64_t>() + b * (intervals - hide),
              masks.hiddenIntervals.data_ptr<std::int64_t>() + b * hide);
    }
    return masks;
}

} // namespace precordia
