// SPDX-License-Identifier: GPL-3.0-or-later
// A table of encodings with the recordings they belong to: what maps, neighbours, clusters and probes work on.
#pragma once

#include "core/base/strong_index.h"

#include <Eigen/Core>

#include <vector>

namespace precordia {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

struct EmbeddingTable {
    std::vector<RecordingId> ids; // one a row
    Matrix values;                // [N, D]
};

// Zero mean and unit deviation a column (constant columns become 0).
Matrix standardiseColumns(const Matrix& values);

} // namespace precordia
