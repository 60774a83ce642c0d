// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/wave_terms.h"

#include "core/signal/statistics.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace precordia::signal {
namespace {

using Trace = std::vector<float>;

constexpr double msPerSample = 1000 / workRate;
constexpr double farthest = 300; // ms from the joint peak
constexpr std::ptrdiff_t beatEnd = static_cast<std::ptrdiff_t>(beatLength) - 1;

std::ptrdiff_t samplesOf(double ms) {
    return static_cast<std::ptrdiff_t>(ms / msPerSample);
}

struct Span {
    std::ptrdiff_t first = 0, last = 0;       // the wave lies between, with some of what is beside it
    std::ptrdiff_t on = 0, peak = 0, off = 0; // joint
};

Span spanOf(const BeatWaves& waves, bool isP) {
    const auto joint = [&](Edge e) {
        return std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(waves.joint[static_cast<std::size_t>(e)]), 10,
                                          beatEnd - 20);
    };
    Span s;
    s.on = joint(isP ? Edge::POn : Edge::TOn);
    s.peak = joint(isP ? Edge::PPeak : Edge::TPeak);
    s.off = joint(isP ? Edge::POff : Edge::TOff);
    s.first = isP ? std::max<std::ptrdiff_t>(s.on - samplesOf(50), 6) : joint(Edge::QrsOff);
    s.last = s.off + samplesOf(isP ? 50 : 60);
    s.last = std::min(s.last, isP ? std::max(joint(Edge::QrsOn), s.off + 2) : beatEnd - 12);
    s.peak = std::clamp(s.peak, s.first + 4, std::max(s.first + 4, s.last - 4));
    s.last = std::max(s.last, s.peak + 4);
    return s;
}

// One side of a hump, from its peak outwards: places in samples.
struct Flank {
    static constexpr std::size_t count = 12;
    std::array<double, count> place{};           // five shares of the height, foot, corner, steepest, two shares of the
                                                 // steepness, sharpest bend, tangent
    double height = 1, depth = 0, steepness = 0; // uV; of the corner below the chord, and of 60 ms, over the height
};

enum FlankPlace : std::size_t {
    Share10,
    Share20,
    Share35,
    Share50,
    Share75,
    Foot,
    Corner,
    Steep,
    Slow40,
    Slow20,
    Bend,
    Tangent
};

// Samples walking outwards, of at most a mean beat.
struct Walk {
    std::array<float, beatLength + 1> value;
    std::size_t size = 0;
    const float* begin() const { return value.data(); }
    const float* end() const { return value.data() + size; }
    float operator[](std::size_t k) const { return value[k]; }
};

// Steps from `from` on to where x falls below the bound.
double below(const Walk& x, std::size_t from, float bound) {
    for (std::size_t k = from; k + 1 < x.size; ++k)
        if (x[k + 1] < bound)
            return static_cast<double>(k) +
                   std::clamp(static_cast<double>(x[k] - bound) / std::max(1e-6, static_cast<double>(x[k] - x[k + 1])),
                              0.0, 1.0);
    return static_cast<double>(x.size - 1);
}

Flank flankOf(const Trace& x, float sign, std::ptrdiff_t peak, std::ptrdiff_t limit) {
    const int way = limit >= peak ? 1 : -1;
    const auto n = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(std::abs(limit - peak), 3, beatEnd));
    const auto at = [&](std::ptrdiff_t k) {
        return sign * x[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(peak + way * k, 0, beatEnd))];
    };
    std::array<float, beatLength + 7> around; // from 3 samples inside of the peak to 3 beyond the limit
    for (std::size_t k = 0; k < n + 7; ++k)
        around[k] = at(static_cast<std::ptrdiff_t>(k) - 3);
    Walk u, fall;
    u.size = fall.size = n + 1;
    for (std::size_t k = 0; k <= n; ++k) {
        u.value[k] = around[k + 3];
        fall.value[k] = (around[k] - around[k + 6]) / 6;
    }
    Flank out;
    const auto foot = static_cast<std::size_t>(std::min_element(u.begin(), u.end()) - u.begin());
    const float low = u[foot], height = std::max(u[0] - low, 1.0F);
    std::array<double, Flank::count> k{};
    const std::array<float, 5> shares{0.1F, 0.2F, 0.35F, 0.5F, 0.75F};
    for (std::size_t s = 0; s < shares.size(); ++s)
        k[Share10 + s] = below(u, 0, low + shares[s] * height);
    k[Foot] = static_cast<double>(foot);
    float depth = 0;
    std::size_t corner = n;
    for (std::size_t i = 0; i <= n; ++i) {
        const float chord = u[0] + (u[n] - u[0]) * static_cast<float>(i) / static_cast<float>(n);
        if (chord - u[i] > depth) {
            depth = chord - u[i];
            corner = i;
        }
    }
    k[Corner] = static_cast<double>(corner);
    const auto steep = static_cast<std::size_t>(std::max_element(fall.begin(), fall.end()) - fall.begin());
    const float most = std::max(fall[steep], 1e-3F);
    k[Steep] = static_cast<double>(steep);
    k[Slow40] = below(fall, steep, 0.4F * most);
    k[Slow20] = below(fall, steep, 0.2F * most);
    float sharpest = -1e9F;
    for (std::size_t i = steep; i <= n; ++i) {
        const float bend = fall[i >= 3 ? i - 3 : 0] - fall[std::min(i + 3, n)];
        if (bend > sharpest) {
            sharpest = bend;
            k[Bend] = static_cast<double>(i);
        }
    }
    k[Tangent] = std::min(static_cast<double>(steep) + static_cast<double>((u[steep] - low) / most),
                          static_cast<double>(n) + 20);
    for (std::size_t i = 0; i < Flank::count; ++i)
        out.place[i] = static_cast<double>(peak) + way * k[i];
    out.height = static_cast<double>(height);
    out.depth = static_cast<double>(depth / height);
    out.steepness = std::min(30 * static_cast<double>(most / height), 5.0);
    return out;
}

