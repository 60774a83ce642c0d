// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/inference.h"

#include "core/jepa/standardise.h"
#include "core/train/window_batch.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace precordia {

namespace {

constexpr std::int64_t kSurpriseBatch = 10; // windows with one interval hidden each

std::vector<float> row(const at::Tensor& table, std::int64_t i) {
    const auto values = table[i].contiguous();
    const auto* data = values.data_ptr<float>();
    return {data, data + values.numel()};
}

at::Tensor leadsOf(const LeadGroup& group) {
    return at::tensor(group.leads).expand({group.microvolts.size(0), static_cast<std::int64_t>(group.leads.size())});
}

Error noLeads(std::int64_t window) {
    return makeError(ErrorCode::LeadMissing, "window " + std::to_string(window) + " has none of the model's leads");
}

// One window with the leads it has: x [1, K, N], leads [1, K].
struct Single {
    at::Tensor microvolts, x, leads;
};

Result<Single> readSingle(const LoadedModel& model, const WindowSource& windows, std::int64_t index) {
    if (auto fits = checkShape(model.jepa->config(), windows); !fits)
        return fits.as<Single>();
    if (index < 0 || index >= windows.size())
        return makeError(ErrorCode::ValueOutOfRange, "there is no window " + std::to_string(index));
    const auto groups = readGroups(windows, {index});
    if (groups.front().leads.empty())
        return noLeads(index);
    Single single;
    single.microvolts = groups.front().microvolts;
    single.x = standardise(single.microvolts, model.jepa->config().scale);
    single.leads = leadsOf(groups.front());
    return single;
}

at::Tensor expandRows(const at::Tensor& x, std::int64_t n) {
    auto sizes = x.sizes().vec();
    sizes[0] = n;
    return x.expand(sizes);
}

// Smooth L1 as in the loss, of each interval: [..., D] -> [...]
at::Tensor latentError(const at::Tensor& predicted, const at::Tensor& target) {
    return at::smooth_l1_loss(predicted, target, at::Reduction::None).mean(-1);
}

// Row i: the n intervals from i on are hidden, the others visible.
struct Blocks {
    at::Tensor visible, hidden; // [T - n + 1, T - n], [T - n + 1, n]
};

Blocks everyBlock(std::int64_t t, std::int64_t n) {
    const auto first = at::arange(t - n + 1, at::kLong).unsqueeze(1);
    const auto all = at::arange(t, at::kLong).expand({t - n + 1, t});
    const auto inside = all.ge(first).logical_and(all.lt(first + n));
    return {all.masked_select(inside.logical_not()).view({t - n + 1, t - n}), first + at::arange(n, at::kLong)};
}

// values [S, n, ...] of the intervals hidden [S, n] -> [T, ...], the mean over the blocks that hold an interval.
at::Tensor meanOverBlocks(const at::Tensor& values, const at::Tensor& hidden, std::int64_t t) {
    auto sizes = values.sizes().vec();
    sizes.erase(sizes.begin());
    sizes[0] = t;
    const auto index = hidden.flatten();
    const auto sum = at::zeros(sizes, values.options()).index_add_(0, index, values.flatten(0, 1));
    auto count = at::zeros({t}, values.options()).index_add_(0, index, at::ones({index.size(0)}, values.options()));
    while (count.dim() < sum.dim())
        count = count.unsqueeze(1);
    return sum / count;
}

} // namespace

at::Tensor maskedEvents(const JepaModel& model, const at::Tensor& x, const at::Tensor& leads, const at::Tensor& visible,
                        const at::Tensor& hidden) {
    const at::NoGradGuard noGrad;
    const auto& config = model.config();
    const auto u = model.intervalEncodings(x, leads);
    const auto seen = plainLayerNorm(model.seenEvents(u, visible));
    const auto predicted = model.predictHiddenFrom(u, visible, hidden);
    const auto index = at::cat({visible, hidden}, 1).unsqueeze(2).expand({x.size(0), config.intervals, config.width});
    return at::empty({x.size(0), config.intervals, config.width}, seen.options())
        .scatter_(1, index, at::cat({seen, predicted}, 1));
}

Result<std::vector<Encodings>> encodeWindows(const LoadedModel& model, const WindowSource& windows,
                                             const std::vector<std::int64_t>& which, bool leadLevel) {
    const PrecisionScope scope(model.precision);
    const auto& config = model.jepa->config();
    std::vector<Encodings> out(which.size());
    for (const auto& group : readGroups(windows, which)) {
        if (group.leads.empty())
            return noLeads(which[static_cast<std::size_t>(group.rows.front())]);
        const auto encodings = model.jepa->encode(standardise(group.microvolts, config.scale), leadsOf(group));
        const auto recording = JepaModel::recordingEmbedding(encodings);
        auto lead = encodings.lead;
        if (leadLevel && group.leads.size() < static_cast<std::size_t>(config.leadCount())) {
            auto full = at::zeros({lead.size(0), lead.size(1), config.leadCount(), lead.size(3)}, lead.options());
            lead = full.index_copy_(2, at::tensor(group.leads), lead);
        }
        for (std::size_t i = 0; i < group.rows.size(); ++i) {
            const auto at = static_cast<std::int64_t>(i);
            auto& e = out[static_cast<std::size_t>(group.rows[i])];
            e.intervals = static_cast<int>(config.intervals);
            e.leads = static_cast<int>(config.leadCount());
            e.width = static_cast<int>(config.width);
            if (leadLevel)
                e.lead = row(lead, at);
            e.interval = row(encodings.interval, at);
            e.event = row(encodings.event, at);
            e.recording = row(recording, at);
        }
    }
    return out;
}

