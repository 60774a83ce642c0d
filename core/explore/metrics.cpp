// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/metrics.h"

#include "core/explore/auroc.h"
#include "core/explore/probe.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace precordia {

namespace {

double share(int part, int whole) {
    return whole > 0 ? static_cast<double>(part) / whole : 0;
}

// The rows by descending score; each run of equal scores ends at one of `ends`.
struct Ranking {
    std::vector<std::size_t> order, ends;
};

Ranking rankingOf(const std::vector<double>& scores) {
    Ranking r;
    r.order.resize(scores.size());
    std::iota(r.order.begin(), r.order.end(), 0);
    std::stable_sort(r.order.begin(), r.order.end(),
                     [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    for (std::size_t i = 0; i < r.order.size(); ++i)
        if (i + 1 == r.order.size() || scores[r.order[i]] != scores[r.order[i + 1]])
            r.ends.push_back(i);
    return r;
}

int positivesIn(const std::vector<int>& labels) {
    return static_cast<int>(std::count(labels.begin(), labels.end(), 1));
}

// `visit(threshold, true positives, false positives)` at each place where scores change, from the highest down.
template <typename Visit>
void sweep(const std::vector<double>& scores, const std::vector<int>& labels, Visit visit) {
    const Ranking ranking = rankingOf(scores);
    int hit = 0;
    std::size_t at = 0;
    for (const std::size_t end : ranking.ends) {
        for (; at <= end; ++at)
            hit += labels[ranking.order[at]] == 1 ? 1 : 0;
        visit(scores[ranking.order[end]], hit, static_cast<int>(end + 1) - hit);
    }
}

std::vector<double> columnOf(const RowsD& scores, Eigen::Index column, const std::vector<std::size_t>& rows) {
    std::vector<double> out;
    out.reserve(rows.size());
    for (const std::size_t row : rows)
        out.push_back(scores(static_cast<Eigen::Index>(row), column));
    return out;
}

} // namespace

double averagePrecision(const std::vector<double>& scores, const std::vector<int>& labels) {
    const int positives = positivesIn(labels);
    double sum = 0;
    int before = 0;
    sweep(scores, labels, [&](double, int hit, int missed) {
        sum += share(hit - before, positives) * share(hit, hit + missed);
        before = hit;
    });
    return sum;
}

double Confusion::sensitivity() const {
    return share(truePositive, truePositive + falseNegative);
}
double Confusion::specificity() const {
    return share(trueNegative, trueNegative + falsePositive);
}
double Confusion::precision() const {
    return share(truePositive, truePositive + falsePositive);
}
double Confusion::f1() const {
    return share(2 * truePositive, 2 * truePositive + falsePositive + falseNegative);
}
double Confusion::accuracy() const {
    return share(truePositive + trueNegative, truePositive + falsePositive + trueNegative + falseNegative);
}

Confusion confusionOf(const std::vector<std::uint8_t>& called, const std::vector<int>& labels) {
    Confusion c;
    for (std::size_t i = 0; i < labels.size(); ++i)
        ++(called[i] != 0 ? (labels[i] == 1 ? c.truePositive : c.falsePositive)
                          : (labels[i] == 1 ? c.falseNegative : c.trueNegative));
    return c;
}

double youdenThreshold(const std::vector<double>& scores, const std::vector<int>& labels) {
    const int positives = positivesIn(labels);
    const int negatives = static_cast<int>(labels.size()) - positives;
    double best = -1, threshold = 0;
    sweep(scores, labels, [&](double at, int hit, int missed) {
        if (const double gain = share(hit, positives) - share(missed, negatives); gain > best + 1e-12) {
            best = gain;
            threshold = at;
        }
    });
    return threshold;
}

double sensitivityThreshold(const std::vector<double>& scores, const std::vector<int>& labels, double sensitivity) {
    const int positives = positivesIn(labels);
    double threshold = 0;
    bool found = false;
    sweep(scores, labels, [&](double at, int hit, int) {
        if (!found)
            threshold = at;
        found = found || share(hit, positives) >= sensitivity - 1e-12;
    });
    return threshold;
}

double Platt::operator()(double score) const {
    const double t = slope * score + offset;
    return t >= 0 ? 1 / (1 + std::exp(-t)) : std::exp(t) / (1 + std::exp(t));
}

Platt fitPlatt(const std::vector<double>& scores, const std::vector<int>& labels) {
    const double positives = positivesIn(labels);
    const double negatives = static_cast<double>(labels.size()) - positives;
    const double high = (positives + 1) / (positives + 2), low = 1 / (negatives + 2);
    Platt p{0, std::log((positives + 1) / (negatives + 1))};
    const auto loss = [&](const Platt& q) {
        double sum = 0;
        for (std::size_t i = 0; i < scores.size(); ++i) {
            const double t = q.slope * scores[i] + q.offset;
            sum += (t > 0 ? t + std::log1p(std::exp(-t)) : std::log1p(std::exp(t))) - (labels[i] == 1 ? high : low) * t;
        }
        return sum;
    };
    double value = loss(p);
    for (int step = 0; step < 100; ++step) {
        double gs = 0, go = 0, hss = 1e-12, hso = 0, hoo = 1e-12;
        for (std::size_t i = 0; i < scores.size(); ++i) {
            const double q = p(scores[i]), e = q - (labels[i] == 1 ? high : low), w = q * (1 - q);
            gs += e * scores[i], go += e;
            hss += w * scores[i] * scores[i], hso += w * scores[i], hoo += w;
        }
        const double determinant = hss * hoo - hso * hso;
        if (!(determinant > 0) || std::hypot(gs, go) < 1e-10)
            break;
        const double ds = -(hoo * gs - hso * go) / determinant, d0 = -(hss * go - hso * gs) / determinant;
        double length = 1, next = 0;
        do {
            next = loss({p.slope + length * ds, p.offset + length * d0});
        } while (next > value && (length /= 2) > 1e-10);
        if (!(next < value))
            break;
        p = {p.slope + length * ds, p.offset + length * d0};
        value = next;
    }
    return p;
}

Calibration calibrationOf(const std::vector<double>& probabilities, const std::vector<int>& labels) {
    Calibration out;
    const auto n = static_cast<double>(probabilities.size());
    if (probabilities.empty())
        return out;
    for (std::size_t i = 0; i < probabilities.size(); ++i) {
        const double p = probabilities[i], y = labels[i] == 1 ? 1 : 0;
        out.brier += (p - y) * (p - y) / n;
        auto& bin = out.bins[static_cast<std::size_t>(std::clamp(static_cast<int>(p * 10), 0, 9))];
        ++bin.count;
        bin.meanProbability += p;
        bin.share += y;
    }
    for (auto& bin : out.bins)
        if (bin.count > 0) {
            bin.meanProbability /= bin.count;
            bin.share /= bin.count;
            out.expectedError += bin.count / n * std::abs(bin.share - bin.meanProbability);
        }
    return out;
}

double aurocOneVersusOne(const RowsD& scores, const std::vector<int>& classOf, const std::vector<int>& counts) {
    double sum = 0;
    int pairs = 0;
    for (Eigen::Index a = 0; a < scores.cols(); ++a)
        for (Eigen::Index b = a + 1; b < scores.cols(); ++b) {
            std::vector<std::size_t> rows;
            std::vector<int> isA, isB, taken;
            for (std::size_t i = 0; i < classOf.size(); ++i)
                if (classOf[i] == a || classOf[i] == b) {
                    rows.push_back(i);
                    isA.push_back(classOf[i] == a ? 1 : 0);
                    isB.push_back(classOf[i] == b ? 1 : 0);
                    taken.push_back(counts.empty() ? 1 : counts[i]);
                }
            const auto first = RankedScores(columnOf(scores, a, rows), isA).auroc(taken);
            const auto second = RankedScores(columnOf(scores, b, rows), isB).auroc(taken);
            if (first && second) {
                sum += (*first + *second) / 2;
                ++pairs;
            }
        }
    return pairs > 0 ? sum / pairs : std::numeric_limits<double>::quiet_NaN();
}

double aurocOneVersusRest(const RowsD& scores, const std::vector<int>& classOf, const std::vector<int>& counts) {
    std::vector<std::size_t> rows(classOf.size());
    std::iota(rows.begin(), rows.end(), 0);
    const std::vector<int> taken = counts.empty() ? std::vector<int>(classOf.size(), 1) : counts;
    double sum = 0;
    int classes = 0;
    for (Eigen::Index k = 0; k < scores.cols(); ++k) {
        std::vector<int> is;
        for (const int c : classOf)
            is.push_back(c == k ? 1 : 0);
        if (const auto value = RankedScores(columnOf(scores, k, rows), is).auroc(taken)) {
            sum += *value;
            ++classes;
        }
    }
    return classes > 0 ? sum / classes : std::numeric_limits<double>::quiet_NaN();
}

ClassFigures classFiguresOf(const RowsD& scores, const std::vector<int>& classOf) {
    const auto classes = static_cast<std::size_t>(scores.cols());
    std::vector<std::size_t> rows(classOf.size());
    std::iota(rows.begin(), rows.end(), 0);
    std::vector<int> called(classOf.size());
    int right = 0;
    for (std::size_t i = 0; i < classOf.size(); ++i) {
        Eigen::Index best = 0;
        scores.row(static_cast<Eigen::Index>(i)).maxCoeff(&best);
        called[i] = static_cast<int>(best);
        right += called[i] == classOf[i] ? 1 : 0;
    }
    ClassFigures out;
    out.accuracy = share(right, static_cast<int>(classOf.size()));
    for (std::size_t k = 0; k < classes; ++k) {
        std::vector<int> is;
        std::vector<std::uint8_t> said;
        for (std::size_t i = 0; i < classOf.size(); ++i) {
            is.push_back(classOf[i] == static_cast<int>(k) ? 1 : 0);
            said.push_back(called[i] == static_cast<int>(k) ? 1 : 0);
        }
        const Confusion c = confusionOf(said, is);
        out.sensitivity.push_back(c.sensitivity());
        out.f1.push_back(c.f1());
        out.auroc.push_back(auroc(columnOf(scores, static_cast<Eigen::Index>(k), rows), is));
        out.count.push_back(positivesIn(is));
        out.balancedAccuracy += c.sensitivity() / static_cast<double>(classes);
        out.macroF1 += c.f1() / static_cast<double>(classes);
    }
    return out;
}

} // namespace precordia