// The two extremes of a wave that may have two phases, in time.
struct Phases {
    std::ptrdiff_t first = 0, second = 0;
    double firstSize = 0, secondSize = 0; // uV, signed, off the level around
};

Phases phasesOf(const Trace& x, const Span& s, bool isP) {
    // A T is held against the level behind it (ST need not be level), a P against the line between its ends.
    const auto value = [&](std::ptrdiff_t i) { return static_cast<double>(x[static_cast<std::size_t>(i)]); };
    double after = 0;
    for (std::ptrdiff_t i = s.off; i < s.off + 15; ++i)
        after += value(std::min(i, beatEnd)) / 15;
    const double before = isP ? value(s.first) : after;
    Phases p;
    double high = -1e9, low = 1e9;
    std::ptrdiff_t top = s.peak, bottom = s.peak;
    for (std::ptrdiff_t i = s.first + 4; i <= std::max(s.off, s.first + 6); ++i) {
        const double line = before + (after - before) * static_cast<double>(i - s.first) /
                                         static_cast<double>(std::max<std::ptrdiff_t>(s.off - s.first, 1));
        const double v = value(i) - line;
        if (v > high) {
            high = v;
            top = i;
        }
        if (v < low) {
            low = v;
            bottom = i;
        }
    }
    p.first = std::min(top, bottom), p.second = std::max(top, bottom);
    p.firstSize = top <= bottom ? high : low;
    p.secondSize = top <= bottom ? low : high;
    return p;
}

struct Middle {
    double place = 0, spread = 0; // samples
};
// Of the area over the line between the ends.
Middle middleOf(const Trace& x, float sign, const Span& s) {
    const auto value = [&](std::ptrdiff_t i) { return static_cast<double>(sign * x[static_cast<std::size_t>(i)]); };
    const double a = value(s.first), b = value(s.off),
                 n = static_cast<double>(std::max<std::ptrdiff_t>(s.off - s.first, 1));
    double sum = 1e-6, first = 1e-6 * static_cast<double>(s.peak), second = 1e-6 * static_cast<double>(s.peak * s.peak);
    for (std::ptrdiff_t i = s.first; i <= s.off; ++i) {
        const double over = std::max(value(i) - a - (b - a) * static_cast<double>(i - s.first) / n, 0.0);
        sum += over;
        first += over * static_cast<double>(i);
        second += over * static_cast<double>(i * i);
    }
    const double mean = first / sum;
    return {mean, std::sqrt(std::max(second / sum - mean * mean, 0.0))};
}

struct LeadTerms {
    std::vector<double> places;  // ms from the joint peak
    std::vector<double> numbers; // trust first
    double secondShare = 0;      // of the two phases
};

