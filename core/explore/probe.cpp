// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/probe.h"

#include "core/explore/auroc.h"
#include "core/explore/logistic.h"
#include "core/explore/random_source.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace precordia {

namespace {

struct Fold {
    std::vector<Eigen::Index> inside, outside; // rows to learn from, rows to judge
};

std::vector<Fold> foldsOf(const std::vector<int>& foldOf) {
    const int count = foldOf.empty() ? 0 : *std::max_element(foldOf.begin(), foldOf.end()) + 1;
    std::vector<Fold> folds(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < foldOf.size(); ++i)
        for (int f = 0; f < count; ++f)
            (foldOf[i] == f ? folds[static_cast<std::size_t>(f)].outside : folds[static_cast<std::size_t>(f)].inside)
                .push_back(static_cast<Eigen::Index>(i));
    return folds;
}

template <typename T>
std::vector<T> take(const std::vector<T>& values, const std::vector<Eigen::Index>& rows) {
    std::vector<T> out;
    out.reserve(rows.size());
    for (const auto r : rows)
        out.push_back(values[static_cast<std::size_t>(r)]);
    return out;
}

RowsD takeRows(const Matrix& values, const std::vector<Eigen::Index>& rows) {
    RowsD out(static_cast<Eigen::Index>(rows.size()), values.cols());
    for (std::size_t i = 0; i < rows.size(); ++i)
        out.row(static_cast<Eigen::Index>(i)) = values.row(rows[i]).cast<double>();
    return out;
}

Result<Done> checkSizes(std::size_t rows, std::size_t other, std::string_view what) {
    if (rows != other)
        return makeError(ErrorCode::Bug, std::to_string(rows) + " rows of features and " + std::to_string(other) + " " +
                                             std::string(what));
    return Done{};
}

// Largest first into the fold that is emptiest, so that no patient is cut and the folds stay even.
std::vector<int> dealGroups(const std::vector<int>& labels, const std::vector<std::int64_t>& groups, int folds,
                            std::uint64_t seed) {
    struct Group {
        std::vector<std::size_t> rows;
        int positives = 0;
    };
    std::map<std::int64_t, std::size_t> place;
    std::vector<Group> all;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const auto [at, isNew] = place.try_emplace(groups[i], all.size());
        if (isNew)
            all.emplace_back();
        all[at->second].rows.push_back(i);
        all[at->second].positives += labels[i] == 1 ? 1 : 0;
    }
    RandomSource random(seed);
    random.shuffle(all);
    std::stable_sort(all.begin(), all.end(), [](const Group& a, const Group& b) {
        return a.positives != b.positives ? a.positives > b.positives : a.rows.size() > b.rows.size();
    });
    std::vector<int> foldOf(groups.size(), 0);
    std::vector<std::pair<int, std::size_t>> load(static_cast<std::size_t>(folds)); // positives, rows
    for (const Group& group : all) {
        const auto emptier = [&](const auto& a, const auto& b) {
            return group.positives > 0 ? a < b : a.second < b.second;
        };
        const auto fold = static_cast<std::size_t>(std::min_element(load.begin(), load.end(), emptier) - load.begin());
        load[fold].first += group.positives;
        load[fold].second += group.rows.size();
        for (const std::size_t row : group.rows)
            foldOf[row] = static_cast<int>(fold);
    }
    return foldOf;
}

} // namespace

Result<std::vector<int>> makeFolds(const std::vector<int>& labels, const std::vector<std::int64_t>& groups, int folds,
                                   std::uint64_t seed) {
    if (const auto same = checkSizes(labels.size(), groups.size(), "groups"); !same)
        return same.as<std::vector<int>>();
    const auto positives = std::count(labels.begin(), labels.end(), 1);
    const auto negatives = static_cast<std::ptrdiff_t>(labels.size()) - positives;
    if (folds < 2 || positives < folds || negatives < folds)
        return makeError(ErrorCode::ValueOutOfRange, std::to_string(positives) + " recordings with the label and " +
                                                         std::to_string(negatives) + " without are too few for " +
                                                         std::to_string(folds) + " folds");
    auto foldOf = dealGroups(labels, groups, folds, seed);
    std::vector<int> with(static_cast<std::size_t>(folds)), without(with);
    for (std::size_t i = 0; i < labels.size(); ++i)
        ++(labels[i] == 1 ? with : without)[static_cast<std::size_t>(foldOf[i])];
    const auto empty = [](const std::vector<int>& counts) { return std::count(counts.begin(), counts.end(), 0) > 0; };
    if (empty(with) || empty(without))
        return makeError(ErrorCode::ValueOutOfRange,
                         "too few patients have the label: a fold would be left without one of them");
    return foldOf;
}

