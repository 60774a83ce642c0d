// SPDX-License-Identifier: GPL-3.0-or-later
// Logistic regression over several classes, one of which each row has: scikit-learn's LogisticRegression(C,
// multi_class="multinomial", class_weight="balanced"), solved to its optimum by Newton's method (newton.h).
#pragma once

#include "core/explore/logistic.h"

#include <vector>

namespace precordia {

struct SoftmaxModel {
    Eigen::MatrixXd weights; // [D, K]
    Eigen::RowVectorXd intercepts;
    RowsD apply(const RowsD& rows) const; // [N, K] decision values
};

// Minimises |W|^2 / 2 + c * sum of s_i * -log p_i(class of i), s_i balancing the classes; intercepts are free and sum
// to 0. classOf: 0 to classes - 1. Errors: ValueOutOfRange when a class has no row, NotFinite.
Result<SoftmaxModel> fitSoftmax(const RowsD& rows, const std::vector<int>& classOf, int classes, double c,
                                const SoftmaxModel* start = nullptr, double settled = 1e-8);

// Rows of decision values to probabilities.
RowsD softmaxOf(const RowsD& scores);

} // namespace precordia
