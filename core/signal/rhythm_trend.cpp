// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/rhythm_trend.h"

#include "core/signal/ecg_leads.h"
#include "core/signal/r_peaks.h"

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

constexpr std::size_t kMostLeads = 3;
constexpr double kWindowSeconds = 120;
constexpr double kOverlapSeconds = 5; // on either side of what a window settles
constexpr double kSlack = 0.1;        // s: the same beat, placed a little differently by two windows
constexpr double kRefractory = 0.2;   // s
constexpr double kGapSeconds = 1;
constexpr double kPauseSeconds = 2, kNoBeatsSeconds = 10;
constexpr double kFastRr = 0.5, kSlowRr = 1.5; // s: 120 and 40 bpm
constexpr std::size_t kFastBeats = 8, kSlowBeats = 4;
constexpr double kLongestRr = 3; // s, that a heart rate is made of
constexpr double kMergeSeconds = 5;

struct Rr {
    double from = 0, to = 0; // s
    bool overGap = false;
    double length() const { return to - from; }
};

std::vector<Rr> intervals(const std::vector<SampleIndex>& beats, const std::vector<SampleSpan>& gaps, double rate) {
    std::vector<Rr> out;
    auto gap = gaps.begin();
    for (std::size_t i = 1; i < beats.size(); ++i) {
        while (gap != gaps.end() && gap->end <= beats[i - 1].value)
            ++gap;
        out.push_back({static_cast<double>(beats[i - 1].value) / rate, static_cast<double>(beats[i].value) / rate,
                       gap != gaps.end() && gap->first < beats[i].value});
    }
    return out;
}

double medianOf(std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1)
        return *middle;
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

std::vector<TrendPoint> points(const std::vector<Rr>& all, double seconds) {
    std::vector<TrendPoint> out;
    std::size_t next = 0;
    for (double from = 0; from < seconds; from += RhythmTrend::kBinSeconds) {
        const double end = from + RhythmTrend::kBinSeconds;
        std::vector<double> rr;
        for (; next < all.size() && all[next].to < end; ++next)
            if (!all[next].overGap && all[next].length() <= kLongestRr)
                rr.push_back(all[next].length());
        TrendPoint point{from + RhythmTrend::kBinSeconds / 2, {}, {}};
        if (rr.size() >= 3) {
            double mean = 0, square = 0;
            for (const double v : rr)
                mean += v / static_cast<double>(rr.size());
            for (const double v : rr)
                square += (v - mean) * (v - mean);
            point.rrSdMs = 1000 * std::sqrt(square / static_cast<double>(rr.size() - 1));
        }
        if (!rr.empty())
            point.heartRateBpm = 60 / medianOf(rr);
        out.push_back(point);
    }
    return out;
}

// Runs of intervals of which each fits; near ones become one. value: bpm from the mean.
template <typename Fits>
void addRuns(const std::vector<Rr>& all, std::size_t least, TrendEventKind kind, Fits fits,
             std::vector<TrendEvent>& events) {
    std::vector<TrendEvent> runs;
    std::vector<std::size_t> beats;
    for (std::size_t i = 0; i < all.size();) {
        auto end = i;
        while (end < all.size() && !all[end].overGap && fits(all[end].length()))
            ++end;
        if (end - i >= least) {
            const double from = all[i].from, to = all[end - 1].to;
            if (!runs.empty() && from - runs.back().to < kMergeSeconds) {
                runs.back().to = to;
                beats.back() += end - i;
                runs.back().value = 60 * static_cast<double>(beats.back()) / (to - runs.back().from);
            } else {
                runs.push_back({kind, from, to, 60 * static_cast<double>(end - i) / (to - from)});
                beats.push_back(end - i);
            }
        }
        i = std::max(end, i + 1);
    }
    events.insert(events.end(), runs.begin(), runs.end());
}

} // namespace

BeatFinder::BeatFinder(const Recording& head) {
    const auto ecg = ecgLeads(head);
    const auto take = [&](LeadIndex lead) {
        if (lead.valid() && leads_.size() < kMostLeads &&
            std::find(ecg.begin(), ecg.end(), &head.leads[static_cast<std::size_t>(lead.value)]) != ecg.end() &&
            std::find(leads_.begin(), leads_.end(), lead) == leads_.end())
            leads_.push_back(lead);
    };
    take(head.find("II"));
    take(head.find("V1").valid() ? head.find("V1") : head.find("V2"));
    take(head.find("V5"));
    for (std::size_t i = 0; i < head.leads.size(); ++i)
        if (!head.leads[i].derived)
            take(LeadIndex(static_cast<std::int32_t>(i)));
    window_.samplingRate = head.samplingRate;
    for (const auto lead : leads_) {
        const auto& of = head.leads[static_cast<std::size_t>(lead.value)];
        window_.leads.push_back({of.name, {}, of.unit, of.fileUnit, of.quantum, of.derived});
    }
}

