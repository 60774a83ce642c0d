// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/serial_comparison.h"

#include "core/signal/measure_parts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace precordia {

namespace {

constexpr double kFarthest = 0.04;                    // s: how far beats are moved
constexpr double kQrsBefore = 0.08, kQrsAfter = 0.12; // s about the R peak: what is lined up
constexpr double kAlike = 0.3;                        // a correlation below says nothing of where they agree
constexpr double kFineEnough = 0.002;                 // of a sample
constexpr double kGolden = 0.6180339887498949;
constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

using Pairs = std::vector<std::pair<const MedianLead*, const MedianLead*>>; // reference, current

// The sample of a trace between two others, by the cubic through its four neighbours (Catmull & Rom 1974); NaN outside.
float valueAt(const std::vector<float>& x, double place) {
    const double whole = std::floor(place);
    const auto i = static_cast<std::ptrdiff_t>(whole);
    const auto n = static_cast<std::ptrdiff_t>(x.size());
    const double t = place - whole;
    if (i < 0 || i >= n)
        return kNone;
    if (t < 1e-9)
        return x[static_cast<std::size_t>(i)];
    if (i + 1 >= n)
        return kNone;
    const auto at = [&](std::ptrdiff_t k) {
        return static_cast<double>(x[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(k, 0, n - 1))]);
    };
    const double a = at(i - 1), b = at(i), c = at(i + 1), d = at(i + 2);
    return static_cast<float>(b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))));
}

// Correlation of the QRS complexes over all leads when sample i of the reference lies on place i + shift of the current
// beat.
double agreement(const Pairs& pairs, std::ptrdiff_t from, std::ptrdiff_t to, double shift) {
    double product = 0, first = 0, second = 0;
    for (const auto& [reference, current] : pairs)
        for (std::ptrdiff_t i = std::max<std::ptrdiff_t>(from, 0);
             i < std::min(to, static_cast<std::ptrdiff_t>(reference->samples.size())); ++i) {
            const double a = static_cast<double>(reference->samples[static_cast<std::size_t>(i)]);
            const double b = static_cast<double>(valueAt(current->samples, static_cast<double>(i) + shift));
            if (!std::isfinite(b))
                continue;
            product += a * b, first += a * a, second += b * b;
        }
    return first > 0 && second > 0 ? product / std::sqrt(first * second) : 0;
}

// In samples: where the current beat's R lies when the reference's lies at its rPeak. First to a sample, then between
// its neighbours by golden section.
double bestShift(const Pairs& pairs, const MedianBeat& reference, const MedianBeat& current) {
    const double rate = reference.samplingRate;
    const auto r = static_cast<std::ptrdiff_t>(reference.rPeak);
    const double between = static_cast<double>(current.rPeak) - static_cast<double>(reference.rPeak);
    const auto from = r - static_cast<std::ptrdiff_t>(kQrsBefore * rate);
    const auto to = r + static_cast<std::ptrdiff_t>(kQrsAfter * rate);
    const auto at = [&](double by) { return agreement(pairs, from, to, between + by); };
    const double farthest = std::floor(kFarthest * rate);
    double best = 0, peak = at(0);
    for (double by = -farthest; by <= farthest; by += 1)
        if (const double here = at(by); here > peak)
            best = by, peak = here;
    if (peak < kAlike)
        return between;
    double left = best - 1, right = best + 1;
    while (right - left > kFineEnough) {
        const double third = (right - left) * kGolden;
        at(right - third) < at(left + third) ? left = right - third : right = left + third;
    }
    const double fine = (left + right) / 2;
    return between + (at(fine) > peak + 1e-7 ? fine : best);
}

// Over the samples where both are there.
void describe(ComparedLead& lead, std::size_t from, std::size_t to) {
    double squares = 0, a1 = 0, b1 = 0, a2 = 0, b2 = 0, ab = 0;
    int n = 0;
    for (std::size_t i = from; i < std::min(to, lead.difference.size()); ++i) {
        if (!std::isfinite(lead.difference[i]))
            continue;
        const auto a = static_cast<double>(lead.reference[i]), b = static_cast<double>(lead.current[i]);
        squares += (b - a) * (b - a);
        a1 += a, b1 += b, a2 += a * a, b2 += b * b, ab += a * b;
        ++n;
    }
    if (n == 0)
        return;
    lead.rmsUv = std::sqrt(squares / n);
    const double va = a2 - a1 * a1 / n, vb = b2 - b1 * b1 / n;
    if (va > 1e-6 && vb > 1e-6)
        lead.correlation = (ab - a1 * b1 / n) / std::sqrt(va * vb);
}

