// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/delineation_score.h"

#include <algorithm>
#include <cctype>
#include <cmath>

namespace precordia {
namespace {

constexpr double tolerance = 0.15; // s
constexpr double rounding = 0.005; // s: a mark on the border of the annotated span is inside

int waveOf(const std::string& symbol) {
    if (symbol == "p")
        return 0;
    if (symbol == "t")
        return 2;
    static const std::string beats = "NLRaVFJASEj/Qefn?";
    return symbol.size() == 1 && beats.find(symbol) != std::string::npos ? 1 : -1;
}

WaveScore scoreWave(const std::vector<WaveMarks>& ours, const std::vector<ReaderMarks::Wave>& theirs, double from,
                    double to) {
    WaveScore out;
    std::vector<bool> used(ours.size(), false);
    std::size_t first = 0;
    for (const auto& wave : theirs) {
        while (first < ours.size() && ours[first].peak < *wave.peak - tolerance)
            ++first;
        std::size_t best = ours.size();
        for (std::size_t k = first; k < ours.size() && ours[k].peak <= *wave.peak + tolerance; ++k)
            if (!used[k] &&
                (best == ours.size() || std::abs(ours[k].peak - *wave.peak) < std::abs(ours[best].peak - *wave.peak)))
                best = k;
        if (best == ours.size()) {
            ++out.missed;
            continue;
        }
        used[best] = true;
        ++out.hit;
        const auto note = [](EdgeError& edge, double our, const std::optional<double>& their) {
            if (!their)
                return;
            const double d = 1000 * (our - *their);
            ++edge.count;
            edge.sum += d;
            edge.squares += d * d;
        };
        note(out.edge[0], ours[best].on, wave.on);
        note(out.edge[1], ours[best].peak, wave.peak);
        note(out.edge[2], ours[best].off, wave.off);
    }
    for (std::size_t k = 0; k < ours.size(); ++k)
        if (!used[k] && ours[k].peak >= from - rounding && ours[k].peak <= to + rounding)
            ++out.extra;
    return out;
}

} // namespace

double EdgeError::mean() const {
    return count > 0 ? sum / static_cast<double>(count) : 0;
}

double EdgeError::deviation() const {
    if (count < 2)
        return 0;
    const double n = static_cast<double>(count);
    return std::sqrt(std::max(0.0, (squares - sum * sum / n) / (n - 1)));
}

double WaveScore::sensitivity() const {
    return hit + missed > 0 ? static_cast<double>(hit) / static_cast<double>(hit + missed) : 1;
}

double WaveScore::predictivity() const {
    return hit + extra > 0 ? static_cast<double>(hit) / static_cast<double>(hit + extra) : 1;
}

void WaveScore::add(const WaveScore& other) {
    hit += other.hit, missed += other.missed, extra += other.extra;
    for (std::size_t e = 0; e < edge.size(); ++e) {
        edge[e].count += other.edge[e].count;
        edge[e].sum += other.edge[e].sum;
        edge[e].squares += other.edge[e].squares;
    }
}

void DelineationScore::add(const DelineationScore& other) {
    for (std::size_t w = 0; w < wave.size(); ++w)
        wave[w].add(other.wave[w]);
}

std::string annotationSource(std::string_view lead) {
    std::string out(lead);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

std::optional<ReaderMarks> readerMarks(const Recording& recording, const std::string& source) {
    ReaderMarks out;
    std::optional<double> open;
    ReaderMarks::Wave* last = nullptr;
    bool any = false;
    for (const Annotation& a : recording.annotations) {
        if (a.source != source)
            continue;
        const double t = static_cast<double>(a.sample.value) / recording.samplingRate;
        out.from = any ? std::min(out.from, t) : t;
        out.to = any ? std::max(out.to, t) : t;
        any = true;
        const int wave = waveOf(a.symbol);
        if (a.symbol == "(") {
            open = t;
            last = nullptr;
        } else if (a.symbol == ")") {
            if (last != nullptr)
                last->off = t;
            last = nullptr;
        } else if (wave >= 0) {
            auto& list = out.wave[static_cast<std::size_t>(wave)];
            list.push_back({open, t, std::nullopt});
            last = &list.back();
            open.reset();
        }
    }
    if (!any)
        return std::nullopt;
    return out;
}

DelineationScore scoreLead(const LeadDelineation& lead, const ReaderMarks& marks) {
    DelineationScore out;
    const std::array<const std::vector<WaveMarks>*, 3> ours{&lead.p, &lead.qrs, &lead.t};
    for (std::size_t w = 0; w < 3; ++w)
        out.wave[w] = scoreWave(*ours[w], marks.wave[w], marks.from, marks.to);
    return out;
}

std::map<std::string, DelineationScore> scoreRecording(const Recording& recording, const Delineation& delineation) {
    std::map<std::string, DelineationScore> out;
    for (const LeadDelineation& lead : delineation.leads) {
        if (const auto marks = readerMarks(recording, annotationSource(lead.lead)))
            out[lead.lead].add(scoreLead(lead, *marks));
    }
    return out;
}

} // namespace precordia
