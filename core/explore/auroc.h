// SPDX-License-Identifier: GPL-3.0-or-later
// AUROC over resampled patients without sorting again: the order of the scores does not change, only how often each
// counts.
#pragma once

#include "core/explore/random_source.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace precordia {

class RankedScores {
public:
    RankedScores(const std::vector<double>& scores, const std::vector<int>& labels);
    // counts: how often each row is taken. Empty when one class is absent.
    std::optional<double> auroc(const std::vector<int>& counts) const;

private:
    std::vector<std::size_t> order_;   // rows by ascending score
    std::vector<std::uint8_t> newTie_; // 1 where a score differs from the one before
    std::vector<std::uint8_t> positive_;
};

// Draws patients with replacement; what comes out is how often each row is in.
class GroupBootstrap {
public:
    explicit GroupBootstrap(const std::vector<std::int64_t>& groups);
    const std::vector<int>& draw(RandomSource& random);

private:
    std::vector<std::vector<std::size_t>> rowsOf_;
    std::vector<int> counts_;
};

struct Interval95 {
    double low = 0, high = 0;
};
Interval95 percentiles(std::vector<double> values); // 2.5 and 97.5 %, linear between

} // namespace precordia