ComparedLead compared(const MedianLead& reference, const MedianLead& current, double shift) {
    ComparedLead out;
    out.lead = reference.lead;
    out.reference = reference.samples;
    out.current.reserve(out.reference.size());
    out.difference.reserve(out.reference.size());
    for (std::size_t i = 0; i < out.reference.size(); ++i) {
        out.current.push_back(valueAt(current.samples, static_cast<double>(i) + shift));
        out.difference.push_back(out.current.back() - out.reference[i]);
    }
    return out;
}

std::vector<ComparedValue> valuesOf(const EcgMeasurements& reference, const EcgMeasurements& current) {
    std::vector<ComparedValue> out;
    const auto second = named(current);
    const auto add = [&](const std::string& key, const Measured& a, const Measured& b) {
        ComparedValue value{key, a, b, {}};
        if (a.value && b.value && std::isfinite(*a.value) && std::isfinite(*b.value)) {
            value.difference = *b.value - *a.value;
            if (key.ends_with("_axis_deg"))
                value.difference = std::remainder(*value.difference, 360.0);
        }
        out.push_back(std::move(value));
    };
    for (const auto& [key, measured] : named(reference))
        for (const auto& [other, value] : second)
            if (other == key)
                add(key, measured, value);
    return out;
}

Result<Done> checked(const EcgAnalysis& ecg, const char* which) {
    if (ecg.medianBeat.beats == 0 || ecg.medianBeat.leads.empty() || !(ecg.medianBeat.samplingRate > 0))
        return makeError(ErrorCode::SignalTooShort, std::string("the ") + which + " has no beat that can be averaged");
    return Done{};
}

} // namespace

Result<SerialComparison> compareEcgs(const EcgAnalysis& reference, const EcgAnalysis& current) {
    for (const auto& done : {checked(reference, "reference"), checked(current, "current ECG")})
        if (!done)
            return done.as<SerialComparison>();
    const MedianBeat &first = reference.medianBeat, &second = current.medianBeat;
    if (first.samplingRate != second.samplingRate)
        return makeError(ErrorCode::Bug, "two median beats have different rates");
    SerialComparison out;
    out.samplingRate = first.samplingRate;
    out.rPeak = first.rPeak;
    out.referenceBeats = first.beats;
    out.currentBeats = second.beats;
    Pairs pairs;
    for (const MedianLead& lead : first.leads)
        if (const MedianLead* other = signal::leadNamed(second.leads, lead.lead))
            pairs.emplace_back(&lead, other);
        else
            out.notCompared.push_back(lead.lead);
    for (const MedianLead& lead : second.leads)
        if (signal::leadNamed(first.leads, lead.lead) == nullptr)
            out.notCompared.push_back(lead.lead);
    if (pairs.empty())
        return makeError(ErrorCode::LeadMissing, "the two ECGs have no lead in common");

    const double shift = bestShift(pairs, first, second);
    const double moved = (static_cast<double>(second.rPeak) - static_cast<double>(first.rPeak) - shift);
    out.shiftSeconds = moved / out.samplingRate;
    const std::array<const MedianWave*, 6> waves{&first.p, &first.qrs, &first.t, &second.p, &second.qrs, &second.t};
    for (std::size_t i = 0; i < 3; ++i) {
        out.referenceWaves[i] = *waves[i];
        out.currentWaves[i] = *waves[i + 3];
        for (double* place : {&out.currentWaves[i].on, &out.currentWaves[i].peak, &out.currentWaves[i].off})
            *place += out.shiftSeconds;
    }
    const auto sampleOf = [&](double seconds) {
        return static_cast<std::size_t>(
            std::max(0.0, static_cast<double>(out.rPeak) + std::round(seconds * out.samplingRate)));
    };
    const auto from = sampleOf(std::min(out.referenceWaves[1].on, out.currentWaves[1].on));
    const auto to = sampleOf(std::max(out.referenceWaves[2].off, out.currentWaves[2].off));
    for (const auto& [a, b] : pairs) {
        out.leads.push_back(compared(*a, *b, shift));
        describe(out.leads.back(), from, to);
    }
    out.values = valuesOf(reference.measurements, current.measurements);
    return out;
}

Result<SerialComparison> compareEcgs(const Recording& reference, const Recording& current, const StopToken& stop) {
    const EcgAnalysis first = analyseEcg(reference);
    if (stop.stop_requested())
        return Cancelled{};
    const EcgAnalysis second = analyseEcg(current);
    if (stop.stop_requested())
        return Cancelled{};
    return compareEcgs(first, second);
}

} // namespace precordia
