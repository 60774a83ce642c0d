// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/atria.h"

#include "core/signal/lead_window.h"
#include "core/signal/statistics.h"

#include <algorithm>
#include <cmath>

namespace precordia::signal {
namespace {

constexpr double widerMs = 20;          // than the dominant QRS: from the ventricles
constexpr double earlyShare = 0.86;     // of the local RR: premature
constexpr double irregularShare = 0.08; // of the RR, between successive RRs: no sinus node
constexpr double leastLikeness = 0.68;  // of P windows between beats
constexpr double restMost = 0.5;        // of the P: what may move between the beats when the rhythm is regular
constexpr double restLeast = 0.28;      // when it is quite irregular; less by restSlope in between
constexpr double restSlope = 4.0;
constexpr double shortestCycle = 0.165, longestCycle = 0.26; // s, of flutter: 230 to 360 a minute
constexpr double cycleRatio = 1.6;                           // of the sizes of the P and of the wave one cycle before
constexpr double cycleSure = 0.85, cycleDoubt = 0.5;         // likeness of the two
constexpr double restSuspicious = 0.3;
constexpr double roomyRr = 0.74; // s: a beat this long has a rest between T and P
constexpr double leastP = 2.5;   // uV of curvature, mean over the leads

double placeOf(const BeatWaves& waves, Edge edge) {
    return waves.joint[static_cast<std::size_t>(edge)];
}

double widthMs(const BeatGroup& group) {
    return (placeOf(group.waves, Edge::QrsOff) - placeOf(group.waves, Edge::QrsOn)) * 1000 / workRate;
}

double shapeWidth(const Analysis& a, int shape) {
    double sum = 0, beats = 0;
    for (const BeatGroup& group : a.groups)
        if (group.shape == shape) {
            sum += widthMs(group) * static_cast<double>(group.members.size());
            beats += static_cast<double>(group.members.size());
        }
    return beats > 0 ? sum / beats : 0;
}

void chooseDominant(Analysis& a) {
    auto& counts = a.shapes.counts;
    if (counts.empty())
        return;
    const int most = *std::max_element(counts.begin(), counts.end());
    double narrowest = 1e9;
    for (std::size_t s = 0; s < counts.size(); ++s) {
        if (counts[s] < 2 * most / 3 || counts[s] == 0)
            continue;
        // As frequent shapes of one width: the more frequent one.
        const double score = shapeWidth(a, static_cast<int>(s)) - 15.0 * counts[s] / most;
        if (score < narrowest) {
            narrowest = score;
            a.shapes.dominant = static_cast<int>(s);
        }
    }
}

// RR of beats of the dominant shape in a row, s.
std::vector<double> calmIntervals(const Analysis& a) {
    std::vector<double> out;
    const auto& beats = a.shapes.beats;
    for (std::size_t b = 1; b < beats.size(); ++b)
        if (beats[b].shape == a.shapes.dominant && beats[b - 1].shape == a.shapes.dominant)
            out.push_back(beats[b].rrBefore);
    return out;
}

double irregularity(const std::vector<double>& rr) {
    std::vector<double> steps;
    for (std::size_t i = 1; i < rr.size(); ++i)
        steps.push_back(std::abs(rr[i] - rr[i - 1]));
    const double sure = std::min(1.0, static_cast<double>(steps.size()) / 6);
    return sure * upperMedian(steps, 0) / std::max(upperMedian(rr, 1), 0.2);
}

double localRr(const std::vector<AlignedBeat>& beats, std::size_t b) {
    std::vector<double> near;
    const std::size_t first = b > 6 ? b - 6 : 1;
    for (std::size_t i = first; i < std::min(beats.size(), b + 7); ++i)
        if (i != b)
            near.push_back(beats[i].rrBefore);
    return upperMedian(near, 0);
}

bool pacedAt(const Analysis& a, std::size_t b) {
    const BeatWaves& waves = a.groups[a.details[b].group].waves;
    const double on =
        static_cast<double>(a.shapes.beats[b].at) + placeOf(waves, Edge::QrsOn) - static_cast<double>(beatBefore);
    const auto& spikes = a.signal.spikes;
    const auto first =
        std::lower_bound(spikes.begin(), spikes.end(), static_cast<std::size_t>(std::max(0.0, on - 0.06 * workRate)));
    return first != spikes.end() && static_cast<double>(*first) < on + 0.03 * workRate;
}

struct AtrialEvidence {
    double likeness = 0;
    double rest = -1; // share of the P; below 0: no room between the beats
    double size = 0;
    double irregular = 0;
    double rr = 1;
    double cycle = 0; // likeness of the P and of what stands one cycle of flutter before it
    std::size_t beats = 0, paced = 0;
};

// The likeness of the P and of what stands `lag` s before it.
double likenessBefore(const Analysis& a, double lag) {
    std::vector<double> likeness;
    for (std::size_t b = 0; b < a.details.size(); ++b) {
        if (a.shapes.beats[b].shape != a.shapes.dominant)
            continue;
        const BeatWaves& waves = a.groups[a.details[b].group].waves;
        const auto before = static_cast<double>(beatBefore);
        const LeadWindow window(a.signal, static_cast<std::ptrdiff_t>(placeOf(waves, Edge::POn) - before) - 10,
                                static_cast<std::ptrdiff_t>(placeOf(waves, Edge::POff) - before) + 5);
        const auto at = static_cast<std::ptrdiff_t>(a.shapes.beats[b].at);
        const auto here = window.cut(at);
        double best = -1;
        const auto back = static_cast<std::ptrdiff_t>(lag * workRate);
        for (std::ptrdiff_t shift = -10; shift <= 10; shift += 5) {
            // As large as the P, too: a T wave looks like a P in the same direction.
            const auto there = window.cut(at - back + shift);
            const double ratio = std::sqrt(windowProduct(there, there) / std::max(windowProduct(here, here), 1e-6));
            if (ratio > 1 / cycleRatio && ratio < cycleRatio)
                best = std::max(best, windowLikeness(here, there));
        }
        likeness.push_back(best);
    }
    return upperMedian(likeness, 0);
}

AtrialEvidence evidence(const Analysis& a) {
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
    for (int waves = 2; waves <= 6; ++waves)
        if (const double cycle = out.rr / waves; cycle >= shortestCycle && cycle <= longestCycle)
            out.cycle = std::max(out.cycle, likenessBefore(a, cycle));
    return out;
}

std::string reasonAgainstP(const AtrialEvidence& e) {
    if (e.beats == 0)
        return "no beats";
    if (2 * e.paced > e.beats)
        return "the ventricles are paced: P waves are not judged";
    if (e.size < leastP)
        return "no wave stands out of the noise before the QRS";
    if (e.beats >= 3 && e.likeness < leastLikeness)
        return e.irregular > irregularShare ? "atrial fibrillation is likely: irregular rhythm, no consistent P wave"
                                            : "no consistent wave stands before the QRS";
    if (e.rest > std::clamp(restMost - restSlope * (e.irregular - irregularShare / 2), restLeast, restMost))
        return "atrial fibrillation or flutter is likely: the atria move between the beats as much as before them";
    if (e.rest < 0 && e.irregular > irregularShare && e.rr < 0.6)
        return "atrial fibrillation or flutter is likely: fast and irregular rhythm";
    // The nearer the other signs, the less alike the wave one cycle before must be.
    const double alike = e.rest > restSuspicious || (e.rest < 0 && e.rr > roomyRr) ? cycleDoubt : cycleSure;
    if (e.cycle > alike)
        return "atrial flutter is likely: the same wave stands one atrial cycle before";
    return {};
}

} // namespace

void judgeBeats(Analysis& a) {
    chooseDominant(a);
    const double usual = shapeWidth(a, a.shapes.dominant);
    const bool irregular = irregularity(calmIntervals(a)) > irregularShare;
    for (std::size_t b = 0; b < a.beats.size(); ++b) {
        Beat& beat = a.beats[b];
        const AlignedBeat& aligned = a.shapes.beats[b];
        beat.paced = pacedAt(a, b);
        if (aligned.shape != a.shapes.dominant) {
            const double width = shapeWidth(a, aligned.shape);
            beat.kind = width > usual + widerMs ? BeatKind::Ventricular : BeatKind::Other;
        } else if (!irregular && aligned.rrBefore > 0 && aligned.rrBefore < earlyShare * localRr(a.shapes.beats, b)) {
            beat.kind = BeatKind::Premature;
        }
    }
}

void judgeAtria(Analysis& a) {
    a.pAbsent = reasonAgainstP(evidence(a));
    for (std::size_t b = 0; b < a.details.size(); ++b)
        a.details[b].p = a.pAbsent.empty() && a.beats[b].kind != BeatKind::Ventricular;
}

} // namespace precordia::signal

namespace precordia {

std::string_view name(BeatKind kind) {
    switch (kind) {
    case BeatKind::Normal:
        return "normal";
    case BeatKind::Premature:
        return "premature";
    case BeatKind::Ventricular:
        return "ventricular";
    case BeatKind::Other:
        break;
    }
    return "other";
}

} // namespace precordia
