// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/r_peaks.h"

#include "core/signal/calibration_pulse.h"
#include "core/signal/ecg_leads.h"
#include "core/signal/filter.h"
#include "core/signal/moving_mean.h"
#include "core/signal/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

namespace precordia {
namespace {

using signal::quantile;

constexpr double refractorySeconds = 0.2;  // no ventricle answers sooner
constexpr double tWaveSeconds = 0.36;      // Pan and Tompkins 1985: a steepness test up to here
constexpr double tWaveShare = 0.65;        // of the steepness before it, that a beat so soon must have
constexpr double earlySeconds = 0.25;      // sooner than this it must be
constexpr double earlyShare = 0.8;         // as steep, nearly
constexpr double betweenGap = 1.3;         // times the usual RR: two beats no farther apart leave no room for one more
constexpr double betweenShare = 0.75;      // of both, that it would have to be as steep as
constexpr double pWaveShare = 0.5;         // of the steepness behind it, that a beat so soon before must have
constexpr double pWaveSeconds = 0.28;      // from a P wave's steepest part to that of its QRS, wide or blocked
constexpr double levelWindowSeconds = 1.6; // holds a beat down to 38 bpm; one without is outvoted by its neighbours
constexpr double thresholdShare = 0.3;     // of the local QRS level
constexpr double searchBackShare = 0.18;
constexpr double wholeSeconds = 0.06; // to an end of the recording: nearer there is a piece of a QRS or of a T only
constexpr double mostSteep = 3;       // of one lead, in its typical QRS
constexpr double leastStandingOut = 1.2, mostStandingOut = 10; // of a lead's QRS out of its rest
constexpr double searchBackGap = 1.66;                         // times the local median RR

// Over an odd number of samples, so that no peak moves.
std::vector<double> smooth(const std::vector<double>& x, std::size_t width) {
    return signal::movingMean(x, 2 * std::max<std::size_t>(width / 2, 1) + 1);
}

std::vector<double> windowMaxima(const std::vector<double>& x, std::size_t width) {
    std::vector<double> out;
    for (std::size_t start = 0; start < x.size(); start += width) {
        const std::size_t end = std::min(x.size(), start + width);
        if (end - start < width / 2 && !out.empty())
            break;
        double most[4] = {x[start], x[start], x[start], x[start]}; // four at once
        std::size_t i = start;
        for (; i + 4 <= end; i += 4)
            for (std::size_t k = 0; k < 4; ++k)
                most[k] = most[k] < x[i + k] ? x[i + k] : most[k];
        for (; i < end; ++i)
            most[0] = std::max(most[0], x[i]);
        out.push_back(std::max(std::max(most[0], most[1]), std::max(most[2], most[3])));
    }
    return out;
}

// A pacemaker's spike is steeper than any QRS and a few milliseconds wide: a running median takes it away. Below 200 Hz
// the median would be as wide as a narrow QRS, and the recorder's own low-pass has flattened the spike.
std::vector<float> withoutSpikes(std::span<const float> samples, double rate) {
    std::vector<float> out(samples.begin(), samples.end());
    const std::size_t half = rate < 200 ? 0 : std::max<std::size_t>(1, static_cast<std::size_t>(0.006 * rate));
    if (half == 0 || samples.size() <= 2 * half)
        return out;
    std::vector<float> window(2 * half + 1);
    // Only what stands out of both sides can be a spike.
    const auto stands = [x = samples.data(), half](std::size_t i) {
        const float left = x[i] - x[i - half], right = x[i] - x[i + half];
        return (left * right > 0) & (std::abs(left) >= 30) & (std::abs(right) >= 30);
    };
    constexpr std::size_t block = 64; // looked through at once: nearly always nothing stands out
    for (std::size_t start = half; start + half < samples.size(); start += block) {
        const std::size_t end = std::min(start + block, samples.size() - half);
        int any = 0;
        for (std::size_t i = start; i < end; ++i)
            any |= stands(i);
        for (std::size_t i = start; any != 0 && i < end; ++i) {
            if (!stands(i))
                continue;
            std::copy_n(samples.begin() + static_cast<std::ptrdiff_t>(i - half), window.size(), window.begin());
            if (std::all_of(window.begin(), window.end(), [](float v) { return std::isfinite(v); }))
                out[i] = signal::middleOf(window);
        }
    }
    return out;
}

struct LeadEnergy {
    std::vector<double> steepness; // |slope| of the QRS band, smoothed; 1 = this lead's typical QRS
    std::vector<double> amplitude; // |QRS band| / typical QRS height, for the place of the peak
    bool usable = false;
};

// The band up to 25 Hz needs no more than about 250 Hz: means over so many samples.
std::size_t thinning(double rate) {
    return std::max<std::size_t>(1, static_cast<std::size_t>(rate / 230));
}

std::vector<float> thinned(std::vector<float> x, std::size_t every) {
    if (every < 2)
        return x;
    const std::size_t n = x.size() / every;
    for (std::size_t k = 0; k < n; ++k) {
        float sum = 0;
        for (std::size_t i = k * every; i < (k + 1) * every; ++i)
            sum += x[i];
        x[k] = sum / static_cast<float>(every);
    }
    x.resize(n);
    return x;
}

// Half of the samples at least, thinned and without spikes; else nothing.
std::vector<float> prepared(std::span<const float> samples, double rate) {
    std::size_t finite = 0;
    for (const float v : samples)
        finite += std::isfinite(v) ? 1 : 0;
    return finite * 2 < samples.size() ? std::vector<float>{} : thinned(withoutSpikes(samples, rate), thinning(rate));
}

// Of a lead in the QRS band; rate: of the thinned samples.
LeadEnergy leadEnergy(const std::vector<float>& band, double rate) {
    LeadEnergy out;
    const std::size_t n = band.size();
    std::vector<double> x(n), slope(n, 0.0);
    out.amplitude.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
        x[i] = std::isfinite(band[i]) ? static_cast<double>(band[i]) : 0.0;
        out.amplitude[i] = std::abs(x[i]);
    }
    for (std::size_t i = 1; i + 1 < n; ++i)
        slope[i] = std::abs(x[i + 1] - x[i - 1]) * (rate / 2);
    out.steepness = smooth(slope, static_cast<std::size_t>(0.09 * rate));

