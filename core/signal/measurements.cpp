// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/measurements.h"

#include "core/signal/measure_parts.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace precordia {
namespace signal {
namespace {

class Beat12 {
public:
    explicit Beat12(const MedianBeat& beat) : beat_(beat) {}
    const MedianLead* find(std::string_view name) const { return leadNamed(beat_.leads, name); }
    std::ptrdiff_t sampleOf(double seconds) const {
        const auto i = static_cast<std::ptrdiff_t>(std::lround(seconds * beat_.samplingRate)) +
                       static_cast<std::ptrdiff_t>(beat_.rPeak);
        return std::clamp<std::ptrdiff_t>(i, 0, static_cast<std::ptrdiff_t>(beatLength) - 1);
    }
    double at(const MedianLead& lead, double seconds) const { // mean over 10 ms: mains and muscle go
        double sum = 0;
        for (std::ptrdiff_t k = -2; k <= 2; ++k)
            sum += lead.samples[static_cast<std::size_t>(
                std::clamp<std::ptrdiff_t>(sampleOf(seconds) + k, 0, static_cast<std::ptrdiff_t>(beatLength) - 1))];
        return sum / 5;
    }
    // uV s against the straight line between the ends, or against the PQ level.
    double area(const MedianLead& lead, double from, double to, bool line) const {
        const auto a = sampleOf(from), b = sampleOf(to);
        const double left = line ? at(lead, from) : 0, right = line ? at(lead, to) : 0;
        double sum = 0;
        for (std::ptrdiff_t i = a; i <= b; ++i)
            sum += lead.samples[static_cast<std::size_t>(i)] -
                   (left + (right - left) * static_cast<double>(i - a) /
                               static_cast<double>(std::max<std::ptrdiff_t>(b - a, 1)));
        return sum / beat_.samplingRate;
    }

private:
    const MedianBeat& beat_;
};

Measured axisOf(const Beat12& beat, const MedianWave& wave, bool line, double leastArea, const std::string& absent) {
    if (!wave.present)
        return missing(absent);
    const MedianLead* one = beat.find("I");
    const MedianLead* two = beat.find("II");
    if (one == nullptr || two == nullptr)
        return missing("leads I and II are needed");
    const double a = beat.area(*one, wave.on, wave.off, line), b = beat.area(*two, wave.on, wave.off, line);
    const double foot = (b - a / 2) * 2 / std::numbers::sqrt3;
    const double length = std::hypot(a, foot);
    const double noise = (one->noise + two->noise) / 2 * std::sqrt((wave.off - wave.on) / workRate);
    if (length < std::max(leastArea, 2 * noise))
        return missing("the net area in the frontal plane is too small to have a direction");
    return of(std::atan2(foot, a) * 180 / std::numbers::pi, 1 - 3 * noise / length);
}

LeadAmplitudes amplitudesOf(const Beat12& beat, const MedianBeat& median, const MedianLead& lead,
                            const std::string& pAbsent) {
    LeadAmplitudes out;
    out.lead = lead.lead;
    const auto quality = [&](double size) { return std::abs(size) / (std::abs(size) + 3 * lead.noise + 5); };
    const auto a = beat.sampleOf(median.qrs.on), b = beat.sampleOf(median.qrs.off);
    const auto first = lead.samples.begin() + a, last = lead.samples.begin() + b + 1;
    const auto top = std::max_element(first, last);
    const double r = std::max(0.0F, *top);
    const double q = std::min(0.0F, *std::min_element(first, top + 1));
    const double s = std::min(0.0F, *std::min_element(top, last));
    // Without an R it is one negative wave, QS: named S, as the voltage criteria take it.
    const bool qs = r < std::max(20.0, 0.05 * std::max(-q, -s));
    out.r = of(r, quality(r));
    out.q = of(qs ? 0 : q, quality(q));
    out.s = of(qs ? std::min(q, s) : s, quality(std::min(q, s)));
    out.p =
        median.p.present
            ? of(beat.at(lead, lead.p.peak) - (beat.at(lead, lead.p.on) + beat.at(lead, lead.p.off)) / 2, quality(30))
            : missing(pAbsent);
    out.t = median.t.present ? of(beat.at(lead, lead.t.peak), quality(100)) : missing("no T wave stands out");
    const auto st = [&](double after) { return of(beat.at(lead, median.qrs.off + after), quality(50)); };
    out.stJ = st(0), out.stJ60 = st(0.06), out.stJ80 = st(0.08);
    out.qrsArea = beat.area(lead, median.qrs.on, median.qrs.off, false);
    if (median.t.present)
        out.tArea = beat.area(lead, std::max(median.t.on, median.qrs.off), median.t.off, false);
    return out;
}

// The largest QRS that were published, of storage diseases, are about 10 mV in one lead.
constexpr double largestUv = 12000;

Measured voltage(double uv, double quality, std::initializer_list<double> waves) {
    if (std::max(waves) > largestUv)
        return missing("a QRS of more than 12 mV: the unit of the leads is doubtful");
    return of(uv, quality);
}

void measureVoltage(EcgMeasurements& out) {
    const auto* v1 = leadNamed(out.leads, "V1");
    const auto* v3 = leadNamed(out.leads, "V3");
    const auto* v5 = leadNamed(out.leads, "V5");
    const auto* v6 = leadNamed(out.leads, "V6");
    const auto* avl = leadNamed(out.leads, "aVL");
    if (v1 != nullptr && (v5 != nullptr || v6 != nullptr)) {
        double r = 0;
        for (const auto* lead : {v5, v6})
            if (lead != nullptr)
                r = std::max(r, *lead->r.value);
        out.sokolowLyon = voltage(r - *v1->s.value, v1->s.quality, {r, -*v1->s.value});
    } else {
        out.sokolowLyon = missing("leads V1 and V5 or V6 are needed");
    }
    if (avl != nullptr && v3 != nullptr)
        out.cornell = voltage(*avl->r.value - *v3->s.value, v3->s.quality, {*avl->r.value, -*v3->s.value});
    else
        out.cornell = missing("leads aVL and V3 are needed");
}

void correctQt(EcgMeasurements& out) {
    for (Measured* m : {&out.qtcBazett, &out.qtcFridericia, &out.qtcFramingham, &out.qtcHodges})
        *m = missing(!out.qt.value ? out.qt.reason : "there is no heart rate");
    if (!out.qt.value || !out.heartRate.value)
        return;
    const double qt = *out.qt.value, rr = 60 / *out.heartRate.value;
    const double quality = std::min(out.qt.quality, out.heartRate.quality);
    out.qtcBazett = of(qtcBazett(qt, rr), quality);
    out.qtcFridericia = of(qtcFridericia(qt, rr), quality);
    out.qtcFramingham = of(qtcFramingham(qt, rr), quality);
    out.qtcHodges = of(qtcHodges(qt, rr), quality);
}

// How a wave of this height stands out in the lead where it is tallest.
double trust(const MedianBeat& beat, const MedianWave MedianLead::*wave, const Beat12& at) {
    double best = 0;
    for (const MedianLead& lead : beat.leads) {
        const MedianWave& w = lead.*wave;
        const double height = std::abs(at.at(lead, w.peak) - (at.at(lead, w.on) + at.at(lead, w.off)) / 2);
        best = std::max(best, height / (height + 4 * lead.noise + 5));
    }
    return best * std::min(1.0, static_cast<double>(beat.beats) / 3);
}

} // namespace

// All that hangs on the ends of QRS and T.
void withhold(const std::string& reason, EcgMeasurements& out) {
    const Measured none = missing(reason);
    for (Measured* m :
         {&out.p, &out.pr, &out.qrs, &out.qt, &out.pAxis, &out.qrsAxis, &out.tAxis, &out.sokolowLyon, &out.cornell})
        *m = none;
    correctQt(out);
    for (LeadAmplitudes& lead : out.leads) {
        for (Measured* m : {&lead.q, &lead.r, &lead.s, &lead.t, &lead.stJ, &lead.stJ60, &lead.stJ80})
            *m = none;
        lead.qrsArea = lead.tArea = {};
    }
}

void measureMedianBeat(const MedianBeat& beat, const std::string& pAbsent, EcgMeasurements& out) {
    if (beat.beats == 0) {
        const Measured none = missing("no beat to measure");
        for (Measured* m :
             {&out.p, &out.pr, &out.qrs, &out.qt, &out.pAxis, &out.qrsAxis, &out.tAxis, &out.sokolowLyon, &out.cornell})
            *m = none;
        correctQt(out);
        return;
    }
    const Beat12 at(beat);
    const auto ms = [](double from, double to) { return 1000 * (to - from); };
    const double sure = trust(beat, &MedianLead::qrs, at);
    out.qrs = of(ms(beat.qrs.on, beat.qrs.off), sure);
    if (beat.p.present) {
        const double quality = std::min(sure, trust(beat, &MedianLead::p, at));
        out.p = of(ms(beat.p.on, beat.p.off), quality);
        out.pr = of(ms(beat.p.on, beat.qrs.on), quality);
    } else {
        out.p = out.pr = missing(pAbsent);
    }
    if (beat.t.present)
        out.qt = of(ms(beat.qrs.on, beat.t.off), std::min(sure, trust(beat, &MedianLead::t, at)));
    else
        out.qt = missing("no T wave stands out");
    correctQt(out);
    out.pAxis = axisOf(at, beat.p, true, 0.3, pAbsent);
    out.qrsAxis = axisOf(at, beat.qrs, false, 2, {});
    MedianWave t = beat.t;
    t.on = std::max(t.on, beat.qrs.off);
    out.tAxis = axisOf(at, t, false, 2, "no T wave stands out");
    for (const MedianLead& lead : beat.leads)
        out.leads.push_back(amplitudesOf(at, beat, lead, pAbsent));
    measureVoltage(out);
    if (!beat.merged.empty())
        withhold(beat.merged, out);
}

} // namespace signal

