// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/masks.h"

#include "core/jepa/to_device.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace precordia {

namespace {

constexpr std::int64_t kBlocks = 4; // of multi-block

// Splits [0, n) by `hidden` into two sorted rows.
void split(const std::vector<char>& hidden, std::int64_t* visibleRow, std::int64_t* hiddenRow) {
    for (std::size_t i = 0; i < hidden.size(); ++i)
        *(hidden[i] ? hiddenRow++ : visibleRow++) = static_cast<std::int64_t>(i);
}

// A random order of [0, n): of equal weights by Fisher-Yates, else with the weighted ones first as often as a draw
// without replacement would have them (Efraimidis, Spirakis 2006); weight 0 comes last.
std::vector<std::int64_t> randomOrder(std::int64_t n, const std::vector<double>& weights, Random& random) {
    std::vector<std::int64_t> order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), 0);
    if (weights.empty()) {
        for (std::size_t i = order.size(); i > 1; --i)
            std::swap(order[i - 1], order[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(i)))]);
        return order;
    }
    std::vector<double> waiting(order.size()); // exponential with rate `weight`: the first to come is drawn first
    for (std::size_t i = 0; i < waiting.size(); ++i) {
        const double chance = -std::log1p(-random.uniform());
        waiting[i] = weights[i] > 0 ? chance / weights[i] : std::numeric_limits<double>::infinity();
    }
    std::ranges::stable_sort(order, [&waiting](std::int64_t a, std::int64_t b) {
        return waiting[static_cast<std::size_t>(a)] < waiting[static_cast<std::size_t>(b)];
    });
    return order;
}

std::vector<char> hiddenLeads(std::int64_t rows, std::int64_t keep, const std::vector<double>& weights,
                              Random& random) {
    const auto order = randomOrder(rows, weights, random);
    std::vector<char> hidden(order.size(), 1);
    for (std::int64_t i = 0; i < keep; ++i)
        hidden[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])] = 0;
    return hidden;
}

// Blocks until n are hidden; the last is cut to what is missing, blocks may overlap.
std::vector<char> hiddenBlocks(std::int64_t intervals, std::int64_t n, std::int64_t block, Random& random) {
    std::vector<char> hidden(static_cast<std::size_t>(intervals), 0);
    for (std::int64_t count = 0; count < n;) {
        const std::int64_t length = std::min(std::max<std::int64_t>(block, 1), n - count);
        const auto first = hidden.begin() + random.below(intervals - length + 1);
        std::fill(first, first + length, 1);
        count = std::count(hidden.begin(), hidden.end(), 1);
    }
    return hidden;
}

// Whole beats in random order until n are hidden; of the last only as many intervals as are missing.
std::vector<char> hiddenBeats(const std::vector<std::array<std::int64_t, 2>>& beats, std::int64_t intervals,
                              std::int64_t n, Random& random) {
    std::vector<char> hidden(static_cast<std::size_t>(intervals), 0);
    std::int64_t missing = n;
    for (const std::int64_t beat : randomOrder(static_cast<std::int64_t>(beats.size()), {}, random)) {
        const auto [first, end] = beats[static_cast<std::size_t>(beat)];
        const std::int64_t length = std::min(end - first, missing);
        std::fill_n(hidden.begin() + first, length, 1);
        missing -= length;
    }
    return hidden;
}

} // namespace

