// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/atria.h"

#include "core/signal/beat_kinds.h"
#include "core/signal/lead_window.h"
#include "core/signal/statistics.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace precordia::signal {
namespace {

constexpr double leastLikeness = 0.5;                        // of P windows between beats
constexpr double leastOfIrregular = 0.68;                    // the same where no sinus node seems to set the beat
constexpr double leastP = 2.5;                               // uV of curvature, mean over the leads
constexpr double shortestCycle = 0.165, longestCycle = 0.26; // s, of flutter: 230 to 360 a minute
constexpr double smallestRatio = 0.5, largestRatio = 2.2;    // of the sizes of a wave and of its repetition
constexpr double usualRr = 0.15;                             // share of the RR that a beat's may differ by
constexpr double repeated = 0.7;                             // likeness of a wave and its repetition
constexpr double broadQrs = 0.12, broadRr = 0.6;             // s; there the ventricles may beat by themselves
constexpr double fastRr = 0.5, downward = -0.65; // s; AtrialEvidence::upright: a sinus node does not do both
constexpr double sureOdds = 3;
constexpr double quickRr = 0.45; // s: faster, premature beats alone do not make half of the steps irregular
// Of AtrialEvidence::steep: 0.37 to 0.77 in four ventricular tachycardias, above 0.9 in all else that is so fast.
constexpr double merging = 0.8;
constexpr std::ptrdiff_t longestWindow = 75, leastWindow = 24; // samples before the QRS that are compared
constexpr std::ptrdiff_t stillSamples = 12;                    // 24 ms

constexpr const char* wavesMergeReason = "fast rhythm whose waves run into each other: where they begin and end cannot "
                                         "be told; a ventricular tachycardia may look so";

std::ptrdiff_t placeOf(const BeatWaves& waves, Edge edge) {
    return static_cast<std::ptrdiff_t>(waves.joint[static_cast<std::size_t>(edge)]);
}

// The dominant shape's beats in the stretch that holds most of them.
const BeatGroup* largestGroup(const Analysis& a) {
    const BeatGroup* out = nullptr;
    for (const BeatGroup& group : a.groups)
        if (group.shape == a.shapes.dominant && (out == nullptr || group.members.size() > out->members.size()))
            out = &group;
    return out;
}

struct Repetition {
    double likeness = -1, ratio = 0;
};

// What stands before the QRS of the group's beats against what stands `lag` samples before, `length` samples of it.
Repetition repetitionAt(const Analysis& a, const BeatGroup& group, double rr, std::ptrdiff_t lag,
                        std::ptrdiff_t length) {
    const std::ptrdiff_t end = placeOf(group.waves, Edge::QrsOn) - static_cast<std::ptrdiff_t>(beatBefore) - 4;
    const LeadWindow window(a.signal, end - length, end);
    constexpr std::ptrdiff_t reach = 6, step = 2;
    std::array<double, 2 * reach / step + 1> product{}, there{};
    double here = 0;
    for (const std::size_t m : group.members) {
        if (m == 0 || a.shapes.beats[m - 1].shape != a.shapes.dominant ||
            std::abs(a.shapes.beats[m].rrBefore - rr) > usualRr * rr)
            continue;
        const auto at = static_cast<std::ptrdiff_t>(a.shapes.beats[m].at);
        const auto own = window.cut(at);
        here += windowProduct(own, own);
        for (std::size_t k = 0; k < product.size(); ++k) {
            const auto other = window.cut(at - lag - reach + step * static_cast<std::ptrdiff_t>(k));
            product[k] += windowProduct(own, other);
            there[k] += windowProduct(other, other);
        }
    }
    Repetition out;
    for (std::size_t k = 0; k < product.size(); ++k)
        if (const double r = product[k] / std::sqrt(here * there[k] + 1e-9); r > out.likeness)
            out = {r, std::sqrt(there[k] / (here + 1e-9))};
    return out;
}

double repeats(const Analysis& a, const BeatGroup& group, double rr) {
    const std::ptrdiff_t width = placeOf(group.waves, Edge::QrsOff) - placeOf(group.waves, Edge::QrsOn);
    Repetition best;
    bool any = false;
    for (int waves = 2; waves <= 6; ++waves) {
        const double cycle = rr / waves;
        const auto lag = static_cast<std::ptrdiff_t>(std::lround(cycle * workRate));
        // The repetition begins behind the QRS before.
        const std::ptrdiff_t length =
            std::min({lag, longestWindow, static_cast<std::ptrdiff_t>(rr * workRate) - width - lag - 12});
        if (cycle < shortestCycle || cycle > longestCycle || length < leastWindow)
            continue;
        any = true;
        if (const Repetition r = repetitionAt(a, group, rr, lag, length); r.likeness > best.likeness)
            best = r;
    }
    if (!any)
        return -1;
    return best.ratio > smallestRatio && best.ratio < largestRatio ? std::max(best.likeness, 0.0) : 0;
}

// A heart in sinus rhythm is still somewhere between QRS and QRS: in the PQ segment, before the P or in the ST segment.
double stirOf(const Analysis& a, const BeatGroup& group, double rr) {
    const std::ptrdiff_t on = placeOf(group.waves, Edge::QrsOn), off = placeOf(group.waves, Edge::QrsOff);
    const auto first = std::max<std::ptrdiff_t>(4, off - static_cast<std::ptrdiff_t>(rr * workRate) + 60);
    std::vector<double> moved;
    double whole = 0;
    for (std::size_t l = 0; l < a.signal.leads.size(); ++l) {
        if (a.signal.leads[l].derived)
            continue;
        const auto x = movingMean(movingMean(group.mean.leads[l], 11), 9);
        const auto range = [&](std::ptrdiff_t from, std::ptrdiff_t to) {
            const auto [low, high] = std::minmax_element(x.begin() + from, x.begin() + to);
            return static_cast<double>(*high - *low);
        };
        if (const auto from = std::max<std::ptrdiff_t>(4, on - 100); from < on - 4)
            whole += range(from, on - 4);
        std::size_t k = 0;
        for (std::ptrdiff_t i = first; i + stillSamples <= on - 3; i += 2, ++k) {
            moved.resize(std::max(moved.size(), k + 1), 0.0);
            moved[k] += range(i, i + stillSamples);
        }
    }
    return moved.empty() || !(whole > 0) ? 0 : *std::min_element(moved.begin(), moved.end()) / whole;
}

// How much of the steepness (squared slope, all leads) of a cycle lies within the QRS.
double steepShare(const Analysis& a, const BeatGroup& group, double rr) {
    const std::ptrdiff_t on = placeOf(group.waves, Edge::QrsOn), off = placeOf(group.waves, Edge::QrsOff);
    const auto first = std::max<std::ptrdiff_t>(4, off - static_cast<std::ptrdiff_t>(rr * workRate));
    double within = 0, all = 0;
    for (std::size_t l = 0; l < a.signal.leads.size(); ++l) {
        if (a.signal.leads[l].derived)
            continue;
        const auto x = movingMean(movingMean(group.mean.leads[l], 11), 9);
        for (std::ptrdiff_t i = first; i < off; ++i) {
            const double step = static_cast<double>(x[i + 1]) - static_cast<double>(x[i - 1]);
            all += step * step;
            within += i >= on ? step * step : 0;
        }
    }
    return all > 0 ? within / all : 1;
}

double uprightOf(const Analysis& a, const BeatGroup& group, double unknown) {
    for (std::size_t l = 0; l < a.signal.leads.size(); ++l)
        if (a.signal.leads[l].name == "II" || a.signal.leads[l].name == "MLII") {
            const double height = group.waves.leads[l].pHeight;
            return height / (std::abs(height) + 20);
        }
    return unknown;
}

std::string reasonAgainstP(const AtrialEvidence& e) {
    if (e.beats == 0)
        return "no beats";
    if (2 * e.paced > e.beats)
        return "the ventricles are paced: P waves are not judged";
    if (e.size < leastP)
        return "no wave stands out of the noise before the QRS";
    const bool irregular = e.irregular > irregularShare;
    if (e.beats >= 3 && e.likeness < (irregular ? leastOfIrregular : leastLikeness))
        return irregular ? "atrial fibrillation is likely: irregular rhythm, no consistent P wave"
                         : "no consistent wave stands before the QRS";
    if (e.rr < fastRr && e.upright < downward && sinusOdds(e) < sureOdds)
        return "fast rhythm without an upright P in lead II: atrial flutter, another tachycardia of the atria, or "
               "the P stands within the T before";
    if (irregular && e.rr < quickRr)
        return "atrial fibrillation is likely: fast and irregular rhythm";
    if (sinusOdds(e) > 0)
        return {};
    if (irregular)
        return "atrial fibrillation or flutter is likely: irregular rhythm, and the atria do not rest between the "
               "beats";
    if (e.repeats > repeated)
        return "atrial flutter is likely: the same wave stands one atrial cycle before";
    return "atrial flutter or fibrillation is likely: the atria do not rest between the beats";
}

bool wavesMerge(const AtrialEvidence& e) {
    return e.beats > 0 && 2 * e.paced <= e.beats && e.rr < fastRr && e.steep < merging;
}

std::string reason(const AtrialEvidence& e) {
    if (wavesMerge(e))
        return wavesMergeReason;
    auto out = reasonAgainstP(e);
    // Where the ventricles beat by themselves, which is regular, nothing before the QRS tells of the atria.
    if (!out.empty() && 2 * e.paced <= e.beats && e.irregular <= irregularShare && e.qrs > broadQrs && e.rr < broadRr)
        return "fast rhythm with a broad QRS: no P wave is found; a ventricular tachycardia may look so";
    return out;
}

} // namespace

