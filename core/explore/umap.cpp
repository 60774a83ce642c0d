// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/fuzzy_graph.h"
#include "core/explore/map.h"
#include "core/explore/random_source.h"

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

constexpr int kNegativeSamples = 5;
constexpr float kLargestStep = 4.0F;

struct Curve {
    double a = 1, b = 1;
};

// Least squares of 1 / (1 + a x^2b) to the wanted shape: 1 up to the minimal distance, then falling as exp(-(x - min)).
// Levenberg-Marquardt over 300 points in [0, 3], as the authors do with scipy's curve_fit.
Curve fitCurve(double minDistance) {
    constexpr int kPoints = 300;
    Curve curve;
    const auto wanted = [minDistance](double x) { return x < minDistance ? 1.0 : std::exp(-(x - minDistance)); };
    const auto error = [&wanted](const Curve& c) {
        double sum = 0;
        for (int i = 0; i < kPoints; ++i) {
            const double x = 3.0 * i / (kPoints - 1);
            const double e = 1 / (1 + c.a * std::pow(x, 2 * c.b)) - wanted(x);
            sum += e * e;
        }
        return sum;
    };
    double damping = 1e-3;
    double best = error(curve);
    for (int step = 0; step < 200; ++step) {
        double aa = 0, ab = 0, bb = 0, ga = 0, gb = 0;
        for (int i = 1; i < kPoints; ++i) {
            const double x = 3.0 * i / (kPoints - 1);
            const double power = std::pow(x, 2 * curve.b);
            const double y = 1 / (1 + curve.a * power);
            const double da = -y * y * power;
            const double db = da * curve.a * 2 * std::log(x);
            const double e = y - wanted(x);
            aa += da * da, ab += da * db, bb += db * db, ga += da * e, gb += db * e;
        }
        const double p = aa * (1 + damping), q = bb * (1 + damping), det = p * q - ab * ab;
        const Curve tried{curve.a - (q * ga - ab * gb) / det, curve.b - (p * gb - ab * ga) / det};
        const double now = tried.a > 0 && tried.b > 0 ? error(tried) : best + 1;
        if (now < best) {
            const bool settled = best - now < 1e-14;
            curve = tried, best = now, damping /= 3;
            if (settled)
                break;
        } else if ((damping *= 4) > 1e12) {
            break;
        }
    }
    return curve;
}

float clip(float v) {
    return std::clamp(v, -kLargestStep, kLargestStep);
}

// PCA, stretched to [0, 10] on each axis; a little noise parts equal points.
Matrix startLayout(const Matrix& values, RandomSource& random) {
    Matrix layout = pca(values, 2).projected;
    const float largest = std::max(layout.cwiseAbs().maxCoeff(), 1e-12F);
    layout *= 10.0F / largest;
    for (Eigen::Index i = 0; i < layout.size(); ++i)
        layout.data()[i] += static_cast<float>((random.uniform() - 0.5) * 3e-4);
    for (Eigen::Index c = 0; c < 2; ++c) {
        const float low = layout.col(c).minCoeff();
        const float range = std::max(layout.col(c).maxCoeff() - low, 1e-12F);
        layout.col(c) = (layout.col(c).array() - low) * (10.0F / range);
    }
    return layout;
}

// Edges in both directions with the epoch at which each is due next; the heavier, the oftener.
struct Schedule {
    std::vector<int> head, tail;
    std::vector<float> every, due, negativeDue;
};

Schedule makeSchedule(const std::vector<FuzzyEdge>& edges, int epochs) {
    float heaviest = 0;
    for (const auto& e : edges)
        heaviest = std::max(heaviest, e.weight);
    Schedule s;
    const auto add = [&](int from, int to, float weight) {
        s.head.push_back(from), s.tail.push_back(to);
        s.every.push_back(heaviest / weight);
    };
    for (const auto& e : edges)
        if (e.weight >= heaviest / static_cast<float>(epochs)) // else never due
            add(e.from, e.to, e.weight), add(e.to, e.from, e.weight);
    // By head, as in the authors' code: neighbours in memory are used together.
    std::vector<std::size_t> order(s.head.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return s.head[a] < s.head[b]; });
    Schedule sorted;
    for (const std::size_t i : order)
        sorted.head.push_back(s.head[i]), sorted.tail.push_back(s.tail[i]), sorted.every.push_back(s.every[i]);
    sorted.due = sorted.every;
    for (const float e : sorted.every)
        sorted.negativeDue.push_back(e / kNegativeSamples);
    return sorted;
}

