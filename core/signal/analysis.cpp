// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/analysis.h"

#include "core/signal/atria.h"
#include "core/signal/beat_kinds.h"
#include "core/signal/lead_window.h"
#include "core/signal/r_peaks.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace precordia::signal {
namespace {

constexpr double stretchSeconds = 30; // the mean beat of a longer recording follows its changes

void groupByStretch(Analysis& a) {
    std::map<std::pair<std::size_t, int>, std::size_t> known;
    a.details.resize(a.shapes.beats.size());
    for (std::size_t b = 0; b < a.shapes.beats.size(); ++b) {
        const AlignedBeat& beat = a.shapes.beats[b];
        const auto stretch = static_cast<std::size_t>(static_cast<double>(beat.at) / workRate / stretchSeconds);
        const auto [place, fresh] = known.try_emplace({stretch, beat.shape}, a.groups.size());
        if (fresh) {
            a.groups.emplace_back();
            a.groups.back().shape = beat.shape;
        }
        a.groups[place->second].members.push_back(b);
        a.details[b].group = place->second;
    }
}

void delineateGroup(Analysis& a, BeatGroup& group) {
    group.mean = meanBeat(a.signal, a.shapes.beats, group.members);
    group.waves = findWaves(group.mean, limitsOf(a.shapes.beats, group.members));
}

struct Fit {
    double shift = 0;    // samples
    double likeness = 0; // correlation with the mean of the other beats
};

// Where each member's window fits the mean of the others best.
std::vector<Fit> fitMembers(const Analysis& a, const BeatGroup& group, std::ptrdiff_t first, std::ptrdiff_t last,
                            std::ptrdiff_t reach, std::ptrdiff_t stride) {
    const LeadWindow window(a.signal, first, last, stride);
    std::vector<std::vector<float>> cuts;
    std::vector<float> sum;
    for (const std::size_t m : group.members) {
        cuts.push_back(window.cut(static_cast<std::ptrdiff_t>(a.shapes.beats[m].at)));
        sum.resize(cuts.back().size(), 0.0F);
        for (std::size_t i = 0; i < sum.size(); ++i)
            sum[i] += cuts.back()[i];
    }
    std::vector<Fit> out;
    std::vector<float> others(sum.size());
    const auto n = static_cast<float>(group.members.size());
    for (std::size_t k = 0; k < cuts.size(); ++k) {
        Fit fit;
        for (std::size_t i = 0; i < sum.size(); ++i)
            others[i] = n > 1 ? (sum[i] - cuts[k][i]) / (n - 1) : sum[i];
        const auto at = static_cast<std::ptrdiff_t>(a.shapes.beats[group.members[k]].at);
        fit.likeness = -2;
        const auto consider = [&](std::ptrdiff_t shift) {
            const auto moved = shift == 0 ? cuts[k] : window.cut(at + shift);
            const double r = windowLikeness(moved, others) - 0.002 * static_cast<double>(std::abs(shift));
            if (r > fit.likeness) {
                fit.likeness = r;
                fit.shift = static_cast<double>(shift);
            }
        };
        for (std::ptrdiff_t shift = n > 1 ? -reach : 0; shift <= (n > 1 ? reach : 0); shift += 4)
            consider(shift);
        const auto coarse = static_cast<std::ptrdiff_t>(fit.shift);
        consider(coarse - 2);
        consider(coarse + 2);
        out.push_back(fit);
    }
    return out;
}

std::ptrdiff_t relative(const BeatWaves& waves, Edge edge) {
    return static_cast<std::ptrdiff_t>(waves.joint[static_cast<std::size_t>(edge)]) -
           static_cast<std::ptrdiff_t>(beatBefore);
}

void fitGroup(Analysis& a, BeatGroup& group) {
    const BeatWaves& w = group.waves;
    const auto p = fitMembers(a, group, relative(w, Edge::POn) - 10,
                              std::min(relative(w, Edge::POff) + 8, relative(w, Edge::QrsOn) - 8), 12, 2);
    const auto t = fitMembers(a, group, relative(w, Edge::TOn), relative(w, Edge::TOff) + 20, 20, 4);
    for (std::size_t k = 0; k < group.members.size(); ++k) {
        BeatDetail& d = a.details[group.members[k]];
        d.pLikeness = p[k].likeness;
        d.pShift = p[k].likeness > 0.5 ? p[k].shift : 0;
        d.tShift = t[k].likeness > 0.5 ? t[k].shift : 0;
    }
}

// Root mean square over leads and samples [first, last) of the curvature that a P wave has.
double bendBetween(const WorkSignal& signal, std::ptrdiff_t first, std::ptrdiff_t last) {
    constexpr std::ptrdiff_t half = 23;
    first = std::max(first, half);
    last = std::min(last, static_cast<std::ptrdiff_t>(signal.samples) - half);
    double sum = 0;
    std::size_t n = 0;
    for (const WorkLead& lead : signal.leads) {
        if (lead.derived)
            continue;
        for (std::ptrdiff_t i = first; i < last; i += 2) {
            const auto k = static_cast<std::size_t>(i);
            const double b = lead.broad[k] - 0.5 * (lead.broad[k - half] + lead.broad[k + half]);
            sum += b * b;
            ++n;
        }
    }
    return n > 0 ? std::sqrt(sum / static_cast<double>(n)) : 0;
}

// The atria between the beats: how much moves between the end of T and the P, against the P itself.
void measureRest(Analysis& a) {
    for (std::size_t b = 1; b < a.shapes.beats.size(); ++b) {
        const BeatWaves& before = a.groups[a.details[b - 1].group].waves;
        const BeatWaves& here = a.groups[a.details[b].group].waves;
        const auto zero = static_cast<std::ptrdiff_t>(a.shapes.beats[b].at);
        const std::ptrdiff_t first =
            static_cast<std::ptrdiff_t>(a.shapes.beats[b - 1].at) + relative(before, Edge::TOff) + 40;
        const std::ptrdiff_t last = zero + relative(here, Edge::POn) - 20;
        if (last - first < 40)
            continue;
        const std::ptrdiff_t peak = zero + relative(here, Edge::PPeak);
        a.details[b].rest = bendBetween(a.signal, first, last);
        // A P of two humps is bent least in its middle.
        for (const std::ptrdiff_t off : {-20, 0, 20})
            a.details[b].pOwn = std::max(a.details[b].pOwn, bendBetween(a.signal, peak + off - 8, peak + off + 8));
    }
}

} // namespace

