// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/knn_probe.h"

#include "core/train/head_data.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>

namespace precordia {

namespace {

constexpr std::size_t kBatch = 16;

// Share of pairs of a positive and a negative that the score puts in order. NaN when one kind is absent.
double aurocOf(const at::Tensor& score, const at::Tensor& positive) {
    const auto p = score.masked_select(positive), n = score.masked_select(positive.logical_not());
    if (p.numel() == 0 || n.numel() == 0)
        return std::numeric_limits<double>::quiet_NaN();
    const auto difference = p.unsqueeze(1) - n.unsqueeze(0);
    return (difference.gt(0).to(at::kDouble) + 0.5 * difference.eq(0).to(at::kDouble)).mean().item<double>();
}

} // namespace

double knnAuroc(const at::Tensor& embeddings, const std::vector<int>& values, const std::vector<std::int64_t>& groups,
                std::int64_t k) {
    const at::NoGradGuard noGrad;
    const auto n = embeddings.size(0);
    if (n < 2 || !embeddings.isfinite().all().item<bool>())
        return std::numeric_limits<double>::quiet_NaN();
    const auto x = embeddings.to(at::kCPU, at::kDouble);
    const auto centred = x - x.mean(0);
    const auto standardised = centred / centred.square().mean(0).sqrt().clamp_min(1e-12);
    const auto unit = standardised / standardised.norm(2, {1}, true).clamp_min(1e-12);
    const auto group = at::tensor(groups);
    const auto cosine =
        at::mm(unit, unit.t()).masked_fill(group.unsqueeze(0) == group.unsqueeze(1), -2.0); // of oneself and one's kin
    const auto table = at::tensor(values).view({n, -1});
    double sum = 0;
    int labels = 0;
    for (std::int64_t l = 0; l < table.size(1); ++l) {
        const auto rows = table.select(1, l).ge(0).nonzero().squeeze(1);
        const auto truth = table.select(1, l).index_select(0, rows).to(at::kDouble);
        if (rows.size(0) < 2)
            continue;
        const auto among = cosine.index_select(0, rows).index_select(1, rows);
        const auto [likeness, place] = among.topk(std::min(k, rows.size(0)), 1);
        const auto counts = likeness.gt(-1.5).to(at::kDouble); // a row whose kin are all there is has fewer than k
        const auto score =
            (truth.index_select(0, place.flatten()).view(place.sizes()) * counts).sum(1) / counts.sum(1).clamp_min(1);
        const double auroc = aurocOf(score, truth.gt(0.5));
        if (auroc != auroc)
            continue;
        sum += auroc;
        ++labels;
    }
    return labels > 0 ? sum / labels : std::numeric_limits<double>::quiet_NaN();
}

Result<KnnProbe> KnnProbe::make(std::shared_ptr<const WindowSource> windows,
                                std::shared_ptr<const ProbeLabels> labels) {
    const auto n = labels->windows.size();
    if (labels->groups.size() != n || labels->values.size() != n * labels->names.size())
        return makeError(ErrorCode::ValueOutOfRange, "the labels of the k-NN probe do not fit its windows");
    for (const auto window : labels->windows)
        if (window < 0 || window >= windows->size())
            return makeError(ErrorCode::ValueOutOfRange,
                             "the k-NN probe asks for window " + std::to_string(window) + ", which is not there");
    for (const int value : labels->values)
        if (value < -1 || value > 1)
            return makeError(ErrorCode::ValueOutOfRange, "a label of the k-NN probe is " + std::to_string(value));
    KnnProbe probe;
    probe.windows_ = std::move(windows);
    probe.labels_ = std::move(labels);
    return probe;
}

Result<double> KnnProbe::operator()(const JepaModel& model) const {
    const at::NoGradGuard noGrad;
    const HeadWindows shown(*windows_, labels_->windows, model.config().leads, {});
    const auto device = model.parameters().all().front().second.device();
    std::vector<at::Tensor> parts;
    std::vector<int> values;
    std::vector<std::int64_t> groups;
    const auto names = labels_->names.size();
    for (std::size_t first = 0; first < labels_->windows.size(); first += kBatch) {
        std::vector<int> rows;
        for (std::size_t i = first; i < std::min(first + kBatch, labels_->windows.size()); ++i) {
            rows.push_back(static_cast<int>(i));
            groups.push_back(labels_->groups[i]);
            values.insert(values.end(), labels_->values.begin() + static_cast<std::ptrdiff_t>(i * names),
                          labels_->values.begin() + static_cast<std::ptrdiff_t>((i + 1) * names));
        }
        auto part = forRows(shown, model.config(), rows, [&](const at::Tensor& x, const at::Tensor& leads) {
            return model.embed(x.to(device), leads.defined() ? leads.to(device) : leads).to(at::kCPU);
        });
        if (!part)
            return part.as<double>();
        parts.push_back(std::move(*part));
    }
    return parts.empty() ? std::numeric_limits<double>::quiet_NaN() : knnAuroc(at::cat(parts), values, groups);
}

} // namespace precordia
