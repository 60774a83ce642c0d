// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/fit_decoder.h"

#include "core/jepa/standardise.h"
#include "core/train/optimiser.h"
#include "core/train/train_config.h"
#include "core/train/window_batch.h"

#include <ATen/ATen.h>

#include <cmath>

namespace precordia {

namespace {

constexpr std::int64_t kWindows = 256; // encoded once; their intervals are what the decoder learns from
constexpr std::int64_t kEncodeBatch = 16;
constexpr std::int64_t kBatch = 512; // pairs
constexpr double kLearningRate = 2e-3;

struct Pairs {
    at::Tensor events;   // [M, D] layer-normed
    at::Tensor place;    // [M] row of `waveform`
    at::Tensor waveform; // [N * T, L, P] standardised
};

// What the decoder will be shown later: encodings of the encoder and of the teacher, and predictions of masked
// intervals. The encoder is frozen, so each window goes through it once, not at every step.
Result<Pairs> makePairs(const JepaModel& model, const at::Tensor& x, std::uint64_t seed, const StopToken& stop,
                        Progress& progress, ComputeThread& thread) {
    const at::NoGradGuard noGrad;
    const auto& config = model.config();
    std::vector<at::Tensor> events;
    std::vector<at::Tensor> places;
    progress.begin("Encoding for the event decoder", x.size(0));
    for (std::int64_t first = 0; first < x.size(0); first += kEncodeBatch) {
        if (stop.stop_requested() || thread.closing())
            return Cancelled{};
        const auto batch = x.narrow(0, first, std::min(kEncodeBatch, x.size(0) - first));
        const auto rows = at::arange(batch.size(0) * config.intervals, at::kLong).view({batch.size(0), -1});
        Random random(chanceSeed(seed, Chance::Masks, first));
        const auto masks = sampleMasks(config, batch.size(0), random);
        const auto predicted = model.predictHidden(batch, masks.visibleIntervals, masks.hiddenIntervals);
        const auto offset = first * config.intervals;
        for (const auto& encodings : {plainLayerNorm(model.encode(batch).event), model.eventTargets(batch)}) {
            events.push_back(encodings.flatten(0, 1));
            places.push_back(rows.flatten() + offset);
        }
        events.push_back(predicted.flatten(0, 1));
        places.push_back(rows.gather(1, masks.hiddenIntervals).flatten() + offset);
        progress.update(first + batch.size(0));
        thread.serve();
    }
    return Pairs{at::cat(events), at::cat(places), patchesOf(x, config.intervalSamples).flatten(0, 1).contiguous()};
}

} // namespace

Result<FittedDecoder> fitEventDecoder(const LoadedModel& model, const WindowSource& windows, int steps,
                                      const StopToken& stop, Progress& progress, ComputeThread& thread) {
    if (steps < 1)
        return makeError(ErrorCode::ValueOutOfRange, "the decoder needs at least one step");
    const auto& config = model.jepa->config();
    if (auto can = checkPredicts(model); !can)
        return can.as<FittedDecoder>();
    if (auto fits = checkShape(config, windows); !fits)
        return fits.as<FittedDecoder>();
    const auto seed = chanceSeed(0, Chance::Decoder, 0);
    const auto x = standardise(drawWindows(windows, kWindows, seed), config.scale);
    if (x.size(0) == 0)
        return makeError(ErrorCode::LeadMissing, "no recording has all leads of the model");
    const auto pairs = makePairs(*model.jepa, x, seed, stop, progress, thread);
    if (!pairs)
        return pairs.as<FittedDecoder>();

    auto decoder = EventDecoder::initialise(config, seed);
    for (const auto& [name, tensor] : decoder.parameters())
        at::Tensor(tensor).requires_grad_(true);
    AdamW optimiser(decoder.parameters(), {0.9, 0.99}, 0.0);
    TrainConfig schedule;
    schedule.learningRate = kLearningRate;
    double lately = 0;
    const int tenth = std::max(1, steps / 10);
    progress.begin("Fitting the event decoder", steps);
    for (int i = 0; i < steps; ++i) {
        if (stop.stop_requested() || thread.closing())
            return Cancelled{};
        std::vector<std::int64_t> which;
        Random random(chanceSeed(seed, Chance::Step, i));
        for (std::int64_t k = 0; k < kBatch; ++k)
            which.push_back(random.below(pairs->events.size(0)));
        const auto index = at::tensor(which);
        const auto truth = pairs->waveform.index_select(0, pairs->place.index_select(0, index));
        optimiser.zeroGradient();
        const auto loss = at::smooth_l1_loss(decoder(pairs->events.index_select(0, index)), truth);
        loss.backward();
        const double value = loss.item<double>();
        if (!std::isfinite(value))
            return makeError(ErrorCode::NotFinite, "step " + std::to_string(i + 1) + " of fitting the event decoder");
        optimiser.clipGradient(1.0);
        optimiser.step(learningRateAt(schedule, i, steps));
        if (i >= steps - tenth)
            lately += value / tenth;
        progress.update(i + 1);
        thread.serve();
    }
    for (const auto& [name, tensor] : decoder.parameters())
        at::Tensor(tensor).requires_grad_(false);
    return FittedDecoder{std::move(decoder), lately};
}

} // namespace precordia
