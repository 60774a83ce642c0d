// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/map.h"

#include <Eigen/Eigenvalues>

#include <algorithm>

namespace precordia {

PcaResult pca(const Matrix& values, int dimensions) {
    const Eigen::Index n = values.rows();
    const Eigen::Index d = values.cols();
    PcaResult result;
    result.projected = Matrix::Zero(n, dimensions);
    result.explained.assign(static_cast<std::size_t>(dimensions), 0.0F);
    if (n < 2 || d < 1)
        return result;
    const Eigen::MatrixXd x = (values.rowwise() - values.colwise().mean()).cast<double>();
    // The smaller of covariance [D, D] and Gram matrix [N, N]: both have the same eigenvalues above 0.
    const bool byColumns = d <= n;
    Eigen::MatrixXd square = Eigen::MatrixXd::Zero(std::min(n, d), std::min(n, d));
    if (byColumns)
        square.selfadjointView<Eigen::Lower>().rankUpdate(x.transpose());
    else
        square.selfadjointView<Eigen::Lower>().rankUpdate(x);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(square); // reads the lower half
    const double total = std::max(square.trace(), 1e-300);
    const Eigen::Index found = std::min<Eigen::Index>(dimensions, square.rows());
    for (Eigen::Index j = 0; j < found; ++j) {
        const Eigen::Index from = square.rows() - 1 - j; // ascending order
        const double eigenvalue = std::max(solver.eigenvalues()[from], 0.0);
        if (eigenvalue <= 1e-12 * total)
            continue;
        Eigen::VectorXd axis = byColumns
                                   ? Eigen::VectorXd(solver.eigenvectors().col(from))
                                   : Eigen::VectorXd(x.transpose() * solver.eigenvectors().col(from)).normalized();
        Eigen::Index largest = 0;
        axis.cwiseAbs().maxCoeff(&largest);
        if (axis[largest] < 0)
            axis = -axis;
        result.projected.col(j) = (x * axis).cast<float>();
        result.explained[static_cast<std::size_t>(j)] = static_cast<float>(eigenvalue / total);
    }
    return result;
}

} // namespace precordia
