// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/quality.h"

#include "core/signal/calibration_pulse.h"
#include "core/signal/ecg_leads.h"
#include "core/signal/filter.h"
#include "core/signal/measure_parts.h"
#include "core/signal/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>

namespace precordia {
namespace {

using signal::leadNamed;
using signal::quantile;

constexpr double flatUv = 10;         // peak to peak
constexpr double noisyUv = 25;        // root mean square: half a small P wave
constexpr double humUv = 30;          // amplitude
constexpr double wanderingUv = 1000;  // peak to peak
constexpr double jumpUv = 400;        // within 40 ms, and it stays
constexpr double pieceSeconds = 0.25; // flat and off are looked for in pieces of this length
constexpr double leastOffSeconds = 1;
constexpr double clippedShare = 0.004; // of the samples at one extreme value, in runs

bool measured(const Lead& lead) {
    return lead.unit == "uV" && reasonNotEcg(lead).empty();
}

struct Pieces {
    std::size_t length = 1;
    std::vector<double> low, high; // of each piece; NaN where samples are missing
};

Pieces piecesOf(const std::vector<float>& x, double rate) {
    Pieces out;
    out.length = std::max<std::size_t>(4, static_cast<std::size_t>(pieceSeconds * rate));
    for (std::size_t a = 0; a + out.length <= x.size(); a += out.length) {
        double low = std::numeric_limits<double>::infinity(), high = -low;
        bool whole = true;
        for (std::size_t i = a; i < a + out.length; ++i) {
            whole = whole && std::isfinite(x[i]);
            low = std::min(low, static_cast<double>(x[i]));
            high = std::max(high, static_cast<double>(x[i]));
        }
        out.low.push_back(whole ? low : std::numeric_limits<double>::quiet_NaN());
        out.high.push_back(whole ? high : std::numeric_limits<double>::quiet_NaN());
    }
    return out;
}

void note(LeadQuality& lead, QualityFinding finding, std::string words, double share = 1) {
    lead.notes.push_back({finding, std::move(words), share});
}

std::string percent(double share) {
    return std::to_string(std::lround(100 * share)) + " %";
}

std::string microvolts(double uv) {
    return std::to_string(std::lround(uv)) + " uV";
}

// Share of the samples in runs of four and more at the highest or the lowest value; 0 for a single run: a plateau.
double clippedPart(const std::vector<float>& x) {
    constexpr std::size_t shortest = 4;
    float low = std::numeric_limits<float>::infinity(), high = -low;
    std::size_t finite = 0;
    for (const float v : x)
        if (std::isfinite(v)) {
            low = std::min(low, v), high = std::max(high, v);
            ++finite;
        }
    if (finite == 0 || !(high - low > flatUv))
        return 0;
    std::size_t clipped = 0, run = 0, runs = 0;
    float before = std::numeric_limits<float>::quiet_NaN();
    for (const float v : x) {
        const bool extreme = v == low || v == high;
        run = extreme && v == before ? run + 1 : extreme ? 1 : 0;
        if (run == shortest) {
            clipped += shortest;
            ++runs;
        } else if (run > shortest) {
            ++clipped;
        }
        before = v;
    }
    return runs > 1 ? static_cast<double>(clipped) / static_cast<double>(finite) : 0;
}

// Amplitude of one frequency, by the scalar product with its sine and cosine in half-second pieces; their median.
double amplitudeAt(const std::vector<float>& x, double rate, double hz) {
    if (hz > 0.45 * rate)
        return 0;
    const auto length = static_cast<std::size_t>(rate * 0.5);
    std::vector<double> all;
    const double c = std::cos(2 * std::numbers::pi * hz / rate), s = std::sin(2 * std::numbers::pi * hz / rate);
    for (std::size_t a = 0; a + length <= x.size(); a += length) {
        double re = 1, im = 0, sumRe = 0, sumIm = 0;
        for (std::size_t i = a; i < a + length; ++i) {
            sumRe += static_cast<double>(x[i]) * re, sumIm += static_cast<double>(x[i]) * im;
            const double next = re * c - im * s;
            im = re * s + im * c;
            re = next;
        }
        all.push_back(2 * std::hypot(sumRe, sumIm) / static_cast<double>(length));
    }
    return quantile(all, 0.5);
}

void measureNoise(const std::vector<float>& x, double rate, LeadQuality& out) {
    const auto slow = bandPass(x, rate, 0, std::min(0.5, 0.4 * rate));
    const auto fast = bandPass(x, rate, std::min(20.0, 0.3 * rate), 0);
    if (!slow.ok() || !fast.ok())
        return;
    const auto level = piecesOf(*slow, rate);
    std::vector<double> lows, highs;
    // At the ends the filter knows half of the story: a second of each is left out.
    for (std::size_t p = 4; p + 4 < level.low.size(); ++p)
        if (std::isfinite(level.low[p])) {
            lows.push_back(level.low[p]);
            highs.push_back(level.high[p]);
        }
    if (!lows.empty())
        out.wanderUv = *std::max_element(highs.begin(), highs.end()) - *std::min_element(lows.begin(), lows.end());
    // Between the beats: the quieter two fifths of short pieces.
    const auto length = std::max<std::size_t>(8, static_cast<std::size_t>(0.08 * rate));
    std::vector<double> power;
    for (std::size_t a = 0; a + length <= fast->size(); a += length) {
        double sum = 0;
        for (std::size_t i = a; i < a + length; ++i)
            sum += static_cast<double>((*fast)[i]) * (*fast)[i];
        if (std::isfinite(sum))
            power.push_back(sum / static_cast<double>(length));
    }
    out.noiseUv = std::sqrt(quantile(power, 0.35));
    for (const double hz : {50.0, 60.0})
        out.mainsUv = std::max(out.mainsUv, amplitudeAt(*fast, rate, hz));
}

double medianBetween(const std::vector<double>& x, std::size_t a, std::size_t b) {
    return quantile<double>({x.begin() + static_cast<std::ptrdiff_t>(a), x.begin() + static_cast<std::ptrdiff_t>(b)},
                            0.5);
}

// A step: the level, a median over 0.4 s that no QRS moves, is another one behind it, for 0.8 s and more, and before
// and behind it does not move much by itself: wander takes its time.
std::size_t jumpsIn(const std::vector<float>& x, double rate) {
    const auto block = std::max<std::size_t>(1, static_cast<std::size_t>(0.02 * rate));
    std::vector<double> means;
    std::size_t before = 0; // blocks of a gap that the lead begins with
    for (std::size_t a = 0; a + block <= x.size(); a += block) {
        double sum = 0;
        std::size_t there = 0;
        for (std::size_t i = a; i < a + block; ++i)
            if (std::isfinite(x[i])) {
                sum += static_cast<double>(x[i]);
                ++there;
            }
        if (there > 0)
            means.push_back(sum / static_cast<double>(there));
        else if (!means.empty())
            means.push_back(means.back()); // a gap has no level of its own
        else
            ++before;
    }
    if (!means.empty())
        means.insert(means.begin(), before, means.front());
    constexpr std::size_t width = 20, gap = 3; // blocks
    std::size_t jumps = 0;
    for (std::size_t i = 2 * width; i + gap + 2 * width <= means.size(); ++i) {
        const double left = medianBetween(means, i - width, i), right = medianBetween(means, i + gap, i + gap + width);
        const double near = right - left;
        if (std::abs(near) <= jumpUv)
            continue;
        const double early = medianBetween(means, i - 2 * width, i - width);
        const double late = medianBetween(means, i + gap + width, i + gap + 2 * width);
        if ((late - early) * near > 0 && std::abs(late - early) > jumpUv &&
            std::abs(left - early) < 0.4 * std::abs(near) && std::abs(late - right) < 0.4 * std::abs(near)) {
            ++jumps;
            i += 3 * width;
        }
    }
    return jumps;
}

void judgePieces(const Pieces& pieces, const std::vector<double>& heart, double rate, LeadQuality& out) {
    // Off: pieces in a row without movement of a beat's size, while the other leads beat.
    std::vector<double> own;
    for (std::size_t p = 0; p < pieces.low.size(); ++p)
        own.push_back(pieces.high[p] - pieces.low[p]);
    if (std::none_of(own.begin(), own.end(), [](double v) { return std::isfinite(v); }))
        return; // a gap in every piece: nothing to judge
    const double most = quantile(own, 0.98);
    std::size_t run = 0, longest = 0, flat = 0;
    for (std::size_t p = 0; p < own.size(); ++p) {
        const bool still = own[p] < flatUv && p < heart.size() && heart[p] > 0;
        flat += own[p] < flatUv ? 1 : 0;
        run = still ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const double total = std::max<double>(1, static_cast<double>(own.size()));
    if (most < flatUv) {
        note(out, QualityFinding::Flat, "flat: less than " + microvolts(flatUv) + " of movement");
        return;
    }
    const double seconds = static_cast<double>(longest * pieces.length) / rate;
    if (seconds >= leastOffSeconds)
        note(out, QualityFinding::LeadOff,
             "no signal for " + percent(static_cast<double>(flat) / total) + " of the time: the electrode is off",
             static_cast<double>(flat) / total);
}

// ofHeart: samples before a calibration pulse, whose plateau is no clipping.
LeadQuality judgeLead(const Lead& lead, double rate, const std::vector<double>& heart, std::size_t ofHeart) {
    LeadQuality out;
    out.lead = lead.name;
    const auto& x = lead.samples;
    const auto finite =
        static_cast<std::size_t>(std::count_if(x.begin(), x.end(), [](float v) { return std::isfinite(v); }));
    if (finite * 2 < x.size() || finite == 0) {
        const double share = 1 - static_cast<double>(finite) / std::max<double>(1, static_cast<double>(x.size()));
        note(out, QualityFinding::Missing, "missing for " + percent(share) + " of the time", share);
        return out;
    }
    judgePieces(piecesOf(x, rate), heart, rate, out);
    if (!out.usable())
        return out;
    const auto last = x.begin() + static_cast<std::ptrdiff_t>(std::min(ofHeart, x.size()));
    if (const double share = clippedPart({x.begin(), last}); share > clippedShare)
        note(out, QualityFinding::Clipped, "clipped: " + percent(share) + " of the samples stand at the limit", share);
    measureNoise(x, rate, out);
    if (out.noiseUv > noisyUv)
        note(out, QualityFinding::Noise, "noisy: " + microvolts(out.noiseUv) + " RMS above 20 Hz between the beats");
    if (out.mainsUv > humUv)
        note(out, QualityFinding::Mains, "mains interference of " + microvolts(out.mainsUv));
    const std::size_t jumps = jumpsIn(x, rate);
    if (jumps > 0)
        note(out, QualityFinding::BaselineJump,
             jumps == 1 ? "the baseline jumps once" : "the baseline jumps " + std::to_string(jumps) + " times");
    else if (out.wanderUv > wanderingUv)
        note(out, QualityFinding::BaselineWander, "the baseline wanders by " + microvolts(out.wanderUv));
    return out;
}

// How many leads move as a beat does, in each piece.
std::vector<double> beatingLeads(const Recording& recording) {
    std::vector<double> out;
    for (const Lead& lead : recording.leads) {
        if (!measured(lead))
            continue;
        const Pieces pieces = piecesOf(lead.samples, recording.samplingRate);
        out.resize(std::max(out.size(), pieces.low.size()), 0.0);
        for (std::size_t p = 0; p < pieces.low.size(); ++p)
            if (pieces.high[p] - pieces.low[p] > 3 * flatUv)
                out[p] += 1;
    }
    return out;
}

double correlationOf(const MedianLead& a, const MedianLead& b, double samplingRate, std::size_t rPeak) {
    const auto from = rPeak - std::min(rPeak, static_cast<std::size_t>(0.06 * samplingRate));
    const auto to = std::min(a.samples.size(), rPeak + static_cast<std::size_t>(0.08 * samplingRate));
    double ab = 0, aa = 0, bb = 0;
    for (std::size_t i = from; i < to && i < b.samples.size(); ++i) {
        ab += static_cast<double>(a.samples[i]) * b.samples[i];
        aa += static_cast<double>(a.samples[i]) * a.samples[i];
        bb += static_cast<double>(b.samples[i]) * b.samples[i];
    }
    return ab / std::max(std::sqrt(aa * bb), 1e-9);
}

// Signs of exchanged limb electrodes (Rudiger et al., Europace 2007; Batchvarov et al., Europace 2007): the P wave of a
// sinus node runs to the left and downwards, and lead I resembles V6.
void judgeLimbs(const EcgAnalysis& analysis, SignalQuality& out) {
    const auto suspect = [&](std::string words) {
        out.limbs.push_back({QualityFinding::SwapSuspected, std::move(words), 1});
    };
    const auto* one = leadNamed(analysis.measurements.leads, "I");
    const auto* two = leadNamed(analysis.measurements.leads, "II");
    if (one == nullptr || two == nullptr || !one->qrsArea || !two->qrsArea)
        return;
    const auto size = [](const LeadAmplitudes& a) { return std::max({*a.r.value, -*a.q.value, -*a.s.value}); };
    // An arm electrode on the right leg: lead II (or I) shows almost nothing.
    const double others = std::max(size(*one), size(*two));
    if (others > 300 && size(*two) < 0.08 * others)
        return suspect("lead II is almost flat: the right arm and the right leg electrode may be exchanged");
    if (others > 300 && size(*one) < 0.08 * others)
        return suspect("lead I is almost flat: both arm electrodes may be on the legs");
    const auto* i = leadNamed(analysis.medianBeat.leads, "I");
    const auto* v6 = leadNamed(analysis.medianBeat.leads, "V6");
    const bool against = i != nullptr && v6 != nullptr &&
                         correlationOf(*i, *v6, analysis.medianBeat.samplingRate, analysis.medianBeat.rPeak) < -0.5;
    const auto& axis = analysis.measurements.pAxis;
    // Arms: I is turned, II and III change places: the P axis is about 120 degrees. Right arm and left leg: II is
    // turned, I and III change places turned: about -120.
    const bool pRight = axis.value && (*axis.value > 95 || *axis.value < -160);
    const bool pUp = axis.value && *axis.value < -30 && *axis.value >= -160;
    if (pUp && *two->qrsArea < 0)
        return suspect("P and QRS are negative in II: the right arm and the left leg electrode may be exchanged");
    if (*one->qrsArea < 0 && (pRight || (!axis.value && against)) && (against || v6 == nullptr))
        return suspect(
            "lead I is upside down (P and QRS): the arm electrodes may be exchanged, or the heart lies right");
}

} // namespace

std::string_view name(QualityFinding finding) {
    switch (finding) {
    case QualityFinding::Missing:
        return "missing";
    case QualityFinding::Flat:
        return "flat";
    case QualityFinding::Clipped:
        return "clipped";
    case QualityFinding::LeadOff:
        return "lead-off";
    case QualityFinding::Noise:
        return "noise";
    case QualityFinding::Mains:
        return "mains";
    case QualityFinding::BaselineWander:
        return "baseline-wander";
    case QualityFinding::BaselineJump:
        return "baseline-jump";
    case QualityFinding::SwapSuspected:
        return "swap-suspected";
    }
    return "";
}

bool LeadQuality::usable() const {
    return std::none_of(notes.begin(), notes.end(), [](const QualityNote& n) {
        return n.finding == QualityFinding::Missing || n.finding == QualityFinding::Flat ||
               (n.finding == QualityFinding::LeadOff && n.share > 0.5);
    });
}

SignalQuality assessQuality(const Recording& recording, const EcgAnalysis& analysis) {
    SignalQuality out;
    const std::vector<double> heart = beatingLeads(recording);
    for (const Lead& lead : recording.leads) {
        if (measured(lead) && recording.samplingRate > 0) {
            out.leads.push_back(judgeLead(lead, recording.samplingRate, heart, samplesOfHeart(recording)));
        } else {
            out.leads.emplace_back();
            out.leads.back().lead = lead.name;
        }
    }
    judgeLimbs(analysis, out);
    return out;
}

} // namespace precordia