Result<std::vector<int>> makeFolds(const std::vector<std::int64_t>& groups, int folds, std::uint64_t seed) {
    if (folds < 2 || static_cast<std::size_t>(folds) > groups.size())
        return makeError(ErrorCode::ValueOutOfRange, std::to_string(groups.size()) + " recordings are too few for " +
                                                         std::to_string(folds) + " folds");
    return dealGroups(std::vector<int>(groups.size(), 0), groups, folds, seed);
}

Result<std::vector<double>> probeScores(const Matrix& features, const std::vector<int>& labels,
                                        const std::vector<int>& foldOf, double c) {
    const auto rows = static_cast<std::size_t>(features.rows());
    if (const auto same = checkSizes(rows, labels.size(), "labels"); !same)
        return same.as<std::vector<double>>();
    if (const auto same = checkSizes(rows, foldOf.size(), "folds"); !same)
        return same.as<std::vector<double>>();
    std::vector<double> scores(rows, 0);
    for (const Fold& fold : foldsOf(foldOf)) {
        const RowsD inside = takeRows(features, fold.inside);
        const auto scale = Standardiser::fit(inside);
        const auto model = fitLogistic(scale.apply(inside), take(labels, fold.inside), c);
        if (!model)
            return model.as<std::vector<double>>();
        const Eigen::VectorXd out = model->apply(scale.apply(takeRows(features, fold.outside)));
        for (std::size_t i = 0; i < fold.outside.size(); ++i)
            scores[static_cast<std::size_t>(fold.outside[i])] = out[static_cast<Eigen::Index>(i)];
    }
    return scores;
}

Result<ProbeResult> probeLabel(const Matrix& features, const std::vector<int>& labels, const std::vector<int>& foldOf,
                               const std::vector<std::int64_t>& groups, const ProbeOptions& options) {
    if (const auto same = checkSizes(labels.size(), groups.size(), "groups"); !same)
        return same.as<ProbeResult>();
    auto scores = probeScores(features, labels, foldOf, options.c);
    if (!scores)
        return scores.as<ProbeResult>();
    const auto value = meanAurocInterval({*scores}, labels, groups, options.bootstraps, options.seed);
    return ProbeResult{value.difference, value.low, value.high, std::move(*scores)};
}

PairedDifference meanAurocInterval(const std::vector<std::vector<double>>& scores, const std::vector<int>& labels,
                                   const std::vector<std::int64_t>& groups, int bootstraps, std::uint64_t seed) {
    // Equal scores on the other side: its AUROC is a half in every resample.
    auto value =
        compareMeanAuroc({{scores, {std::vector<double>(labels.size(), 0.0)}, labels, groups}}, bootstraps, seed);
    value.difference += 0.5, value.low += 0.5, value.high += 0.5;
    return value;
}

Result<double> probeValue(const Matrix& features, const std::vector<double>& values, const std::vector<int>& foldOf) {
    const auto guesses = probeValues(features, values, foldOf);
    if (!guesses)
        return guesses.as<double>();
    return rSquared(*guesses, values);
}

Result<std::vector<double>> probeValues(const Matrix& features, const std::vector<double>& values,
                                        const std::vector<int>& foldOf) {
    static const std::vector<double> kLambdas = {1, 10, 100, 1000};
    const auto rows = static_cast<std::size_t>(features.rows());
    if (const auto same = checkSizes(rows, values.size(), "values"); !same)
        return same.as<std::vector<double>>();
    if (const auto same = checkSizes(rows, foldOf.size(), "folds"); !same)
        return same.as<std::vector<double>>();
    const auto finite = [](double v) { return std::isfinite(v); };
    if (!features.allFinite() || !std::all_of(values.begin(), values.end(), finite))
        return makeError(ErrorCode::NotFinite, "the features or the values are not finite");
    std::vector<double> out(rows, 0);
    for (const Fold& fold : foldsOf(foldOf)) {
        if (fold.inside.empty())
            return makeError(ErrorCode::ValueOutOfRange, "a fold leaves nothing to learn from");
        const RowsD inside = takeRows(features, fold.inside);
        const auto scale = Standardiser::fit(inside);
        const auto wanted = take(values, fold.inside);
        const auto model = fitRidge(
            scale.apply(inside),
            Eigen::Map<const Eigen::VectorXd>(wanted.data(), static_cast<Eigen::Index>(wanted.size())), kLambdas);
        const Eigen::VectorXd guess = model.apply(scale.apply(takeRows(features, fold.outside)));
        for (std::size_t i = 0; i < fold.outside.size(); ++i)
            out[static_cast<std::size_t>(fold.outside[i])] = guess[static_cast<Eigen::Index>(i)];
    }
    return out;
}

