// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/median_marks.h"

#include "core/signal/measure_parts.h"

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

constexpr double kApart = 0.004; // s

double firstSecond(const MedianBeat& beat) {
    return -static_cast<double>(beat.rPeak) / beat.samplingRate;
}

double lastSecond(const MedianBeat& beat) {
    const std::size_t n = beat.leads.empty() ? beat.rPeak + 1 : beat.leads.front().samples.size();
    return (static_cast<double>(n) - 1 - static_cast<double>(beat.rPeak)) / beat.samplingRate;
}

// How near a mark may come to the one before it.
double apart(MedianMark mark) {
    return mark == MedianMark::QrsOn ? 0 : kApart; // the P may run into the QRS
}

} // namespace

std::optional<double>& MedianMarks::at(MedianMark mark) {
    std::optional<double>* const all[] = {&pOn, &pOff, &qrsOn, &qrsOff, &tOff};
    return *all[static_cast<std::size_t>(mark)];
}

const std::optional<double>& MedianMarks::at(MedianMark mark) const {
    return const_cast<MedianMarks*>(this)->at(mark);
}

MedianMarks marksOf(const MedianBeat& beat) {
    MedianMarks marks;
    if (beat.p.present)
        marks.pOn = beat.p.on, marks.pOff = beat.p.off;
    if (beat.qrs.present)
        marks.qrsOn = beat.qrs.on, marks.qrsOff = beat.qrs.off;
    if (beat.t.present)
        marks.tOff = beat.t.off;
    return marks;
}

MedianMarks withMark(const MedianMarks& marks, MedianMark mark, double seconds, const MedianBeat& beat) {
    MedianMarks out = marks;
    if (!marks.at(mark) || !(beat.samplingRate > 0) || !std::isfinite(seconds))
        return out;
    double least = firstSecond(beat), most = lastSecond(beat);
    for (const MedianMark other : kMedianMarks) {
        if (!marks.at(other))
            continue;
        if (other < mark) { // the nearest before it is the last one that is met
            double gap = 0;
            for (const MedianMark between : kMedianMarks)
                if (between > other && between <= mark && marks.at(between))
                    gap += apart(between);
            least = std::max(least, *marks.at(other) + gap);
        } else if (other > mark) {
            double gap = 0;
            for (const MedianMark between : kMedianMarks)
                if (between > mark && between <= other && marks.at(between))
                    gap += apart(between);
            most = std::min(most, *marks.at(other) - gap);
        }
    }
    const double rate = beat.samplingRate;
    // The samples inside the limits, which may lie between samples themselves.
    const double first = std::ceil(least * rate - 1e-6), last = std::floor(most * rate + 1e-6);
    if (first <= last)
        out.at(mark) = std::clamp(std::round(seconds * rate), first, last) / rate;
    return out;
}

bool plausible(const MedianMarks& marks, const MedianBeat& beat) {
    if (!(beat.samplingRate > 0) || !marks.qrsOn || !marks.qrsOff || marks.pOn.has_value() != marks.pOff.has_value())
        return false;
    double before = firstSecond(beat) - 1e-6;
    for (const MedianMark mark : kMedianMarks) {
        const auto& at = marks.at(mark);
        if (!at)
            continue;
        if (!std::isfinite(*at) || *at < before)
            return false;
        before = *at;
    }
    return before <= lastSecond(beat) + 1e-6;
}

MedianBeat beatWith(const MedianBeat& beat, const MedianMarks& marks) {
    MedianBeat out = beat;
    out.p.present = marks.pOn && marks.pOff;
    if (out.p.present)
        out.p.on = *marks.pOn, out.p.off = *marks.pOff;
    if (marks.qrsOn && marks.qrsOff)
        out.qrs.on = *marks.qrsOn, out.qrs.off = *marks.qrsOff;
    if (out.qrs.on != beat.qrs.on || out.qrs.off != beat.qrs.off)
        out.merged.clear(); // a reader told
    out.t.present = marks.tOff.has_value();
    if (out.t.present)
        out.t.off = *marks.tOff;
    for (MedianWave* wave : {&out.p, &out.qrs, &out.t})
        wave->peak = std::clamp(wave->peak, std::min(wave->on, wave->off), std::max(wave->on, wave->off));
    return out;
}

EcgMeasurements measuredWith(const EcgAnalysis& ecg, const MedianMarks& marks) {
    EcgMeasurements out = ecg.measurements;
    out.leads.clear();
    signal::measureMedianBeat(beatWith(ecg.medianBeat, marks), ecg.delineation.pAbsent, out);
    return out;
}

} // namespace precordia
