// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/measure_parts.h"

#include <algorithm>
#include <cmath>

namespace precordia::signal {
namespace {

constexpr std::size_t leastForVariability = 20; // normal intervals in a row

double mean(const std::vector<double>& v) {
    double sum = 0;
    for (const double x : v)
        sum += x;
    return sum / static_cast<double>(v.size());
}

double deviation(const std::vector<double>& v) {
    const double m = mean(v);
    double sum = 0;
    for (const double x : v)
        sum += (x - m) * (x - m);
    return std::sqrt(sum / static_cast<double>(v.size() - 1));
}

// Task Force of the ESC and NASPE 1996: only intervals between two normal beats.
void measureVariability(const std::vector<Beat>& beats, EcgMeasurements& out) {
    std::vector<double> normal, steps;
    bool before = false;
    const auto calm = [](const Beat& b) { return b.kind == BeatKind::Normal; };
    for (std::size_t i = 1; i < beats.size(); ++i) {
        const bool here = calm(beats[i]) && calm(beats[i - 1]);
        if (here) {
            const double rr = 1000 * (beats[i].seconds - beats[i - 1].seconds);
            if (before)
                steps.push_back(rr - normal.back());
            normal.push_back(rr);
        }
        before = here;
    }
    if (normal.size() < leastForVariability || steps.empty()) {
        out.sdnn = out.rmssd = out.pnn50 =
            missing("fewer than " + std::to_string(leastForVariability) + " intervals between normal beats");
        return;
    }
    double squares = 0;
    std::size_t over = 0;
    for (const double s : steps) {
        squares += s * s;
        over += std::abs(s) > 50 ? 1 : 0;
    }
    const double quality = static_cast<double>(normal.size()) / 300; // five minutes make a full standard recording
    const auto n = static_cast<double>(steps.size());
    out.sdnn = of(deviation(normal), quality);
    out.rmssd = of(std::sqrt(squares / n), quality);
    out.pnn50 = of(100 * static_cast<double>(over) / n, quality);
}

} // namespace

void measureRhythmOf(const std::vector<Beat>& beats, EcgMeasurements& out) {
    out.beats = static_cast<int>(beats.size());
    std::vector<double> rr;
    double likeness = 0;
    for (std::size_t i = 0; i < beats.size(); ++i) {
        out.premature += beats[i].kind == BeatKind::Premature ? 1 : 0;
        out.ventricular += beats[i].kind == BeatKind::Ventricular ? 1 : 0;
        out.paced += beats[i].paced ? 1 : 0;
        likeness += beats[i].likeness / static_cast<double>(beats.size());
        if (i > 0)
            rr.push_back(1000 * (beats[i].seconds - beats[i - 1].seconds));
    }
    if (rr.empty()) {
        const char* reason = beats.empty() ? "no beats were found" : "one beat only";
        out.heartRate = out.rrMean = out.rrMin = out.rrMax = out.rrSd = missing(reason);
    } else {
        const double quality = likeness * std::min(1.0, static_cast<double>(rr.size()) / 3);
        const double usual = std::max(mean(rr), 1.0);
        out.heartRate = of(60000 / usual, quality);
        out.rrMean = of(usual, quality);
        out.rrMin = of(*std::min_element(rr.begin(), rr.end()), quality);
        out.rrMax = of(*std::max_element(rr.begin(), rr.end()), quality);
        out.rrSd = rr.size() >= 2 ? of(deviation(rr), quality) : missing("fewer than three beats");
    }
    measureVariability(beats, out);
}

} // namespace precordia::signal
