// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/filter.h"

#include <soxr.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <string>

namespace precordia {
namespace {

// How many signals are filtered side by side: a recursion waits for its own last sample, so four take little longer
// than one.
constexpr std::size_t together = 4;

// One second-order section, direct form II transposed, a0 = 1.
struct Biquad {
    double b0 = 1, b1 = 0, b2 = 0, a1 = 0, a2 = 0;

    // Of `lanes` signals, sample by sample: x[i * lanes + lane]; step 1 from the first on, -1 from the last back.
    // Starts in the steady state of the first sample: no transient from an offset.
    template <std::size_t lanes>
    void run(double* x, std::size_t samples, std::ptrdiff_t step) const {
        if (samples == 0)
            return;
        double* at = step > 0 ? x : x + (samples - 1) * lanes;
        double s1[lanes], s2[lanes];
        for (std::size_t k = 0; k < lanes; ++k) {
            const double steady = (b0 + b1 + b2) / (1 + a1 + a2) * at[k];
            s1[k] = steady - b0 * at[k];
            s2[k] = b2 * at[k] - a2 * steady;
        }
        for (std::size_t i = 0; i < samples; ++i, at += step * static_cast<std::ptrdiff_t>(lanes))
            for (std::size_t k = 0; k < lanes; ++k) {
                const double v = at[k];
                const double y = b0 * v + s1[k];
                s1[k] = (b1 * v + s2[k]) - a1 * y; // in this order one product and two sums wait for the sample before
                s2[k] = b2 * v - a2 * y;
                at[k] = y;
            }
    }
};

// Bilinear transform with the corner prewarped: |H|^2 = 1 / (1 + (tan(pi f / rate) / tan(pi corner / rate))^4)
// one way for the low-pass, the reciprocal ratio for the high-pass.
Biquad butterworth(double corner, double rate, bool highPass) {
    const double k = std::tan(std::numbers::pi * corner / rate);
    const double norm = 1 / (1 + std::numbers::sqrt2 * k + k * k);
    Biquad q;
    q.a1 = 2 * (k * k - 1) * norm;
    q.a2 = (1 - std::numbers::sqrt2 * k + k * k) * norm;
    q.b0 = highPass ? norm : k * k * norm;
    q.b1 = highPass ? -2 * q.b0 : 2 * q.b0;
    q.b2 = q.b0;
    return q;
}

// Zeros on the unit circle at hz, poles at the same angle inside it.
Biquad notchSection(double hz, double rate, double quality) {
    const double w = 2 * std::numbers::pi * hz / rate;
    const double alpha = std::sin(w) / (2 * quality);
    const double norm = 1 / (1 + alpha);
    Biquad q;
    q.b0 = q.b2 = norm;
    q.b1 = q.a1 = -2 * std::cos(w) * norm;
    q.a2 = (1 - alpha) * norm;
    return q;
}

// NaN runs become straight lines between their neighbours, at an end the neighbour's value. False: nothing but NaN.
bool bridge(std::vector<double>& x) {
    const std::size_t n = x.size();
    std::size_t i = 0;
    bool any = false;
    while (i < n) {
        if (std::isfinite(x[i])) {
            any = true;
            ++i;
            continue;
        }
        std::size_t end = i;
        while (end < n && !std::isfinite(x[end]))
            ++end;
        if (i == 0 && end == n)
            return false;
        const double left = i == 0 ? x[end] : x[i - 1];
        const double right = end == n ? left : x[end];
        const auto steps = static_cast<double>(end - i + 1);
        for (std::size_t j = i; j < end; ++j)
            x[j] = left + (right - left) * static_cast<double>(j - i + 1) / steps;
        i = end;
    }
    return any;
}

// Point reflection at both ends (2 x[0] - x[k]): offset and slope run on through the edge. Written to every lanes-th
// place of `out`, which holds x.size() + 2 pad of them.
void padReflected(const std::vector<double>& x, std::size_t pad, double* out, std::size_t lanes = 1) {
    const std::size_t n = x.size();
    for (std::size_t k = 1; k <= pad; ++k) {
        const std::size_t inner = std::min(k, n - 1);
        out[(pad - k) * lanes] = 2 * x.front() - x[inner];
        out[(pad + n - 1 + k) * lanes] = 2 * x.back() - x[n - 1 - inner];
    }
    for (std::size_t i = 0; i < n; ++i)
        out[(pad + i) * lanes] = x[i];
}

// Signals of one length.
template <std::size_t lanes>
void zeroPhase(const std::span<const float>* signals, std::vector<float>* out, const std::vector<Biquad>& sections,
               double padding) {
    const std::size_t n = signals[0].size();
    const std::size_t pad = std::min(static_cast<std::size_t>(padding) + 1, n > 1 ? n - 1 : 0), length = n + 2 * pad;
    std::vector<double> x, padded(length * lanes, 0.0);
    bool there[lanes];
    for (std::size_t k = 0; k < lanes; ++k) {
        x.assign(signals[k].begin(), signals[k].end());
        there[k] = bridge(x);
        if (there[k])
            padReflected(x, pad, padded.data() + k, lanes);
    }
    for (const Biquad& section : sections) {
        section.run<lanes>(padded.data(), length, 1);
        section.run<lanes>(padded.data(), length, -1);
    }
    for (std::size_t k = 0; k < lanes; ++k) {
        out[k].assign(signals[k].begin(), signals[k].end());
        for (std::size_t i = 0; there[k] && i < n; ++i)
            out[k][i] = std::isfinite(signals[k][i]) ? static_cast<float>(padded[(pad + i) * lanes + k])
                                                     : std::numeric_limits<float>::quiet_NaN();
    }
}

std::vector<std::vector<float>> zeroPhase(std::span<const std::span<const float>> signals,
                                          const std::vector<Biquad>& sections, double padding) {
    std::vector<std::vector<float>> out(signals.size());
    for (std::size_t i = 0; i < signals.size();) {
        std::size_t same = 1;
        while (same < together && i + same < signals.size() && signals[i + same].size() == signals[i].size())
            ++same;
        if (same == together)
            zeroPhase<together>(&signals[i], &out[i], sections, padding);
        else if (same > 1)
            zeroPhase<2>(&signals[i], &out[i], sections, padding), same = 2;
        else
            zeroPhase<1>(&signals[i], &out[i], sections, padding);
        i += same;
    }
    return out;
}

// Padding must be a whole number of samples at both rates, else sample 0 would leave time 0.
std::size_t alignedPadding(double fromRate, double toRate) {
    // 200 samples of the lower rate hold the ringing of soxr's steepest filter.
    const auto least = static_cast<std::size_t>(std::ceil(200 * std::max(1.0, fromRate / toRate)));
    std::size_t best = least;
    double bestError = 1;
    for (std::size_t pad = least; pad < least + 20000; ++pad) {
        const double there = static_cast<double>(pad) * toRate / fromRate;
        const double error = std::abs(there - std::round(there));
        if (error < bestError) {
            bestError = error;
            best = pad;
        }
        if (bestError < 1e-6)
            break;
    }
    return best;
}

} // namespace

Result<std::vector<std::vector<float>>> bandPassAll(std::span<const std::span<const float>> signals, double rate,
                                                    double lowHz, double highHz) {
    const auto bad = [rate](double corner) { return corner != 0 && !(corner > 0 && corner < rate / 2); };
    if (!(rate > 0) || !std::isfinite(rate))
        return makeError(ErrorCode::ValueOutOfRange, "a sampling rate of " + std::to_string(rate) + " Hz");
    if (bad(lowHz) || bad(highHz))
        return makeError(ErrorCode::ValueOutOfRange, "a filter corner of " +
                                                         std::to_string(bad(lowHz) ? lowHz : highHz) +
                                                         " Hz at a sampling rate of " + std::to_string(rate) + " Hz");
    std::vector<Biquad> sections;
    if (lowHz > 0)
        sections.push_back(butterworth(lowHz, rate, true));
    if (highHz > 0)
        sections.push_back(butterworth(highHz, rate, false));
    // Three periods of the slowest corner: by then the section's impulse response is below 1e-5.
    const double slowest = lowHz > 0 ? lowHz : highHz;
    if (!sections.empty())
        return zeroPhase(signals, sections, std::min(3 * rate / slowest, 60 * rate));
    std::vector<std::vector<float>> out;
    for (const auto signal : signals)
        out.emplace_back(signal.begin(), signal.end());
    return out;
}

Result<std::vector<float>> bandPass(std::span<const float> signal, double rate, double lowHz, double highHz) {
    auto out = bandPassAll(std::span(&signal, 1), rate, lowHz, highHz);
    if (!out.ok())
        return out.error();
    return std::move(out->front());
}

Result<std::vector<float>> notch(std::span<const float> signal, double rate, double hz, double quality) {
    if (!(rate > 0) || !std::isfinite(rate) || !(hz > 0 && hz < rate / 2))
        return makeError(ErrorCode::ValueOutOfRange, "a notch at " + std::to_string(hz) + " Hz at a sampling rate of " +
                                                         std::to_string(rate) + " Hz");
    // The poles' radius falls by exp(-pi hz / (quality rate)) a sample: to 1e-5 in 3.7 quality / hz seconds.
    return std::move(
        zeroPhase(std::span(&signal, 1), {notchSection(hz, rate, quality)}, 4 * quality * rate / hz).front());
}

Result<std::vector<float>> resample(std::span<const float> signal, double fromRate, double toRate) {
    if (!(fromRate > 0) || !(toRate > 0) || !std::isfinite(fromRate) || !std::isfinite(toRate))
        return makeError(ErrorCode::ValueOutOfRange,
                         "resampling from " + std::to_string(fromRate) + " Hz to " + std::to_string(toRate) + " Hz");
    if (fromRate == toRate || signal.empty())
        return std::vector<float>(signal.begin(), signal.end());
    const double ratio = toRate / fromRate;
    const auto length = static_cast<std::size_t>(std::llround(static_cast<double>(signal.size()) * ratio));
    std::vector<double> x(signal.begin(), signal.end());
    if (!bridge(x))
        return std::vector<float>(length, std::numeric_limits<float>::quiet_NaN());

    const std::size_t pad = alignedPadding(fromRate, toRate);
    std::vector<double> padded(x.size() + 2 * pad);
    padReflected(x, pad, padded.data());
    const auto offset = static_cast<std::size_t>(std::llround(static_cast<double>(pad) * ratio));
    std::vector<double> wide(static_cast<std::size_t>(std::ceil(static_cast<double>(padded.size()) * ratio)) + 2, 0.0);
    const soxr_io_spec_t io = soxr_io_spec(SOXR_FLOAT64_I, SOXR_FLOAT64_I);
    const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_VHQ, 0);
    std::size_t used = 0;
    std::size_t made = 0;
    const soxr_error_t failure = soxr_oneshot(fromRate, toRate, 1, padded.data(), padded.size(), &used, wide.data(),
                                              wide.size(), &made, &io, &quality, nullptr);
    if (failure != nullptr)
        return makeError(ErrorCode::ValueOutOfRange, std::string("resampling failed: ") + soxr_strerror(failure));

    std::vector<float> out(length);
    for (std::size_t i = 0; i < length; ++i) {
        const auto nearest =
            std::min(static_cast<std::size_t>(std::llround(static_cast<double>(i) / ratio)), signal.size() - 1);
        out[i] = std::isfinite(signal[nearest]) && offset + i < made ? static_cast<float>(wide[offset + i])
                                                                     : std::numeric_limits<float>::quiet_NaN();
    }
    return out;
}

} // namespace precordia
