// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/label_scores.h"

#include "core/explore/stored_split.h"

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

Matrix pick(const Matrix& values, const std::vector<Eigen::Index>& rows) {
    Matrix out(static_cast<Eigen::Index>(rows.size()), values.cols());
    for (std::size_t i = 0; i < rows.size(); ++i)
        out.row(static_cast<Eigen::Index>(i)) = values.row(rows[i]);
    return out;
}

// The rows that the encoders have, with their places in the tables.
std::vector<Eigen::Index> keepEncoded(LabelledRows& rows, const PlaceOf& placeOf) {
    std::vector<Eigen::Index> places;
    LabelledRows kept;
    kept.datasets = rows.datasets;
    kept.differing = rows.differing;
    for (std::size_t i = 0; i < rows.ids.size(); ++i) {
        const auto at = placeOf.find(rows.ids[i]);
        if (at == placeOf.end())
            continue;
        places.push_back(at->second);
        kept.ids.push_back(rows.ids[i]);
        kept.labels.push_back(rows.labels[i]);
        kept.groups.push_back(rows.groups[i]);
        kept.byReadersAlone.push_back(rows.byReadersAlone[i]);
    }
    rows = std::move(kept);
    return places;
}

// By the study's own split where it stores one; the choice asks for one division then (withStoredSplit).
Result<std::vector<Division>> divide(const Study& study, const LabelledRows& rows, const DivisionChoice& choice) {
    const auto split = foldsFromSplit(study, rows.ids, rows.labels);
    if (!split)
        return split.as<std::vector<Division>>();
    std::vector<Division> out;
    for (int repeat = 0; repeat < std::max(choice.repeats, 1); ++repeat) {
        const auto seed = choice.seed + static_cast<std::uint64_t>(repeat);
        auto folds =
            *split ? Result<std::vector<int>>(**split) : makeFolds(rows.labels, rows.groups, choice.folds, seed);
        if (!folds)
            return folds.as<std::vector<Division>>();
        const auto splits = probeSplits(*folds);
        if (choice.share >= 1) {
            out.push_back({std::move(*folds), splits, seed});
            continue;
        }
        for (int draw = 0; draw < std::max(choice.draws, 1); ++draw) {
            const auto mine = seed * 1000 + static_cast<std::uint64_t>(draw);
            out.push_back({*folds, drawShare(splits, rows.labels, rows.groups, choice.share, mine), mine});
        }
    }
    return out;
}

ScoredLabel pairOf(const LabelScores& s, std::size_t a, std::size_t b) {
    return {s.of[a], s.of[b], s.rows.labels, s.rows.groups};
}

// Operating point and scaling from the rows of the other folds.
struct Tuned {
    std::vector<double> probability;
    std::vector<std::uint8_t> called;
};
Tuned tuneAcross(const Scores& scores, const std::vector<int>& labels, const std::vector<int>& foldOf,
                 double sensitivity) {
    Tuned out{std::vector<double>(scores.size()), std::vector<std::uint8_t>(scores.size())};
    for (const ProbeSplit& split : probeSplits(foldOf)) {
        std::vector<double> known;
        std::vector<int> answers;
        for (const int row : split.train) {
            known.push_back(scores[static_cast<std::size_t>(row)]);
            answers.push_back(labels[static_cast<std::size_t>(row)]);
        }
        const double point =
            sensitivity > 0 ? sensitivityThreshold(known, answers, sensitivity) : youdenThreshold(known, answers);
        const Platt platt = fitPlatt(known, answers);
        for (const int row : split.test) {
            const auto i = static_cast<std::size_t>(row);
            out.called[i] = scores[i] >= point ? 1 : 0;
            out.probability[i] = platt(scores[i]);
        }
    }
    return out;
}

} // namespace

Scorer linearScorer(const Matrix& table, const LinearProbeOptions& options) {
    return [&table, options](const LabelledRows& rows, const std::vector<Eigen::Index>& places,
                             const Division& division) -> Result<Scores> {
        auto probe = linearProbe(pick(table, places), rows.labels, rows.groups, division.splits, options);
        if (!probe)
            return probe.as<Scores>();
        return std::move(probe->scores);
    };
}

