// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/wave_search.h"

#include "core/signal/boundary_rules.h"
#include "core/signal/statistics.h"

#include <algorithm>
#include <cmath>

namespace precordia::signal {
namespace {

using Trace = std::vector<float>;
using Traces = std::vector<Trace>;

constexpr double msPerSample = 1000 / workRate;
constexpr std::ptrdiff_t samplesOf(double ms) {
    return static_cast<std::ptrdiff_t>(ms / msPerSample);
}
constexpr std::ptrdiff_t beatEnd = static_cast<std::ptrdiff_t>(beatLength) - 1;

std::ptrdiff_t inside(std::ptrdiff_t i) {
    return std::clamp<std::ptrdiff_t>(i, 0, beatEnd);
}
float at(const Trace& x, std::ptrdiff_t i) {
    return x[static_cast<std::size_t>(inside(i))];
}

Trace slopeOf(const Trace& x, std::ptrdiff_t half) {
    Trace out(x.size());
    for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(x.size()); ++i)
        out[static_cast<std::size_t>(i)] = (at(x, i + half) - at(x, i - half)) / static_cast<float>(2 * half);
    return out;
}

// Root mean square over the leads.
Trace jointOf(const Traces& leads) {
    Trace out(beatLength, 0.0F);
    for (const Trace& lead : leads)
        for (std::size_t i = 0; i < beatLength; ++i)
            out[i] += lead[i] * lead[i];
    for (float& v : out)
        v = std::sqrt(v / static_cast<float>(std::max<std::size_t>(leads.size(), 1)));
    return out;
}

float quantileOf(const Trace& x, std::ptrdiff_t a, std::ptrdiff_t b, double q) {
    a = inside(a), b = inside(b);
    return b <= a ? at(x, a) : quantile(Trace(x.begin() + a, x.begin() + b), q);
}

std::ptrdiff_t largest(const Trace& x, std::ptrdiff_t a, std::ptrdiff_t b) {
    a = inside(a), b = inside(b);
    return b <= a ? a : std::max_element(x.begin() + a, x.begin() + b + 1) - x.begin();
}

// From `from` on in steps of `way` to `limit`: the first place after which x stays under `threshold` for `rest`
// samples.
std::ptrdiff_t quietAfter(const Trace& x, std::ptrdiff_t from, std::ptrdiff_t limit, int way, float threshold,
                          std::ptrdiff_t rest) {
    std::ptrdiff_t quiet = 0;
    for (std::ptrdiff_t i = from; way > 0 ? i <= limit : i >= limit; i += way) {
        quiet = at(x, i) < threshold ? quiet + 1 : 0;
        if (quiet >= rest)
            return i - way * (rest - 1);
    }
    return limit;
}

// Where x is farthest from the straight line between `steep` on the wave and `far` beyond it, on the side to which the
// wave's flank bends.
double corner(const Trace& x, std::ptrdiff_t steep, std::ptrdiff_t far) {
    if (std::abs(far - steep) < 3)
        return static_cast<double>(far);
    const float a = at(x, steep), b = at(x, far);
    const int way = far > steep ? 1 : -1;
    const float span = static_cast<float>(std::abs(far - steep));
    const float slope = at(x, steep + way * 2) - at(x, steep - way * 2); // of the flank, walking outwards
    const float side = slope < 0 ? 1.0F : -1.0F; // falling outwards: the corner lies below the line
    float best = -1e9F;
    std::ptrdiff_t place = far;
    for (std::ptrdiff_t i = steep; i != far; i += way) {
        const float line = a + (b - a) * static_cast<float>(std::abs(i - steep)) / span;
        const float d = side * (line - at(x, i));
        if (d > best) {
            best = d;
            place = i;
        }
    }
    return static_cast<double>(place);
}

// Where the tangent at `steep` meets the level that the trace has about `flat`.
double tangent(const Trace& x, std::ptrdiff_t steep, double flat, int way) {
    const float slope = (at(x, steep + 2) - at(x, steep - 2)) / 4;
    const auto f = static_cast<std::ptrdiff_t>(flat);
    float level = 0;
    for (std::ptrdiff_t i = 0; i < 6; ++i)
        level += at(x, f + way * i) / 6;
    if (std::abs(slope) < 1e-6F)
        return flat;
    const double d = (level - at(x, steep)) / slope;
    return d * way > 0 ? static_cast<double>(steep) + d : flat;
}

// The last place, walking from the peak outwards, that is more than `share` of the wave's height off the level at flat.
double heightShare(const Trace& x, std::ptrdiff_t peak, double flat, double share) {
    const auto f = static_cast<std::ptrdiff_t>(flat);
    const int way = f > peak ? 1 : -1;
    const float level = at(x, f);
    const auto bound = static_cast<float>(share) * std::abs(at(x, peak) - level);
    for (std::ptrdiff_t i = f; i != peak; i -= way)
        if (std::abs(at(x, i) - level) > bound)
            return static_cast<double>(i);
    return flat;
}

struct Views {
    Traces narrow, narrowSlope;
    Trace qrsActivity;
};

void setRule(LeadWaves& lead, Edge edge, double joint, std::initializer_list<double> places, double limitMs) {
    EdgeRules& rule = lead.rule[static_cast<std::size_t>(edge)];
    rule.joint = joint;
    std::size_t k = 0;
    for (const double place : places)
        rule.offset[k++] = std::clamp((place - joint) * msPerSample, -limitMs, limitMs);
}

// What the leads say in the middle, as one more rule of each.
void addConsensus(BeatWaves& out, Edge edge, std::size_t rule, std::size_t as) {
    std::vector<double> all;
    for (const LeadWaves& lead : out.leads)
        all.push_back(lead.rule[static_cast<std::size_t>(edge)].offset[rule]);
    const double middle = upperMedian(std::move(all), 0);
    for (LeadWaves& lead : out.leads)
        lead.rule[static_cast<std::size_t>(edge)].offset[as] = middle;
}

// ---- QRS ----

void findQrs(const Views& v, BeatWaves& out) {
    constexpr auto r = static_cast<std::ptrdiff_t>(beatBefore);
    const Trace& a = v.qrsActivity;
    const std::ptrdiff_t top = largest(a, r - samplesOf(70), r + samplesOf(90));
    const float most = at(a, top);
    const float floorBefore = quantileOf(a, r - samplesOf(260), r - samplesOf(70), 0.3);
    const float floorAfter = quantileOf(a, r + samplesOf(120), r + samplesOf(420), 0.4);
    const auto rise =
        quietAfter(a, std::min(top, r), r - samplesOf(160), -1, std::max(0.07F * most, 2 * floorBefore), samplesOf(14));
    const auto fall = quietAfter(a, std::max(top, r), r + samplesOf(220), 1, std::max(0.07F * most, 1.5F * floorAfter),
                                 samplesOf(18));
    out.joint[static_cast<std::size_t>(Edge::QrsOn)] = static_cast<double>(rise);
    out.joint[static_cast<std::size_t>(Edge::QrsOff)] = static_cast<double>(fall);

    for (std::size_t l = 0; l < out.leads.size(); ++l) {
        const Trace& x = v.narrow[l];
        Trace d = v.narrowSlope[l];
        for (float& s : d)
            s = std::abs(s);
        const std::ptrdiff_t ownTop = largest(d, rise, fall);
        const float ownMost = at(d, ownTop);
        const float before = quantileOf(d, rise - samplesOf(80), rise - samplesOf(10), 0.6);
        const float after = quantileOf(d, fall + samplesOf(10), fall + samplesOf(90), 0.6);
        const auto onAt = [&](float share) {
            const float bound = std::max(share * ownMost, 1.5F * before);
            std::ptrdiff_t i = rise - samplesOf(30);
            while (i < ownTop && !(at(d, i) > bound && at(d, i + 1) > bound && at(d, i + 3) > bound))
                ++i;
            return static_cast<double>(i);
        };
        const auto offAt = [&](float share) {
            const float bound = std::max(share * ownMost, 1.5F * after);
            std::ptrdiff_t i = fall + samplesOf(40);
            while (i > ownTop && !(at(d, i) > bound && at(d, i - 1) > bound && at(d, i - 3) > bound))
                --i;
            return static_cast<double>(i);
        };
        const double on5 = onAt(0.05F), on12 = onAt(0.12F), on25 = onAt(0.25F);
        const double off5 = offAt(0.05F), off12 = offAt(0.12F), off25 = offAt(0.25F);
        const auto steepOn = static_cast<std::ptrdiff_t>(on25), steepOff = static_cast<std::ptrdiff_t>(off25);
        setRule(out.leads[l], Edge::QrsOn, static_cast<double>(rise),
                {on5, on12, on25, corner(x, steepOn + 2, steepOn - samplesOf(50))}, 40);
        setRule(out.leads[l], Edge::QrsOff, static_cast<double>(fall),
                {off5, off12, off25, corner(x, steepOff - 2, steepOff + samplesOf(60))}, 50);
        // The peak: what stands farthest off the line between the ends; an R before an equal S.
        const float left = at(x, rise), right = at(x, fall);
        float best = 0;
        std::ptrdiff_t peak = r;
        for (std::ptrdiff_t i = rise; i <= fall; ++i) {
            const float line = left + (right - left) * static_cast<float>(i - rise) /
                                          static_cast<float>(std::max<std::ptrdiff_t>(fall - rise, 1));
            const float h = at(x, i) - line;
            const float weight = h > 0 ? h : -0.8F * h;
            if (weight > best) {
                best = weight;
                peak = i;
            }
        }
        setRule(out.leads[l], Edge::QrsPeak, static_cast<double>(r), {static_cast<double>(peak)}, 90);
    }
    out.joint[static_cast<std::size_t>(Edge::QrsPeak)] = static_cast<double>(r);
    addConsensus(out, Edge::QrsOn, 1, 4);
    addConsensus(out, Edge::QrsOn, 3, 5);
    addConsensus(out, Edge::QrsOff, 1, 4);
    addConsensus(out, Edge::QrsOff, 3, 5);
}

// ---- P and T: humps ----

struct Hump {
    std::ptrdiff_t peak = 0;            // middle of the bent part
    std::ptrdiff_t first = 0, last = 0; // the bent part: both humps of a wave that has two
    double size = 0;                    // uV
};

// The place most bent between a and b, and what is at least `share` as bent next to it, across gaps of these lengths.
Hump humpIn(const Trace& bend, std::ptrdiff_t a, std::ptrdiff_t b, float share, std::ptrdiff_t gap,
            std::ptrdiff_t gapBefore) {
    Hump out;
    const std::ptrdiff_t top = largest(bend, a, b);
    out.size = at(bend, top);
    const float bound = share * at(bend, top);
    out.first = out.last = top;
    for (std::ptrdiff_t i = top; i >= a && out.first - i <= gapBefore; --i)
        if (at(bend, i) >= bound)
            out.first = i;
    for (std::ptrdiff_t i = top; i <= b && i - out.last <= gap; ++i)
        if (at(bend, i) >= bound)
            out.last = i;
    out.peak = (out.first + out.last) / 2;
    return out;
}

// The curvature over `half` samples on both sides, mean size over the leads: free of level and slope.
Trace curvature(const Traces& leads, std::ptrdiff_t half) {
    Traces bend(leads.size());
    for (std::size_t l = 0; l < leads.size(); ++l) {
        bend[l].resize(beatLength);
        for (std::ptrdiff_t i = 0; i <= beatEnd; ++i)
            bend[l][static_cast<std::size_t>(i)] =
                at(leads[l], i) - 0.5F * (at(leads[l], i - half) + at(leads[l], i + half));
    }
    Trace out(beatLength, 0.0F);
    for (const Trace& lead : bend)
        for (std::size_t i = 0; i < beatLength; ++i)
            out[i] += std::abs(lead[i]) / static_cast<float>(leads.size());
    return out;
}

// How far the leads are from their level just before the QRS: mean over the leads.
Trace heightOver(const Traces& leads, std::ptrdiff_t rise) {
    Trace out(beatLength, 0.0F);
    for (const Trace& lead : leads) {
        float level = 0;
        for (std::ptrdiff_t i = rise - samplesOf(20); i < rise; ++i)
            level += at(lead, i) / static_cast<float>(samplesOf(20));
        for (std::size_t i = 0; i < beatLength; ++i)
            out[i] += std::abs(lead[i] - level) / static_cast<float>(leads.size());
    }
    return out;
}

struct HumpWindow {
    std::ptrdiff_t first = 0, last = 0; // the wave lies between
    std::ptrdiff_t flank = 0;           // the steepest place is at most so far from the peak
    std::ptrdiff_t tail = 0;            // the corner is at most so far from the steepest place
    std::ptrdiff_t foot = 0;            // from the joint peak to where the wave is surely over
    double limitMs = 0;
};

// One side of a hump in one trace: steepest place, corner, tangent, share of the height.
struct Side {
    std::ptrdiff_t steep = 0;
    double corner = 0, tangent = 0, share = 0;
};
Side sideOf(const Trace& x, const Trace& slope, std::ptrdiff_t peak, int way, const HumpWindow& w, float sign) {
    Side out;
    std::ptrdiff_t end = peak + way * w.flank;
    end = way > 0 ? std::min(end, w.last) : std::max(end, w.first);
    // Steepest on the way out: falling for an upright wave.
    float best = -1e9F;
    out.steep = peak;
    for (std::ptrdiff_t i = peak; way > 0 ? i <= end : i >= end; i += way) {
        const float fall = -sign * static_cast<float>(way) * at(slope, i);
        if (fall > best) {
            best = fall;
            out.steep = i;
        }
    }
    std::ptrdiff_t far = out.steep + way * w.tail;
    far = way > 0 ? std::min(far, w.last) : std::max(far, w.first);
    out.corner = corner(x, out.steep, far);
    out.tangent = tangent(x, out.steep, out.corner, way);
    out.share = heightShare(x, peak, out.corner, 0.1);
    return out;
}

struct HumpEdges {
    Edge on, peak, off;
};

// Mean over the leads of how far each is from where it stands at `foot`.
Trace awayFrom(const Traces& leads, std::ptrdiff_t foot) {
    Trace out(beatLength, 0.0F);
    for (const Trace& lead : leads) {
        const float level = (at(lead, foot - 3) + at(lead, foot) + at(lead, foot + 3)) / 3;
        for (std::size_t i = 0; i < beatLength; ++i)
            out[i] += std::abs(lead[i] - level) / static_cast<float>(leads.size());
    }
    return out;
}

// The corner of x near `edge`: from the steepest place of either sign at most `flank` inside of it outwards.
double cornerNear(const Trace& x, const Trace& slope, std::ptrdiff_t edge, int way, const HumpWindow& w,
                  std::ptrdiff_t peak) {
    std::ptrdiff_t steep = edge;
    float best = -1;
    for (std::ptrdiff_t i = edge; way > 0 ? i >= peak : i <= peak; i -= way)
        if (std::abs(at(slope, i)) > best) {
            best = std::abs(at(slope, i));
            steep = i;
        }
    std::ptrdiff_t far = steep + way * w.tail;
    far = way > 0 ? std::min(far, w.last) : std::max(far, w.first);
    return corner(x, steep, far);
}

// Where all leads together move least between a and b, over 20 ms.
std::ptrdiff_t quietest(const Traces& slopes, std::ptrdiff_t a, std::ptrdiff_t b) {
    std::ptrdiff_t place = a;
    float least = 1e9F;
    for (std::ptrdiff_t i = a; i <= b; ++i) {
        float sum = 0;
        for (const Trace& slope : slopes)
            for (std::ptrdiff_t k = -4; k <= 4; k += 2)
                sum += std::abs(at(slope, i + k));
        if (sum < least) {
            least = sum;
            place = i;
        }
    }
    return place;
}

void findHump(const Traces& leads, const Hump& hump, const HumpWindow& w, const HumpEdges& e, BeatWaves& out,
              bool isP) {
    const std::size_t n = leads.size();
    Traces slopes(n);
    for (std::size_t l = 0; l < n; ++l)
        slopes[l] = slopeOf(leads[l], 3);
    // All leads together, once off the foot before the wave and once off the foot behind it.
    // A P that stands on the T before: its foot is the valley between.
    auto footOn = std::max(w.first, hump.first - w.foot);
    const auto footOff = std::min(w.last, hump.last + w.foot);
    HumpWindow onset = w;
    if (isP && w.first > hump.first - w.foot) {
        footOn = quietest(slopes, footOn, hump.first - samplesOf(30));
        onset.first = std::max(w.first, footOn - samplesOf(30));
    }
    const Trace rising = awayFrom(leads, footOn), falling = awayFrom(leads, footOff);
    const Side jointOn = sideOf(rising, slopeOf(rising, 3), hump.first, -1, onset, 1);
    const Side jointOff = sideOf(falling, slopeOf(falling, 3), hump.last, 1, w, 1);
    out.joint[static_cast<std::size_t>(e.on)] = jointOn.corner;
    out.joint[static_cast<std::size_t>(e.peak)] = static_cast<double>(hump.peak);
    out.joint[static_cast<std::size_t>(e.off)] = jointOff.corner;

    const auto a = static_cast<std::ptrdiff_t>(jointOn.corner), b = static_cast<std::ptrdiff_t>(jointOff.corner);
    for (std::size_t l = 0; l < n; ++l) {
        const Trace& x = leads[l];
        // The own peak: farthest from the line between the joint ends.
        float best = 0, height = 0;
        std::ptrdiff_t peak = hump.peak;
        for (std::ptrdiff_t i = a; i <= b; ++i) {
            const float line = at(x, a) + (at(x, b) - at(x, a)) * static_cast<float>(i - a) /
                                              static_cast<float>(std::max<std::ptrdiff_t>(b - a, 1));
            const float h = at(x, i) - line;
            if (std::abs(h) > best) {
                best = std::abs(h);
                height = h;
                peak = i;
            }
        }
        const float sign = height < 0 ? -1.0F : 1.0F;
        const Side on = sideOf(x, slopes[l], peak, -1, onset, sign);
        const Side off = sideOf(x, slopes[l], peak, 1, w, sign);
        LeadWaves& lead = out.leads[l];
        (isP ? lead.pHeight : lead.tHeight) = height;
        setRule(lead, e.on, jointOn.corner,
                {on.corner, on.tangent, on.share, cornerNear(x, slopes[l], a, -1, onset, hump.peak), jointOn.tangent,
                 jointOn.share},
                w.limitMs);
        setRule(lead, e.peak, static_cast<double>(hump.peak),
                {static_cast<double>(peak), static_cast<double>(a + b) / 2}, 2 * w.limitMs);
        setRule(lead, e.off, jointOff.corner,
                {off.corner, off.tangent, off.share, cornerNear(x, slopes[l], b, 1, w, hump.peak), jointOff.tangent,
                 jointOff.share},
                w.limitMs);
    }
    for (const Edge edge : {e.on, e.peak, e.off})
        addConsensus(out, edge, 0, 6);
    addConsensus(out, e.on, 3, 7);
    addConsensus(out, e.off, 3, 7);
}

// The mean beat from `edge` on (or up to it) with all before (behind) held at one level, smoothed for P and T.
Traces without(const MeanBeat& beat, std::ptrdiff_t edge, bool before) {
    Traces out;
    for (const Trace& lead : beat.leads) {
        Trace x = lead;
        const auto e = static_cast<std::size_t>(inside(edge));
        if (before)
            std::fill(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(e), x[e]);
        else
            std::fill(x.begin() + static_cast<std::ptrdiff_t>(e), x.end(), x[e]);
        out.push_back(movingMean(movingMean(x, 11), 9));
    }
    return out;
}

void findT(const Traces& leads, const Trace& height, std::ptrdiff_t fall, std::ptrdiff_t last, double rr,
           BeatWaves& out) {
    constexpr auto r = static_cast<std::ptrdiff_t>(beatBefore);
    HumpWindow t;
    t.first = fall + samplesOf(10);
    t.last = std::min(beatEnd - 12, last);
    t.flank = samplesOf(120);
    t.tail = samplesOf(150);
    t.foot = samplesOf(200);
    t.limitMs = 80;
    Trace bend = curvature(leads, samplesOf(70));
    const auto lastPeak = std::min(t.last - samplesOf(30), r + samplesOf(std::min(520.0, 1000 * 0.62 * rr)));
    // The corner where a steep T ends is bent too, the other way: a peak stands out from the level before the QRS.
    // It peaks where the rate lets expect it; what lies far from there must bend more.
    constexpr float kLeastOfT = 0.4F;
    const double usual = 280 * std::sqrt(rr); // ms from the R peak
    const float top = std::max(at(height, largest(height, fall + samplesOf(50), lastPeak)), 1.0F);
    for (std::size_t i = 0; i < bend.size(); ++i) {
        const double from = std::abs((static_cast<double>(i) - static_cast<double>(r)) * msPerSample - usual);
        const auto near = static_cast<float>(std::clamp(1.3 - from / 200, 0.5, 1.0));
        bend[i] *= near * (kLeastOfT + (1 - kLeastOfT) * std::min(height[i] / top, 1.0F));
    }
    const Hump hump = humpIn(bend, fall + samplesOf(50), std::max(lastPeak, fall + samplesOf(60)), 0.7F, samplesOf(20),
                             samplesOf(20));
    out.tSize = hump.size;
    findHump(leads, hump, t, {Edge::TOn, Edge::TPeak, Edge::TOff}, out, false);
}

void findP(const Traces& leads, std::ptrdiff_t rise, std::ptrdiff_t tEnd, BeatWaves& out) {
    HumpWindow p;
    p.first =
        std::max<std::ptrdiff_t>({6, rise - samplesOf(320), std::min(tEnd - samplesOf(20), rise - samplesOf(120))});
    p.last = rise;
    p.flank = samplesOf(70);
    p.tail = samplesOf(70);
    p.foot = samplesOf(110);
    p.limitMs = 60;
    Trace bend = curvature(leads, samplesOf(52));
    // A P peaks 70 to 220 ms before the QRS; what bends nearer to it or farther away must bend more. So must what
    // stands where the T before ends: that corner is bent too.
    for (std::ptrdiff_t i = 0; i <= rise; ++i) {
        const auto ahead = static_cast<float>(rise - i);
        const float near = std::clamp(1 - 0.6F * (35 - ahead) / 35, 0.2F, 1.0F);
        const float away = std::clamp(1 - 0.3F * (ahead - 110) / 50, 0.3F, 1.0F);
        const float after = std::clamp(static_cast<float>(i - tEnd) / 30.0F, 0.2F, 1.0F);
        bend[static_cast<std::size_t>(i)] *= near * away * (ahead > 60 ? after : 1.0F);
    }
    const Hump hump = humpIn(bend, std::min(p.first + samplesOf(30), rise - samplesOf(40)), rise - samplesOf(26), 0.67F,
                             samplesOf(20), samplesOf(40));
    out.pSize = hump.size;
    findHump(leads, hump, p, {Edge::POn, Edge::PPeak, Edge::POff}, out, true);
}

} // namespace

