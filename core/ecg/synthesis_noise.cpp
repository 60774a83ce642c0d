// SPDX-License-Identifier: GPL-3.0-or-later
// What happens between skin and amplifier. Noise arises at electrodes, not at leads: that of the left arm is in I, III,
// aVL and, through Wilson's terminal, a third of it in every chest lead; Einthoven's law holds for it.
#include "core/ecg/synthesis_model.h"

#include <algorithm>
#include <numbers>

namespace precordia::synthesis {
namespace {

constexpr double tau = 2 * std::numbers::pi;

// sin(phase + 2 pi f t) by rotation: one complex product a sample.
void addSine(std::vector<double>& x, double amplitude, double hz, double phase, double rate) {
    const double c = std::cos(tau * hz / rate), s = std::sin(tau * hz / rate);
    double re = amplitude * std::cos(phase), im = amplitude * std::sin(phase);
    for (double& v : x) {
        v += im;
        const double next = re * c - im * s;
        im = re * s + im * c;
        re = next;
    }
}

void addWander(std::vector<double>& x, double size, double rate, const Subject& subject, Random& random) {
    const double breath = size * random.uniform(0.2, 1.0);
    addSine(x, breath, subject.respirationHz, subject.respirationPhase + random.normal(0, 0.4), rate);
    addSine(x, 0.25 * breath, 2 * subject.respirationHz, random.uniform(0, tau), rate);
    for (const double octave : {0.05, 0.1, 0.2, 0.4})
        addSine(x, size * 0.6 * std::abs(random.normal()) * std::sqrt(0.05 / octave),
                octave * random.uniform(0.75, 1.5), random.uniform(0, tau), rate);
}

// White noise between two one-pole filters, with an envelope that comes and goes.
void addMuscle(std::vector<double>& x, double size, const std::vector<double>& envelope, double rate, Random& random) {
    const double low = std::exp(-tau * 18 / rate);
    const double high = std::exp(-tau * std::min(110.0, 0.3 * rate) / rate);
    double slow = 0, fast = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double white = random.quickNormal();
        fast = high * fast + (1 - high) * white;
        slow = low * slow + (1 - low) * fast;
        x[i] += 1.6 * size * envelope[i] * (fast - slow);
    }
}

std::vector<double> muscleEnvelope(std::size_t n, double rate, Random& random) {
    std::vector<double> out(n, random.uniform(0.5, 1.0));
    const int bursts = random.chance(0.25) ? 1 + random.below(2) : 0;
    for (int b = 0; b < bursts; ++b) {
        const double centre = random.uniform(0, static_cast<double>(n));
        const double width = random.uniform(0.2, 1.5) * rate;
        const double height = random.uniform(0.7, 3.0);
        for (std::size_t i = 0; i < n; ++i) {
            const double d = (static_cast<double>(i) - centre) / width;
            if (d * d < 9)
                out[i] += height * std::exp(-0.5 * d * d);
        }
    }
    return out;
}

// The electrode slips: a step that the amplifier's high-pass lets decay.
void addMotion(std::vector<double>& x, double size, double rate, Random& random) {
    const double start = random.uniform(0, static_cast<double>(x.size()));
    const double height = size * random.uniform(0.4, 1.0) * (random.chance(0.5) ? 1 : -1);
    const double decay = random.uniform(0.25, 1.2) * rate;
    const double rise = random.uniform(0.01, 0.08) * rate;
    for (std::size_t i = static_cast<std::size_t>(start); i < x.size(); ++i) {
        const double d = static_cast<double>(i) - start;
        x[i] += height * (1 - std::exp(-d / rise)) * std::exp(-d / decay);
    }
}

std::size_t electrodeOf(const std::string& lead) {
    if (lead == "aVR")
        return 0;
    if (lead == "I" || lead == "aVL")
        return 1;
    if (lead == "II" || lead == "III" || lead == "aVF")
        return 2;
    const auto& names = standardLeads();
    const auto found = std::find(names.begin(), names.end(), lead);
    return found == names.end() ? names.size() : static_cast<std::size_t>(found - names.begin()) - 3;
}

} // namespace