double qtcBazett(double qt, double rr) {
    return qt / std::sqrt(rr);
}
double qtcFridericia(double qt, double rr) {
    return qt / std::cbrt(rr);
}
double qtcFramingham(double qt, double rr) {
    return qt + 154 * (1 - rr);
}
double qtcHodges(double qt, double rr) {
    return qt + 1.75 * (60 / rr - 60);
}

std::vector<std::pair<std::string, Measured>> named(const EcgMeasurements& m) {
    std::vector<std::pair<std::string, Measured>> out{
        {"heart_rate_bpm", m.heartRate},
        {"rr_ms", m.rrMean},
        {"rr_min_ms", m.rrMin},
        {"rr_max_ms", m.rrMax},
        {"rr_sd_ms", m.rrSd},
        {"p_ms", m.p},
        {"pr_ms", m.pr},
        {"qrs_ms", m.qrs},
        {"qt_ms", m.qt},
        {"qtc_bazett_ms", m.qtcBazett},
        {"qtc_fridericia_ms", m.qtcFridericia},
        {"qtc_framingham_ms", m.qtcFramingham},
        {"qtc_hodges_ms", m.qtcHodges},
        {"p_axis_deg", m.pAxis},
        {"qrs_axis_deg", m.qrsAxis},
        {"t_axis_deg", m.tAxis},
        {"sokolow_lyon_uv", m.sokolowLyon},
        {"cornell_uv", m.cornell},
        {"sdnn_ms", m.sdnn},
        {"rmssd_ms", m.rmssd},
        {"pnn50_percent", m.pnn50},
    };
    for (const LeadAmplitudes& lead : m.leads)
        out.emplace_back("st_" + lead.lead + "_uv", lead.stJ60);
    return out;
}

Measurements flat(const EcgMeasurements& measurements) {
    Measurements out;
    for (const auto& [name, measured] : named(measurements))
        if (measured.value && std::isfinite(*measured.value))
            out[name] = *measured.value;
    return out;
}

} // namespace precordia
