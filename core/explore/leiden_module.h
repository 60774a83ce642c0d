// SPDX-License-Identifier: GPL-3.0-or-later
// What the program and the module precordia_leiden agree on. The module alone links igraph, which brings OpenBLAS and
// a dozen other libraries that every start of the program would wait for.
#pragma once

#include "core/explore/fuzzy_graph.h"

#include <cstddef>
#include <cstdint>

namespace precordia {

struct LeidenEnd {
    bool outOfMemory = false;
    const char* failure = nullptr; // null: done
};

constexpr const char* kLeidenModule = "libprecordia_leiden.so";
constexpr const char* kLeidenSymbol = "precordia_leiden_1"; // another number where the function below changes
// membership [rows]: any numbers, the same for rows of one cluster.
using LeidenFunction = LeidenEnd(const FuzzyEdge* edges, std::size_t count, std::int64_t rows, double resolution,
                                 std::uint64_t seed, int* membership);

} // namespace precordia
