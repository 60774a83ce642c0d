// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/auroc.h"

#include "core/explore/probe.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace precordia {

RankedScores::RankedScores(const std::vector<double>& scores, const std::vector<int>& labels)
    : order_(scores.size())
    , newTie_(scores.size(), 1)
    , positive_(scores.size()) {
    std::iota(order_.begin(), order_.end(), 0);
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
    for (std::size_t i = 0; i < order_.size(); ++i) {
        newTie_[i] = i == 0 || scores[order_[i]] != scores[order_[i - 1]];
        positive_[i] = labels[order_[i]] == 1;
    }
}

std::optional<double> RankedScores::auroc(const std::vector<int>& counts) const {
    double below = 0; // negatives under the current tie
    double tiePositive = 0, tieNegative = 0;
    double positives = 0, won = 0; // pairs won, half for ties
    const auto close = [&] {
        won += tiePositive * (below + tieNegative / 2);
        below += tieNegative;
        positives += tiePositive;
        tiePositive = tieNegative = 0;
    };
    for (std::size_t i = 0; i < order_.size(); ++i) {
        if (newTie_[i] != 0)
            close();
        (positive_[i] != 0 ? tiePositive : tieNegative) += counts[order_[i]];
    }
    close();
    if (positives == 0 || below == 0)
        return std::nullopt;
    return won / (positives * below);
}

GroupBootstrap::GroupBootstrap(const std::vector<std::int64_t>& groups) : counts_(groups.size(), 0) {
    std::map<std::int64_t, std::size_t> place;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const auto [at, isNew] = place.try_emplace(groups[i], rowsOf_.size());
        if (isNew)
            rowsOf_.emplace_back();
        rowsOf_[at->second].push_back(i);
    }
}

const std::vector<int>& GroupBootstrap::draw(RandomSource& random) {
    std::fill(counts_.begin(), counts_.end(), 0);
    for (std::size_t i = 0; i < rowsOf_.size(); ++i)
        for (const std::size_t row : rowsOf_[random.below(rowsOf_.size())])
            ++counts_[row];
    return counts_;
}

Interval95 percentiles(std::vector<double> values) {
    if (values.empty())
        return {};
    std::sort(values.begin(), values.end());
    const auto at = [&values](double share) {
        const double place = share * static_cast<double>(values.size() - 1);
        const auto low = static_cast<std::size_t>(place);
        const std::size_t high = std::min(low + 1, values.size() - 1);
        return values[low] + (place - std::floor(place)) * (values[high] - values[low]);
    };
    return {at(0.025), at(0.975)};
}

double auroc(const std::vector<double>& scores, const std::vector<int>& labels) {
    return RankedScores(scores, labels).auroc(std::vector<int>(scores.size(), 1)).value_or(0.5);
}

} // namespace precordia
