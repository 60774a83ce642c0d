// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/module_loader.h"
#include "core/explore/fuzzy_graph.h"
#include "core/explore/leiden_module.h"
#include "core/explore/map.h"
#include "core/explore/random_source.h"

#include <algorithm>
#include <dlfcn.h>
#include <limits>
#include <map>
#include <numeric>

namespace precordia {

namespace {

// 0 for the largest; equal sizes by first appearance.
void numberBySize(std::vector<int>& membership) {
    std::map<int, std::pair<int, std::size_t>> seen; // cluster -> -size, first row
    for (std::size_t i = 0; i < membership.size(); ++i) {
        auto& entry = seen.try_emplace(membership[i], 0, i).first->second;
        --entry.first;
    }
    std::vector<std::pair<std::pair<int, std::size_t>, int>> order;
    for (const auto& [cluster, entry] : seen)
        order.emplace_back(entry, cluster);
    std::sort(order.begin(), order.end());
    std::map<int, int> number;
    for (std::size_t i = 0; i < order.size(); ++i)
        number[order[i].second] = static_cast<int>(i);
    for (int& m : membership)
        m = number[m];
}

using Vector = Eigen::VectorXf;

// k-means++ (Arthur & Vassilvitskii 2007): the next centre with probability proportional to the squared distance.
Matrix startCentres(const Matrix& values, int k, RandomSource& random) {
    const Eigen::Index n = values.rows();
    Matrix centres(k, values.cols());
    std::vector<float> nearest(static_cast<std::size_t>(n), std::numeric_limits<float>::max());
    auto pick = static_cast<Eigen::Index>(random.below(static_cast<std::size_t>(n)));
    for (int c = 0;; ++c) {
        centres.row(c) = values.row(pick);
        if (c + 1 == k)
            return centres;
        double total = 0;
        for (Eigen::Index i = 0; i < n; ++i) {
            float& d = nearest[static_cast<std::size_t>(i)];
            d = std::min(d, (values.row(i) - centres.row(c)).squaredNorm());
            total += d;
        }
        double left = random.uniform() * total;
        pick = 0;
        while (pick + 1 < n && (left -= nearest[static_cast<std::size_t>(pick)]) >= 0)
            ++pick;
    }
}

double assign(const Matrix& values, const Matrix& centres, std::vector<int>& membership) {
    const Vector squares = centres.rowwise().squaredNorm();
    double inertia = 0;
    Matrix distance = -2.0F * values * centres.transpose();
    distance.rowwise() += squares.transpose();
    for (Eigen::Index i = 0; i < values.rows(); ++i) {
        Eigen::Index best = 0;
        inertia += static_cast<double>(distance.row(i).minCoeff(&best)) + values.row(i).squaredNorm();
        membership[static_cast<std::size_t>(i)] = static_cast<int>(best);
    }
    return inertia;
}

double lloyd(const Matrix& values, Matrix centres, std::vector<int>& membership) {
    constexpr int kRounds = 100;
    double inertia = assign(values, centres, membership);
    for (int round = 0; round < kRounds; ++round) {
        Matrix sums = Matrix::Zero(centres.rows(), centres.cols());
        Vector counts = Vector::Zero(centres.rows());
        for (Eigen::Index i = 0; i < values.rows(); ++i) {
            const int m = membership[static_cast<std::size_t>(i)];
            sums.row(m) += values.row(i);
            counts[m] += 1.0F;
        }
        for (Eigen::Index c = 0; c < centres.rows(); ++c)
            if (counts[c] > 0) // an empty cluster keeps its centre
                centres.row(c) = sums.row(c) / counts[c];
        const std::vector<int> before = membership;
        inertia = assign(values, centres, membership);
        if (before == membership)
            break;
    }
    return inertia;
}

double pairs(double n) {
    return n * (n - 1) / 2;
}

} // namespace

Result<std::vector<int>> leiden(const Neighbours& neighbours, std::int64_t rows, double resolution,
                                std::uint64_t seed) {
    if (resolution <= 0)
        return makeError(ErrorCode::ValueOutOfRange, "the resolution of the clusters must be above 0");
    static const auto module = openModule(kLeidenModule);
    if (!module)
        return module.as<std::vector<int>>();
    const auto find = reinterpret_cast<LeidenFunction*>(::dlsym(module->handle, kLeidenSymbol));
    if (find == nullptr)
        return makeError(ErrorCode::EngineUnavailable, module->path + " belongs to another version of the program");
    const auto edges = fuzzyGraph(neighbours, rows);
    std::vector<int> membership(static_cast<std::size_t>(rows));
    const auto ended = find(edges.data(), edges.size(), rows, resolution, seed, membership.data());
    if (ended.outOfMemory)
        return makeError(ErrorCode::OutOfMemory, "the clusters need more memory than there is");
    if (ended.failure != nullptr)
        return makeError(ErrorCode::Bug, std::string("igraph: ") + ended.failure);
    numberBySize(membership);
    return membership;
}

std::vector<int> kMeans(const Matrix& values, int k, std::uint64_t seed) {
    constexpr int kStarts = 8; // the best of several: one start may end in a poor corner
    const auto n = static_cast<std::size_t>(values.rows());
    if (n == 0)
        return {};
    k = std::clamp(k, 1, static_cast<int>(n));
    RandomSource random(seed);
    const Matrix centred = values.rowwise() - values.colwise().mean();
    std::vector<int> best(n), tried(n);
    double least = std::numeric_limits<double>::infinity();
    for (int start = 0; start < kStarts; ++start) {
        const double inertia = lloyd(centred, startCentres(centred, k, random), tried);
        if (inertia < least) {
            least = inertia;
            best = tried;
        }
    }
    numberBySize(best);
    return best;
}

double adjustedRandIndex(const std::vector<int>& a, const std::vector<int>& b) {
    std::map<std::pair<int, int>, double> both;
    std::map<int, double> inA, inB;
    const std::size_t n = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < n; ++i)
        ++both[{a[i], b[i]}], ++inA[a[i]], ++inB[b[i]];
    double together = 0, pairsA = 0, pairsB = 0;
    for (const auto& [key, count] : both)
        together += pairs(count);
    for (const auto& [key, count] : inA)
        pairsA += pairs(count);
    for (const auto& [key, count] : inB)
        pairsB += pairs(count);
    const double chance = n > 1 ? pairsA * pairsB / pairs(static_cast<double>(n)) : 0;
    const double most = (pairsA + pairsB) / 2;
    return most == chance ? 1.0 : (together - chance) / (most - chance);
}

} // namespace precordia
