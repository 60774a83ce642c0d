// SPDX-License-Identifier: GPL-3.0-or-later
// Leiden clusters (Traag, Waltman & van Eck 2019) by igraph.
#include "core/explore/leiden_module.h"

#include <igraph/igraph.h>

#include <algorithm>
#include <limits>
#include <mutex>
#include <span>

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

igraph_error_t runLeiden(std::span<const FuzzyEdge> edges, std::int64_t rows, double resolution, std::uint64_t seed,
                         int* membership) {
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
        for (std::int64_t row = 0; row < rows; ++row)
            membership[row] = static_cast<int>(VECTOR(found.object)[row]);
    }
    return code;
}

} // namespace

} // namespace precordia

extern "C" __attribute__((visibility("default"))) precordia::LeidenEnd
precordia_leiden_1(const precordia::FuzzyEdge* edges, std::size_t count, std::int64_t rows, double resolution,
                   std::uint64_t seed, int* membership) {
    const precordia::QuietIgraph quiet;
    const igraph_error_t code = precordia::runLeiden({edges, count}, rows, resolution, seed, membership);
    return {code == IGRAPH_ENOMEM, code == IGRAPH_SUCCESS ? nullptr : igraph_strerror(code)};
}