    const auto width = static_cast<std::size_t>(levelWindowSeconds * rate);
    const double level = quantile(windowMaxima(out.steepness, width), 0.5);
    const double height = quantile(windowMaxima(out.amplitude, width), 0.5);
    std::vector<double> some;
    for (std::size_t i = 0; i < n; i += 4) // smooth over far more
        some.push_back(out.steepness[i]);
    const double floor = quantile(std::move(some), 0.4);
    // Under 10 uV in the QRS band a lead is flat; a QRS that stands less than twice above the lead's own rest is noise.
    if (height < 10 || level < 2 * floor || level <= 0)
        return out;
    for (double& v : out.steepness)
        v = std::min(v * (1 / level), mostSteep); // an electrode step in one lead must not outvote the others
    for (double& v : out.amplitude)
        v = std::min(v * (1 / height), 3.0);
    out.usable = true;
    return out;
}

// How far a lead is heard, sample by sample, by the power of its QRS over that of its rest: where it moves between the
// beats, an electrode is loose or a muscle at work, and the others are heard more.
std::vector<double> localWeights(const LeadEnergy& lead, double rate) {
    const auto step = static_cast<std::size_t>(rate);
    std::vector<double> at, near; // each second, of three about it
    for (std::size_t middle = step / 2; middle < lead.steepness.size() || at.empty(); middle += step) {
        const std::size_t a = middle > 3 * step / 2 ? middle - 3 * step / 2 : 0;
        const std::size_t b = std::min(lead.steepness.size(), middle + 3 * step / 2);
        near.clear();
        for (std::size_t i = a; i < b; i += 4) // smooth over far more
            near.push_back(lead.steepness[i]);
        const double floor = quantile(near, 0.4);
        const double out = std::clamp(1 / std::max(floor, 1e-3), leastStandingOut, mostStandingOut) - 1;
        at.push_back(out * out);
    }
    std::vector<double> out(lead.steepness.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double place = std::clamp(static_cast<double>(i) / static_cast<double>(step) - 0.5, 0.0,
                                        static_cast<double>(at.size() - 1));
        const auto k = static_cast<std::size_t>(place);
        const std::size_t next = std::min(k + 1, at.size() - 1);
        out[i] = at[k] + (at[next] - at[k]) * (place - static_cast<double>(k));
    }
    return out;
}

struct Combined {
    std::vector<double> steepness;
    std::vector<double> amplitude;
};

Combined combine(const Recording& recording, std::size_t heart, double rate) {
    std::vector<std::vector<float>> thin;
    for (const Lead* lead : ecgLeads(recording)) {
        if (lead->derived)
            continue;
        const auto samples = std::span(lead->samples).first(std::min(heart, lead->samples.size()));
        if (auto x = prepared(samples, recording.samplingRate); !x.empty())
            thin.push_back(std::move(x));
    }
    const std::vector<std::span<const float>> all(thin.begin(), thin.end());
    const auto bands = bandPassAll(all, rate, 5, std::min(25.0, 0.4 * rate));
    if (!bands.ok())
        return {};
    std::vector<LeadEnergy> leads;
    for (const auto& band : *bands) {
        LeadEnergy energy = leadEnergy(band, rate);
        if (energy.usable)
            leads.push_back(std::move(energy));
    }
    Combined sum;
    std::vector<double> weights;
    for (const LeadEnergy& lead : leads) {
        const std::size_t n = lead.steepness.size();
        sum.steepness.resize(std::max(sum.steepness.size(), n), 0.0);
        sum.amplitude.resize(sum.steepness.size(), 0.0);
        weights.resize(sum.steepness.size(), 1e-9);
        const std::vector<double> weight = localWeights(lead, rate);
        for (std::size_t i = 0; i < n; ++i) {
            sum.steepness[i] += weight[i] * lead.steepness[i];
            sum.amplitude[i] += weight[i] * lead.amplitude[i];
            weights[i] += weight[i];
        }
    }
    for (std::size_t i = 0; i < sum.steepness.size(); ++i) {
        sum.steepness[i] /= weights[i];
        sum.amplitude[i] /= weights[i];
    }
    return sum;
}

// The local height of a QRS: the median of the neighbouring windows' maxima, by linear interpolation.
std::vector<double> localLevel(const std::vector<double>& energy, double rate) {
    const auto width = static_cast<std::size_t>(levelWindowSeconds * rate);
    const std::vector<double> maxima = windowMaxima(energy, width);
    // Where nothing beats the level must not sink into the noise.
    const double floor = 0.15 * quantile(maxima, 0.5);
    std::vector<double> median(maxima.size());
    for (std::size_t i = 0; i < maxima.size(); ++i) {
        const std::size_t a = i > 3 ? i - 3 : 0;
        const std::size_t b = std::min(maxima.size(), i + 4);
        median[i] = quantile<double>(
            {maxima.begin() + static_cast<std::ptrdiff_t>(a), maxima.begin() + static_cast<std::ptrdiff_t>(b)}, 0.5);
        median[i] = std::max(median[i], floor);
    }
    std::vector<double> out(energy.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double place = std::clamp(static_cast<double>(i) / static_cast<double>(width) - 0.5, 0.0,
                                        static_cast<double>(median.size() - 1));
        const auto k = std::min(static_cast<std::size_t>(place), median.size() - 1);
        const auto next = std::min(k + 1, median.size() - 1);
        out[i] = median[k] + (median[next] - median[k]) * (place - static_cast<double>(k));
    }
    return out;
}

// Maxima of the energy that are the largest within the refractory time on both sides.
std::vector<std::size_t> candidates(const std::vector<double>& energy, std::size_t reach) {
    std::vector<std::size_t> found;
    for (std::size_t i = 1; i + 1 < energy.size(); ++i) {
        if (!(energy[i] > energy[i - 1] && energy[i] >= energy[i + 1]))
            continue;
        if (!found.empty() && i - found.back() < reach) {
            if (energy[i] > energy[found.back()])
                found.back() = i;
            continue;
        }
        found.push_back(i);
    }
    return found;
}

// Between two beats that are as far apart as the others are, what is clearly less steep than both is a T wave or noise:
// an interpolated extrasystole is not.
void dropBetween(std::vector<std::size_t>& beats, const std::vector<double>& energy) {
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < beats.size(); ++i) {
        if (i > 0 && i + 1 < beats.size() && !kept.empty()) {
            std::vector<double> gaps;
            for (std::size_t k = i > 8 ? i - 8 : 1; k < std::min(beats.size(), i + 9); ++k)
                gaps.push_back(static_cast<double>(beats[k] - beats[k - 1]));
            const double around = static_cast<double>(beats[i + 1] - kept.back());
            if (around < betweenGap * quantile(gaps, 0.6) &&
                energy[beats[i]] < betweenShare * std::min(energy[kept.back()], energy[beats[i + 1]]))
                continue;
        }
        kept.push_back(beats[i]);
    }
    beats = std::move(kept);
}

