// SPDX-License-Identifier: GPL-3.0-or-later
// The linear probe as the field does it: standardised features, L2-penalised
// logistic regression (softmax for several classes) with balanced classes,
// solved to its optimum (newton.h), the penalty chosen by cross-validation by
// patient within the training rows. Whole or a share of the labels.
#pragma once

#include "core/explore/embedding_table.h"
#include "core/explore/logistic.h"

#include <cstdint>
#include <vector>

namespace precordia {

struct LinearProbeOptions {
    double c = 0; // 1 / penalty, as scikit-learn's; 0: chosen from `grid`
    std::vector<double> grid = {0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3};
    int innerFolds = 3;
    // What the choice is by: log-loss with balanced classes (what is fitted, and
    // steady with few positives), or AUROC.
    enum class Criterion { LogLoss, Auroc } criterion = Criterion::LogLoss;
    std::uint64_t seed = 0; // of the inner folds
};
// Where a split trains on fewer patients with or without the label than this, a
// choice would be chance: the usual c then.
constexpr int kFewestToChoose = 6;
constexpr double kFallbackC = 0.02;

// Numbers of rows. A row is in one part at most.
struct ProbeSplit {
    std::vector<int> train, test;
};
// One a fold: trained on the others, tested on it.
std::vector<ProbeSplit> probeSplits(const std::vector<int>& foldOf);
// A share of each split's training patients, drawn from those with and without
// the label apart, at least two of each where there are two; the test rows
// stay.
std::vector<ProbeSplit> drawShare(const std::vector<ProbeSplit>& splits, const std::vector<int>& labels,
                                  const std::vector<std::int64_t>& groups, double share, std::uint64_t seed);

struct LinearScores {
    // Decision values of tested rows, NaN elsewhere. Where c was chosen: less the
    // mean and over the deviation of the inner folds' scores, so that splits of
    // different penalties can be ranked together.
    std::vector<double> scores;
    std::vector<double> c; // of each split
};
// labels: 1 positive, 0 negative. Errors: ValueOutOfRange (a split whose
// training rows are of one class), NotFinite.
Result<LinearScores> linearProbe(const Matrix& features, const std::vector<int>& labels,
                                 const std::vector<std::int64_t>& groups, const std::vector<ProbeSplit>& splits,
                                 const LinearProbeOptions& options);

struct SoftmaxScores {
    RowsD scores; // [N, K] decision values of tested rows, NaN elsewhere
    std::vector<double> c;
};
Result<SoftmaxScores> softmaxProbe(const Matrix& features, const std::vector<int>& classOf, int classes,
                                   const std::vector<std::int64_t>& groups, const std::vector<ProbeSplit>& splits,
                                   const LinearProbeOptions& options);

// The choice itself, with the inner folds given: the c of the grid (ascending)
// with the best mean over the folds; of equal ones the smallest.
Result<double> chooseC(const RowsD& features, const std::vector<int>& labels, const std::vector<int>& innerFoldOf,
                       const LinearProbeOptions& options);
Result<double> chooseSoftmaxC(const RowsD& features, const std::vector<int>& classOf, int classes,
                              const std::vector<int>& innerFoldOf, const LinearProbeOptions& options);

// Patients dealt to folds so that every class is spread evenly and each fold
// leaves some of each class to learn from. Error ValueOutOfRange when a class
// has fewer patients than folds.
Result<std::vector<int>> makeClassFolds(const std::vector<int>& classOf, int classes,
                                        const std::vector<std::int64_t>& groups, int folds, std::uint64_t seed);

} // namespace precordia
