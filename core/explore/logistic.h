// SPDX-License-Identifier: GPL-3.0-or-later
// The linear models of the probes, solved to their exact optimum: logistic regression with an L2 penalty as
// scikit-learn's LogisticRegression(C, class_weight="balanced"), and ridge regression as its RidgeCV.
#pragma once

#include "core/base/result.h"

#include <Eigen/Core>

#include <vector>

namespace precordia {

using RowsD = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Zero mean and unit deviation by the rows it was fitted on; columns that are constant there are only centred.
struct Standardiser {
    Eigen::RowVectorXd mean, scale;
    static Standardiser fit(const RowsD& rows);
    RowsD apply(const RowsD& rows) const;
};

struct LinearModel {
    Eigen::VectorXd weights;
    double intercept = 0;
    Eigen::VectorXd apply(const RowsD& rows) const { return (rows * weights).array() + intercept; }
};

// Minimises |w|^2 / 2 + c * sum of s_i log(1 + exp(-y_i (w x_i + b))), s_i balancing the classes; the intercept is
// free. Newton's method (newton.h) from `start` (the weights of a neighbouring c; null: zero) to a gradient shorter
// than `settled`. Errors: ValueOutOfRange when only one class is there, NotFinite.
Result<LinearModel> fitLogistic(const RowsD& rows, const std::vector<int>& labels, double c,
                                const LinearModel* start = nullptr, double settled = 1e-8);

// The lambda with the least squared leave-one-out error (computed in closed form), then the fit with it.
LinearModel fitRidge(const RowsD& rows, const Eigen::VectorXd& values, const std::vector<double>& lambdas);

} // namespace precordia
