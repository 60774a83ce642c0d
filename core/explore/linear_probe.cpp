// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/linear_probe.h"

#include "core/explore/metrics.h"
#include "core/explore/probe.h"
#include "core/explore/random_source.h"
#include "core/explore/softmax.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace precordia {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInnerSettled = 1e-3; // a choice between penalties needs no more digits

RowsD rowsOf(const Matrix& values, const std::vector<int>& rows) {
    RowsD out(static_cast<Eigen::Index>(rows.size()), values.cols());
    for (std::size_t i = 0; i < rows.size(); ++i)
        out.row(static_cast<Eigen::Index>(i)) = values.row(rows[i]).cast<double>();
    return out;
}

RowsD rowsOf(const RowsD& values, const std::vector<int>& rows) {
    RowsD out(static_cast<Eigen::Index>(rows.size()), values.cols());
    for (std::size_t i = 0; i < rows.size(); ++i)
        out.row(static_cast<Eigen::Index>(i)) = values.row(rows[i]);
    return out;
}

template <typename T>
std::vector<T> take(const std::vector<T>& values, const std::vector<int>& rows) {
    std::vector<T> out;
    out.reserve(rows.size());
    for (const int row : rows)
        out.push_back(values[static_cast<std::size_t>(row)]);
    return out;
}

// Mean of -log p with the classes weighing the same, whatever their sizes. p:
// of each row's own class.
double balancedLogLoss(const std::vector<double>& ownLogProbability, const std::vector<int>& classOf) {
    std::map<int, std::pair<double, int>> of;
    for (std::size_t i = 0; i < classOf.size(); ++i) {
        auto& [sum, count] = of[classOf[i]];
        sum -= ownLogProbability[i];
        ++count;
    }
    double loss = 0;
    for (const auto& [k, entry] : of)
        loss += entry.first / entry.second / static_cast<double>(of.size());
    return loss;
}

double logSigmoid(double t) {
    return t > 0 ? -std::log1p(std::exp(-t)) : t - std::log1p(std::exp(t));
}

// Larger is better.
double worth(const std::vector<double>& scores, const std::vector<int>& labels,
             LinearProbeOptions::Criterion criterion) {
    if (criterion == LinearProbeOptions::Criterion::Auroc)
        return auroc(scores, labels);
    std::vector<double> log(scores.size());
    for (std::size_t i = 0; i < scores.size(); ++i)
        log[i] = logSigmoid(labels[i] == 1 ? scores[i] : -scores[i]);
    return -balancedLogLoss(log, labels);
}

double worth(const RowsD& scores, const std::vector<int>& classOf, LinearProbeOptions::Criterion criterion) {
    if (criterion == LinearProbeOptions::Criterion::Auroc)
        return aurocOneVersusOne(softmaxOf(scores), classOf);
    const RowsD p = softmaxOf(scores);
    std::vector<double> log(classOf.size());
    for (std::size_t i = 0; i < classOf.size(); ++i)
        log[i] = std::log(std::max(p(static_cast<Eigen::Index>(i), classOf[i]), 1e-300));
    return -balancedLogLoss(log, classOf);
}

// Sums over the inner folds what each c of the grid is worth there. `fit(rows,
// labels, c, previous)` gives a model with apply(); neighbours of the grid
// start from each other.
template <typename Scores>
struct GridChoice {
    double c = 0;
    std::vector<Scores> scores; // at that c: of each inner fold's test rows
};
template <typename Scores, typename Model, typename Fit>
Result<GridChoice<Scores>> bestOfGrid(const RowsD& features, const std::vector<int>& labels,
                                      const std::vector<int>& innerFoldOf, const LinearProbeOptions& options, Fit fit) {
    std::vector<double> sums(options.grid.size(), 0);
    std::vector<std::vector<Scores>> scores(options.grid.size());
    for (const ProbeSplit& split : probeSplits(innerFoldOf)) {
        const RowsD inside = rowsOf(features, split.train);
        const auto scale = Standardiser::fit(inside);
        const RowsD x = scale.apply(inside), outside = scale.apply(rowsOf(features, split.test));
        const auto y = take(labels, split.train), judged = take(labels, split.test);
        Model model;
        for (std::size_t i = 0; i < options.grid.size(); ++i) {
            auto fitted = fit(x, y, options.grid[i], i == 0 ? nullptr : &model);
            if (!fitted)
                return fitted.template as<GridChoice<Scores>>();
            model = std::move(*fitted);
            Scores out = model.apply(outside);
            if constexpr (std::is_same_v<Model, LinearModel>)
                sums[i] += worth(std::vector<double>(out.begin(), out.end()), judged, options.criterion);
            else
                sums[i] += worth(out, judged, options.criterion);
            scores[i].push_back(std::move(out));
        }
    }
    std::size_t best = 0;
    for (std::size_t i = 1; i < sums.size(); ++i)
        if (sums[i] > sums[best] + 1e-12)
            best = i;
    return GridChoice<Scores>{options.grid[best], std::move(scores[best])};
}

