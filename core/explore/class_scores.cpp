// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/class_scores.h"

#include "core/explore/auroc.h"
#include "core/explore/softmax.h"

#include <cmath>
#include <memory>

namespace precordia {

namespace {

// One-versus-one AUROC of resampled rows: each pair of classes is sorted once.
class PairRanks {
public:
    PairRanks(const RowsD& scores, const std::vector<int>& classOf) {
        for (Eigen::Index a = 0; a < scores.cols(); ++a)
            for (Eigen::Index b = a + 1; b < scores.cols(); ++b) {
                std::vector<std::size_t> rows;
                std::vector<double> first, second;
                std::vector<int> isA, isB;
                for (std::size_t i = 0; i < classOf.size(); ++i) {
                    if (classOf[i] != a && classOf[i] != b)
                        continue;
                    rows.push_back(i);
                    first.push_back(scores(static_cast<Eigen::Index>(i), a));
                    second.push_back(scores(static_cast<Eigen::Index>(i), b));
                    isA.push_back(classOf[i] == a ? 1 : 0);
                    isB.push_back(classOf[i] == b ? 1 : 0);
                }
                pairs_.push_back({std::move(rows), RankedScores(first, isA), RankedScores(second, isB)});
            }
    }
    double auroc(const std::vector<int>& counts) const { // NaN when no pair has both classes
        double sum = 0;
        int known = 0;
        std::vector<int> mine;
        for (const Pair& pair : pairs_) {
            mine.clear();
            for (const std::size_t row : pair.rows)
                mine.push_back(counts[row]);
            const auto a = pair.first.auroc(mine), b = pair.second.auroc(mine);
            if (a && b) {
                sum += (*a + *b) / 2;
                ++known;
            }
        }
        return sum / known;
    }

private:
    struct Pair {
        std::vector<std::size_t> rows;
        RankedScores first, second;
    };
    std::vector<Pair> pairs_;
};

std::vector<PairRanks> ranksOf(const std::vector<RowsD>& scores, const std::vector<int>& classOf) {
    std::vector<PairRanks> out;
    for (const RowsD& s : scores)
        out.emplace_back(softmaxOf(s), classOf);
    return out;
}

double mean(const std::vector<PairRanks>& ranks, const std::vector<int>& counts) {
    double sum = 0;
    for (const auto& r : ranks)
        sum += r.auroc(counts);
    return sum / static_cast<double>(ranks.size());
}

} // namespace

PairedDifference compareClasses(const std::vector<RowsD>& a, const std::vector<RowsD>& b,
                                const std::vector<int>& classOf, const std::vector<std::int64_t>& groups,
                                int bootstraps, std::uint64_t seed) {
    const auto first = ranksOf(a, classOf), second = ranksOf(b, classOf);
    const auto value = [&](const std::vector<int>& counts) {
        return mean(first, counts) - (second.empty() ? 0 : mean(second, counts));
    };
    PairedDifference out;
    out.difference = value(std::vector<int>(classOf.size(), 1));
    GroupBootstrap bootstrap(groups);
    RandomSource random(seed);
    std::vector<double> drawn;
    for (int i = 0; i < bootstraps; ++i)
        if (const double d = value(bootstrap.draw(random)); std::isfinite(d))
            drawn.push_back(d);
    const auto interval = percentiles(std::move(drawn));
    out.low = interval.low;
    out.high = interval.high;
    return out;
}

PairedDifference classInterval(const std::vector<RowsD>& scores, const std::vector<int>& classOf,
                               const std::vector<std::int64_t>& groups, int bootstraps, std::uint64_t seed) {
    return compareClasses(scores, {}, classOf, groups, bootstraps, seed);
}

} // namespace precordia