// In the order of the numbers that were fitted.
LeadTerms termsOfLead(const Trace& x, const LeadWaves& lead, double noise, const Span& s, bool isP) {
    const auto edge = [&](Edge p, Edge t) -> const EdgeRules& {
        return lead.rule[static_cast<std::size_t>(isP ? p : t)];
    };
    const EdgeRules &on = edge(Edge::POn, Edge::TOn), &top = edge(Edge::PPeak, Edge::TPeak),
                    &off = edge(Edge::POff, Edge::TOff);
    const double signedHeight = isP ? lead.pHeight : lead.tHeight, height = std::abs(signedHeight);
    const float sign = signedHeight < 0 ? -1.0F : 1.0F;
    const auto own = std::clamp(static_cast<std::ptrdiff_t>(std::lround(top.joint + top.offset[0] / msPerSample)),
                                s.first + 3, s.last - 3);
    const Phases ph = phasesOf(x, s, isP);
    const float firstSign = ph.firstSize < 0 ? -1.0F : 1.0F, secondSign = ph.secondSize < 0 ? -1.0F : 1.0F;
    const Flank rise = flankOf(x, sign, own, s.first), fall = flankOf(x, sign, own, s.last);
    const Flank firstRise = flankOf(x, firstSign, ph.first, s.first);
    const Flank between = flankOf(x, firstSign, ph.first, std::max(ph.second, ph.first + 3));
    const Flank secondFall = flankOf(x, secondSign, ph.second, std::max(s.last, ph.second + 3));
    const Middle middle = middleOf(x, sign, s);

    LeadTerms out;
    const auto place = [&](double sample) {
        out.places.push_back(std::clamp((sample - static_cast<double>(s.peak)) * msPerSample, -farthest, farthest));
    };
    for (const EdgeRules* rule : {&on, &off})
        for (std::size_t k = 0; k < 4; ++k)
            place(rule->joint + rule->offset[k] / msPerSample);
    for (const double p : {static_cast<double>(own), static_cast<double>(ph.first), static_cast<double>(ph.second),
                           middle.place, middle.place - 1.7 * middle.spread, middle.place + 1.7 * middle.spread})
        place(p);
    for (const Flank* flank : {&rise, &fall, &firstRise, &secondFall})
        for (const double p : flank->place)
            place(p);
    for (const auto p : {Share20, Share50, Share75, Steep, Corner})
        place(between.place[p]);

    const auto number = [&](double v) { out.numbers.push_back(std::clamp(v, -10.0, 10.0)); };
    const double larger = std::max({std::abs(ph.firstSize), std::abs(ph.secondSize), 1.0});
    out.secondShare = std::abs(ph.secondSize) / (std::abs(ph.firstSize) + std::abs(ph.secondSize) + 1);
    for (const double v :
         {height / (height + 10 + 3 * noise), std::log(height + 5), std::log(noise + 2), static_cast<double>(sign),
          ph.firstSize / larger, ph.secondSize / larger, out.secondShare, std::log(larger + 5)})
        number(v);
    for (const Flank* flank : {&rise, &fall, &firstRise, &secondFall})
        for (const double v : {flank->depth, flank->steepness, std::log(flank->height / larger)})
            number(v);
    const auto value = [&](std::ptrdiff_t i) { return static_cast<double>(x[static_cast<std::size_t>(i)]); };
    for (std::ptrdiff_t k = 0; k < 8; ++k)
        number(std::clamp((value(s.first + (s.off - s.first) * k / 8) - value(s.off)) / larger, -3.0, 3.0));
    return out;
}

// What all leads say: the mean place by trust, of the first places also the middle one; rate and joint places.
std::vector<double> together(const std::vector<LeadTerms>& all, const BeatWaves& waves, const SearchLimits& limits,
                             const Span& s, bool isP) {
    constexpr std::size_t alsoMiddle = 14;
    std::vector<double> out, each;
    for (std::size_t k = 0; k < wavePlaces; ++k) {
        double sum = 0, weight = 0;
        each.clear();
        for (const LeadTerms& lead : all) {
            const double trust = lead.numbers[0] + 1e-3;
            sum += trust * lead.places[k];
            weight += trust;
            each.push_back(lead.places[k]);
        }
        out.push_back(sum / weight);
        if (k < alsoMiddle)
            out.push_back(upperMedian(each, 0));
    }
    const auto ms = [&](std::ptrdiff_t at) { return static_cast<double>(at - s.peak) * msPerSample; };
    const auto joint = [&](Edge e) { return waves.joint[static_cast<std::size_t>(e)]; };
    const double rr = std::clamp(limits.rr, 0.3, 2.0), rrBefore = std::clamp(limits.rrBefore, 0.3, 2.0);
    for (const double v :
         {rr, std::sqrt(rr), rrBefore, ms(s.first), ms(s.last), ms(s.on), ms(s.off),
          (joint(Edge::QrsOff) - joint(Edge::QrsOn)) * msPerSample, std::log((isP ? waves.pSize : waves.tSize) + 1)})
        out.push_back(v);
    return out;
}

} // namespace

void setWaveTerms(BeatWaves& waves, const std::vector<std::vector<float>>& leads, const MeanBeat& beat,
                  const SearchLimits& limits, bool isP) {
    if (leads.empty())
        return;
    const Span s = spanOf(waves, isP);
    std::vector<LeadTerms> all;
    for (std::size_t l = 0; l < leads.size(); ++l)
        all.push_back(termsOfLead(leads[l], waves.leads[l], beat.noise[l], s, isP));
    const std::vector<double> of = together(all, waves, limits, s, isP);
    for (std::size_t l = 0; l < leads.size(); ++l) {
        const LeadTerms& lead = all[l];
        std::vector<double>& out = isP ? waves.leads[l].pTerms : waves.leads[l].tTerms;
        out.reserve(waveTerms);
        out.assign(lead.places.begin(), lead.places.end());
        out.insert(out.end(), lead.numbers.begin(), lead.numbers.end());
        for (int which = 0; which < 12; ++which)
            out.push_back(beat.which[l] == which ? 1 : 0);
        out.insert(out.end(), of.begin(), of.end());
        for (const double weight : {lead.numbers[0], lead.secondShare})
            for (const double place : lead.places)
                out.push_back(weight * place);
    }
}

} // namespace precordia::signal