std::int64_t BeatFinder::seconds(double s) const {
    return std::llround(s * window_.samplingRate);
}

void BeatFinder::append(const Recording& chunk, std::size_t from, std::size_t to) {
    for (std::size_t i = 0; i < leads_.size(); ++i) {
        const auto& samples = chunk.leads[static_cast<std::size_t>(leads_[i].value)].samples;
        window_.leads[i].samples.insert(window_.leads[i].samples.end(),
                                        samples.begin() + static_cast<std::ptrdiff_t>(from),
                                        samples.begin() + static_cast<std::ptrdiff_t>(to));
    }
}

void BeatFinder::watchGaps(const Recording& chunk) {
    const auto n = chunk.samples();
    const auto close = [&](std::int64_t end) {
        if (gapFirst_ >= 0 && end - gapFirst_ >= seconds(kGapSeconds))
            gaps_.push_back({gapFirst_, end});
        gapFirst_ = -1;
    };
    for (std::size_t i = 0; i < n; ++i) {
        const bool missing = std::all_of(leads_.begin(), leads_.end(), [&](LeadIndex lead) {
            return std::isnan(chunk.leads[static_cast<std::size_t>(lead.value)].samples[i]);
        });
        const auto at = seen_ + static_cast<std::int64_t>(i);
        if (missing && gapFirst_ < 0)
            gapFirst_ = at;
        else if (!missing)
            close(at);
    }
    seen_ += static_cast<std::int64_t>(n);
}

void BeatFinder::add(const Recording& chunk) {
    if (leads_.empty())
        return;
    watchGaps(chunk);
    const auto full = static_cast<std::size_t>(seconds(kWindowSeconds));
    for (std::size_t at = 0; at < chunk.samples();) {
        const auto to = std::min(chunk.samples(), at + full - std::min(full, window_.samples()));
        append(chunk, at, to);
        at = to;
        if (window_.samples() >= full)
            find(false);
    }
}

void BeatFinder::find(bool last) {
    const auto end = windowFirst_ + static_cast<std::int64_t>(window_.samples());
    const auto until = last ? end : end - seconds(kOverlapSeconds);
    for (const auto peak : detectRPeaks(window_)) {
        const auto at = windowFirst_ + peak.value;
        if (at >= until || at < settled_ - seconds(kSlack) ||
            (!beats_.empty() && at < beats_.back().value + seconds(kRefractory)))
            continue;
        beats_.emplace_back(at);
    }
    settled_ = until;
    const auto drop = std::max<std::int64_t>(0, until - seconds(kOverlapSeconds) - windowFirst_);
    for (auto& lead : window_.leads)
        lead.samples.erase(lead.samples.begin(), lead.samples.begin() + drop);
    windowFirst_ += drop;
}

void BeatFinder::finish() {
    if (window_.samples() > 0)
        find(true);
    if (gapFirst_ >= 0 && seen_ - gapFirst_ >= seconds(kGapSeconds))
        gaps_.push_back({gapFirst_, seen_});
    gapFirst_ = -1;
}

RhythmTrend rhythmTrend(const std::vector<SampleIndex>& beats, const std::vector<SampleSpan>& gaps, double samplingRate,
                        std::int64_t samples) {
    RhythmTrend out;
    if (!(samplingRate > 0))
        return out;
    const double total = static_cast<double>(samples) / samplingRate;
    const auto all = intervals(beats, gaps, samplingRate);
    out.points = points(all, total);
    for (const auto& gap : gaps) {
        const double from = static_cast<double>(gap.first) / samplingRate;
        const double to = static_cast<double>(gap.end) / samplingRate;
        out.events.push_back({TrendEventKind::NoSignal, from, to, to - from});
    }
    for (const auto& rr : all)
        if (!rr.overGap && rr.length() > kPauseSeconds)
            out.events.push_back({rr.length() > kNoBeatsSeconds ? TrendEventKind::NoBeats : TrendEventKind::Pause,
                                  rr.from, rr.to, rr.length()});
    addRuns(
        all, kFastBeats, TrendEventKind::Fast, [](double rr) { return rr < kFastRr; }, out.events);
    addRuns(
        all, kSlowBeats, TrendEventKind::Slow, [](double rr) { return rr > kSlowRr && rr <= kNoBeatsSeconds; },
        out.events);
    std::stable_sort(out.events.begin(), out.events.end(),
                     [](const TrendEvent& a, const TrendEvent& b) { return a.from < b.from; });
    return out;
}

} // namespace precordia
