// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/work_signal.h"

#include "core/signal/calibration_pulse.h"
#include "core/signal/ecg_leads.h"
#include "core/signal/filter.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

namespace precordia::signal {
namespace {

constexpr double baselineHz = 0.5;
constexpr float mostUv = 1e8F;    // 100 V: no ECG, and its squares would not fit a float
constexpr std::size_t block = 10; // samples of one baseline step: 20 ms

// Gaps become straight lines. False: fewer than half of the samples are there.
bool bridged(std::span<const float> in, std::vector<float>& out) {
    out.assign(in.begin(), in.end());
    std::size_t there = 0;
    std::size_t last = out.size();
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (!std::isfinite(out[i]))
            continue;
        ++there;
        const std::size_t gap = last == out.size() ? i : i - last - 1;
        const float before = last == out.size() ? out[i] : out[last];
        for (std::size_t k = 1; k <= gap; ++k)
            out[i - k] = out[i] + (before - out[i]) * static_cast<float>(k) / static_cast<float>(gap + 1);
        last = i;
    }
    for (std::size_t i = last + 1; last < out.size() && i < out.size(); ++i)
        out[i] = out[last];
    return there > 0 && there * 2 >= out.size();
}

// The baseline varies slowly: it is found on means of 20 ms and drawn back between them.
std::vector<float> baseline(const std::vector<float>& x) {
    const std::size_t steps = x.size() / block;
    if (steps < 8)
        return std::vector<float>(x.size(), 0.0F);
    std::vector<float> coarse(steps);
    for (std::size_t s = 0; s < steps; ++s) {
        float sum = 0;
        for (std::size_t i = s * block; i < (s + 1) * block; ++i)
            sum += x[i];
        coarse[s] = sum / block;
    }
    // Mirrored ends: the filter looks a second beyond them.
    const std::size_t pad = std::min<std::size_t>(steps - 1, 50);
    std::vector<float> padded;
    padded.reserve(steps + 2 * pad);
    for (std::size_t i = pad; i > 0; --i)
        padded.push_back(coarse[i]);
    padded.insert(padded.end(), coarse.begin(), coarse.end());
    for (std::size_t i = 1; i <= pad; ++i)
        padded.push_back(coarse[steps - 1 - i]);
    const auto slow = bandPass(padded, workRate / block, 0, baselineHz);
    std::vector<float> out(x.size());
    if (!slow.ok())
        return out;
    // A step's mean stands in its middle, 4.5 samples behind its first.
    const std::vector<float>& y = *slow;
    for (std::size_t i = 0; i < block / 2; ++i)
        out[i] = y[pad];
    for (std::size_t step = 0; step + 1 < steps; ++step) {
        const float here = y[pad + step], slope = (y[pad + step + 1] - here) / block;
        float* to = out.data() + step * block + block / 2;
        for (std::size_t i = 0; i < block; ++i)
            to[i] = here + slope * (static_cast<float>(i) + 0.5F);
    }
    for (std::size_t i = (steps - 1) * block + block / 2; i < out.size(); ++i)
        out[i] = y[pad + steps - 1];
    return out;
}

// A pacemaker's spike leaves a flat trace within 2 ms and decays to it again within 20 ms: no muscle does.
constexpr std::size_t spikeTail = 11;
float jumpAt(const std::vector<float>& x, std::size_t i) {
    const float before = x[i - 2];
    float size = 0;
    for (std::size_t k = i; k < i + spikeTail; ++k)
        size = std::max(size, std::abs(x[k] - before));
    const bool sudden = std::abs(x[i] - before) > 0.75F * size;
    const bool flat = std::abs(before - x[i - 6]) < 0.15F * size && std::abs(before - x[i - 4]) < 0.15F * size;
    return sudden && flat && std::abs(x[i + spikeTail] - before) < 0.4F * size ? size : 0;
}

void takeSpikesOut(WorkSignal& signal) {
    constexpr float least = 100; // uV, in two leads at once
    const auto independent = static_cast<std::size_t>(
        std::count_if(signal.leads.begin(), signal.leads.end(), [](const WorkLead& l) { return !l.derived; }));
    std::vector<std::uint8_t> votes(signal.samples, 0);
    for (const WorkLead& lead : signal.leads) {
        if (lead.derived)
            continue;
        const auto& x = lead.level;
        for (std::size_t i = 6; i + spikeTail < x.size(); ++i)
            if (std::abs(x[i] - x[i - 2]) > least && jumpAt(x, i) > least)
                ++votes[i];
    }
    for (std::size_t i = 6; i + spikeTail < signal.samples; ++i) {
        const int together = votes[i] + votes[i + 1] + votes[i + 2];
        if (votes[i] == 0 || together < (independent > 1 ? 2 : 1))
            continue;
        signal.spikes.push_back(i);
        for (WorkLead& lead : signal.leads) {
            auto& x = lead.level;
            const float a = x[i - 2], b = x[i + spikeTail];
            for (std::size_t k = i - 1; k < i + spikeTail; ++k)
                x[k] = a + (b - a) * static_cast<float>(k + 2 - i) / static_cast<float>(spikeTail + 2);
        }
        i += spikeTail;
    }
}

} // namespace

WorkSignal workSignal(const Recording& recording) {
    WorkSignal out;
    const std::size_t heart = samplesOfHeart(recording);
    if (!(recording.samplingRate >= 50) || static_cast<double>(heart) < recording.samplingRate)
        return out;
    std::vector<float> x;
    for (const Lead* source : ecgLeads(recording)) {
        const Lead& lead = *source;
        const auto samples = std::span(lead.samples).first(std::min(heart, lead.samples.size()));
        if (!bridged(samples, x))
            continue;
        float low = x.front(), high = low;
        for (const float v : x) {
            low = std::min(low, v);
            high = std::max(high, v);
        }
        if (!(high - low > 2 && high - low < mostUv))
            continue;
        if (recording.samplingRate != workRate) {
            auto same = resample(x, recording.samplingRate, workRate);
            if (!same.ok())
                continue;
            x = *std::move(same);
        }
        WorkLead work;
        work.name = lead.name;
        work.derived = lead.derived;
        const std::vector<float> slow = baseline(x);
        for (std::size_t i = 0; i < x.size(); ++i)
            x[i] -= slow[i];
        work.level = x;
        out.samples = x.size();
        out.leads.push_back(std::move(work));
    }
    if (!out.leads.empty())
        takeSpikesOut(out);
    for (WorkLead& lead : out.leads) {
        lead.narrow = movingMean(lead.level, 5); // odd widths: no shift
        lead.broad = movingMean(movingMean(lead.level, 11), 9);
    }
    return out;
}

} // namespace precordia::signal
