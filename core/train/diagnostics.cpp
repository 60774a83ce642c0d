// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/diagnostics.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

constexpr std::int64_t kBatch = 16;

} // namespace

void LevelStatistics::add(const at::Tensor& x) {
    const auto b = x.size(0);
    const auto t = x.size(1);
    const auto d = x.size(3);
    const auto rows = x.reshape({-1, d}).to(at::kDouble);
    if (rows_ == 0) {
        sum_ = at::zeros({d}, rows.options());
        gram_ = at::zeros({d, d}, rows.options());
        direction_ = at::zeros({d}, rows.options());
    }
    rows_ += rows.size(0);
    recordings_ += b;
    rowsEach_ = t * x.size(2);
    intervals_ = t;
    sum_ += rows.sum(0);
    gram_ += at::mm(rows.t(), rows);
    const auto unit = (rows / rows.norm(2, {1}, true).clamp_min(1e-12)).view({b, rowsEach_, d}).sum(1);
    direction_ += unit.sum(0);
    directionSquares_ += unit.square().sum().item<double>();
    if (t > 1)
        temporal_ += x.to(at::kDouble).std(at::IntArrayRef{1}, /*unbiased=*/true).mean({1, 2}).sum().item<double>();
}

void LevelStatistics::compare(const at::Tensor& student, const at::Tensor& teacher) {
    const auto t = teacher.to(at::kDouble);
    gapSquares_ += (student.to(at::kDouble) - t).square().sum().item<double>();
    teacherSquares_ += t.square().sum().item<double>();
}

LevelDiagnostics LevelStatistics::result() const {
    LevelDiagnostics out;
    if (teacherSquares_ > 0 && std::isfinite(gapSquares_))
        out.teacherGap = std::sqrt(gapSquares_ / teacherSquares_);
    // Encodings that are not finite have no spread to speak of; all zeros read as collapsed.
    if (rows_ < 2 || !gram_.isfinite().all().item<bool>())
        return out;
    const auto n = static_cast<double>(rows_);
    const auto mean = sum_ / n;
    const auto variance = (gram_.diagonal() / n - mean.square()).clamp_min(0) * (n / (n - 1));
    out.std = variance.sqrt().mean().item<double>();
    // RankMe (Garrido et al. 2023): of the table as it is, so that encodings that are all one vector have rank 1. The
    // singular values are the roots of its Gram matrix's eigenvalues.
    const auto singular = at::linalg_eigvalsh(gram_).clamp_min(0).sqrt();
    const auto total = singular.sum().item<double>();
    if (total > 0) {
        const auto p = singular / total;
        out.effectiveRank = std::exp(-(p * (p + 1e-12).log()).sum().item<double>());
    }
    if (recordings_ > 1) {
        const auto pairs = static_cast<double>(recordings_) * static_cast<double>(recordings_ - 1) *
                           static_cast<double>(rowsEach_) * static_cast<double>(rowsEach_);
        out.meanCosine = (direction_.square().sum().item<double>() - directionSquares_) / pairs;
    }
    out.temporalStd = intervals_ > 1 ? temporal_ / static_cast<double>(recordings_) : 0;
    return out;
}

namespace {

// The teacher as a model of its own, whatever the architecture; nullptr where there is none.
std::shared_ptr<const JepaModel> teacherOf(const JepaModel& model) {
    if (!model.config().hasTeacher())
        return nullptr;
    constexpr std::string_view kEncoder = "encoder.";
    auto tensors = model.parameters().all();
    for (auto& [name, tensor] : tensors)
        if (name.starts_with(kEncoder))
            tensor = model.parameters()["target." + name.substr(kEncoder.size())];
    const auto parameters = Parameters::fromTensors(model.config(), tensors); // not finite: there is nothing to compare
    return parameters ? JepaModel::make(model.config(), *parameters) : nullptr;
}

} // namespace

Diagnostics diagnose(const JepaModel& model, const at::Tensor& x, const at::Tensor& leads) {
    const auto teacher = teacherOf(model);
    LevelStatistics lead;
    LevelStatistics interval;
    LevelStatistics event;
    LevelStatistics recording;
    for (std::int64_t first = 0; first < x.size(0); first += kBatch) {
        const auto batch = x.narrow(0, first, std::min(kBatch, x.size(0) - first));
        const auto leadsOfEach = leads.defined() ? leads.expand({batch.size(0), leads.size(0)}) : leads;
        const auto encodings = model.encode(batch, leadsOfEach);
        lead.add(encodings.lead);
        interval.add(encodings.interval.unsqueeze(2));
        event.add(encodings.event.unsqueeze(2));
        const auto embedding = JepaModel::recordingEmbedding(encodings);
        recording.add(embedding.unsqueeze(1).unsqueeze(1));
        if (first >= kTeacherWindows || !teacher)
            continue;
        const auto target = teacher->encode(batch, leadsOfEach);
        lead.compare(encodings.lead, target.lead);
        interval.compare(encodings.interval, target.interval);
        event.compare(encodings.event, target.event);
        recording.compare(embedding, JepaModel::recordingEmbedding(target));
    }
    return {{"lead", lead.result()},
            {"interval", interval.result()},
            {"event", event.result()},
            {"recording", recording.result()}};
}

} // namespace precordia
