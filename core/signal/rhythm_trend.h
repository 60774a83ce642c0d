// SPDX-License-Identifier: GPL-3.0-or-later
// The rhythm of a long recording: its beats found while it is walked through once, heart rate and RR spread every ten
// seconds, and the stretches that a reader looks at first. All computed from R peaks alone; no beat is classified.
#pragma once

#include "core/ecg/recording.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace precordia {

struct SampleSpan {
    std::int64_t first = 0, end = 0; // end: one past the last
    bool operator==(const SampleSpan&) const = default;
};

// R peaks by detectRPeaks() over windows of two minutes that overlap by ten seconds, on at most three ECG leads
// (ecg_leads.h; II, V1 or V2, and V5 where they are there). Memory: one window, and the beats.
class BeatFinder {
public:
    explicit BeatFinder(const Recording& head); // names, units and rate; its samples do not count
    void add(const Recording& chunk);           // the samples that follow, the leads of head
    void finish();                              // once, after the last

    const std::vector<LeadIndex>& leads() const { return leads_; }
    std::vector<SampleIndex> takeBeats() { return std::move(beats_); } // ascending, of the whole recording
    std::vector<SampleSpan> takeGaps() { return std::move(gaps_); }    // a second and more without any of the leads

private:
    void append(const Recording& chunk, std::size_t from, std::size_t to);
    void find(bool last);
    void watchGaps(const Recording& chunk);
    std::int64_t seconds(double s) const;

    std::vector<LeadIndex> leads_;
    Recording window_;             // of the chosen leads
    std::int64_t windowFirst_ = 0; // sample of the recording at which it begins
    std::int64_t settled_ = 0;     // beats before it are known
    std::int64_t seen_ = 0;        // samples
    std::int64_t gapFirst_ = -1;   // of the gap that goes on; -1: none
    std::vector<SampleIndex> beats_;
    std::vector<SampleSpan> gaps_;
};

struct TrendPoint {
    double seconds = 0;                 // middle of its ten seconds
    std::optional<double> heartRateBpm; // from the median RR that ends in it; empty with none
    std::optional<double> rrSdMs;       // empty with fewer than 3 RR
};

enum class TrendEventKind {
    Pause,    // 2 s to 10 s between two beats; value: s
    NoBeats,  // more than 10 s between two beats, though there is a signal; value: s
    Fast,     // at least 8 RR in a row above 120 bpm; value: bpm
    Slow,     // at least 4 RR in a row below 40 bpm; value: bpm
    NoSignal, // nothing was recorded; value: s
};

struct TrendEvent {
    TrendEventKind kind = TrendEventKind::Pause;
    double from = 0, to = 0; // s
    double value = 0;
};

struct RhythmTrend {
    static constexpr double kBinSeconds = 10;
    std::vector<TrendPoint> points; // every ten seconds
    std::vector<TrendEvent> events; // by their beginning
};

// beats ascending; RR over a gap do not count.
RhythmTrend rhythmTrend(const std::vector<SampleIndex>& beats, const std::vector<SampleSpan>& gaps, double samplingRate,
                        std::int64_t samples);

} // namespace precordia
