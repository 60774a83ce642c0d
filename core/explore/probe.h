// SPDX-License-Identifier: GPL-3.0-or-later
// Linear probes with cross-validation by patient as the reference defines them: standardised features, logistic
// regression with L2 (C = 0.02, balanced classes), out-of-fold scores; ridge for measurements.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/explore/embedding_table.h"

#include <cstdint>
#include <string>
#include <vector>

namespace precordia {

struct ProbeOptions {
    int folds = 5;
    double c = 0.02;
    std::uint64_t seed = 0;
    int bootstraps = 1000;
};

struct ProbeResult {
    double auroc = 0;
    double low = 0, high = 0;   // 95 % bootstrap over patients
    std::vector<double> scores; // out-of-fold decision values, one a row
};
// groups: rows of one group (patient) never stand on both sides. Error ValueOutOfRange with fewer positives than folds.
Result<std::vector<int>> makeFolds(const std::vector<int>& labels, const std::vector<std::int64_t>& groups, int folds,
                                   std::uint64_t seed);
// The same without labels, for measurements.
Result<std::vector<int>> makeFolds(const std::vector<std::int64_t>& groups, int folds, std::uint64_t seed);

// Out-of-fold decision values: standardisation and fit know the other folds only.
Result<std::vector<double>> probeScores(const Matrix& features, const std::vector<int>& labels,
                                        const std::vector<int>& foldOf, double c);
Result<ProbeResult> probeLabel(const Matrix& features, const std::vector<int>& labels, const std::vector<int>& foldOf,
                               const std::vector<std::int64_t>& groups, const ProbeOptions& options);
// R2 of out-of-fold ridge predictions (lambda of 1, 10, 100, 1000 by inner generalised cross-validation).
Result<double> probeValue(const Matrix& features, const std::vector<double>& values, const std::vector<int>& foldOf);
// The predictions behind it, one a row.
Result<std::vector<double>> probeValues(const Matrix& features, const std::vector<double>& values,
                                        const std::vector<int>& foldOf);
double rSquared(const std::vector<double>& guesses, const std::vector<double>& values);

struct PairedDifference {
    double difference = 0, low = 0, high = 0; // a - b, 95 % bootstrap over patients, same resamples for both
};
PairedDifference compareProbes(const std::vector<double>& a, const std::vector<double>& b,
                               const std::vector<int>& labels, const std::vector<std::int64_t>& groups, int bootstraps,
                               std::uint64_t seed);
// Mean over several findings of mean AUROC(a) - mean AUROC(b); each side may hold several encoders (random seeds).
// A patient drawn is drawn for every finding.
struct ScoredLabel {
    std::vector<std::vector<double>> a, b;
    std::vector<int> labels;
    std::vector<std::int64_t> groups;
};
// Mean AUROC over several scores of the same rows (divisions into folds), with its interval.
PairedDifference meanAurocInterval(const std::vector<std::vector<double>>& scores, const std::vector<int>& labels,
                                   const std::vector<std::int64_t>& groups, int bootstraps, std::uint64_t seed);
PairedDifference compareMeanAuroc(const std::vector<ScoredLabel>& findings, int bootstraps, std::uint64_t seed);
// R2(a) - R2(b) of out-of-fold predictions, each side the mean over its encoders.
PairedDifference compareR2(const std::vector<std::vector<double>>& a, const std::vector<std::vector<double>>& b,
                           const std::vector<double>& values, const std::vector<std::int64_t>& groups, int bootstraps,
                           std::uint64_t seed);
double auroc(const std::vector<double>& scores, const std::vector<int>& labels); // ties count half

// The simple-feature row: 108 numbers a recording. window [12, 2500] in uV at 250 Hz.
std::vector<float> simpleFeatures(const std::vector<float>& window, int leads, int samples);

} // namespace precordia
