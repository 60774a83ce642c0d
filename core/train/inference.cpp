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

} // namespace

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
    const auto predicted =
        model.jepa->predictHidden(single->x, seenIndex.unsqueeze(0), hiddenIndex.unsqueeze(0), single->leads)[0];
    const auto target = model.jepa->eventTargets(single->x, single->leads)[0].index_select(0, hiddenIndex);
    // The visible intervals as the model saw them: the hidden ones do not shine through their context.
    const auto u = model.jepa->intervalEncodings(single->x, single->leads);
    const auto seen = plainLayerNorm(model.jepa->seenEvents(u, seenIndex.unsqueeze(0)))[0];

    auto events = at::empty({config.intervals, config.width}, seen.options());
    events.index_copy_(0, seenIndex, seen).index_copy_(0, hiddenIndex, predicted);
    const auto decoded = (*model.decoder)(events); // [T, L, P]
    const auto waveform = decoded.permute({1, 0, 2}).reshape({config.leadCount(), config.samples()}) *
                          microvoltsPerUnit(single->microvolts, config.scale)[0];
    const auto error =
        at::zeros({config.intervals}, seen.options()).index_copy_(0, hiddenIndex, latentError(predicted, target));

    Reconstruction out;
    out.leads = static_cast<int>(config.leadCount());
    out.samples = static_cast<int>(config.samples());
    out.intervals = static_cast<int>(config.intervals);
    out.waveform = row(waveform.unsqueeze(0), 0);
    out.hidden = std::move(isHidden);
    out.latentError = row(error.unsqueeze(0), 0);
    return out;
}

Result<SurpriseResult> surpriseOfWindow(const LoadedModel& model, const WindowSource& windows, std::int64_t index) {
    const PrecisionScope scope(model.precision);
    const at::NoGradGuard noGrad;
    if (auto can = checkPredicts(model); !can)
        return can.as<SurpriseResult>();
    const auto single = readSingle(model, windows, index);
    if (!single)
        return single.as<SurpriseResult>();
    const auto t = model.jepa->config().intervals;
    const auto target = model.jepa->eventTargets(single->x, single->leads)[0]; // [T, D]
    const auto places = at::arange(t, at::kLong);
    // Row i: all places but i.
    const auto others =
        places.expand({t, t}).masked_select(places.unsqueeze(1) != places.unsqueeze(0)).view({t, t - 1});
    const auto u = model.jepa->intervalEncodings(single->x, single->leads);
    std::vector<at::Tensor> errors;
    for (std::int64_t first = 0; first < t; first += kSurpriseBatch) {
        const auto count = std::min(kSurpriseBatch, t - first);
        const auto predicted = model.jepa->predictHiddenFrom(expandRows(u, count), others.narrow(0, first, count),
                                                             places.narrow(0, first, count).unsqueeze(1));
        errors.push_back(latentError(predicted.squeeze(1), target.narrow(0, first, count)));
    }
    SurpriseResult out;
    out.perInterval = row(at::cat(errors).unsqueeze(0), 0);
    auto sorted = out.perInterval;
    const auto tenth = std::max<std::ptrdiff_t>(1, (t + 9) / 10);
    std::partial_sort(sorted.begin(), sorted.begin() + tenth, sorted.end(), std::greater<>());
    out.recording = std::accumulate(sorted.begin(), sorted.begin() + tenth, 0.0F) / static_cast<float>(tenth);
    return out;
}

} // namespace precordia