Result<LabelScores> scoreLabel(const Study& study, const LabelQuestion& question, const PlaceOf& placeOf,
                               const std::vector<ProbeColumn>& columns, const DivisionChoice& choice,
                               const StopToken& stop) {
    auto rows = rowsOf(study, question);
    if (!rows)
        return rows.as<LabelScores>();
    const auto places = keepEncoded(*rows, placeOf);
    auto divisions = divide(study, *rows, choice);
    if (!divisions)
        return divisions.as<LabelScores>();
    LabelScores out;
    out.label = question.name;
    out.rows = std::move(*rows);
    out.of.resize(columns.size());
    out.divided.resize(columns.size());
    for (std::size_t d = 0; d < divisions->size(); ++d)
        for (std::size_t column = 0; column < columns.size(); ++column)
            for (const Scorer& scorer : columns[column].scorers) {
                if (stop.stop_requested())
                    return Cancelled{};
                auto scores = scorer(out.rows, places, (*divisions)[d]);
                if (!scores)
                    return scores.as<LabelScores>();
                out.of[column].push_back(std::move(*scores));
                out.divided[column].push_back(d);
            }
    out.divisions = std::move(*divisions);
    return out;
}

double meanAuroc(const LabelScores& scores, std::size_t column) {
    double sum = 0;
    for (const auto& s : scores.of[column])
        sum += auroc(s, scores.rows.labels);
    return sum / static_cast<double>(scores.of[column].size());
}

PairedDifference intervalOf(const LabelScores& scores, std::size_t column, int bootstraps, std::uint64_t seed) {
    return meanAurocInterval(scores.of[column], scores.rows.labels, scores.rows.groups, bootstraps, seed);
}

PairedDifference compareColumns(const std::vector<const LabelScores*>& labels, std::size_t a, std::size_t b,
                                int bootstraps, std::uint64_t seed) {
    std::vector<ScoredLabel> pairs;
    for (const LabelScores* label : labels)
        pairs.push_back(pairOf(*label, a, b));
    return compareMeanAuroc(pairs, bootstraps, seed);
}

PairedDifference meanInterval(const std::vector<const LabelScores*>& labels, std::size_t column, int bootstraps,
                              std::uint64_t seed) {
    std::vector<ScoredLabel> pairs;
    for (const LabelScores* label : labels) // equal scores on the other side: its AUROC is a half in every resample
        pairs.push_back(
            {label->of[column], {Scores(label->rows.labels.size(), 0.0)}, label->rows.labels, label->rows.groups});
    auto value = compareMeanAuroc(pairs, bootstraps, seed);
    value.difference += 0.5, value.low += 0.5, value.high += 0.5;
    return value;
}

LabelFigures figuresOf(const LabelScores& scores, std::size_t column, double sensitivity) {
    LabelFigures out;
    const auto& labels = scores.rows.labels;
    const auto times = static_cast<double>(scores.of[column].size());
    std::vector<double> probability;
    std::vector<int> answers;
    for (std::size_t i = 0; i < scores.of[column].size(); ++i) {
        const Scores& s = scores.of[column][i];
        const Tuned tuned = tuneAcross(s, labels, scores.divisions[scores.divided[column][i]].foldOf, sensitivity);
        const Confusion c = confusionOf(tuned.called, labels);
        out.auprc += averagePrecision(s, labels) / times;
        out.f1 += c.f1() / times;
        out.accuracy += c.accuracy() / times;
        out.sensitivity += c.sensitivity() / times;
        out.specificity += c.specificity() / times;
        probability.insert(probability.end(), tuned.probability.begin(), tuned.probability.end());
        answers.insert(answers.end(), labels.begin(), labels.end());
    }
    out.calibration = calibrationOf(probability, answers);
    return out;
}

} // namespace precordia
