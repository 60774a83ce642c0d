// SPDX-License-Identifier: GPL-3.0-or-later
// Many known factors read from one table of features by linear maps, out of fold: ridge for values (R2 and mean
// absolute error), logistic regression for classes (AUROC). A factor is scored on the rows where it has a value.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/ecg/diagnostic_corpus.h"
#include "core/explore/embedding_table.h"

#include <optional>
#include <vector>

namespace precordia {

struct FactorScore {
    std::optional<double> score; // R2, or AUROC of a class; empty: too few rows, or all alike
    double error = 0;            // mean absolute error in the factor's unit
    int rows = 0;
};

// values[i][f]: of row i, NaN where absent. Folds of rows, by seed; each row is its own group. lambda of 1, 10, 100,
// 1000, 10000 by the least leave-one-out error inside the fold.
Result<std::vector<FactorScore>> scoreFactors(const Matrix& features, const std::vector<std::vector<double>>& values,
                                              const std::vector<KnownFactor>& factors, int folds, std::uint64_t seed,
                                              const StopToken& stop);

// The same ridge fitted once, on all rows whose value is finite (at least two), and read from other rows.
std::vector<double> readValues(const Matrix& features, const std::vector<double>& values, const Matrix& others);

} // namespace precordia
