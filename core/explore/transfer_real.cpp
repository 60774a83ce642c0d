// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/transfer_real.h"

#include "core/io/reader.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace precordia {

namespace {

constexpr double kSlowest = 30, kFastest = 220; // bpm

} // namespace

double pulseRate(const std::vector<float>& samples, double samplingRate) {
    // Where the signal moves: slopes squared, so that a beat's steepest stroke outweighs its later waves, over 120 ms,
    // so that beats which come a little early or late still fall on each other.
    const auto half = std::max<std::size_t>(1, static_cast<std::size_t>(samplingRate * 0.02));
    std::vector<double> steep;
    for (std::size_t i = half; i + half < samples.size(); ++i) {
        const double d = static_cast<double>(samples[i + half]) - static_cast<double>(samples[i - half]);
        steep.push_back(d * d);
    }
    const std::size_t width = 6 * half;
    if (steep.size() <= width)
        return 0;
    std::vector<double> moves(steep.size() - width);
    double sum = std::accumulate(steep.begin(), steep.begin() + static_cast<std::ptrdiff_t>(width), 0.0);
    for (std::size_t i = 0; i < moves.size(); ++i) {
        moves[i] = sum;
        sum += steep[i + width] - steep[i];
    }
    const double mean = std::accumulate(moves.begin(), moves.end(), 0.0) / static_cast<double>(moves.size());
    for (double& v : moves)
        v -= mean;
    const auto n = moves.size();
    const auto first = static_cast<std::size_t>(60 / kFastest * samplingRate);
    const auto last = std::min(static_cast<std::size_t>(60 / kSlowest * samplingRate), n / 2);
    if (first < 1 || last <= first + 1)
        return 0;
    double energy = 0;
    for (const double v : moves)
        energy += v * v;
    std::vector<double> alike(last + 2, 0);
    for (std::size_t lag = first - 1; lag <= last + 1; ++lag) {
        for (std::size_t i = 0; i + lag < n; ++i)
            alike[lag] += moves[i] * moves[i + lag];
        alike[lag] *= static_cast<double>(n) / static_cast<double>(n - lag);
    }
    // The shortest of the lags that are nearly as good as the best: two beats are as alike as one.
    double best = 0;
    for (std::size_t lag = first; lag <= last; ++lag)
        if (alike[lag] >= alike[lag - 1] && alike[lag] >= alike[lag + 1])
            best = std::max(best, alike[lag]);
    if (energy <= 0 || best < 0.3 * energy)
        return 0;
    for (std::size_t lag = first; lag <= last; ++lag)
        if (alike[lag] >= alike[lag - 1] && alike[lag] >= alike[lag + 1] && alike[lag] >= 0.85 * best)
            return 60 * samplingRate / static_cast<double>(lag);
    return 0;
}

Result<RealWindows> readReal(const RealSignal& signal, const PreprocessingConfig& shape) {
    auto recording = Registry::standard().read(signal.file);
    if (!recording)
        return recording.as<RealWindows>();
    const auto step = static_cast<std::ptrdiff_t>(std::llround(recording->samplingRate));
    const auto length = static_cast<std::ptrdiff_t>(std::llround(shape.windowSeconds * recording->samplingRate));
    const auto samples = static_cast<std::ptrdiff_t>(recording->samples());
    if (samples < length)
        return makeError(ErrorCode::SignalTooShort,
                         "it has " + std::to_string(samples) + " samples, a window takes " + std::to_string(length),
                         signal.file.string());
    RealWindows out;
    out.signal = signal;
    out.windows = std::make_shared<MemoryWindows>(WindowShape{2, shape.windowSamples(), shape.samplingRate});
    const std::size_t second = recording->leads.size() > 1 ? 1 : 0;
    for (std::ptrdiff_t start = 0; start + length <= samples; start += step) {
        Recording part = *recording;
        part.leads = {recording->leads[0], recording->leads[second]};
        part.leads[0].name = "first", part.leads[1].name = "second";
        for (auto& lead : part.leads)
            lead.samples = {lead.samples.begin() + start, lead.samples.begin() + start + length};
        auto config = shape;
        config.leads = {"first", "second"};
        auto cut = preprocess(part, config);
        if (!cut)
            return cut.as<RealWindows>();
        auto& window = cut->front().samples;
        const double rate = pulseRate({window.begin(), window.begin() + shape.windowSamples()}, shape.samplingRate);
        if (rate <= 0)
            continue;
        out.rates.push_back(rate);
        out.windows->add(std::move(window));
    }
    if (out.rates.empty())
        return makeError(ErrorCode::NotFound, "no pulse stands out in any window", signal.file.string());
    return out;
}

} // namespace precordia