Analysis analyse(const Recording& recording) {
    Analysis a;
    a.signal = workSignal(recording);
    if (a.signal.leads.empty())
        return a;
    std::vector<std::size_t> peaks;
    const auto found = detectRPeaks(recording);
    for (const SampleIndex peak : found) {
        const double place = static_cast<double>(peak.value) * workRate / recording.samplingRate;
        peaks.push_back(std::min(a.signal.samples - 1, static_cast<std::size_t>(std::lround(place))));
    }
    a.shapes = groupBeats(a.signal, peaks);
    groupByStretch(a);
    for (BeatGroup& group : a.groups) {
        delineateGroup(a, group);
        fitGroup(a, group);
    }
    measureRest(a);
    for (std::size_t b = 0; b < a.shapes.beats.size(); ++b) {
        Beat beat;
        beat.peak = found[b];
        beat.seconds = static_cast<double>(found[b].value) / recording.samplingRate;
        beat.shape = a.shapes.beats[b].shape;
        beat.likeness = a.shapes.beats[b].similarity;
        a.beats.push_back(beat);
    }
    judgeBeats(a);
    judgeAtria(a);
    return a;
}

Delineation delineationOf(const Analysis& a) {
    Delineation out;
    out.beats = a.beats;
    out.pAbsent = a.pAbsent;
    const double end = a.signal.seconds();
    for (std::size_t l = 0; l < a.signal.leads.size(); ++l) {
        LeadDelineation lead;
        lead.lead = a.signal.leads[l].name;
        for (std::size_t b = 0; b < a.beats.size(); ++b) {
            const BeatDetail& d = a.details[b];
            const LeadWaves& w = a.groups[d.group].waves.leads[l];
            const double zero = static_cast<double>(a.shapes.beats[b].at) - static_cast<double>(beatBefore);
            const auto add = [&](std::vector<WaveMarks>& to, Edge on, double shift) {
                const auto e = static_cast<std::size_t>(on);
                const WaveMarks m{(zero + shift + w.place[e]) / workRate, (zero + shift + w.place[e + 1]) / workRate,
                                  (zero + shift + w.place[e + 2]) / workRate, static_cast<int>(b)};
                if (m.on >= 0 && m.off < end)
                    to.push_back(m);
            };
            if (d.p)
                add(lead.p, Edge::POn, d.pShift);
            add(lead.qrs, Edge::QrsOn, 0);
            add(lead.t, Edge::TOn, d.tShift);
        }
        out.leads.push_back(std::move(lead));
    }
    return out;
}

} // namespace precordia::signal