std::vector<std::size_t> selectBeats(const std::vector<double>& energy, const std::vector<double>& level, double rate) {
    const std::vector<std::size_t> places = candidates(energy, static_cast<std::size_t>(refractorySeconds * rate));
    std::vector<std::size_t> beats;
    for (const std::size_t place : places) {
        if (energy[place] < thresholdShare * level[place])
            continue;
        const double since = beats.empty() ? 1e9 : static_cast<double>(place - beats.back()) / rate;
        const bool early = since < earlySeconds;
        // A T wave follows its QRS soon and is less steep.
        if (since < tWaveSeconds && energy[place] < (early ? earlyShare : tWaveShare) * energy[beats.back()])
            continue;
        // A tall P wave before a slow QRS is as far ahead, and less steep.
        if (since < pWaveSeconds && energy[beats.back()] < (early ? earlyShare : pWaveShare) * energy[place])
            beats.back() = place;
        else
            beats.push_back(place);
    }
    if (beats.size() < 3)
        return beats;
    dropBetween(beats, energy);

    // Search back: a gap far beyond the local rhythm may hide a low beat.
    std::vector<std::size_t> out = {beats.front()};
    std::vector<double> gaps;
    for (std::size_t i = 1; i < beats.size(); ++i)
        gaps.push_back(static_cast<double>(beats[i] - beats[i - 1]));
    for (std::size_t i = 1; i < beats.size(); ++i) {
        const std::size_t a = i > 5 ? i - 5 : 0;
        const std::size_t b = std::min(gaps.size(), i + 4);
        const double rr = quantile<double>(
            {gaps.begin() + static_cast<std::ptrdiff_t>(a), gaps.begin() + static_cast<std::ptrdiff_t>(b)}, 0.5);
        if (gaps[i - 1] > searchBackGap * rr) {
            std::size_t best = 0;
            for (const std::size_t place : places) {
                const bool inside =
                    static_cast<double>(place) > static_cast<double>(beats[i - 1]) + tWaveSeconds * rate &&
                    static_cast<double>(place) + tWaveSeconds * rate < static_cast<double>(beats[i]);
                if (inside && energy[place] > searchBackShare * level[place] &&
                    (best == 0 || energy[place] > energy[best]))
                    best = place;
            }
            if (best != 0)
                out.push_back(best);
        }
        out.push_back(beats[i]);
    }
    return out;
}