Result<GridChoice<Eigen::VectorXd>> chooseBinary(const RowsD& features, const std::vector<int>& labels,
                                                 const std::vector<int>& innerFoldOf,
                                                 const LinearProbeOptions& options) {
    return bestOfGrid<Eigen::VectorXd, LinearModel>(
        features, labels, innerFoldOf, options,
        [](const RowsD& x, const std::vector<int>& y, double c, const LinearModel* start) {
            return fitLogistic(x, y, c, start, kInnerSettled);
        });
}

// Patients with and without the label, the fewer of both.
int fewerPatients(const std::vector<int>& labels, const std::vector<std::int64_t>& groups,
                  const std::vector<int>& rows) {
    std::set<std::int64_t> with, without;
    for (const int row : rows)
        (labels[static_cast<std::size_t>(row)] == 1 ? with : without).insert(groups[static_cast<std::size_t>(row)]);
    return static_cast<int>(std::min(with.size(), without.size()));
}

// Where scores of one choice lie: those of another penalty are larger or
// smaller by a factor, and folds are ranked together.
struct Scale {
    double mean = 0, spread = 1;
};
Scale scaleOf(const std::vector<Eigen::VectorXd>& scores) {
    double sum = 0, squares = 0, n = 0;
    for (const auto& s : scores) {
        sum += s.sum();
        squares += s.squaredNorm();
        n += static_cast<double>(s.size());
    }
    const double mean = sum / n, variance = squares / n - mean * mean;
    return {mean, variance > 1e-24 ? std::sqrt(variance) : 1};
}

} // namespace

std::vector<ProbeSplit> probeSplits(const std::vector<int>& foldOf) {
    const int count = foldOf.empty() ? 0 : *std::max_element(foldOf.begin(), foldOf.end()) + 1;
    std::vector<ProbeSplit> splits(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < foldOf.size(); ++i)
        for (int f = 0; f < count; ++f) {
            auto& split = splits[static_cast<std::size_t>(f)];
            (foldOf[i] == f ? split.test : split.train).push_back(static_cast<int>(i));
        }
    return splits;
}

std::vector<ProbeSplit> drawShare(const std::vector<ProbeSplit>& splits, const std::vector<int>& labels,
                                  const std::vector<std::int64_t>& groups, double share, std::uint64_t seed) {
    std::vector<ProbeSplit> out;
    RandomSource random(seed);
    for (const ProbeSplit& split : splits) {
        std::map<std::int64_t, int> classOf; // of a patient: the largest of the labels
        for (const int row : split.train) {
            int& k = classOf.try_emplace(groups[static_cast<std::size_t>(row)], 0).first->second;
            k = std::max(k, labels[static_cast<std::size_t>(row)]);
        }
        std::map<int, std::vector<std::int64_t>> patients;
        for (const auto& [patient, k] : classOf)
            patients[k].push_back(patient);
        std::set<std::int64_t> kept;
        for (auto& [k, of] : patients) {
            random.shuffle(of);
            const auto wanted = static_cast<std::size_t>(std::lround(share * static_cast<double>(of.size())));
            of.resize(std::min(of.size(), std::max<std::size_t>(wanted, 2)));
            kept.insert(of.begin(), of.end());
        }
        ProbeSplit drawn;
        drawn.test = split.test;
        std::copy_if(split.train.begin(), split.train.end(), std::back_inserter(drawn.train),
                     [&](int row) { return kept.contains(groups[static_cast<std::size_t>(row)]); });
        out.push_back(std::move(drawn));
    }
    return out;
}

Result<double> chooseC(const RowsD& features, const std::vector<int>& labels, const std::vector<int>& innerFoldOf,
                       const LinearProbeOptions& options) {
    const auto choice = chooseBinary(features, labels, innerFoldOf, options);
    return choice ? Result<double>(choice->c) : choice.as<double>();
}

Result<double> chooseSoftmaxC(const RowsD& features, const std::vector<int>& classOf, int classes,
                              const std::vector<int>& innerFoldOf, const LinearProbeOptions& options) {
    const auto choice = bestOfGrid<RowsD, SoftmaxModel>(
        features, classOf, innerFoldOf, options,
        [classes](const RowsD& x, const std::vector<int>& y, double c, const SoftmaxModel* start) {
            return fitSoftmax(x, y, classes, c, start, kInnerSettled);
        });
    return choice ? Result<double>(choice->c) : choice.as<double>();
}

