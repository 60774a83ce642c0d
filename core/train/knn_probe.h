// SPDX-License-Identifier: GPL-3.0-or-later
// What a run has learned, asked while it runs: do the nearest neighbours of a recording have its labels?
#pragma once

#include "core/engine/engine.h"
#include "core/jepa/model.h"

#include <ATen/core/Tensor.h>

#include <memory>

namespace precordia {

constexpr std::int64_t kNeighbours = 10;

// embeddings [n, F]: each dimension standardised, then cosine. The score of a row for a label is the share of positives
// among its k nearest rows of other groups whose label is known; AUROC of the scores, ties counting half; mean over the
// labels that have both kinds. values [n, labels] 1, 0, -1. NaN when no label has.
double knnAuroc(const at::Tensor& embeddings, const std::vector<int>& values, const std::vector<std::int64_t>& groups,
                std::int64_t k = kNeighbours);

class KnnProbe {
public:
    // Error ValueOutOfRange: a window or a label that cannot be.
    static Result<KnnProbe> make(std::shared_ptr<const WindowSource> windows,
                                 std::shared_ptr<const ProbeLabels> labels);
    // By the recording embeddings of the model as it is; on its device. Errors: LeadMissing, NotFinite.
    Result<double> operator()(const JepaModel& model) const;

private:
    std::shared_ptr<const WindowSource> windows_;
    std::shared_ptr<const ProbeLabels> labels_;
};

} // namespace precordia