// Of the parabola through a maximum and its neighbours, from the maximum on: amplitudes are known every 4 ms or so
// only.
double vertex(const std::vector<double>& x, std::size_t top) {
    if (top == 0 || top + 1 >= x.size())
        return 0;
    const double bend = x[top - 1] - 2 * x[top] + x[top + 1];
    return bend < 0 ? std::clamp((x[top - 1] - x[top + 1]) / (2 * bend), -0.5, 0.5) : 0;
}

} // namespace

std::vector<SampleIndex> detectRPeaks(const Recording& recording) {
    const std::size_t heart = samplesOfHeart(recording);
    const bool quick = recording.samplingRate >= 50; // slower rates hold no QRS
    if (!quick || static_cast<double>(heart) < recording.samplingRate)
        return {};
    const std::size_t every = thinning(recording.samplingRate);
    const double rate = recording.samplingRate / static_cast<double>(every);
    const Combined combined = combine(recording, heart, rate);
    if (combined.steepness.empty())
        return {};
    const std::vector<double> level = localLevel(combined.steepness, rate);
    const std::vector<std::size_t> beats = selectBeats(combined.steepness, level, rate);

    std::vector<SampleIndex> peaks;
    const auto reach = static_cast<std::size_t>(0.07 * rate), whole = static_cast<std::size_t>(wholeSeconds * rate);
    for (const std::size_t beat : beats) {
        if (beat < whole || beat + whole > combined.steepness.size())
            continue;
        const std::size_t a = beat > reach ? beat - reach : 0;
        const std::size_t b = std::min(combined.amplitude.size(), beat + reach + 1);
        const auto best = std::max_element(combined.amplitude.begin() + static_cast<std::ptrdiff_t>(a),
                                           combined.amplitude.begin() + static_cast<std::ptrdiff_t>(b));
        const auto place = static_cast<std::size_t>(best - combined.amplitude.begin());
        const double fine = static_cast<double>(place) + vertex(combined.amplitude, place);
        const SampleIndex peak(std::llround(fine * static_cast<double>(every) + static_cast<double>(every - 1) / 2));
        if (peaks.empty() || peak > peaks.back())
            peaks.push_back(peak);
    }
    return peaks;
}

RhythmMeasures measureRhythm(const std::vector<SampleIndex>& rPeaks, double samplingRate) {
    RhythmMeasures out;
    out.beats = static_cast<int>(rPeaks.size());
    if (rPeaks.size() < 2 || !(samplingRate > 0))
        return out;
    std::vector<double> rr;
    for (std::size_t i = 1; i < rPeaks.size(); ++i)
        rr.push_back(static_cast<double>(rPeaks[i].value - rPeaks[i - 1].value) / samplingRate);
    double mean = 0;
    for (const double v : rr)
        mean += v / static_cast<double>(rr.size());
    if (mean > 0)
        out.heartRateBpm = 60 / mean;
    if (rr.size() >= 2) {
        double sum = 0;
        for (const double v : rr)
            sum += (v - mean) * (v - mean);
        out.rrSdMs = 1000 * std::sqrt(sum / static_cast<double>(rr.size() - 1));
    }
    return out;
}

} // namespace precordia
