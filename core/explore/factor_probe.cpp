// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/factor_probe.h"

#include "core/explore/logistic.h"
#include "core/explore/probe.h"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace precordia {

namespace {

constexpr int kLeastRows = 40;
constexpr double kLogisticC = 0.02; // as the label probes
constexpr double kLambdas[] = {1, 10, 100, 1000, 10000};

using Rows = std::vector<Eigen::Index>;

RowsD takeRows(const Matrix& features, const Rows& rows) {
    RowsD out(static_cast<Eigen::Index>(rows.size()), features.cols());
    for (std::size_t i = 0; i < rows.size(); ++i)
        out.row(static_cast<Eigen::Index>(i)) = features.row(rows[i]).cast<double>();
    return out;
}

// Ridge for several targets over one decomposition of the rows inside: with X = U diag(sqrt(s)) V^T, from the smaller
// of X X^T and X^T X, the fit is U diag(s / (s + lambda)) U^T y, and its residual left out one is the residual over one
// less the diagonal of that matrix.
class RidgeFold {
public:
    RidgeFold(const RowsD& inside, const RowsD& outside) {
        const auto scale = Standardiser::fit(inside);
        const RowsD x = scale.apply(inside);
        if (x.rows() <= x.cols()) {
            const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(x * x.transpose());
            s_ = solver.eigenvalues().cwiseMax(0);
            u_ = solver.eigenvectors();
        } else {
            const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(x.transpose() * x);
            const Eigen::VectorXd& all = solver.eigenvalues(); // rising
            const double least = 1e-10 * std::max(all[all.size() - 1], 1e-300);
            Eigen::Index skipped = 0;
            while (skipped < all.size() - 1 && all[skipped] <= least)
                ++skipped;
            s_ = all.tail(all.size() - skipped);
            u_ = x * solver.eigenvectors().rightCols(s_.size()) * s_.cwiseSqrt().cwiseInverse().asDiagonal();
        }
        across_ = scale.apply(outside) * (x.transpose() * u_);
    }

    Eigen::VectorXd predict(const Eigen::VectorXd& y) const {
        const double mean = y.mean();
        const Eigen::VectorXd centred = y.array() - mean, turned = u_.transpose() * centred;
        double best = std::numeric_limits<double>::infinity(), chosen = kLambdas[0];
        for (const double lambda : kLambdas) {
            const Eigen::VectorXd kept = s_.array() / (s_.array() + lambda);
            const Eigen::VectorXd residual = centred - u_ * kept.cwiseProduct(turned);
            const Eigen::ArrayXd left = 1 - (u_.array().square().matrix() * kept).array();
            const double error = (residual.array() / left).square().sum();
            if (error < best) {
                best = error;
                chosen = lambda;
            }
        }
        return (across_ * (turned.array() / (s_.array() + chosen)).matrix()).array() + mean;
    }

private:
    Eigen::VectorXd s_;
    Eigen::MatrixXd u_, across_;
};

struct Column {
    std::size_t factor = 0;
    Rows rows;
    std::vector<double> values, guesses; // of rows
};

std::vector<int> foldsOf(std::size_t rows, int folds, std::uint64_t seed) {
    std::vector<std::int64_t> own(rows);
    std::iota(own.begin(), own.end(), 0);
    const auto made = makeFolds(own, folds, seed);
    return made ? *made : std::vector<int>(rows, 0);
}

FactorScore scoreClass(const Matrix& features, const Column& column, int folds, std::uint64_t seed) {
    FactorScore out;
    out.rows = static_cast<int>(column.rows.size());
    std::vector<int> labels;
    std::vector<std::int64_t> own;
    Matrix taken(static_cast<Eigen::Index>(column.rows.size()), features.cols());
    for (std::size_t i = 0; i < column.rows.size(); ++i) {
        labels.push_back(column.values[i] > 0.5 ? 1 : 0);
        own.push_back(static_cast<std::int64_t>(i));
        taken.row(static_cast<Eigen::Index>(i)) = features.row(column.rows[i]);
    }
    const auto foldOf = makeFolds(labels, own, folds, seed);
    if (!foldOf)
        return out;
    const auto scores = probeScores(taken, labels, *foldOf, kLogisticC);
    if (scores)
        out.score = auroc(*scores, labels);
    return out;
}

// All values with the same rows share the folds' decompositions.
void scoreValues(const Matrix& features, std::vector<Column*> columns, int folds, std::uint64_t seed,
                 std::vector<FactorScore>& out) {
    const Rows& rows = columns.front()->rows;
    const auto foldOf = foldsOf(rows.size(), folds, seed);
    for (auto* column : columns)
        column->guesses.assign(rows.size(), 0);
    for (int f = 0; f < folds; ++f) {
        Rows inside, outside;
        std::vector<std::size_t> insideAt, outsideAt;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            (foldOf[i] == f ? outside : inside).push_back(rows[i]);
            (foldOf[i] == f ? outsideAt : insideAt).push_back(i);
        }
        const RidgeFold fold(takeRows(features, inside), takeRows(features, outside));
        for (auto* column : columns) {
            Eigen::VectorXd y(static_cast<Eigen::Index>(insideAt.size()));
            for (std::size_t i = 0; i < insideAt.size(); ++i)
                y[static_cast<Eigen::Index>(i)] = column->values[insideAt[i]];
            const Eigen::VectorXd guess = fold.predict(y);
            for (std::size_t i = 0; i < outsideAt.size(); ++i)
                column->guesses[outsideAt[i]] = guess[static_cast<Eigen::Index>(i)];
        }
    }
    for (const auto* column : columns) {
        auto& score = out[column->factor];
        score.score = rSquared(column->guesses, column->values);
        for (std::size_t i = 0; i < rows.size(); ++i)
            score.error += std::abs(column->guesses[i] - column->values[i]) / static_cast<double>(rows.size());
    }
}

} // namespace