std::vector<std::array<std::int64_t, 2>> beatSpans(const at::Tensor& x, std::int64_t intervalSamples,
                                                   double samplingRate) {
    const at::Tensor signal = x.to(at::kCPU, at::kFloat).contiguous();
    const std::int64_t leads = signal.size(0), n = signal.size(1), intervals = n / intervalSamples;
    const auto* values = signal.data_ptr<float>();
    // Slope energy of all leads, summed over 0.1 s: about the width of a QRS complex.
    const auto window = std::max<std::int64_t>(1, std::llrint(0.1 * samplingRate));
    std::vector<double> energy(static_cast<std::size_t>(n), 0);
    for (std::int64_t l = 0; l < leads; ++l)
        for (std::int64_t i = 1; i < n; ++i) {
            const double slope = values[l * n + i] - values[l * n + i - 1];
            energy[static_cast<std::size_t>(i)] += slope * slope;
        }
    std::vector<double> smooth(energy.size(), 0);
    double sum = 0;
    for (std::int64_t i = 0; i < n + window / 2; ++i) {
        if (i < n)
            sum += energy[static_cast<std::size_t>(i)];
        if (i >= window)
            sum -= energy[static_cast<std::size_t>(i - window)];
        if (i >= window / 2)
            smooth[static_cast<std::size_t>(i - window / 2)] = sum;
    }
    const double threshold = *std::ranges::max_element(smooth) / 3;
    const auto apart = std::llrint(0.25 * samplingRate);
    std::vector<std::int64_t> peaks;
    for (std::int64_t i = 0; i < n; ++i) {
        if (!(smooth[static_cast<std::size_t>(i)] > threshold)) // not a number: no beats
            continue;
        if (peaks.empty() || i - peaks.back() > apart)
            peaks.push_back(i);
        else if (smooth[static_cast<std::size_t>(i)] > smooth[static_cast<std::size_t>(peaks.back())])
            peaks.back() = i;
    }
    if (peaks.size() < 2)
        return {};
    std::vector<std::array<std::int64_t, 2>> spans;
    std::int64_t first = 0;
    for (std::size_t k = 0; k < peaks.size(); ++k) {
        const std::int64_t end =
            k + 1 == peaks.size()
                ? intervals
                : std::llrint(static_cast<double>(peaks[k] + peaks[k + 1]) / 2 / static_cast<double>(intervalSamples));
        if (end > first)
            spans.push_back({first, end});
        first = std::max(first, end);
    }
    return spans;
}

Masks Masks::to(at::Device device) const {
    return {queuedTo(visibleLeads, device), queuedTo(hiddenLeads, device), queuedTo(visibleIntervals, device),
            queuedTo(hiddenIntervals, device)};
}

std::int64_t drawHiddenCount(const ModelConfig& config, Random& random) {
    const auto [low, high] = config.intervalMaskRatio;
    return std::clamp<std::int64_t>(
        std::llrint(static_cast<double>(config.intervals) * (low + (high - low) * random.uniform())), 1,
        config.intervals - 1);
}

namespace {

// x may be undefined: no beats.
Masks sample(const ModelConfig& config, std::int64_t batch, std::int64_t rows, const at::Tensor& x,
             const std::vector<double>& weights, std::int64_t hide, bool allLeads, Random& random) {
    const std::int64_t keep = allLeads ? rows : config.visibleLeads(rows);
    const std::int64_t intervals = config.intervals;
    const std::int64_t block = config.mask == MaskShape::Random       ? 1
                               : config.mask == MaskShape::MultiBlock ? (hide + kBlocks - 1) / kBlocks
                                                                      : config.minBlock;
    Masks masks{at::empty({batch, keep}, at::kLong), at::empty({batch, rows - keep}, at::kLong),
                at::empty({batch, intervals - hide}, at::kLong), at::empty({batch, hide}, at::kLong)};
    for (std::int64_t b = 0; b < batch; ++b) {
        split(allLeads ? std::vector<char>(static_cast<std::size_t>(rows), 0)
                       : hiddenLeads(rows, keep, weights, random),
              masks.visibleLeads.data_ptr<std::int64_t>() + b * keep,
              masks.hiddenLeads.data_ptr<std::int64_t>() + b * (rows - keep));
        const auto beats = config.mask == MaskShape::Beat && x.defined()
                               ? beatSpans(x[b], config.intervalSamples, config.samplingRate)
                               : std::vector<std::array<std::int64_t, 2>>{};
        split(beats.empty() ? hiddenBlocks(intervals, hide, block, random)
                            : hiddenBeats(beats, intervals, hide, random),
              masks.visibleIntervals.data_ptr<std::int64_t>() + b * (intervals - hide),
              masks.hiddenIntervals.data_ptr<std::int64_t>() + b * hide);
    }
    return masks;
}

} // namespace

Masks sampleMasks(const ModelConfig& config, const at::Tensor& x, const std::vector<std::int64_t>& leads,
                  std::int64_t hiddenIntervals, bool allLeads, Random& random) {
    std::vector<double> weights = config.leadWeights;
    if (!weights.empty() && !leads.empty()) {
        weights.clear();
        for (const std::int64_t lead : leads)
            weights.push_back(config.leadWeights[static_cast<std::size_t>(lead)]);
    }
    return sample(config, x.size(0), x.size(1), x, weights, hiddenIntervals, allLeads, random);
}

Masks sampleMasks(const ModelConfig& config, std::int64_t batch, Random& random) {
    const std::int64_t hide = drawHiddenCount(config, random);
    return sample(config, batch, config.leadCount(), {}, config.leadWeights, hide, !config.hasChannelJepa(), random);
}

} // namespace precordia
