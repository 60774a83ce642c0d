// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of test_explore_golden.py, made again.
#pragma once

#include "core/explore/embedding_table.h"
#include "core/explore/random_source.h"

#include <vector>

namespace precordia::test {

inline double bell(RandomSource& random) { // about normal, deviation 0.5
    const double a = random.uniform(), b = random.uniform(), c = random.uniform();
    return a + b + c - 1.5;
}

struct GoldenTable {
    Matrix values;
    std::vector<int> labels;
    std::vector<double> measured;
};

inline GoldenTable goldenTable(std::uint64_t seed, int rows, int columns) {
    RandomSource random(seed);
    Eigen::MatrixXd x(rows, columns);
    for (int i = 0; i < rows; ++i)
        for (int j = 0; j < columns; ++j)
            x(i, j) = bell(random);
    GoldenTable table;
    for (int i = 0; i < rows; ++i)
        table.labels.push_back(x(i, 0) + x(i, 1) - 0.5 * x(i, 2) + 0.7 * bell(random) > 0.4 ? 1 : 0);
    for (int i = 0; i < rows; ++i)
        table.measured.push_back(70 + 10 * x(i, 0) - 6 * x(i, 3) + 4 * bell(random));
    table.values.resize(rows, columns);
    for (int i = 0; i < rows; ++i)
        for (int j = 0; j < columns; ++j)
            table.values(i, j) = static_cast<float>(x(i, j) * (1 + j % 5) + j % 7);
    return table;
}

// Rows of `clusters` clouds, `apart` deviations from one another; row i belongs to cloud i % clusters.
struct Mixture {
    Matrix values;
    std::vector<int> cloud;
};
inline Mixture mixture(std::uint64_t seed, int rows, int columns, int clusters, double apart) {
    RandomSource random(seed);
    Matrix centres(clusters, columns);
    for (Eigen::Index i = 0; i < centres.size(); ++i)
        centres.data()[i] = static_cast<float>(2 * bell(random) * apart);
    Mixture m;
    m.values.resize(rows, columns);
    for (int i = 0; i < rows; ++i) {
        m.cloud.push_back(i % clusters);
        for (int j = 0; j < columns; ++j)
            m.values(i, j) = centres(i % clusters, j) + static_cast<float>(2 * bell(random));
    }
    return m;
}

} // namespace precordia::test
