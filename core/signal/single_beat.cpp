// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/single_beat.h"

#include "core/signal/beat_shapes.h"
#include "core/signal/measure_parts.h"
#include "core/signal/work_signal.h"

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

constexpr double kAround = 3;        // s, for the filters of the work signal
constexpr double kOutlying = 0.3;    // of the leads: as of the median beat, so many may err outwards
constexpr double kBeforeQrs = 0.004; // s: there ends what the PQ level is the mean of,
constexpr double kLevelOver = 0.016; // so long

using Waves = std::vector<WaveMarks> LeadDelineation::*;

// The wave of this beat in one lead, s from its R peak.
MedianWave waveIn(const LeadDelineation& lead, Waves waves, std::size_t beat, double peak) {
    const auto& all = lead.*waves;
    const auto at =
        std::find_if(all.begin(), all.end(), [&](const WaveMarks& w) { return w.beat == static_cast<int>(beat); });
    return at == all.end() ? MedianWave{} : MedianWave{true, at->on - peak, at->peak - peak, at->off - peak};
}

double rank(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    const double at = share * static_cast<double>(values.size() - 1);
    const auto k = static_cast<std::size_t>(at);
    const std::size_t next = std::min(k + 1, values.size() - 1);
    return values[k] + (values[next] - values[k]) * (at - static_cast<double>(k));
}

// Over all leads that have it.
MedianWave joint(const std::vector<MedianWave>& leads) {
    std::vector<double> on, peak, off;
    for (const MedianWave& wave : leads)
        if (wave.present)
            on.push_back(wave.on), peak.push_back(wave.peak), off.push_back(wave.off);
    if (on.empty())
        return {};
    return {true, rank(on, kOutlying), rank(peak, 0.5), rank(off, 1 - kOutlying)};
}

float levelBefore(const std::vector<float>& samples, double end) {
    const auto last =
        std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(end), 1, static_cast<std::ptrdiff_t>(samples.size()));
    const auto first = std::max<std::ptrdiff_t>(last - static_cast<std::ptrdiff_t>(kLevelOver * signal::workRate), 0);
    double sum = 0;
    for (auto i = first; i < last; ++i)
        sum += static_cast<double>(samples[static_cast<std::size_t>(i)]);
    return static_cast<float>(sum / static_cast<double>(last - first));
}

} // namespace

EcgAnalysis analysisOfBeat(const Recording& recording, const EcgAnalysis& ecg, std::size_t beat) {
    EcgAnalysis out;
    out.measurements = ecg.measurements;
    out.measurements.leads.clear();
    out.delineation.pAbsent =
        ecg.delineation.pAbsent.empty() ? "no P wave is given to this beat" : ecg.delineation.pAbsent;
    MedianBeat& made = out.medianBeat;
    made.samplingRate = signal::workRate;
    made.merged = ecg.medianBeat.merged;
    if (beat < ecg.delineation.beats.size() && recording.samplingRate > 0) {
        const double peak = ecg.delineation.beats[beat].seconds;
        const double from = std::max(0.0, std::floor((peak - kAround) * recording.samplingRate));
        const auto part = signal::cut(recording, static_cast<std::size_t>(from),
                                      static_cast<std::size_t>((peak + kAround) * recording.samplingRate));
        const auto work = signal::workSignal(part);
        const auto r = static_cast<std::size_t>(
            std::max(0.0, std::round((peak - from / recording.samplingRate) * signal::workRate)));
        const std::size_t first = r > signal::beatBefore ? r - signal::beatBefore : 0;
        const std::size_t last = std::min(work.samples, r + signal::beatAfter);
        if (r < last && !work.leads.empty()) {
            made.beats = 1;
            made.rPeak = r - first;
            std::vector<MedianWave> p, qrs, t;
            for (const signal::WorkLead& lead : work.leads) {
                MedianLead one;
                one.lead = lead.name;
                one.samples.assign(lead.level.begin() + static_cast<std::ptrdiff_t>(first),
                                   lead.level.begin() + static_cast<std::ptrdiff_t>(last));
                if (const auto* mean = signal::leadNamed(ecg.medianBeat.leads, lead.name))
                    one.noise = mean->noise * std::sqrt(static_cast<double>(ecg.medianBeat.beats));
                if (const auto* marks = signal::leadNamed(ecg.delineation.leads, lead.name)) {
                    one.p = waveIn(*marks, &LeadDelineation::p, beat, peak);
                    one.qrs = waveIn(*marks, &LeadDelineation::qrs, beat, peak);
                    one.t = waveIn(*marks, &LeadDelineation::t, beat, peak);
                }
                p.push_back(one.p), qrs.push_back(one.qrs), t.push_back(one.t);
                made.leads.push_back(std::move(one));
            }
            made.p = joint(p), made.qrs = joint(qrs), made.t = joint(t);
            if (!made.qrs.present) // nothing to measure by
                made.beats = 0;
            for (MedianLead& lead : made.leads) {
                const auto level = levelBefore(lead.samples, static_cast<double>(made.rPeak) +
                                                                 (made.qrs.on - kBeforeQrs) * signal::workRate);
                for (float& value : lead.samples)
                    value -= level;
            }
        }
    }
    signal::measureMedianBeat(made, out.delineation.pAbsent, out.measurements);
    return out;
}

} // namespace precordia