Result<LinearScores> linearProbe(const Matrix& features, const std::vector<int>& labels,
                                 const std::vector<std::int64_t>& groups, const std::vector<ProbeSplit>& splits,
                                 const LinearProbeOptions& options) {
    LinearScores out;
    out.scores.assign(labels.size(), kNaN);
    // All folds or none: their scores are ranked together.
    const bool choose = options.c <= 0 && std::all_of(splits.begin(), splits.end(), [&](const ProbeSplit& split) {
                            return fewerPatients(labels, groups, split.train) >= kFewestToChoose;
                        });
    for (const ProbeSplit& split : splits) {
        const RowsD inside = rowsOf(features, split.train);
        const auto y = take(labels, split.train);
        double c = options.c > 0 ? options.c : kFallbackC;
        Scale scale;
        if (choose) {
            const auto inner = makeFolds(y, take(groups, split.train), options.innerFolds, options.seed);
            if (!inner)
                return inner.as<LinearScores>();
            const auto choice = chooseBinary(inside, y, *inner, options);
            if (!choice)
                return choice.as<LinearScores>();
            c = choice->c;
            scale = scaleOf(choice->scores);
        }
        const auto standard = Standardiser::fit(inside);
        const auto model = fitLogistic(standard.apply(inside), y, c);
        if (!model)
            return model.as<LinearScores>();
        const Eigen::VectorXd scores = model->apply(standard.apply(rowsOf(features, split.test)));
        for (std::size_t i = 0; i < split.test.size(); ++i)
            out.scores[static_cast<std::size_t>(split.test[i])] =
                (scores[static_cast<Eigen::Index>(i)] - scale.mean) / scale.spread;
        out.c.push_back(c);
    }
    return out;
}

Result<SoftmaxScores> softmaxProbe(const Matrix& features, const std::vector<int>& classOf, int classes,
                                   const std::vector<std::int64_t>& groups, const std::vector<ProbeSplit>& splits,
                                   const LinearProbeOptions& options) {
    SoftmaxScores out;
    out.scores = RowsD::Constant(features.rows(), classes, kNaN);
    for (const ProbeSplit& split : splits) {
        const RowsD inside = rowsOf(features, split.train);
        const auto y = take(classOf, split.train);
        double c = options.c;
        if (c <= 0) {
            c = kFallbackC;
            auto inner = makeClassFolds(y, classes, take(groups, split.train), options.innerFolds, options.seed);
            if (!inner)
                inner = makeClassFolds(y, classes, take(groups, split.train), 2, options.seed);
            if (inner) {
                const auto chosen = chooseSoftmaxC(inside, y, classes, *inner, options);
                if (!chosen)
                    return chosen.as<SoftmaxScores>();
                c = *chosen;
            }
        }
        const auto scale = Standardiser::fit(inside);
        const auto model = fitSoftmax(scale.apply(inside), y, classes, c);
        if (!model)
            return model.as<SoftmaxScores>();
        const RowsD scores = model->apply(scale.apply(rowsOf(features, split.test)));
        for (std::size_t i = 0; i < split.test.size(); ++i)
            out.scores.row(split.test[i]) = scores.row(static_cast<Eigen::Index>(i));
        out.c.push_back(c);
    }
    return out;
}

Result<std::vector<int>> makeClassFolds(const std::vector<int>& classOf, int classes,
                                        const std::vector<std::int64_t>& groups, int folds, std::uint64_t seed) {
    // A patient counts for the rarest class they have: that is the one that must
    // be spread.
    std::vector<int> count(static_cast<std::size_t>(classes), 0);
    for (const int k : classOf)
        ++count[static_cast<std::size_t>(k)];
    std::map<std::int64_t, std::vector<std::size_t>> rowsOfPatient;
    for (std::size_t i = 0; i < groups.size(); ++i)
        rowsOfPatient[groups[i]].push_back(i);
    std::vector<std::vector<std::int64_t>> patients(static_cast<std::size_t>(classes));
    for (const auto& [patient, rows] : rowsOfPatient) {
        int rarest = classOf[rows.front()];
        for (const std::size_t row : rows)
            if (count[static_cast<std::size_t>(classOf[row])] < count[static_cast<std::size_t>(rarest)])
                rarest = classOf[row];
        patients[static_cast<std::size_t>(rarest)].push_back(patient);
    }
    std::vector<int> foldOf(groups.size(), 0);
    std::vector<std::size_t> load(static_cast<std::size_t>(std::max(folds, 1)), 0);
    RandomSource random(seed);
    for (int k = 0; k < classes; ++k) {
        auto& of = patients[static_cast<std::size_t>(k)];
        if (folds < 2 || of.size() < static_cast<std::size_t>(folds))
            return makeError(ErrorCode::ValueOutOfRange, std::to_string(of.size()) + " patients of class " +
                                                             std::to_string(k) + " are too few for " +
                                                             std::to_string(folds) + " folds");
        random.shuffle(of);
        std::vector<std::size_t> mine(load.size(), 0); // of this class
        for (const std::int64_t patient : of) {
            std::size_t best = 0;
            for (std::size_t f = 1; f < load.size(); ++f)
                if (std::pair(mine[f], load[f]) < std::pair(mine[best], load[best]))
                    best = f;
            ++mine[best];
            load[best] += rowsOfPatient[patient].size();
            for (const std::size_t row : rowsOfPatient[patient])
                foldOf[row] = static_cast<int>(best);
        }
    }
    return foldOf;
}

} // namespace precordia
