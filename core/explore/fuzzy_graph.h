// SPDX-License-Identifier: GPL-3.0-or-later
// The fuzzy simplicial set of UMAP (McInnes, Healy & Melville 2018, algorithms 2 and 3): one undirected weighted graph
// from the nearest neighbours, the ground of both the layout and the clusters.
#pragma once

#include "core/explore/map.h"

#include <cstdint>
#include <vector>

namespace precordia {

struct FuzzyEdge {
    int from = 0, to = 0; // from < to, each pair once, sorted
    float weight = 0;     // (0, 1]
};

// Each row's distances are measured from its nearest neighbour and scaled so that the memberships add up to
// log2(k + 1); the two directions of a pair are joined by a + b - ab.
std::vector<FuzzyEdge> fuzzyGraph(const Neighbours& neighbours, std::int64_t rows);

} // namespace precordia
