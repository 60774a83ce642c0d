// SPDX-License-Identifier: GPL-3.0-or-later
// What scores are worth: the figures that the field reports, each as scikit-learn defines it (auroc() stands in
// probe.h).
#pragma once

#include "core/explore/logistic.h"

#include <array>
#include <cstdint>
#include <vector>

namespace precordia {

// Area under precision over recall, as steps (sklearn average_precision_score). 0 without positives.
double averagePrecision(const std::vector<double>& scores, const std::vector<int>& labels);

struct Confusion {
    int truePositive = 0, falsePositive = 0, trueNegative = 0, falseNegative = 0;
    double sensitivity() const;
    double specificity() const;
    double precision() const;
    double f1() const;
    double accuracy() const;
};
// called: 1 where the recording is said to have the label.
Confusion confusionOf(const std::vector<std::uint8_t>& called, const std::vector<int>& labels);

// The operating point: scores at or above it are called positive.
// Youden: the largest sensitivity + specificity; of equal ones the highest.
double youdenThreshold(const std::vector<double>& scores, const std::vector<int>& labels);
// The highest at which at least this share of the positives is called.
double sensitivityThreshold(const std::vector<double>& scores, const std::vector<int>& labels, double sensitivity);

// Platt 1999: p = 1 / (1 + exp(-(slope * score + offset))), fitted to targets (n+ + 1) / (n+ + 2) and 1 / (n- + 2).
struct Platt {
    double slope = 1, offset = 0;
    double operator()(double score) const;
};
Platt fitPlatt(const std::vector<double>& scores, const std::vector<int>& labels);

// How far probabilities are to be believed: ten bins of equal width.
struct ReliabilityBin {
    int count = 0;
    double meanProbability = 0, share = 0; // of positives
};
struct Calibration {
    double brier = 0;
    double expectedError = 0; // ECE: mean over the bins, weighted by their count, of |share - mean probability|
    std::array<ReliabilityBin, 10> bins{};
};
Calibration calibrationOf(const std::vector<double>& probabilities, const std::vector<int>& labels);

// One of several classes. scores [N, K]: larger is likelier, rows comparable within.
// One-versus-one, macro: the mean over all pairs of the mean of both classes' AUROC within the pair (Hand & Till 2001;
// sklearn multi_class="ovo", average="macro"). counts: how often each row is taken; empty: once. Pairs of which a class
// is absent do not count; NaN when all are.
double aurocOneVersusOne(const RowsD& scores, const std::vector<int>& classOf, const std::vector<int>& counts = {});
double aurocOneVersusRest(const RowsD& scores, const std::vector<int>& classOf, const std::vector<int>& counts = {});

struct ClassFigures {
    double accuracy = 0, balancedAccuracy = 0, macroF1 = 0;
    std::vector<double> sensitivity, f1, auroc; // of each class (one versus the rest)
    std::vector<int> count;
};
// The likeliest class is the one that is called.
ClassFigures classFiguresOf(const RowsD& scores, const std::vector<int>& classOf);

} // namespace precordia