AtrialEvidence atrialEvidence(const Analysis& a) {
    AtrialEvidence out;
    std::vector<double> likeness, rest, size;
    for (std::size_t b = 0; b < a.details.size(); ++b) {
        const BeatDetail& d = a.details[b];
        if (a.shapes.beats[b].shape != a.shapes.dominant)
            continue;
        ++out.beats;
        out.paced += a.beats[b].paced ? 1 : 0;
        likeness.push_back(d.pLikeness);
        size.push_back(a.groups[d.group].waves.pSize);
        if (d.pOwn > 0)
            rest.push_back(d.rest / d.pOwn);
    }
    out.likeness = upperMedian(likeness, 0);
    out.rest = upperMedian(rest, -1);
    out.size = upperMedian(size, 0);
    const auto rr = calmIntervals(a);
    out.irregular = irregularity(rr);
    out.rr = upperMedian(rr, 1);
    if (const BeatGroup* group = largestGroup(a)) {
        out.repeats = repeats(a, *group, out.rr);
        out.steep = out.rr < fastRr ? steepShare(a, *group, out.rr) : 1;
        out.stir = stirOf(a, *group, out.rr);
        out.upright = uprightOf(a, *group, out.upright);
        const auto place = [&](Edge edge) { return group->waves.joint[static_cast<std::size_t>(edge)]; };
        out.qrs = (place(Edge::QrsOff) - place(Edge::QrsOn)) / workRate;
    }
    return out;
}

// Logistic regression on 1,200 synthetic recordings of all rhythms and 204 real ones whose reader named the rhythm
// (docs/results.md: figures of recordings held back), 0.5 towards the sinus, which is the rule.
double sinusOdds(const AtrialEvidence& e) {
    const double alike = std::max(e.repeats, 0.0);
    return 1.89 + 3.97 * alike - 7.29 * alike * alike - (e.repeats < 0 ? 1.47 : 0) -
           5.13 * (e.rest < 0 ? 0.15 : e.rest) - 9.59 * std::min(e.irregular, 0.4) + 3.49 * e.rr + 1.73 * e.upright -
           78.9 * std::min(e.stir, 0.4) + 2.45 * e.likeness;
}

void judgeAtria(Analysis& a) {
    const AtrialEvidence evidence = atrialEvidence(a);
    a.pAbsent = reason(evidence);
    a.merged = wavesMerge(evidence) ? wavesMergeReason : "";
    for (std::size_t b = 0; b < a.details.size(); ++b)
        a.details[b].p = a.pAbsent.empty() && a.beats[b].kind != BeatKind::Ventricular;
}

} // namespace precordia::signal
