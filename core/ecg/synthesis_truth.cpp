// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ecg/synthesis_truth.h"

#include <algorithm>
#include <numbers>

namespace precordia::synthesis {
namespace {

// The share of its greatest vector at which a P or T begins and ends: with Gaussians 2.2 deviations from the outer
// centres, and some 20 uV in the lead that shows it best.
constexpr double waveShare = 0.09;
// The QRS begins in the first of the twelve leads and ends in the last (CSE), where an enlarged trace shows it: half of
// the smallest wave that is measured (IEC 60601-2-51: 20 uV).
constexpr double smallestQrs = 0.010; // mV

double median(std::vector<double> v) {
    std::sort(v.begin(), v.end());
    const std::size_t m = v.size() / 2;
    return v.size() % 2 == 1 ? v[m] : (v[m - 1] + v[m]) / 2;
}

Vec3 momentAt(const std::vector<Wave>& waves, Part part, double t) {
    Vec3 sum;
    for (const Wave& w : waves) {
        if (w.part == part)
            sum = sum + w.at(t) * w.moment;
    }
    return sum;
}

// Net area of a part in one lead, mV s: what the axis is made of.
double area(const std::vector<Wave>& waves, Part part, const Vec3& lead) {
    double sum = 0;
    for (const Wave& w : waves) {
        if (w.part == part)
            sum += (w.rise + w.fall) * (lead.x * w.moment.x + lead.y * w.moment.y + lead.z * w.moment.z);
    }
    return sum;
}

double axisDegrees(const std::vector<Wave>& waves, Part part, const LeadField& field) {
    const double one = area(waves, part, field[0]), two = area(waves, part, field[1]);
    const double foot = two - 0.5 * one; // aVF
    return std::atan2(foot * 2 / std::numbers::sqrt3, one) * 180 / std::numbers::pi;
}

void measureSt(Measurements& out, const DrawnBeat& beat, double qrsOff, const LeadField& field) {
    // J + 60 ms against the PQ line, all ventricular waves, in the noise-free model.
    Vec3 here, line;
    for (const Wave& w : beat.waves) {
        if (w.part == Part::P)
            continue;
        here = here + w.at(qrsOff + 0.06) * w.moment;
        line = line + w.at(-0.002) * w.moment;
    }
    const Vec3 st = here + -1.0 * line;
    std::array<double, 8> lead{};
    for (std::size_t i = 0; i < lead.size(); ++i)
        lead[i] = 1000 * (field[i].x * st.x + field[i].y * st.y + field[i].z * st.z);
    const double one = lead[0], two = lead[1];
    out["st_I_uv"] = one;
    out["st_II_uv"] = two;
    out["st_III_uv"] = two - one;
    out["st_aVR_uv"] = -(one + two) / 2;
    out["st_aVL_uv"] = one - two / 2;
    out["st_aVF_uv"] = two - one / 2;
    for (std::size_t i = 2; i < lead.size(); ++i)
        out["st_V" + std::to_string(i - 1) + "_uv"] = lead[i];
}

void measureIntervals(SynthesisTruth& truth) {
    std::vector<double> rr, pr, qrs, qt;
    for (std::size_t i = 1; i < truth.beats.size(); ++i)
        rr.push_back(truth.beats[i].rPeak - truth.beats[i - 1].rPeak);
    for (const BeatTruth& b : truth.beats) {
        if (b.kind != 'N')
            continue;
        if (b.pOn)
            pr.push_back(1000 * (b.qrsOn - *b.pOn));
        qrs.push_back(1000 * (b.qrsOff - b.qrsOn));
        qt.push_back(1000 * (b.tOff - b.qrsOn));
    }
    Measurements& m = truth.measurements;
    double mean = 0;
    for (const double v : rr)
        mean += v / static_cast<double>(rr.size());
    if (!rr.empty())
        m["heart_rate_bpm"] = 60 / mean;
    if (rr.size() >= 2) {
        double sum = 0;
        for (const double v : rr)
            sum += (v - mean) * (v - mean);
        m["rr_sd_ms"] = 1000 * std::sqrt(sum / static_cast<double>(rr.size() - 1));
    }
    if (!pr.empty())
        m["pr_ms"] = median(pr);
    if (!qrs.empty()) {
        m["qrs_ms"] = median(qrs);
        m["qt_ms"] = median(qt);
    }
}

// The largest of the twelve leads, mV.
double largestLead(const Vec3& moment, const LeadField& field) {
    const auto in = [&](std::size_t lead) {
        return field[lead].x * moment.x + field[lead].y * moment.y + field[lead].z * moment.z;
    };
    const double one = in(0), two = in(1);
    double out = std::max({std::abs(one), std::abs(two), std::abs(two - one), std::abs(one + two) / 2,
                           std::abs(one - two / 2), std::abs(two - one / 2)});
    for (std::size_t lead = 2; lead < field.size(); ++lead)
        out = std::max(out, std::abs(in(lead)));
    return out;
}

// Where any lead shows the QRS; its peak as extent() has it.
std::optional<Extent> qrsExtent(const std::vector<Wave>& waves, const LeadField& field) {
    auto out = extent(waves, Part::Qrs, waveShare);
    if (!out)
        return out;
    constexpr double step = 0.001, farthest = 0.15; // s
    const auto shown = [&](double t) { return largestLead(momentAt(waves, Part::Qrs, t), field) >= smallestQrs; };
    // From the vector's 9 % outwards, over the gaps between small waves.
    const double on = out->on, off = out->off;
    for (double t = on; t > on - farthest; t -= step)
        if (shown(t))
            out->on = t;
    for (double t = off; t < off + farthest; t += step)
        if (shown(t))
            out->off = t;
    return out;
}

std::string rhythmLabel(Rhythm rhythm) {
    switch (rhythm) {
    case Rhythm::Sinus:
        return "sinus rhythm";
    case Rhythm::SinusBradycardia:
        return "sinus bradycardia";
    case Rhythm::SinusTachycardia:
        return "sinus tachycardia";
    case Rhythm::SinusArrhythmia:
        return "sinus arrhythmia";
    case Rhythm::AtrialFibrillation:
        return "atrial fibrillation";
    case Rhythm::AtrialFlutter:
        return "atrial flutter";
    }
    return {};
}

void addLabels(SynthesisTruth& truth, const Case& c) {
    auto& labels = truth.labels;
    const auto add = [&labels](bool there, const char* text) {
        if (there)
            labels.emplace_back(text);
    };
    const auto kind = [&truth](char wanted) {
        return std::any_of(truth.beats.begin(), truth.beats.end(),
                           [wanted](const BeatTruth& b) { return b.kind == wanted; });
    };
    labels.push_back(rhythmLabel(c.options.rhythm));
    add(kind('A'), "premature atrial contraction");
    add(kind('V'), "premature ventricular contractions");
    add(c.options.firstDegreeAvBlock && truth.measurements.contains("pr_ms"), "1st degree av block");
    add(c.rbbb > 0, "right bundle branch block");
    add(c.lbbb > 0, "left bundle branch block");
    add(c.lvh > 0, "left ventricular hypertrophy");
    add(c.inferior > 0 || c.anterior > 0, "myocardial infarction");
    add(c.anterior > 0, "anterior myocardial infarction");
    add(c.ischaemia > 0, "myocardial ischemia");
    add(c.ischaemia > 0, "st depression");
    add(c.longQt > 0, "prolonged qt interval");
    const auto axis = truth.measurements.find("qrs_axis_deg");
    if (axis != truth.measurements.end()) {
        add(axis->second < -30 && axis->second > -120, "left axis deviation");
        add(axis->second > 100 && axis->second < 180, "right axis deviation");
    }
}

} // namespace

std::optional<Extent> extent(const std::vector<Wave>& waves, Part part, double share) {
    double first = 1e9, last = -1e9;
    for (const Wave& w : waves) {
        if (w.part == part) {
            first = std::min(first, w.centre - 4 * w.rise);
            last = std::max(last, w.centre + 4 * w.fall);
        }
    }
    if (first > last)
        return std::nullopt;
    constexpr double step = 0.001;
    std::vector<double> length;
    for (double t = first; t <= last; t += step)
        length.push_back(momentAt(waves, part, t).length());
    const auto best = std::max_element(length.begin(), length.end());
    const double threshold = share * *best;
    std::size_t on = 0, off = length.size() - 1;
    while (length[on] < threshold)
        ++on;
    while (length[off] < threshold)
        --off;
    const auto time = [&](std::size_t i) { return first + step * static_cast<double>(i); };
    return Extent{time(on), time(static_cast<std::size_t>(best - length.begin())), time(off)};
}

BeatTruth beatTruth(const DrawnBeat& beat, const LeadField& field) {
    BeatTruth out;
    out.kind = beat.plan.kind;
    const double zero = beat.plan.onset;
    if (beat.plan.hasP) {
        if (const auto p = extent(beat.waves, Part::P, waveShare)) {
            out.pOn = zero + p->on;
            out.pPeak = zero + p->peak;
            out.pOff = zero + p->off;
        }
    }
    if (const auto qrs = qrsExtent(beat.waves, field)) {
        out.qrsOn = zero + qrs->on;
        out.rPeak = zero + qrs->peak;
        out.qrsOff = zero + qrs->off;
    }
    if (const auto t = extent(beat.waves, Part::T, waveShare)) {
        out.tPeak = zero + t->peak;
        out.tOff = zero + t->off;
    }
    return out;
}

SynthesisTruth describe(const Case& c, const Subject& subject, const std::vector<DrawnBeat>& beats) {
    SynthesisTruth truth;
    const DrawnBeat* typical = nullptr;
    for (const DrawnBeat& beat : beats) {
        const double half = 0.5 * c.options.seconds;
        if (beat.plan.kind == 'N' &&
            (typical == nullptr || std::abs(beat.plan.onset - half) < std::abs(typical->plan.onset - half)))
            typical = &beat;
        BeatTruth b = beatTruth(beat, subject.field);
        if (b.rPeak >= 0 && b.rPeak < c.options.seconds)
            truth.beats.push_back(b);
    }
    measureIntervals(truth);
    if (typical != nullptr) {
        const auto qrs = qrsExtent(typical->waves, subject.field);
        truth.measurements["qrs_axis_deg"] = axisDegrees(typical->waves, Part::Qrs, subject.field);
        truth.measurements["t_axis_deg"] = axisDegrees(typical->waves, Part::T, subject.field);
        if (typical->plan.hasP)
            truth.measurements["p_axis_deg"] = axisDegrees(typical->waves, Part::P, subject.field);
        measureSt(truth.measurements, *typical, qrs ? qrs->off : 0.1, subject.field);
    }
    addLabels(truth, c);
    return truth;
}

std::string snomedCode(const std::string& label) {
    static const std::array<std::array<const char*, 2>, 18> codes{{{"sinus rhythm", "426783006"},
                                                                   {"sinus bradycardia", "426177001"},
                                                                   {"sinus tachycardia", "427084000"},
                                                                   {"sinus arrhythmia", "427393009"},
                                                                   {"atrial fibrillation", "164889003"},
                                                                   {"atrial flutter", "164890007"},
                                                                   {"premature atrial contraction", "284470004"},
                                                                   {"premature ventricular contractions", "427172004"},
                                                                   {"1st degree av block", "270492004"},
                                                                   {"right bundle branch block", "59118001"},
                                                                   {"left bundle branch block", "164909002"},
                                                                   {"left ventricular hypertrophy", "164873001"},
                                                                   {"myocardial infarction", "164865005"},
                                                                   {"anterior myocardial infarction", "54329005"},
                                                                   {"myocardial ischemia", "164861001"},
                                                                   {"st depression", "429622005"},
                                                                   {"prolonged qt interval", "111975006"},
                                                                   {"left axis deviation", "39732003"}}};
    if (label == "right axis deviation")
        return "47665007";
    for (const auto& [name, code] : codes) {
        if (label == name)
            return code;
    }
    return {};
}

} // namespace precordia::synthesis
