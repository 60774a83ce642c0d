// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/fit_decoder.h"

#include "core/jepa/standardise.h"
#include "core/train/inference.h"
#include "core/train/optimiser.h"
#include "core/train/train_config.h"
#include "core/train/window_batch.h"

#include <ATen/ATen.h>

#include <array>
#include <cmath>

namespace precordia {

namespace {

constexpr std::int64_t kWindows = 256; // encoded once; their intervals are what the decoder learns from
constexpr std::int64_t kEncodeBatch = 16;
constexpr std::int64_t kBatch = 512; // pairs
constexpr double kLearningRate = 2e-3;
constexpr std::array kKinds{DecoderKind::Linear, DecoderKind::Mlp, DecoderKind::Neighbours};

// What the decoder will be shown later, layer-normed, [N, T, D]: all encodings of the encoder, all of the teacher, and
// those of a masked recording (seen where visible, predicted where hidden).
struct Views {
    at::Tensor whole, teacher, masked;
    at::Tensor hidden;   // [N, T] bool, of `masked`
    at::Tensor nearest;  // [N, T] the nearest visible interval
    at::Tensor waveform; // [N, T, L, P] standardised
    at::Tensor unit;     // [N, 1, 1, 1] uV
};

Views rows(const Views& v, std::int64_t first, std::int64_t count) {
    const auto cut = [&](const at::Tensor& t) { return t.narrow(0, first, count); };
    return {cut(v.whole), cut(v.teacher), cut(v.masked), cut(v.hidden), cut(v.nearest), cut(v.waveform), cut(v.unit)};
}

// Of each interval, the nearest visible one; the earlier of two.
at::Tensor nearestVisible(const at::Tensor& hidden) {
    const auto t = hidden.size(1);
    const auto places = at::arange(t, at::kLong);
    const auto distance = (places.unsqueeze(0) - places.unsqueeze(1)).abs(); // [T, T]
    return (distance + hidden.to(at::kLong).unsqueeze(1) * (2 * t)).argmin(2);
}

// The encoder is frozen, so each window goes through it once, not at every step.
Result<Views> makeViews(const JepaModel& model, const at::Tensor& microvolts, std::uint64_t seed, const StopToken& stop,
                        Progress& progress, ComputeThread& thread) {
    const at::NoGradGuard noGrad;
    const auto& config = model.config();
    const auto x = standardise(microvolts, config.scale);
    std::vector<at::Tensor> whole, teacher, masked, hidden;
    progress.begin("Encoding for the event decoder", x.size(0));
    for (std::int64_t first = 0; first < x.size(0); first += kEncodeBatch) {
        if (stop.stop_requested() || thread.closing())
            return Cancelled{};
        const auto batch = x.narrow(0, first, std::min(kEncodeBatch, x.size(0) - first));
        Random random(chanceSeed(seed, Chance::Masks, first));
        const auto masks = sampleMasks(config, batch.size(0), random);
        whole.push_back(plainLayerNorm(model.encode(batch).event));
        teacher.push_back(model.eventTargets(batch));
        masked.push_back(maskedEvents(model, batch, {}, masks.visibleIntervals, masks.hiddenIntervals));
        hidden.push_back(
            at::zeros({batch.size(0), config.intervals}, at::kBool).scatter_(1, masks.hiddenIntervals, /*value=*/true));
        progress.update(first + batch.size(0));
        thread.serve();
    }
    Views out;
    out.whole = at::cat(whole), out.teacher = at::cat(teacher), out.masked = at::cat(masked);
    out.hidden = at::cat(hidden);
    out.nearest = nearestVisible(out.hidden);
    out.waveform = patchesOf(x, config.intervalSamples).contiguous();
    out.unit = microvoltsPerUnit(microvolts, config.scale).unsqueeze(3).expand({x.size(0), 1, 1, 1});
    return out;
}

// [N, T, D] -> [N, T, C, D]: each interval with what a decoder of this context sees beside it.
at::Tensor contexts(const at::Tensor& events, std::int64_t context) {
    if (context == 1)
        return events.unsqueeze(2);
    const auto last = events.size(1) - 1;
    const auto before = at::cat({events.narrow(1, 0, 1), events.narrow(1, 0, last)}, 1);
    const auto after = at::cat({events.narrow(1, 1, last), events.narrow(1, last, 1)}, 1);
    return at::stack({before, events, after}, 2);
}

Result<EventDecoder> fitOne(const ModelConfig& config, DecoderKind kind, const Views& views, std::uint64_t seed,
                            int steps, const StopToken& stop, Progress& progress, ComputeThread& thread) {
    auto decoder = EventDecoder::initialise(config, kind, seed);
    std::vector<at::Tensor> given;
    for (const auto& events : {views.whole, views.teacher, views.masked})
        given.push_back(contexts(events, decoder.context()).flatten(0, 1));
    const auto events = at::cat(given); // [3 N T, C, D]
    const auto waveform = views.waveform.flatten(0, 1);

    for (const auto& [name, tensor] : decoder.parameters())
        at::Tensor(tensor).requires_grad_(true);
    AdamW optimiser(decoder.parameters(), {0.9, 0.99}, 0.0);
    TrainConfig schedule;
    schedule.learningRate = kLearningRate;
    for (int i = 0; i < steps; ++i) {
        if (stop.stop_requested() || thread.closing())
            return Cancelled{};
        std::vector<std::int64_t> which;
        Random random(chanceSeed(seed, Chance::Step, i));
        for (std::int64_t k = 0; k < kBatch; ++k)
            which.push_back(random.below(events.size(0)));
        const auto index = at::tensor(which);
        const auto truth = waveform.index_select(0, at::remainder(index, waveform.size(0)));
        optimiser.zeroGradient();
        const auto loss = at::smooth_l1_loss(decoder(events.index_select(0, index)), truth);
        loss.backward();
        if (!std::isfinite(loss.item<double>()))
            return makeError(ErrorCode::NotFinite, "step " + std::to_string(i + 1) + " of fitting the event decoder");
        optimiser.clipGradient(1.0);
        optimiser.step(learningRateAt(schedule, i, steps));
        progress.advance();
        thread.serve();
    }
    for (const auto& [name, tensor] : decoder.parameters())
        at::Tensor(tensor).requires_grad_(false);
    return decoder;
}

// Root mean square of [N, T, L, P] over the intervals that `mask` [N, T] names: uV of each lead, of all last.
std::vector<double> rootMeanSquare(const at::Tensor& microvolts, const at::Tensor& mask) {
    const auto count = mask.sum().item<double>();
    if (count == 0)
        return std::vector<double>(static_cast<std::size_t>(microvolts.size(2)) + 1, 0);
    const auto square = (microvolts.square().mean(3) * mask.unsqueeze(2)).sum(at::IntArrayRef{0, 1}) / count;
    std::vector<double> out;
    for (std::int64_t l = 0; l < square.size(0); ++l)
        out.push_back(std::sqrt(square[l].item<double>()));
    out.push_back(std::sqrt(square.mean().item<double>()));
    return out;
}

struct Measured {
    double error = 0; // smooth L1, standardised
    std::vector<double> hidden, seen;
};

Measured measure(const EventDecoder& decoder, const Views& views) {
    const at::NoGradGuard noGrad;
    const auto decoded = decoder(contexts(views.masked, decoder.context()));
    const auto off = (decoded - views.waveform) * views.unit;
    return {at::smooth_l1_loss(decoded, views.waveform).item<double>(), rootMeanSquare(off, views.hidden),
            rootMeanSquare(off, views.hidden.logical_not())};
}

void addFloors(DecoderReport& report, const Views& fitted, const Views& heldBack, const Measured& best,
               const std::vector<std::string>& leads) {
    const auto mean = fitted.waveform.mean(at::IntArrayRef{0, 1}); // [L, P]
    const auto shape = heldBack.waveform.sizes();
    const auto index =
        heldBack.nearest.view({shape[0], shape[1], 1, 1}).expand({shape[0], shape[1], shape[2], shape[3]});
    const auto copied = heldBack.waveform.gather(1, index);
    const auto ofMean = rootMeanSquare((mean - heldBack.waveform) * heldBack.unit, heldBack.hidden);
    const auto ofCopy = rootMeanSquare((copied - heldBack.waveform) * heldBack.unit, heldBack.hidden);
    for (std::size_t i = 0; i < best.hidden.size(); ++i)
        report.leads.push_back(
            {i < leads.size() ? leads[i] : "all", best.hidden[i], best.seen[i], ofMean[i], ofCopy[i]});
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
    const auto drawn = drawWindows(windows, kWindows, seed);
    const auto count = drawn.size(0);
    if (count == 0)
        return makeError(ErrorCode::LeadMissing, "no recording has all leads of the model");
    const auto views = makeViews(*model.jepa, drawn, seed, stop, progress, thread);
    if (!views)
        return views.as<FittedDecoder>();

    DecoderReport report;
    report.heldBack = count == 1 ? 0 : std::max<std::int64_t>(1, count / 5);
    report.windows = count - report.heldBack;
    const auto fitted = rows(*views, 0, report.windows);
    const auto heldBack = report.heldBack == 0 ? fitted : rows(*views, report.windows, report.heldBack);
    progress.begin("Fitting the event decoder", static_cast<std::int64_t>(kKinds.size()) * steps);
    std::optional<EventDecoder> best;
    Measured ofBest;
    for (const auto kind : kKinds) {
        auto decoder = fitOne(config, kind, fitted, seed, steps, stop, progress, thread);
        if (!decoder)
            return decoder.as<FittedDecoder>();
        auto measured = measure(*decoder, heldBack);
        report.kinds.push_back({decoderKindName(kind), measured.error, measured.hidden.back(), measured.seen.back()});
        if (best && measured.error >= ofBest.error)
            continue;
        best = std::move(*decoder);
        ofBest = std::move(measured);
    }
    report.kind = decoderKindName(best->kind());
    report.error = ofBest.error;
    addFloors(report, fitted, heldBack, ofBest, config.leads);
    return FittedDecoder{std::move(*best), std::move(report)};
}

} // namespace precordia
