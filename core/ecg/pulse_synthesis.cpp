// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ecg/pulse_synthesis.h"

#include "core/ecg/synthesis_random.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace precordia {

namespace {

using synthesis::Random;

constexpr double kTau = 2 * std::numbers::pi;

std::uint64_t memberSeed(std::uint64_t corpusSeed, std::uint64_t corpus, std::int64_t index) {
    std::uint64_t state = corpusSeed ^ corpus;
    std::uint64_t mixed = synthesis::splitmix64(state) ^ (static_cast<std::uint64_t>(index) * 0x9E3779B97F4A7C15ULL);
    return synthesis::splitmix64(mixed);
}

struct Pulse {
    std::vector<double> onsets; // s, from before 0 to after the end
    double heartRate = 0, rrSd = 0;
    double breathHz = 0.25, breathPhase = 0;
};

// heartRate of the median, rrSd of all intervals between beats inside the window.
Pulse drawPulse(double seconds, Random& random) {
    Pulse out;
    const double mean = 60 / random.uniform(45, 130);
    const double jitter = random.uniform(0.004, 0.06), sway = random.uniform(0, 0.08);
    out.breathHz = random.uniform(0.15, 0.38);
    out.breathPhase = random.uniform(0, kTau);
    std::vector<double> inside;
    for (double t = -2 - random.uniform() * mean; t < seconds + 2;) {
        const double rr = std::max(
            0.3, mean * (1 + sway * std::sin(kTau * out.breathHz * t + out.breathPhase) + jitter * random.normal()));
        out.onsets.push_back(t);
        if (t >= 0 && t + rr < seconds)
            inside.push_back(rr);
        t += rr;
    }
    double sum = 0, squares = 0;
    for (const double rr : inside)
        sum += rr, squares += rr * rr;
    const auto n = static_cast<double>(inside.size());
    out.rrSd = 1000 * std::sqrt(std::max(0.0, squares / n - sum * sum / (n * n)));
    std::nth_element(inside.begin(), inside.begin() + static_cast<std::ptrdiff_t>(inside.size() / 2), inside.end());
    out.heartRate = 60 / inside[inside.size() / 2];
    return out;
}

struct Bump {
    double centre, rise, fall, size; // s from the beat's onset; standard deviations
};

void addBeat(std::vector<double>& x, double onset, const std::vector<Bump>& bumps, double size, double rate) {
    for (const auto& b : bumps) {
        const auto last = std::min<std::int64_t>(static_cast<std::int64_t>(x.size()) - 1,
                                                 std::llround((onset + b.centre + 4.5 * b.fall) * rate));
        for (auto i = std::max<std::int64_t>(0, std::llround((onset + b.centre - 4.5 * b.rise) * rate)); i <= last;
             ++i) {
            const double d = static_cast<double>(i) / rate - onset - b.centre;
            const double s = d / (d < 0 ? b.rise : b.fall);
            x[static_cast<std::size_t>(i)] += size * b.size * std::exp(-0.5 * s * s);
        }
    }
}

void addNoise(std::vector<double>& x, double noise, Random& random) {
    double slow = 0;
    for (auto& v : x) {
        slow = 0.9 * slow + std::sqrt(1 - 0.81) * random.quickNormal();
        v += noise * (0.6 * slow + 0.8 * random.quickNormal());
    }
}

void append(PulseWindow& out, const std::vector<double>& x) {
    for (const double v : x)
        out.samples.push_back(static_cast<float>(100 * v)); // of the order of an ECG in uV
}

} // namespace

const std::vector<KnownFactor>& ppgFactors() {
    static const std::vector<KnownFactor> factors = {{"heart_rate", "bpm"},      {"rr_sd", "ms"},
                                                     {"rise_time", "ms"},        {"reflection", ""},
                                                     {"reflection_delay", "ms"}, {"log_noise", ""}};
    return factors;
}

