// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/median_beat.h"

#include "core/signal/measure_parts.h"

#include <algorithm>
#include <cmath>

namespace precordia::signal {
namespace {

constexpr double outlyingShare = 0.3;
constexpr double leastRise = 0.020;    // s, of a P from its onset to its peak
constexpr std::size_t mostBeats = 200; // of a long recording, evenly drawn

std::vector<std::size_t> normalBeats(const Analysis& a) {
    std::vector<std::size_t> all;
    // Normal ones; of a recording without any in time (bigeminy of the atria) all of the shape.
    for (const bool strict : {true, false}) {
        for (std::size_t b = 0; b < a.beats.size() && all.size() < a.beats.size(); ++b)
            if (a.shapes.beats[b].shape == a.shapes.dominant && (!strict || a.beats[b].kind == BeatKind::Normal))
                all.push_back(b);
        if (!all.empty())
            break;
    }
    if (all.size() <= mostBeats)
        return all;
    std::vector<std::size_t> some;
    for (std::size_t k = 0; k < mostBeats; ++k)
        some.push_back(all[k * all.size() / mostBeats]);
    return some;
}

// The CSE convention takes the earliest onset and the latest offset of all leads. Of twelve leads one or two always
// err: the place that three tenths of the trusted leads lie beyond is taken.
double outermost(const BeatWaves& waves, const std::vector<double>& noise, Edge edge, bool earliest) {
    const auto e = static_cast<std::size_t>(edge);
    std::vector<double> places;
    for (std::size_t l = 0; l < waves.leads.size(); ++l) {
        const LeadWaves& lead = waves.leads[l];
        if (edgeHeight(lead, edge) > 3 * noise[l] + (e <= 2 ? 8 : 20))
            places.push_back(lead.place[e]);
    }
    if (places.empty())
        for (const LeadWaves& lead : waves.leads)
            places.push_back(lead.place[e]);
    std::sort(places.begin(), places.end());
    const double rank = outlyingShare * static_cast<double>(places.size() - 1);
    const double at = earliest ? rank : static_cast<double>(places.size() - 1) - rank;
    const auto k = static_cast<std::size_t>(at);
    const std::size_t next = std::min(k + 1, places.size() - 1);
    return places[k] + (places[next] - places[k]) * (at - static_cast<double>(k));
}

MedianWave waveOf(double on, double peak, double off, bool present) {
    const auto seconds = [](double place) { return (place - static_cast<double>(beatBefore)) / workRate; };
    return {present, seconds(on), seconds(peak), seconds(off)};
}

double meanOf(const std::vector<float>& x, std::ptrdiff_t a, std::ptrdiff_t b) {
    a = std::clamp<std::ptrdiff_t>(a, 0, static_cast<std::ptrdiff_t>(x.size()) - 1);
    b = std::clamp<std::ptrdiff_t>(b, a + 1, static_cast<std::ptrdiff_t>(x.size()));
    double sum = 0;
    for (std::ptrdiff_t i = a; i < b; ++i)
        sum += x[static_cast<std::size_t>(i)];
    return sum / static_cast<double>(b - a);
}

} // namespace

MedianBeat medianBeatOf(const Analysis& a) {
    MedianBeat out;
    out.samplingRate = workRate;
    out.rPeak = beatBefore;
    const std::vector<std::size_t> members = normalBeats(a);
    out.beats = members.size();
    if (members.empty())
        return out;
    // Most recordings have one group of beats, all of them normal: its mean is made already.
    const auto same = std::find_if(a.groups.begin(), a.groups.end(), [&](const BeatGroup& g) {
        return g.shape == a.shapes.dominant && g.members.size() == members.size() &&
               a.shapes.counts[static_cast<std::size_t>(g.shape)] == static_cast<int>(members.size());
    });
    const MeanBeat mean = same != a.groups.end() ? same->mean : meanBeat(a.signal, a.shapes.beats, members);
    const SearchLimits limits = limitsOf(a.shapes.beats, members);
    const BeatWaves waves = same != a.groups.end() ? same->waves : findWaves(mean, limits);
    const bool hasP = a.pAbsent.empty();
    out.merged = a.merged;

    const auto edge = [&](Edge e, bool earliest) { return outermost(waves, mean.noise, e, earliest); };
    const auto peak = [&](Edge e) { return waves.joint[static_cast<std::size_t>(e)]; };
    out.p = waveOf(edge(Edge::POn, true), peak(Edge::PPeak), edge(Edge::POff, false), hasP);
    out.qrs = waveOf(edge(Edge::QrsOn, true), peak(Edge::QrsPeak), edge(Edge::QrsOff, false), true);
    out.t = waveOf(edge(Edge::TOn, true), peak(Edge::TPeak), edge(Edge::TOff, false), waves.tSize > 8);
    // Where a fast heart lays the P onto the T before, its onset is seen no earlier than that T's end.
    const double before = out.t.off - limits.rrBefore;
    if (out.p.present && out.t.present && before > out.p.on && before < out.p.peak - leastRise)
        out.p.on = before;
    const auto pq = static_cast<std::ptrdiff_t>(out.qrs.on * workRate) + static_cast<std::ptrdiff_t>(beatBefore);
    for (std::size_t l = 0; l < mean.leads.size(); ++l) {
        MedianLead lead;
        lead.lead = a.signal.leads[l].name;
        lead.noise = mean.noise[l];
        const auto level = static_cast<float>(meanOf(mean.leads[l], pq - 10, pq - 2));
        lead.samples = mean.leads[l];
        for (float& v : lead.samples)
            v -= level;
        const auto& place = waves.leads[l].place;
        lead.p = waveOf(place[0], place[1], place[2], hasP);
        lead.qrs = waveOf(place[3], place[4], place[5], true);
        lead.t = waveOf(place[6], place[7], place[8], out.t.present);
        out.leads.push_back(std::move(lead));
    }
    return out;
}

} // namespace precordia::signal