Result<std::vector<FactorScore>> scoreFactors(const Matrix& features, const std::vector<std::vector<double>>& values,
                                              const std::vector<KnownFactor>& factors, int folds, std::uint64_t seed,
                                              const StopToken& stop) {
    using Scores = std::vector<FactorScore>;
    if (values.size() != static_cast<std::size_t>(features.rows()))
        return makeError(ErrorCode::Bug, "features and factors have different numbers of rows");
    if (!features.allFinite())
        return makeError(ErrorCode::NotFinite, "in the encodings");
    std::vector<FactorScore> out(factors.size());
    std::vector<Column> columns(factors.size());
    std::map<Rows, std::vector<Column*>> sameRows;
    for (std::size_t f = 0; f < factors.size(); ++f) {
        Column& column = columns[f];
        column.factor = f;
        for (std::size_t i = 0; i < values.size(); ++i)
            if (f < values[i].size() && std::isfinite(values[i][f])) {
                column.rows.push_back(static_cast<Eigen::Index>(i));
                column.values.push_back(values[i][f]);
            }
        out[f].rows = static_cast<int>(column.rows.size());
        const auto [low, high] = std::minmax_element(column.values.begin(), column.values.end());
        if (out[f].rows < std::max(kLeastRows, 2 * folds) || *low == *high)
            continue;
        if (factors[f].isClass)
            out[f] = scoreClass(features, column, folds, seed);
        else
            sameRows[column.rows].push_back(&column);
        if (stop.stop_requested())
            return Cancelled{};
    }
    for (auto& [rows, together] : sameRows) {
        if (stop.stop_requested())
            return Cancelled{};
        scoreValues(features, together, folds, seed, out);
    }
    return Scores(std::move(out));
}

std::vector<double> readValues(const Matrix& features, const std::vector<double>& values, const Matrix& others) {
    Rows rows, all(static_cast<std::size_t>(others.rows()));
    for (std::size_t i = 0; i < values.size(); ++i)
        if (std::isfinite(values[i]))
            rows.push_back(static_cast<Eigen::Index>(i));
    std::iota(all.begin(), all.end(), 0);
    Eigen::VectorXd y(static_cast<Eigen::Index>(rows.size()));
    for (std::size_t i = 0; i < rows.size(); ++i)
        y[static_cast<Eigen::Index>(i)] = values[static_cast<std::size_t>(rows[i])];
    const Eigen::VectorXd out = RidgeFold(takeRows(features, rows), takeRows(others, all)).predict(y);
    return {out.begin(), out.end()};
}

} // namespace precordia