double edgeHeight(const LeadWaves& lead, Edge edge) {
    return edge <= Edge::POff ? std::abs(lead.pHeight) : edge >= Edge::TOn ? std::abs(lead.tHeight) : 1000;
}

SearchLimits limitsOf(const std::vector<AlignedBeat>& beats, const std::vector<std::size_t>& members) {
    std::vector<double> before, after;
    for (const std::size_t m : members) {
        if (beats[m].rrBefore > 0)
            before.push_back(beats[m].rrBefore);
        if (beats[m].rrAfter > 0)
            after.push_back(beats[m].rrAfter);
    }
    // The mean beat has nothing of an early beat either (meanBeat).
    if (const double usual = usualInterval(after); usual > 0)
        std::erase_if(after, [&](double rr) { return rr < earlyShare * usual; });
    return {upperMedian(std::move(after), 1), upperMedian(std::move(before), 1)};
}

BeatWaves findWaves(const MeanBeat& beat, const SearchLimits& limits) {
    constexpr auto r = static_cast<std::ptrdiff_t>(beatBefore);
    BeatWaves out;
    out.leads.resize(beat.leads.size());
    Views views;
    for (const Trace& lead : beat.leads) {
        views.narrow.push_back(movingMean(lead, 5));
        views.narrowSlope.push_back(slopeOf(views.narrow.back(), 2));
    }
    views.qrsActivity = jointOf(views.narrowSlope);
    findQrs(views, out);
    const auto rise = static_cast<std::ptrdiff_t>(out.joint[static_cast<std::size_t>(Edge::QrsOn)]);
    const auto fall = static_cast<std::ptrdiff_t>(out.joint[static_cast<std::size_t>(Edge::QrsOff)]);

    // T ends before the next P begins, and P begins after the T before has ended: T first, as far as the rate lets
    // expect, then P, then T once more.
    const double rr = std::clamp(limits.rr, 0.3, 2.0), rrBefore = std::clamp(limits.rrBefore, 0.3, 2.0);
    const Traces forT = without(beat, fall, true), forP = without(beat, rise - 2, false);
    auto tLast = r + samplesOf(1000 * (rr - std::min(0.16, 0.25 * rr)));
    const Trace height = heightOver(beat.leads, rise);
    findT(forT, height, fall, tLast, rr, out);
    const auto tBefore =
        static_cast<std::ptrdiff_t>(out.joint[static_cast<std::size_t>(Edge::TOff)] - rrBefore * workRate);
    findP(forP, rise, tBefore, out);
    const auto nextP =
        static_cast<std::ptrdiff_t>(out.joint[static_cast<std::size_t>(Edge::POn)] + rr * workRate) + samplesOf(6);
    if (nextP < tLast)
        findT(forT, height, fall, std::max(nextP, fall + samplesOf(140)), rr, out);

    weighRules(out, beat.noise);
    return out;
}

} // namespace precordia::signal
