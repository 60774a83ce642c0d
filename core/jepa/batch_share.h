// SPDX-License-Identifier: GPL-3.0-or-later
// Several processes learn from one batch: each computes its own recordings of it. A loss that is a mean over recordings
// needs nothing but its weight; what looks past single recordings (a regulariser's statistics, chance drawn for all)
// asks here for the rest.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>

namespace precordia {

// Recordings [first, first + own) of `whole`.
struct RowShare {
    std::int64_t first = 0, own = 0, whole = 0;

    bool isWhole() const { return own == whole; }
    double weight() const { return static_cast<double>(own) / static_cast<double>(whole); }
    at::Tensor of(const at::Tensor& all) const { return all.narrow(0, first, own); }
};

struct BatchShare {
    RowShare rows; // in the order of the batch's groups
    struct Gathered {
        at::Tensor rows;        // of all processes, in order, without graph
        std::int64_t first = 0; // the own ones begin here
    };
    // [own rows, ...], each process with a number of its own. Every process must come here, in the same order.
    std::function<Gathered(const at::Tensor&)> gather;

    // z [own rows, ...] -> the whole batch's, of which the own ones have the graph. The gradient is scaled by
    // 1 / weight, so that a statistic of the whole batch may stand in one sum with the means over the own recordings:
    // the trainer weights both alike.
    at::Tensor whole(const at::Tensor& z) const;
};

// Fills `own` (CPU; equally many rows of each recording of the share) with Bernoulli(p) as it would be drawn for all
// recordings. An empty share: these are all.
void drawBernoulli(at::Tensor& own, double p, at::Generator generator, const RowShare& share);

} // namespace precordia
