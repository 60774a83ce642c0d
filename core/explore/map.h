// SPDX-License-Identifier: GPL-3.0-or-later
// Neighbours, projections and clusters of an embedding table. Deterministic for a seed.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/explore/embedding_table.h"

#include <cstdint>
#include <vector>

namespace precordia {

struct Neighbours {
    int k = 0;
    std::vector<int> index;      // [N, k], nearest first, never the row itself
    std::vector<float> distance; // [N, k], Euclidean
};
// Exact (blockwise) up to exactLimit rows, else HNSW (M 16, ef 200/64).
Result<Neighbours> nearestNeighbours(const Matrix& values, int k, StopToken stop, Progress& progress,
                                     int exactLimit = 20000);

// First `dimensions` principal components [N, dimensions], sign fixed (largest loading positive); explained share of
// variance beside.
struct PcaResult {
    Matrix projected;
    std::vector<float> explained;
};
PcaResult pca(const Matrix& values, int dimensions);

struct UmapOptions {
    int neighbours = 15;
    float minDistance = 0.1F;
    int epochs = 0; // 0: 500 below 10,000 rows, else 200
    std::uint64_t seed = 42;
};
// McInnes et al. 2018: fuzzy simplicial set, PCA start, SGD with negative sampling. [N, 2]
Result<Matrix> umap(const Matrix& values, const UmapOptions& options, StopToken stop, Progress& progress);
// The same with neighbours already found (options.neighbours is not read then).
Result<Matrix> umap(const Matrix& values, const Neighbours& neighbours, const UmapOptions& options, StopToken stop,
                    Progress& progress);

// Leiden (modularity with resolution) on the fuzzy k-NN graph; clusters numbered by size, 0 the largest.
Result<std::vector<int>> leiden(const Neighbours& neighbours, std::int64_t rows, double resolution, std::uint64_t seed);
std::vector<int> kMeans(const Matrix& values, int k, std::uint64_t seed);
double adjustedRandIndex(const std::vector<int>& a, const std::vector<int>& b);
// How well near points of the table stay near in the picture (Venna & Kaski), 0..1. Over at most `most` rows (0: all),
// taken evenly: each costs a pass over the whole table.
double trustworthiness(const Matrix& values, const Matrix& projected, int k, int most = 0);

} // namespace precordia
