// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/fuzzy_graph.h"
#include "core/explore/map.h"
#include "core/explore/random_source.h"

#include <igraph/igraph.h>

#include <algorithm>
#include <limits>
#include <map>
#include <mutex>
#include <numeric>

namespace precordia {

namespace {

// igraph's random numbers and error handler are global: one call at a time.
std::mutex igraphMutex;

// igraph's default handler ends the program; ours lets the code come back.
class QuietIgraph {
public:
    QuietIgraph() : lock_(igraphMutex), before_(igraph_set_error_handler(&igraph_error_handler_ignore)) {}
    ~QuietIgraph() { igraph_set_error_handler(before_); }
    QuietIgraph(const QuietIgraph&) = delete;
    QuietIgraph& operator=(const QuietIgraph&) = delete;

private:
    std::lock_guard<std::mutex> lock_;
    igraph_error_handler_t* before_;
};

// An igraph object with the function that frees it.
template <typename T, void (*Destroy)(T*)>
struct Owned {
    T object;
    bool made = false;
    ~Owned() {
        if (made)
            Destroy(&object);
    }
};
using Reals = Owned<igraph_vector_t, igraph_vector_destroy>;
using Integers = Owned<igraph_vector_int_t, igraph_vector_int_destroy>;
using Graph = Owned<igraph_t, igraph_destroy>;

igraph_error_t runLeiden(const std::vector<FuzzyEdge>& edges, std::int64_t rows, double resolution, std::uint64_t seed,
                         std::vector<int>& membership) {
    // The heuristic ends in a different corner from each seed: the best of several says more about the data.
    constexpr int kTries = 10;
    Integers ends, found;
    Reals weights, strengths;
    Graph graph;
    igraph_error_t code = igraph_vector_int_init(&ends.object, static_cast<igraph_integer_t>(edges.size()) * 2);
    if (code != IGRAPH_SUCCESS)
        return code;
    ends.made = true;
    if ((code = igraph_vector_init(&weights.object, static_cast<igraph_integer_t>(edges.size()))) != IGRAPH_SUCCESS)
        return code;
    weights.made = true;
    if ((code = igraph_vector_init(&strengths.object, rows)) != IGRAPH_SUCCESS)
        return code;
    strengths.made = true;
    if ((code = igraph_vector_int_init(&found.object, rows)) != IGRAPH_SUCCESS)
        return code;
    found.made = true;
    double total = 0;
    for (std::size_t i = 0; i < edges.size(); ++i) {
        const auto at = static_cast<igraph_integer_t>(i);
        VECTOR(ends.object)[2 * at] = edges[i].from;
        VECTOR(ends.object)[2 * at + 1] = edges[i].to;
        VECTOR(weights.object)[at] = edges[i].weight;
        VECTOR(strengths.object)[edges[i].from] += edges[i].weight;
        VECTOR(strengths.object)[edges[i].to] += edges[i].weight;
        total += edges[i].weight;
    }
    if ((code = igraph_create(&graph.object, &ends.object, rows, IGRAPH_UNDIRECTED)) != IGRAPH_SUCCESS)
        return code;
    graph.made = true;
    // The seed is a machine word in igraph; every bit of ours counts.
    igraph_rng_seed(igraph_rng_default(), static_cast<igraph_uint_t>(seed ^ (seed >> 32U)));
    // Modularity: node weights are strengths, the resolution is divided by twice the edge weight. Until nothing moves.
    constexpr double kRandomness = 0.01;
    constexpr igraph_integer_t kUntilStable = -1;
    double best = -std::numeric_limits<double>::infinity();
    for (int i = 0; i < kTries; ++i) {
        igraph_real_t quality = 0;
        code = igraph_community_leiden(&graph.object, &weights.object, &strengths.object,
                                       resolution / std::max(2 * total, 1e-12), kRandomness, /*start=*/false,
                                       kUntilStable, &found.object, nullptr, &quality);
        if (code != IGRAPH_SUCCESS)
            return code;
        if (quality <= best)
            continue;
        best = quality;
        membership.resize(static_cast<std::size_t>(rows));
        for (std::int64_t row = 0; row < rows; ++row)
            membership[static_cast<std::size_t>(row)] = static_cast<int>(VECTOR(found.object)[row]);
    }
    return code;
}

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
    const auto edges = fuzzyGraph(neighbours, rows);
    std::vector<int> membership;
    {
        const QuietIgraph quiet;
        const igraph_error_t code = runLeiden(edges, rows, resolution, seed, membership);
        if (code == IGRAPH_ENOMEM)
            return makeError(ErrorCode::OutOfMemory, "the clusters need more memory than there is");
        if (code != IGRAPH_SUCCESS)
            return makeError(ErrorCode::Bug, std::string("igraph: ") + igraph_strerror(code));
    }
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
