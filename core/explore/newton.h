// SPDX-License-Identifier: GPL-3.0-or-later
// Newton's method with conjugate gradients and a line search, for objectives that are convex and penalised: the solver
// of the linear probes (scikit-learn's "newton-cg"). It stops at the optimum, not after a count of passes.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <cmath>

namespace precordia {

// Conjugate gradients on H d = -g, to a share of |g| that shrinks with it: Newton's last steps are then quadratic.
template <typename Objective>
Eigen::VectorXd newtonDirection(const Objective& f, const Eigen::VectorXd& g, const Eigen::VectorXd& curvature) {
    Eigen::VectorXd d = Eigen::VectorXd::Zero(g.size());
    Eigen::VectorXd r = -g;
    Eigen::VectorXd p = r;
    double rr = r.squaredNorm();
    const double norm = std::sqrt(rr);
    const double wanted = norm * std::min(0.1, std::sqrt(norm));
    for (Eigen::Index i = 0; i < 2 * g.size() && std::sqrt(rr) > wanted; ++i) {
        const Eigen::VectorXd hp = f.product(p, curvature);
        const double bend = p.dot(hp);
        if (!(bend > 0)) // a direction that changes nothing: the common part of the intercepts of a softmax
            break;
        const double step = rr / bend;
        d += step * p;
        r -= step * hp;
        const double next = r.squaredNorm();
        p = r + (next / rr) * p;
        rr = next;
    }
    return d;
}

// Objective: scores(v), value(v, scores), gradient(v, scores, curvature&), product(direction, curvature); scores are
// linear in v. Goes from `v` until the gradient is shorter than `settled`: with the penalty's Hessian of at least 1,
// that is how far the weights are from the optimum at most.
template <typename Objective>
void minimise(const Objective& f, Eigen::VectorXd& v, double settled) {
    constexpr int kSteps = 100;
    Eigen::VectorXd score = f.scores(v), curvature;
    double value = f.value(v, score);
    for (int i = 0; i < kSteps; ++i) {
        const Eigen::VectorXd g = f.gradient(v, score, curvature);
        if (g.norm() < settled)
            break;
        const Eigen::VectorXd d = newtonDirection(f, g, curvature);
        const Eigen::VectorXd along = f.scores(d);
        const double slope = g.dot(d);
        double step = 1;
        double next = 0;
        do {
            next = f.value(v + step * d, score + step * along);
        } while (next > value + 1e-4 * step * slope && (step /= 2) > 1e-10);
        if (next >= value) // the digits are used up
            break;
        v += step * d;
        score += step * along;
        value = next;
    }
}

} // namespace precordia