Electrodes project(const Dipole& dipole, const LeadField& field) {
    Electrodes out;
    for (auto& electrode : out)
        electrode.resize(dipole.size());
    const auto dot = [](const Vec3& a, const Vec3& b) { return 1000 * (a.x * b.x + a.y * b.y + a.z * b.z); };
    for (std::size_t i = 0; i < dipole.size(); ++i) {
        const double one = dot(field[0], dipole[i]), two = dot(field[1], dipole[i]);
        const double rightArm = -(one + two) / 3; // Wilson's terminal is the zero
        out[0][i] = rightArm;
        out[1][i] = one + rightArm;
        out[2][i] = two + rightArm;
        for (std::size_t v = 0; v < 6; ++v)
            out[3 + v][i] = dot(field[2 + v], dipole[i]);
    }
    return out;
}

void addNoise(Electrodes& electrodes, const SynthesisOptions& options, const Subject& subject, Random& random) {
    const double factor = options.noise;
    if (!(factor > 0))
        return;
    const double rate = options.samplingRate;
    const std::size_t n = electrodes[0].size();
    // Each recording has its own good and bad sides.
    const double wander = factor * 28 * random.logNormal(0.75);
    const double muscle = factor * 5 * random.logNormal(0.6);
    const double mains = random.chance(0.45) ? factor * 3.5 * random.logNormal(0.8) : 0;
    const double mainsHz = random.chance(0.7) ? 50 : 60;
    const double mainsPhase = random.uniform(0, tau);
    for (auto& x : electrodes) {
        addWander(x, wander * random.logNormal(0.4), rate, subject, random);
        const std::vector<double> envelope = muscleEnvelope(n, rate, random);
        addMuscle(x, muscle * random.logNormal(0.4), envelope, rate, random);
        if (mains > 0) {
            const double own = mains * random.logNormal(0.6);
            const double phase = mainsPhase + random.normal(0, 0.5);
            for (const int harmonic : {1, 2, 3, 5}) {
                const double hz = mainsHz * harmonic + random.normal(0, 0.02);
                const double share = harmonic == 1 ? 1 : harmonic == 3 ? 0.25 : 0.1;
                if (hz < 0.45 * rate)
                    addSine(x, own * share, hz, harmonic * phase, rate);
            }
        }
        if (random.chance(0.05))
            addMotion(x, factor * 450, rate, random);
    }
}

void dropLead(Electrodes& electrodes, const SynthesisOptions& options, Random& random) {
    const std::size_t which = electrodeOf(options.leadOff);
    if (options.leadOff.empty() || which >= electrodes.size())
        return;
    std::vector<double>& x = electrodes[which];
    const auto n = static_cast<double>(x.size());
    const double from = random.uniform(0.05, 0.5) * n;
    const double to = std::min(n, from + random.uniform(0.2, 0.6) * n);
    const double level = random.uniform(300, 1500) * (random.chance(0.5) ? 1 : -1);
    const double hum = random.uniform(5, 60), hz = random.chance(0.7) ? 50 : 60, phase = random.uniform(0, tau);
    // Off the skin it carries no heart, only what the open input picks up; it swings there and back.
    const double swing = 0.06 * options.samplingRate;
    for (auto i = static_cast<std::size_t>(from); i < static_cast<std::size_t>(to); ++i) {
        const double d = static_cast<double>(i) - from;
        x[i] = level * (1 - std::exp(-d / swing)) +
               hum * std::sin(tau * hz * static_cast<double>(i) / options.samplingRate + phase);
    }
    for (auto i = static_cast<std::size_t>(to); i < x.size(); ++i) {
        const double d = (static_cast<double>(i) - to) / (4 * swing);
        if (d > 12)
            break;
        x[i] += level * std::exp(-d);
    }
}

} // namespace precordia::synthesis
