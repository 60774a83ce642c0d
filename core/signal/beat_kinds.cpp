// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/beat_kinds.h"

#include "core/signal/statistics.h"

#include <algorithm>
#include <cmath>

namespace precordia::signal {
namespace {

constexpr double widerMs = 20;      // than the dominant QRS: from the ventricles
constexpr double earlyShare = 0.86; // of the RRs about it: premature

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

// Suddenly earlier than the beats before it came, and the rhythm does not go on as fast: a rate that falls or rises
// from beat to beat has no premature beats. before: the last RRs in time, the latest last.
bool cameEarly(const std::vector<AlignedBeat>& beats, std::size_t b, const std::vector<double>& before) {
    const double rr = beats[b].rrBefore;
    double after = 0;
    for (std::size_t i = b + 1; i < std::min(beats.size(), b + 3); ++i)
        after = std::max(after, beats[i].rrBefore);
    if (before.empty()) // nothing to go by but what follows at once
        return rr > 0 && b + 1 < beats.size() && rr < earlyShare * beats[b + 1].rrBefore;
    const double usual = std::min(before.back(), upperMedian(before, 0));
    return rr > 0 && rr < earlyShare * usual && (after == 0 || rr < earlyShare * after);
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

} // namespace

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

void judgeBeats(Analysis& a) {
    chooseDominant(a);
    const double usual = shapeWidth(a, a.shapes.dominant);
    const bool irregular = irregularity(calmIntervals(a)) > irregularShare;
    const auto& beats = a.shapes.beats;
    std::vector<double> inTime; // the last RRs between beats in time
    for (std::size_t b = 0; b < a.beats.size(); ++b) {
        Beat& beat = a.beats[b];
        beat.paced = pacedAt(a, b);
        if (beats[b].shape != a.shapes.dominant) {
            const double width = shapeWidth(a, beats[b].shape);
            beat.kind = width > usual + widerMs ? BeatKind::Ventricular : BeatKind::Other;
        } else if (!irregular && cameEarly(beats, b, inTime)) {
            beat.kind = BeatKind::Premature;
        } else if (b > 0 && a.beats[b - 1].kind == BeatKind::Normal) {
            inTime.push_back(beats[b].rrBefore);
            if (inTime.size() > 3)
                inTime.erase(inTime.begin());
        }
    }
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
