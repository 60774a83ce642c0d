// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/fuzzy_graph.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace precordia {

namespace {

// As umap-learn: no scale below this share of the mean distance, or rows of equal points would have none.
constexpr double kSmallestScale = 1e-3;
constexpr int kBisections = 64;

struct Scale {
    double nearest = 0; // rho
    double width = 1;   // sigma
};

Scale scaleOf(std::span<const float> distances, double target, double meanOfAll) {
    Scale scale;
    double sum = 0;
    for (const float d : distances) {
        sum += d;
        if (d > 0 && (scale.nearest == 0 || d < scale.nearest))
            scale.nearest = d;
    }
    double low = 0;
    double high = std::numeric_limits<double>::infinity();
    for (int i = 0; i < kBisections; ++i) {
        double membership = 0;
        for (const float d : distances) {
            const double beyond = d - scale.nearest;
            membership += beyond > 0 ? std::exp(-beyond / scale.width) : 1.0;
        }
        if (std::abs(membership - target) < 1e-5)
            break;
        if (membership > target) {
            high = scale.width;
            scale.width = (low + high) / 2;
        } else {
            low = scale.width;
            scale.width = std::isinf(high) ? scale.width * 2 : (low + high) / 2;
        }
    }
    const double mean = scale.nearest > 0 ? sum / static_cast<double>(distances.size()) : meanOfAll;
    scale.width = std::max(scale.width, kSmallestScale * mean);
    return scale;
}

} // namespace

std::vector<FuzzyEdge> fuzzyGraph(const Neighbours& neighbours, std::int64_t rows) {
    const auto k = static_cast<std::size_t>(neighbours.k);
    double meanOfAll = 0;
    for (const float d : neighbours.distance)
        meanOfAll += d;
    meanOfAll /= static_cast<double>(std::max<std::size_t>(neighbours.distance.size(), 1));

    struct Half {
        int low, high;
        float weight;
    };
    std::vector<Half> halves;
    halves.reserve(static_cast<std::size_t>(rows) * k);
    const double target = std::log2(static_cast<double>(k + 1));
    for (std::int64_t i = 0; i < rows; ++i) {
        const std::size_t first = static_cast<std::size_t>(i) * k;
        const Scale scale = scaleOf({neighbours.distance.data() + first, k}, target, meanOfAll);
        for (std::size_t j = first; j < first + k; ++j) {
            const double beyond = neighbours.distance[j] - scale.nearest;
            const double weight = beyond <= 0 || scale.width <= 0 ? 1.0 : std::exp(-beyond / scale.width);
            const int from = static_cast<int>(i);
            const int to = neighbours.index[j];
            if (from != to && weight > 0)
                halves.push_back({std::min(from, to), std::max(from, to), static_cast<float>(weight)});
        }
    }
    std::sort(halves.begin(), halves.end(), [](const Half& a, const Half& b) {
        return a.low != b.low ? a.low < b.low : a.high != b.high ? a.high < b.high : a.weight < b.weight;
    });

    std::vector<FuzzyEdge> edges;
    edges.reserve(halves.size());
    for (const Half& half : halves) {
        if (!edges.empty() && edges.back().from == half.low && edges.back().to == half.high) {
            float& w = edges.back().weight;
            w = w + half.weight - w * half.weight;
        } else {
            edges.push_back({half.low, half.high, half.weight});
        }
    }
    return edges;
}

} // namespace precordia