PulseWindow synthesisePpg(std::uint64_t corpusSeed, std::int64_t index, int samples, double samplingRate) {
    Random random(memberSeed(corpusSeed, 0x505047ULL, index), 0);
    const double seconds = samples / samplingRate;
    const Pulse rhythm = drawPulse(seconds, random);
    const double rise = random.uniform(0.08, 0.20), reflection = random.uniform(0.05, 0.65);
    // The second wave stays inside the beat at any rate.
    const double delay = random.uniform(0.16, 0.28) * std::min(1.0, 80 / rhythm.heartRate);
    const double noise = std::exp(random.uniform(std::log(0.01), std::log(0.25)));
    const double wander = random.uniform(0.1, 0.6), breath = random.uniform(0.02, 0.15);
    const double transit = random.uniform(0.15, 0.28);
    const std::vector<Bump> bumps{{transit + rise, rise / 2.2, rise / 1.6, 1},
                                  {transit + rise + delay, 0.045, 0.09, reflection}};
    PulseWindow out;
    for (const double gain : {1.0, random.uniform(0.45, 0.85)}) { // infrared, red
        std::vector<double> x(static_cast<std::size_t>(samples), 0);
        for (const double onset : rhythm.onsets)
            addBeat(x, onset, bumps,
                    gain * (1 + breath * std::sin(kTau * rhythm.breathHz * onset + rhythm.breathPhase)), samplingRate);
        for (std::size_t i = 0; i < x.size(); ++i)
            x[i] += gain * wander *
                    std::sin(kTau * rhythm.breathHz * static_cast<double>(i) / samplingRate + rhythm.breathPhase + 0.7);
        addNoise(x, noise, random);
        append(out, x);
    }
    out.values = {rhythm.heartRate, rhythm.rrSd, 1000 * rise, reflection, 1000 * delay, std::log(noise)};
    return out;
}

const std::vector<KnownFactor>& icgFactors() {
    static const std::vector<KnownFactor> factors = {{"heart_rate", "bpm"}, {"rr_sd", "ms"}, {"ejection_time", "ms"},
                                                     {"x_to_c", ""},        {"o_wave", ""},  {"log_noise", ""}};
    return factors;
}

PulseWindow synthesiseIcg(std::uint64_t corpusSeed, std::int64_t index, int samples, double samplingRate) {
    Random random(memberSeed(corpusSeed, 0x494347ULL, index), 0);
    const double seconds = samples / samplingRate;
    const Pulse rhythm = drawPulse(seconds, random);
    const double ejection = random.uniform(0.22, 0.36) * std::min(1.0, 100 / rhythm.heartRate);
    const double before = random.uniform(0.07, 0.13); // pre-ejection period: no electrical mark, so no factor
    const double x = random.uniform(0.2, 0.8), o = random.uniform(0.05, 0.5);
    const double noise = std::exp(random.uniform(std::log(0.01), std::log(0.2)));
    const double breath = random.uniform(0.02, 0.15);
    const std::vector<Bump> bumps{{before - 0.05, 0.018, 0.018, -0.12},        // A
                                  {before + 0.075, 0.026, 0.05, 1},            // C
                                  {before + ejection, 0.02, 0.022, -x},        // X
                                  {before + ejection + 0.09, 0.03, 0.045, o}}; // O
    PulseWindow out;
    std::vector<double> derivative(static_cast<std::size_t>(samples), 0);
    for (const double onset : rhythm.onsets)
        addBeat(derivative, onset, bumps, 1 + breath * std::sin(kTau * rhythm.breathHz * onset + rhythm.breathPhase),
                samplingRate);
    // The impedance change is its integral, with a leak that keeps it level, on the breath.
    std::vector<double> change(derivative.size());
    double sum = 0;
    const double sway = random.uniform(0.05, 0.4);
    for (std::size_t i = 0; i < change.size(); ++i) {
        sum = sum * std::exp(-1 / (0.6 * samplingRate)) + derivative[i] / samplingRate;
        change[i] = 8 * sum + sway * std::sin(kTau * rhythm.breathHz * static_cast<double>(i) / samplingRate +
                                              rhythm.breathPhase);
    }
    for (auto* channel : {&derivative, &change}) {
        addNoise(*channel, noise, random);
        append(out, *channel);
    }
    out.values = {rhythm.heartRate, rhythm.rrSd, 1000 * ejection, x, o, std::log(noise)};
    return out;
}

} // namespace precordia