class Optimiser {
public:
    Optimiser(Matrix& layout, Schedule schedule, Curve curve, RandomSource& random)
        : layout_(layout)
        , s_(std::move(schedule))
        , a_(static_cast<float>(curve.a))
        , b_(static_cast<float>(curve.b))
        , random_(random) {}

    void epoch(int n, float rate) {
        const auto now = static_cast<float>(n);
        for (std::size_t e = 0; e < s_.head.size(); ++e) {
            if (s_.due[e] > now)
                continue;
            float* from = layout_.row(s_.head[e]).data();
            attract(from, layout_.row(s_.tail[e]).data(), rate);
            s_.due[e] += s_.every[e];
            const float each = s_.every[e] / kNegativeSamples;
            const int negatives = static_cast<int>((now - s_.negativeDue[e]) / each);
            for (int i = 0; i < negatives; ++i) {
                const std::size_t other = random_.below(static_cast<std::size_t>(layout_.rows()));
                if (static_cast<int>(other) != s_.head[e])
                    repel(from, layout_.row(static_cast<Eigen::Index>(other)).data(), rate);
            }
            s_.negativeDue[e] += static_cast<float>(negatives) * each;
        }
    }

private:
    void attract(float* from, float* to, float rate) const {
        const float dx = from[0] - to[0], dy = from[1] - to[1];
        const float square = dx * dx + dy * dy;
        if (square <= 0)
            return;
        const float power = std::pow(square, b_);
        const float pull = -2.0F * a_ * b_ * power / (square * (a_ * power + 1.0F));
        const float gx = clip(pull * dx) * rate, gy = clip(pull * dy) * rate;
        from[0] += gx, from[1] += gy;
        to[0] -= gx, to[1] -= gy;
    }
    void repel(float* from, const float* other, float rate) const {
        const float dx = from[0] - other[0], dy = from[1] - other[1];
        const float square = dx * dx + dy * dy;
        if (square <= 0)
            return;
        const float push = 2.0F * b_ / ((0.001F + square) * (a_ * std::pow(square, b_) + 1.0F));
        from[0] += clip(push * dx) * rate, from[1] += clip(push * dy) * rate;
    }

    Matrix& layout_;
    Schedule s_;
    float a_, b_;
    RandomSource& random_;
};

} // namespace

Result<Matrix> umap(const Matrix& values, const UmapOptions& options, StopToken stop, Progress& progress) {
    // As umap-learn counts: the row itself is one of its neighbours.
    const auto neighbours = nearestNeighbours(
        values, static_cast<int>(std::min<std::int64_t>(options.neighbours, values.rows()) - 1), stop, progress);
    if (!neighbours)
        return neighbours.as<Matrix>();
    return umap(values, *neighbours, options, stop, progress);
}

Result<Matrix> umap(const Matrix& values, const Neighbours& neighbours, const UmapOptions& options, StopToken stop,
                    Progress& progress) {
    const int epochs = options.epochs > 0 ? options.epochs : values.rows() < 10000 ? 500 : 200;
    const auto edges = fuzzyGraph(neighbours, values.rows());
    RandomSource random(options.seed);
    Matrix layout = startLayout(values, random);
    Optimiser optimiser(layout, makeSchedule(edges, epochs), fitCurve(options.minDistance), random);
    progress.begin("Layout", epochs);
    for (int n = 0; n < epochs; ++n) {
        if (stop.stop_requested())
            return Cancelled{};
        optimiser.epoch(n, 1.0F - static_cast<float>(n) / static_cast<float>(epochs));
        progress.advance();
    }
    // The layout has no origin of its own.
    layout.rowwise() -= layout.colwise().mean().eval();
    return layout;
}

} // namespace precordia
