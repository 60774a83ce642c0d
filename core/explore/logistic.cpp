// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/logistic.h"

#include "core/explore/newton.h"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>
#include <limits>

namespace precordia {

namespace {

using Eigen::VectorXd;

double softplus(double t) {
    return t > 0 ? t + std::log1p(std::exp(-t)) : std::log1p(std::exp(t));
}

// The objective over [w; b] with its gradient and Hessian products; margins are kept between them.
class LogisticObjective {
public:
    LogisticObjective(const RowsD& rows, const std::vector<int>& labels, double c)
        : x_(rows)
        , sign_(rows.rows())
        , weight_(rows.rows()) {
        const auto n = static_cast<double>(labels.size());
        const auto positives = static_cast<double>(std::count(labels.begin(), labels.end(), 1));
        for (Eigen::Index i = 0; i < rows.rows(); ++i) {
            const bool positive = labels[static_cast<std::size_t>(i)] == 1;
            sign_[i] = positive ? 1 : -1;
            weight_[i] = c * n / (2 * (positive ? positives : n - positives));
        }
    }

    VectorXd scores(const VectorXd& v) const { return (x_ * v.head(x_.cols())).array() + v[x_.cols()]; }
    double value(const VectorXd& v, const VectorXd& score) const {
        double sum = 0.5 * v.head(x_.cols()).squaredNorm();
        for (Eigen::Index i = 0; i < score.size(); ++i)
            sum += weight_[i] * softplus(-sign_[i] * score[i]);
        return sum;
    }
    // Also the curvature of each row, for product().
    VectorXd gradient(const VectorXd& v, const VectorXd& score, VectorXd& curvature) const {
        VectorXd residual(score.size());
        curvature.resize(score.size());
        for (Eigen::Index i = 0; i < score.size(); ++i) {
            const double p = 1 / (1 + std::exp(sign_[i] * score[i])); // of being on the wrong side
            residual[i] = -weight_[i] * sign_[i] * p;
            curvature[i] = weight_[i] * p * (1 - p);
        }
        return withPenalty(residual, v);
    }
    VectorXd product(const VectorXd& direction, const VectorXd& curvature) const {
        return withPenalty(curvature.cwiseProduct(scores(direction)), direction);
    }

private:
    VectorXd withPenalty(const VectorXd& perRow, const VectorXd& v) const {
        VectorXd out(v.size());
        out.head(x_.cols()) = x_.transpose() * perRow + v.head(x_.cols());
        out[x_.cols()] = perRow.sum();
        return out;
    }

    const RowsD& x_;
    VectorXd sign_, weight_;
};

} // namespace

Standardiser Standardiser::fit(const RowsD& rows) {
    Standardiser s;
    const auto n = static_cast<double>(rows.rows());
    s.mean = rows.colwise().sum() / n;
    s.scale = ((rows.rowwise() - s.mean).colwise().squaredNorm() / n).cwiseSqrt();
    for (Eigen::Index c = 0; c < rows.cols(); ++c)
        if (s.scale[c] <= 1e-9 * std::abs(s.mean[c]) || s.scale[c] == 0)
            s.scale[c] = 1;
    return s;
}

RowsD Standardiser::apply(const RowsD& rows) const {
    return (rows.rowwise() - mean).array().rowwise() / scale.array();
}

Result<LinearModel> fitLogistic(const RowsD& rows, const std::vector<int>& labels, double c, const LinearModel* start,
                                double settled) {
    const auto positives = std::count(labels.begin(), labels.end(), 1);
    if (positives == 0 || positives == static_cast<std::ptrdiff_t>(labels.size()))
        return makeError(ErrorCode::ValueOutOfRange, "a probe needs recordings with and without the label");
    if (!rows.allFinite())
        return makeError(ErrorCode::NotFinite, "the features hold values that are not finite");
    const LogisticObjective f(rows, labels, c);
    VectorXd v = VectorXd::Zero(rows.cols() + 1);
    if (start != nullptr && start->weights.size() == rows.cols())
        v << start->weights, start->intercept;
    minimise(f, v, settled);
    return LinearModel{v.head(rows.cols()), v[rows.cols()]};
}

LinearModel fitRidge(const RowsD& rows, const Eigen::VectorXd& values, const std::vector<double>& lambdas) {
    // Centred data: x = U S V', so that each lambda costs a product. One decomposition of the smaller square matrix.
    const Eigen::Index n = rows.rows();
    const Eigen::RowVectorXd meanX = rows.colwise().mean();
    const double meanY = values.mean();
    const RowsD x = rows.rowwise() - meanX;
    const VectorXd y = values.array() - meanY;
    const bool byColumns = rows.cols() <= n;
    Eigen::MatrixXd square = Eigen::MatrixXd::Zero(std::min(n, rows.cols()), std::min(n, rows.cols()));
    if (byColumns)
        square.selfadjointView<Eigen::Lower>().rankUpdate(x.transpose());
    else
        square.selfadjointView<Eigen::Lower>().rankUpdate(x);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(square);
    const VectorXd power = solver.eigenvalues().cwiseMax(0.0); // S^2
    // Columns of `left` are U (S U when by columns, divided below).
    Eigen::MatrixXd left =
        byColumns ? Eigen::MatrixXd(x * solver.eigenvectors()) : Eigen::MatrixXd(solver.eigenvectors());
    if (byColumns)
        for (Eigen::Index j = 0; j < left.cols(); ++j)
            left.col(j) /= std::sqrt(std::max(power[j], 1e-300));
    const double floor = 1e-12 * std::max(power.maxCoeff(), 1e-300);
    const VectorXd along = left.transpose() * y;

    double least = std::numeric_limits<double>::infinity();
    double best = lambdas.front();
    for (const double lambda : lambdas) {
        const VectorXd shrink = (power.array() > floor).select(power.array() / (power.array() + lambda), 0.0);
        const VectorXd fitted = left * shrink.cwiseProduct(along);
        const VectorXd leverage = left.cwiseAbs2() * shrink;
        const double error =
            ((y - fitted).array() / (1 - 1 / static_cast<double>(n) - leverage.array())).square().mean();
        if (error < least) {
            least = error;
            best = lambda;
        }
    }
    LinearModel model;
    if (byColumns) {
        const VectorXd inner = solver.eigenvectors().transpose() * (x.transpose() * y);
        model.weights = solver.eigenvectors() * (inner.array() / (power.array() + best)).matrix();
    } else {
        model.weights = x.transpose() * (solver.eigenvectors() * (along.array() / (power.array() + best)).matrix());
    }
    model.intercept = meanY - meanX.dot(model.weights);
    return model;
}

} // namespace precordia