Result<Reconstruction> reconstructWindow(const LoadedModel& model, const WindowSource& windows, std::int64_t index,
                                         const std::vector<int>& hidden) {
    const PrecisionScope scope(model.precision);
    const at::NoGradGuard noGrad;
    const auto& config = model.jepa->config();
    if (auto can = checkPredicts(model); !can)
        return can.as<Reconstruction>();
    if (!model.decoder)
        return makeError(ErrorCode::ModelInvalid, "it has no event decoder; fit one first", model.info.file.string());
    std::vector<std::uint8_t> isHidden(static_cast<std::size_t>(config.intervals), 0);
    for (const int t : hidden) {
        if (t < 0 || t >= config.intervals)
            return makeError(ErrorCode::ValueOutOfRange, "there is no interval " + std::to_string(t));
        isHidden[static_cast<std::size_t>(t)] = 1;
    }
    std::vector<std::int64_t> seenPlaces;
    std::vector<std::int64_t> hiddenPlaces;
    for (std::int64_t t = 0; t < config.intervals; ++t)
        (isHidden[static_cast<std::size_t>(t)] != 0 ? hiddenPlaces : seenPlaces).push_back(t);
    if (seenPlaces.empty() || hiddenPlaces.empty())
        return makeError(ErrorCode::ValueOutOfRange, "some intervals must be hidden and some visible");
    const auto single = readSingle(model, windows, index);
    if (!single)
        return single.as<Reconstruction>();
    const auto seenIndex = at::tensor(seenPlaces);
    const auto hiddenIndex = at::tensor(hiddenPlaces);
    const auto events =
        maskedEvents(*model.jepa, single->x, single->leads, seenIndex.unsqueeze(0), hiddenIndex.unsqueeze(0))[0];
    const auto predicted = events.index_select(0, hiddenIndex);
    const auto target = model.jepa->eventTargets(single->x, single->leads)[0].index_select(0, hiddenIndex);
    const auto decoded = model.decoder->sequence(events); // [T, L, P]
    const auto waveform = decoded.permute({1, 0, 2}).reshape({config.leadCount(), config.samples()}) *
                          microvoltsPerUnit(single->microvolts, config.scale)[0];
    const auto error =
        at::zeros({config.intervals}, events.options()).index_copy_(0, hiddenIndex, latentError(predicted, target));

    Reconstruction out;
    out.leads = static_cast<int>(config.leadCount());
    out.samples = static_cast<int>(config.samples());
    out.intervals = static_cast<int>(config.intervals);
    out.waveform = row(waveform.unsqueeze(0), 0);
    out.hidden = std::move(isHidden);
    out.latentError = row(error.unsqueeze(0), 0);
    return out;
}

Result<SurpriseResult> surpriseOfWindow(const LoadedModel& model, const WindowSource& windows, std::int64_t index,
                                        const SurpriseOptions& options) {
    const PrecisionScope scope(model.precision);
    const at::NoGradGuard noGrad;
    if (auto can = checkPredicts(model); !can)
        return can.as<SurpriseResult>();
    const auto t = model.jepa->config().intervals;
    if (options.block < 1 || options.block >= t)
        return makeError(ErrorCode::ValueOutOfRange, "of " + std::to_string(t) + " intervals, 1 to " +
                                                         std::to_string(t - 1) + " can be hidden together, not " +
                                                         std::to_string(options.block));
    const auto single = readSingle(model, windows, index);
    if (!single)
        return single.as<SurpriseResult>();
    const auto target = model.jepa->eventTargets(single->x, single->leads)[0]; // [T, D]
    const auto blocks = everyBlock(t, options.block);
    const auto u = model.jepa->intervalEncodings(single->x, single->leads);
    std::vector<at::Tensor> residuals; // [S, n, D]
    for (std::int64_t first = 0; first < blocks.hidden.size(0); first += kSurpriseBatch) {
        const auto count = std::min(kSurpriseBatch, blocks.hidden.size(0) - first);
        const auto hidden = blocks.hidden.narrow(0, first, count);
        const auto predicted =
            model.jepa->predictHiddenFrom(expandRows(u, count), blocks.visible.narrow(0, first, count), hidden);
        residuals.push_back(predicted - target.index_select(0, hidden.flatten()).view(predicted.sizes()));
    }
    const auto residual = at::cat(residuals);
    const auto errors = latentError(residual, at::zeros_like(residual)); // [S, n]
    SurpriseResult out;
    out.perInterval = row(meanOverBlocks(errors, blocks.hidden, t).unsqueeze(0), 0);
    if (options.residuals)
        out.residual = row(meanOverBlocks(residual, blocks.hidden, t).unsqueeze(0), 0);
    auto sorted = out.perInterval;
    const auto tenth = std::max<std::ptrdiff_t>(1, (t + 9) / 10);
    std::partial_sort(sorted.begin(), sorted.begin() + tenth, sorted.end(), std::greater<>());
    out.recording = std::accumulate(sorted.begin(), sorted.begin() + tenth, 0.0F) / static_cast<float>(tenth);
    return out;
}

} // namespace precordia
