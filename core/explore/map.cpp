// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/map.h"

#include <algorithm>

namespace precordia {

double trustworthiness(const Matrix& values, const Matrix& projected, int k, int most) {
    const Eigen::Index n = values.rows();
    if (n < 3 || k < 1 || 2 * n - 3 * k - 1 <= 0)
        return 0;
    const Matrix centred = values.rowwise() - values.colwise().mean();
    const Eigen::Index asked = most > 0 ? std::min<Eigen::Index>(n, most) : n;
    double penalty = 0;
    std::vector<std::pair<float, Eigen::Index>> near(static_cast<std::size_t>(n));
    for (Eigen::Index q = 0; q < asked; ++q) {
        const Eigen::Index i = q * n / asked; // evenly over the table
        const Eigen::VectorXf truth = (centred.rowwise() - centred.row(i)).rowwise().squaredNorm();
        for (Eigen::Index j = 0; j < n; ++j)
            near[static_cast<std::size_t>(j)] = {(projected.row(j) - projected.row(i)).squaredNorm(), j};
        near[static_cast<std::size_t>(i)].first = -1; // the row itself comes first, then its k nearest in the picture
        std::nth_element(near.begin(), near.begin() + k, near.end());
        for (int m = 0; m <= k; ++m) {
            const Eigen::Index j = near[static_cast<std::size_t>(m)].second;
            if (j == i)
                continue;
            const auto rank = (truth.array() < truth[j]).count(); // the row itself counts: distance 0
            penalty += static_cast<double>(std::max<Eigen::Index>(0, rank - k));
        }
    }
    return 1 - penalty * 2 / (static_cast<double>(asked) * k * static_cast<double>(2 * n - 3 * k - 1));
}

} // namespace precordia