double rSquared(const std::vector<double>& guesses, const std::vector<double>& values) {
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    double missed = 0, spread = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        missed += (guesses[i] - values[i]) * (guesses[i] - values[i]);
        spread += (values[i] - mean) * (values[i] - mean);
    }
    return spread > 0 ? 1 - missed / spread : 0;
}

PairedDifference compareProbes(const std::vector<double>& a, const std::vector<double>& b,
                               const std::vector<int>& labels, const std::vector<std::int64_t>& groups, int bootstraps,
                               std::uint64_t seed) {
    return compareMeanAuroc({{{a}, {b}, labels, groups}}, bootstraps, seed);
}

PairedDifference compareMeanAuroc(const std::vector<ScoredLabel>& findings, int bootstraps, std::uint64_t seed) {
    // One draw of patients for all findings: they are tested on the same people.
    std::vector<std::int64_t> groups;
    struct Ranked {
        std::vector<RankedScores> a, b;
        std::size_t first, rows;
    };
    std::vector<Ranked> ranked;
    for (const auto& finding : findings) {
        Ranked r{{}, {}, groups.size(), finding.labels.size()};
        for (const auto& scores : finding.a)
            r.a.emplace_back(scores, finding.labels);
        for (const auto& scores : finding.b)
            r.b.emplace_back(scores, finding.labels);
        ranked.push_back(std::move(r));
        groups.insert(groups.end(), finding.groups.begin(), finding.groups.end());
    }
    const auto side = [](const std::vector<RankedScores>& scores,
                         const std::vector<int>& counts) -> std::optional<double> {
        double sum = 0;
        for (const auto& s : scores) {
            const auto value = s.auroc(counts);
            if (!value)
                return std::nullopt;
            sum += *value;
        }
        return sum / static_cast<double>(scores.size());
    };
    const auto difference = [&](const std::vector<int>& counts) -> std::optional<double> {
        double sum = 0;
        int findingsIn = 0;
        std::vector<int> mine;
        for (const auto& r : ranked) {
            const auto from = counts.begin() + static_cast<std::ptrdiff_t>(r.first);
            mine.assign(from, from + static_cast<std::ptrdiff_t>(r.rows));
            const auto a = side(r.a, mine), b = side(r.b, mine);
            if (a && b)
                sum += *a - *b, ++findingsIn;
        }
        return findingsIn > 0 ? std::optional(sum / findingsIn) : std::nullopt;
    };
    PairedDifference result;
    result.difference = difference(std::vector<int>(groups.size(), 1)).value_or(0);
    GroupBootstrap bootstrap(groups);
    RandomSource random(seed);
    std::vector<double> drawn;
    for (int i = 0; i < bootstraps; ++i)
        if (const auto d = difference(bootstrap.draw(random)))
            drawn.push_back(*d);
    const auto interval = percentiles(std::move(drawn));
    result.low = interval.low;
    result.high = interval.high;
    return result;
}

PairedDifference compareR2(const std::vector<std::vector<double>>& a, const std::vector<std::vector<double>>& b,
                           const std::vector<double>& values, const std::vector<std::int64_t>& groups, int bootstraps,
                           std::uint64_t seed) {
    const auto difference = [&](const std::vector<int>& counts) {
        double total = 0, mean = 0, spread = 0;
        for (std::size_t i = 0; i < values.size(); ++i)
            total += counts[i], mean += counts[i] * values[i];
        mean /= std::max(total, 1.0);
        for (std::size_t i = 0; i < values.size(); ++i)
            spread += counts[i] * (values[i] - mean) * (values[i] - mean);
        const auto missed = [&](const std::vector<std::vector<double>>& guesses) {
            double sum = 0;
            for (const auto& guess : guesses)
                for (std::size_t i = 0; i < values.size(); ++i)
                    sum += counts[i] * (guess[i] - values[i]) * (guess[i] - values[i]);
            return sum / static_cast<double>(guesses.size());
        };
        return spread > 0 ? (missed(b) - missed(a)) / spread : 0.0;
    };
    PairedDifference result;
    result.difference = difference(std::vector<int>(values.size(), 1));
    GroupBootstrap bootstrap(groups);
    RandomSource random(seed);
    std::vector<double> drawn;
    for (int i = 0; i < bootstraps; ++i)
        drawn.push_back(difference(bootstrap.draw(random)));
    const auto interval = percentiles(std::move(drawn));
    result.low = interval.low;
    result.high = interval.high;
    return result;
}

} // namespace precordia
