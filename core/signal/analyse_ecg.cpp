// SPDX-License-Identifier: GPL-3.0-or-later
// One analysis of a recording of any length: a long one minute by minute, so that memory and the mean beats follow it.
#include "core/signal/calibration_pulse.h"
#include "core/signal/ecg_leads.h"
#include "core/signal/measure_parts.h"

#include <algorithm>
#include <cmath>

namespace precordia {

namespace signal {

Recording cut(const Recording& recording, std::size_t first, std::size_t last) {
    Recording out;
    out.samplingRate = recording.samplingRate;
    out.firstSample = recording.firstSample + static_cast<std::int64_t>(first);
    copyPulseMarks(recording, out);
    for (const Lead& lead : recording.leads) {
        Lead part;
        part.name = lead.name;
        part.unit = lead.unit;
        part.derived = lead.derived;
        const std::size_t a = std::min(first, lead.samples.size()), b = std::min(last, lead.samples.size());
        part.samples.assign(lead.samples.begin() + static_cast<std::ptrdiff_t>(a),
                            lead.samples.begin() + static_cast<std::ptrdiff_t>(b));
        out.leads.push_back(std::move(part));
    }
    return out;
}

} // namespace signal

namespace {

constexpr double longSeconds = 120, stretchSeconds = 60, overlapSeconds = 3;

struct Part {
    Delineation delineation;
    MedianBeat medianBeat;
};

Part analysePart(const Recording& recording) {
    const signal::Analysis analysis = signal::analyse(recording);
    return {signal::delineationOf(analysis), signal::medianBeatOf(analysis)};
}

// The beats of [from, to) s and their waves, in the time of the whole recording.
void append(Delineation& all, const Delineation& part, double offset, double from, double to, std::int64_t samples) {
    std::vector<int> place(part.beats.size(), -1);
    for (std::size_t b = 0; b < part.beats.size(); ++b) {
        Beat beat = part.beats[b];
        beat.seconds += offset;
        beat.peak.value += samples;
        // A beat on the seam is found from both sides.
        const bool twice = !all.beats.empty() && beat.seconds - all.beats.back().seconds < 0.15;
        if (beat.seconds < from || beat.seconds >= to || twice)
            continue;
        place[b] = static_cast<int>(all.beats.size());
        all.beats.push_back(beat);
    }
    for (const LeadDelineation& lead : part.leads) {
        auto into = std::find_if(all.leads.begin(), all.leads.end(),
                                 [&](const LeadDelineation& l) { return l.lead == lead.lead; });
        if (into == all.leads.end())
            into = all.leads.insert(all.leads.end(), {lead.lead, {}, {}, {}});
        const auto move = [&](const std::vector<WaveMarks>& waves, std::vector<WaveMarks>& to_) {
            for (WaveMarks w : waves) {
                w.beat = place[static_cast<std::size_t>(w.beat)];
                w.on += offset, w.peak += offset, w.off += offset;
                if (w.beat >= 0)
                    to_.push_back(w);
            }
        };
        move(lead.p, into->p), move(lead.qrs, into->qrs), move(lead.t, into->t);
    }
}

// The minute with the most beats in its median beat stands for the recording, of those that agree on the P wave.
class Representative {
public:
    void offer(const Part& part) {
        Choice& choice = part.delineation.pAbsent.empty() ? with_ : without_;
        if (part.medianBeat.beats == 0)
            return;
        ++choice.minutes;
        if (part.medianBeat.beats > choice.beat.beats) {
            choice.beat = part.medianBeat;
            choice.pAbsent = part.delineation.pAbsent;
        }
    }
    void take(Part& out) const {
        const Choice& choice = with_.minutes >= without_.minutes ? with_ : without_;
        out.medianBeat = choice.beat;
        out.delineation.pAbsent = choice.pAbsent;
    }

private:
    struct Choice {
        MedianBeat beat;
        std::string pAbsent;
        int minutes = 0;
    } with_, without_;
};

Part analyseWhole(const Recording& recording) {
    const double seconds = recording.seconds();
    if (!(seconds > longSeconds))
        return analysePart(recording);
    Part out;
    Representative representative;
    const double rate = recording.samplingRate;
    for (double from = 0; from < seconds; from += stretchSeconds) {
        const double to = from + stretchSeconds;
        const auto first = static_cast<std::size_t>(std::max(0.0, from - overlapSeconds) * rate);
        const auto last = static_cast<std::size_t>((to + overlapSeconds) * rate);
        const Part part = analysePart(signal::cut(recording, first, last));
        append(out.delineation, part.delineation, static_cast<double>(first) / rate, from, to,
               static_cast<std::int64_t>(first));
        representative.offer(part);
    }
    representative.take(out);
    return out;
}

// Why nothing is measured: not for want of beats.
void sayNoEcg(EcgAnalysis& analysis) {
    const LeftOut& first = analysis.leftOut.front();
    EcgMeasurements& m = analysis.measurements;
    for (Measured* value : {&m.heartRate, &m.rrMean, &m.rrMin, &m.rrMax, &m.rrSd, &m.p, &m.pr, &m.qrs, &m.qt})
        value->reason = "no channel is an ECG (" + first.lead + ": " + first.reason + ")";
}

} // namespace

EcgAnalysis analyseEcg(const Recording& recording) {
    Part part = analyseWhole(recording);
    EcgAnalysis out;
    out.delineation = std::move(part.delineation);
    out.medianBeat = std::move(part.medianBeat);
    for (const Lead& lead : recording.leads)
        if (auto reason = reasonNotEcg(lead); !reason.empty())
            out.leftOut.push_back({lead.name, std::move(reason)});
    signal::measureRhythmOf(out.delineation.beats, out.measurements);
    signal::measureMedianBeat(out.medianBeat, out.delineation.pAbsent, out.measurements);
    if (out.leftOut.size() == recording.leads.size() && !recording.leads.empty())
        sayNoEcg(out);
    return out;
}

} // namespace precordia
