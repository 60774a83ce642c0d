// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/memory_estimate.h"

#include "core/jepa/parameters.h"

#include <cmath>
#include <iomanip>
#include <numeric>
#include <sstream>

namespace precordia {

namespace {

// Bytes a row of a block of width d keeps for the backward pass. 16-bit kernels: core/jepa/half_kernel.h, HalfKept, and
// the block's input; with hidden = ratio d: 2 (1 + 3 + 1 + 1 + 2 ratio) + 4 + 4. float32: inputs and outputs of each
// operation.
double keptBytes(double d, double ratio, Precision precision) {
    return precision != Precision::Float32 ? d * (20 + 4 * ratio) : d * 4 * (9 + 2 * ratio);
}

// Probabilities of attention, which float32 keeps, padded to sixteen keys.
double attentionBytes(double heads, double keys, Precision precision) {
    return precision != Precision::Float32 ? 0 : 4 * heads * std::ceil(keys / 16) * 16;
}

} // namespace

MemoryEstimate estimateMemory(const ModelConfig& c, std::int64_t batch, Precision precision) {
    MemoryEstimate estimate;
    for (const auto& [name, shape] : parameterShapes(c)) {
        const auto count = std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
        estimate.weights += count * 4 * (name.starts_with("target.") ? 1 : 4);
    }
    if (c.architecture != Architecture::ErJepa && c.architecture != Architecture::ErJepaNoChannel)
        return estimate; // the rivals' tokens are counted otherwise; what they run out of is said when they do
    const auto b = static_cast<double>(batch), t = static_cast<double>(c.intervals);
    const auto l = static_cast<double>(c.leadCount()), k = static_cast<double>(c.visibleLeads());
    const auto d = static_cast<double>(c.width), w = static_cast<double>(c.predictorWidth);
    const auto ratio = static_cast<double>(c.mlpRatio);
    const auto heads = static_cast<double>(c.heads), few = static_cast<double>(c.predictorHeads);
    const double v = t * (1 - c.intervalMaskRatio[0]); // most intervals that are seen
    const auto blocks = [&](double rows, std::int64_t depth, double width, double headCount, double keys) {
        return rows * static_cast<double>(depth) *
               (keptBytes(width, ratio, precision) + attentionBytes(headCount, keys, precision));
    };
    double bytes = blocks(b * v * k, c.channelDepth, d, heads, k) + blocks(b * v, c.temporalDepth, d, heads, v) +
                   blocks(b * v * l, c.channelPredictorDepth, w, few, l) +
                   blocks(b * t, c.temporalPredictorDepth, w, few, t);
    // The teacher keeps nothing, but one layer of it over all leads and intervals is there at a time, beside its input
    // and the result.
    bytes += b * t * l *
             (precision != Precision::Float32 ? 12 * d
                                              : keptBytes(d, ratio, precision) + attentionBytes(heads, l, precision));
    bytes += b * l * static_cast<double>(c.samples()) * 4 * 3; // windows, standardised, as patches
    estimate.activations = static_cast<std::int64_t>(bytes);
    return estimate;
}

Result<Done> checkMemory(const ModelConfig& model, std::int64_t batch, Precision precision, std::int64_t deviceBytes,
                         const std::string& deviceName) {
    const auto estimate = estimateMemory(model, batch, precision);
    if (deviceBytes <= 0 || estimate.total() <= deviceBytes)
        return Done{};
    const auto gib = [](std::int64_t bytes) {
        std::ostringstream text;
        text << std::fixed << std::setprecision(1) << static_cast<double>(bytes) / (1 << 30) << " GiB";
        return text.str();
    };
    const bool weights = estimate.weights > deviceBytes / 2;
    return makeError(ErrorCode::OutOfMemory,
                     "a step would take about " + gib(estimate.total()) + " (" + gib(estimate.weights) +
                         " of them weights and optimiser), " + deviceName + " has " + gib(deviceBytes) + "; make " +
                         (weights ? "\"width\" or the number of layers smaller"
                                  : "\"batch\" (" + std::to_string(batch) +
                                        ") smaller, or \"intervals\", \"width\" or the number of layers"));
}

} // namespace precordia
