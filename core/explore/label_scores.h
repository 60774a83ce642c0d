// SPDX-License-Identifier: GPL-3.0-or-later
// Out-of-fold scores of one label by several probes on the same divisions into folds, and the figures they are worth.
#pragma once

#include "core/explore/evaluate.h"
#include "core/explore/linear_probe.h"

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace precordia {

using Scores = std::vector<double>;

// One division of the rows: the folds, and what is learned from (a share, perhaps) and tested in each.
struct Division {
    std::vector<int> foldOf;
    std::vector<ProbeSplit> splits;
    std::uint64_t seed = 0;
};
// Scores of all rows, out of fold. `places`: the rows' places in the encoders' tables.
using Scorer =
    std::function<Result<Scores>(const LabelledRows& rows, const std::vector<Eigen::Index>& places, const Division&)>;
// A linear probe on a table, which must outlive it.
Scorer linearScorer(const Matrix& table, const LinearProbeOptions& options);

// What is compared: one scorer, or one a random seed.
struct ProbeColumn {
    std::string name;
    std::vector<Scorer> scorers;
};

struct LabelScores {
    std::string label;
    LabelledRows rows;
    std::vector<std::vector<Scores>> of;           // [column][division x scorer]
    std::vector<std::vector<std::size_t>> divided; // [column]: which division each is of
    std::vector<Division> divisions;
};

using PlaceOf = std::unordered_map<RecordingId, Eigen::Index>;

// `repeats` divisions into folds, each with `draws` shares of the labels when share < 1. Rows that no encoder has are
// left out. Errors: ValueOutOfRange (too few for the folds), those of the scorers.
struct DivisionChoice {
    int folds = 5, repeats = 1;
    double share = 1;
    int draws = 5;
    std::uint64_t seed = 0;
};
Result<LabelScores> scoreLabel(const Study& study, const LabelQuestion& question, const PlaceOf& placeOf,
                               const std::vector<ProbeColumn>& columns, const DivisionChoice& choice,
                               const StopToken& stop);

double meanAuroc(const LabelScores& scores, std::size_t column);
PairedDifference intervalOf(const LabelScores& scores, std::size_t column, int bootstraps, std::uint64_t seed);
// Mean over the labels of mean AUROC of column a less that of column b, paired by patient.
PairedDifference compareColumns(const std::vector<const LabelScores*>& labels, std::size_t a, std::size_t b,
                                int bootstraps, std::uint64_t seed);
// Mean AUROC over the labels, with its interval.
PairedDifference meanInterval(const std::vector<const LabelScores*>& labels, std::size_t column, int bootstraps,
                              std::uint64_t seed);

// Means over the divisions. Operating point and Platt's scaling of each fold are fitted on the other folds' out-of-fold
// scores. sensitivity: 0 for Youden's point.
LabelFigures figuresOf(const LabelScores& scores, std::size_t column, double sensitivity);

} // namespace precordia
