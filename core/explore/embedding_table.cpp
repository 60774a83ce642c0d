// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/embedding_table.h"

#include <cmath>

namespace precordia {

Matrix standardiseColumns(const Matrix& values) {
    if (values.rows() == 0)
        return values;
    Matrix out(values.rows(), values.cols());
    const auto rows = static_cast<double>(values.rows());
    for (Eigen::Index c = 0; c < values.cols(); ++c) {
        const Eigen::ArrayXd column = values.col(c).cast<double>().array();
        const double mean = column.sum() / rows;
        const double deviation = std::sqrt((column - mean).square().sum() / rows);
        // Rounding leaves a constant column a deviation of some ulps.
        const bool constant = deviation <= 1e-7 * std::abs(mean) || deviation == 0;
        out.col(c) =
            constant ? Eigen::ArrayXf::Zero(values.rows()).eval() : ((column - mean) / deviation).cast<float>().eval();
    }
    return out;
}

} // namespace precordia
