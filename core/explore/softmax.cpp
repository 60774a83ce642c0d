// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/softmax.h"

#include "core/explore/newton.h"

#include <cmath>

namespace precordia {

namespace {

using Eigen::VectorXd;
using ColumnsD = Eigen::MatrixXd;
using View = Eigen::Map<const ColumnsD>;

// Over [W; b] as one vector: columns of [D + 1, K]. Scores and curvature are [N, K] columns likewise; the curvature
// keeps the probabilities.
class SoftmaxObjective {
public:
    SoftmaxObjective(const RowsD& rows, const std::vector<int>& classOf, int classes, double c)
        : x_(rows)
        , classOf_(classOf)
        , classes_(classes)
        , weight_(rows.rows()) {
        std::vector<double> count(static_cast<std::size_t>(classes), 0);
        for (const int k : classOf)
            ++count[static_cast<std::size_t>(k)];
        for (Eigen::Index i = 0; i < rows.rows(); ++i)
            weight_[i] = c * static_cast<double>(rows.rows()) /
                         (classes * count[static_cast<std::size_t>(classOf[static_cast<std::size_t>(i)])]);
    }

    VectorXd scores(const VectorXd& v) const {
        const View w(v.data(), x_.cols() + 1, classes_);
        ColumnsD out = x_ * w.topRows(x_.cols());
        out.rowwise() += w.row(x_.cols());
        return Eigen::Map<VectorXd>(out.data(), out.size());
    }
    double value(const VectorXd& v, const VectorXd& score) const {
        const View s(score.data(), x_.rows(), classes_);
        const View w(v.data(), x_.cols() + 1, classes_);
        double sum = 0.5 * w.topRows(x_.cols()).squaredNorm();
        for (Eigen::Index i = 0; i < s.rows(); ++i) {
            const double top = s.row(i).maxCoeff();
            const double log = top + std::log((s.row(i).array() - top).exp().sum());
            sum += weight_[i] * (log - s(i, classOf_[static_cast<std::size_t>(i)]));
        }
        return sum;
    }
    VectorXd gradient(const VectorXd& v, const VectorXd& score, VectorXd& curvature) const {
        const RowsD p = softmaxOf(View(score.data(), x_.rows(), classes_));
        ColumnsD residual = p;
        for (Eigen::Index i = 0; i < residual.rows(); ++i)
            residual(i, classOf_[static_cast<std::size_t>(i)]) -= 1;
        residual = weight_.asDiagonal() * residual;
        const ColumnsD kept = p;
        curvature = Eigen::Map<const VectorXd>(kept.data(), kept.size());
        return withPenalty(residual, v);
    }
    VectorXd product(const VectorXd& direction, const VectorXd& curvature) const {
        const View p(curvature.data(), x_.rows(), classes_);
        const VectorXd along = scores(direction);
        const View a(along.data(), x_.rows(), classes_);
        ColumnsD perRow = p.cwiseProduct(a);
        const VectorXd mean = perRow.rowwise().sum();
        perRow -= mean.asDiagonal() * p;
        perRow = weight_.asDiagonal() * perRow;
        return withPenalty(perRow, direction);
    }

private:
    VectorXd withPenalty(const ColumnsD& perRow, const VectorXd& v) const {
        const View w(v.data(), x_.cols() + 1, classes_);
        ColumnsD out(x_.cols() + 1, classes_);
        out.topRows(x_.cols()) = x_.transpose() * perRow + w.topRows(x_.cols());
        out.row(x_.cols()) = perRow.colwise().sum();
        return Eigen::Map<VectorXd>(out.data(), out.size());
    }

    const RowsD& x_;
    const std::vector<int>& classOf_;
    int classes_;
    VectorXd weight_;
};

} // namespace

RowsD softmaxOf(const RowsD& scores) {
    RowsD p = (scores.colwise() - scores.rowwise().maxCoeff()).array().exp();
    const VectorXd sums = p.rowwise().sum();
    return p.array().colwise() / sums.array();
}

RowsD SoftmaxModel::apply(const RowsD& rows) const {
    return (rows * weights).rowwise() + intercepts;
}

Result<SoftmaxModel> fitSoftmax(const RowsD& rows, const std::vector<int>& classOf, int classes, double c,
                                const SoftmaxModel* start, double settled) {
    std::vector<int> count(static_cast<std::size_t>(classes), 0);
    for (const int k : classOf) {
        if (k < 0 || k >= classes)
            return makeError(ErrorCode::ValueOutOfRange,
                             "class " + std::to_string(k) + " is none of the " + std::to_string(classes));
        ++count[static_cast<std::size_t>(k)];
    }
    for (int k = 0; k < classes; ++k)
        if (count[static_cast<std::size_t>(k)] == 0)
            return makeError(ErrorCode::ValueOutOfRange,
                             "class " + std::to_string(k) + " has no recording to learn from");
    if (!rows.allFinite())
        return makeError(ErrorCode::NotFinite, "the features hold values that are not finite");
    const SoftmaxObjective f(rows, classOf, classes, c);
    const Eigen::Index d = rows.cols();
    ColumnsD w = ColumnsD::Zero(d + 1, classes);
    if (start != nullptr && start->weights.rows() == d && start->weights.cols() == classes)
        w << start->weights, start->intercepts;
    VectorXd v = Eigen::Map<const VectorXd>(w.data(), w.size());
    minimise(f, v, settled);
    w = View(v.data(), d + 1, classes);
    SoftmaxModel model{w.topRows(d), w.row(d)};
    model.intercepts.array() -= model.intercepts.mean();
    return model;
}

} // namespace precordia
