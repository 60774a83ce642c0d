// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/fit_decoder.h"

#include "core/jepa/standardise.h"
#include "core/train/batch_loader.h"
#include "core/train/optimiser.h"
#include "core/train/train_config.h"
#include "core/train/window_batch.h"

#include <ATen/ATen.h>

#include <cmath>

namespace precordia {

namespace {

constexpr std::int64_t kBatch = 16;
constexpr double kLearningRate = 2e-3;

struct Pairs {
    at::Tensor events;   // [B, S, D] layer-normed
    at::Tensor waveform; // [B, S, L, P] standardised
};

Pairs pairsOf(const ErJepa& model, const at::Tensor& x, std::uint64_t seed) {
    const at::NoGradGuard noGrad;
    const auto& config = model.config();
    const auto truth = patchesOf(x, config.intervalSamples); // [B, T, L, P]
    Random random(seed);
    const auto masks = sampleMasks(config, x.size(0), random).to(x.device());
    const auto seen = plainLayerNorm(model.encode(x).event);
    const auto taught = model.eventTargets(x);
    const auto predicted = model.predictHidden(x, masks.visibleIntervals, masks.hiddenIntervals);
    return {at::cat({seen, taught, predicted}, 1),
            at::cat({truth, truth, precordia::take(truth, masks.hiddenIntervals)}, 1)};
}

} // namespace

Result<FittedDecoder> fitEventDecoder(const LoadedModel& model, const std::shared_ptr<const WindowSource>& windows,
                                      int steps, const StopToken& stop, Progress& progress, ComputeThread& thread) {
    if (!windows || windows->size() == 0)
        return makeError(ErrorCode::NotFound, "there are no recordings to fit the decoder on");
    if (steps < 1)
        return makeError(ErrorCode::ValueOutOfRange, "the decoder needs at least one step");
    const auto& jepa = *model.jepa;
    if (auto fits = checkShape(jepa.config(), *windows); !fits)
        return fits.as<FittedDecoder>();
    const auto seed = chanceSeed(0, Chance::Decoder, 0);
    auto decoder = EventDecoder::initialise(jepa.config(), seed);
    for (const auto& [name, tensor] : decoder.parameters())
        at::Tensor(tensor).requires_grad_(true);
    AdamW optimiser(decoder.parameters(), {0.9, 0.99}, 0.0);
    TrainConfig schedule;
    schedule.learningRate = kLearningRate;
    BatchLoader loader(windows, std::min<std::int64_t>(kBatch, windows->size()), seed, 0, false);
    double lately = 0;
    const int tenth = std::max(1, steps / 10);
    progress.begin("Fitting the event decoder", steps);
    for (int i = 0; i < steps; ++i) {
        if (stop.stop_requested() || thread.closing())
            return Cancelled{};
        const auto batch = loader.next();
        if (batch.windows.empty())
            return makeError(ErrorCode::LeadMissing, "no recording has all leads of the model");
        const auto pairs =
            pairsOf(jepa, standardise(batch.microvolts, jepa.config().scale), chanceSeed(seed, Chance::Masks, i));
        optimiser.zeroGradient();
        const auto loss = at::smooth_l1_loss(decoder(pairs.events), pairs.waveform);
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
