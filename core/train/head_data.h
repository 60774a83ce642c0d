// SPDX-License-Identifier: GPL-3.0-or-later
// What a head learns from: labels as tensors, their weights and loss, the inner part that tells when to stop, and the
// windows it is shown.
#pragma once

#include "core/engine/head.h"
#include "core/jepa/config.h"

#include <ATen/core/Tensor.h>

#include <functional>
#include <vector>

namespace precordia {

// Errors: ConfigInvalid, ValueOutOfRange, NotFound (a split with nothing to learn from); the row or split is named.
Result<Done> checkHeadRequest(const HeadRequest& request, const ModelConfig& model);

struct HeadTargets {
    bool multiLabel = true;
    std::int64_t classes = 1;
    at::Tensor value; // [rows, classes] 0 or 1; one of several: [rows] class numbers
    at::Tensor known; // the same shape, 0 or 1
};
HeadTargets targetsOf(const HeadRequest& request);
// [classes], as HeadRequest::classWeights has them
at::Tensor classWeightsOf(const HeadRequest& request, const HeadTargets& targets, const std::vector<int>& train);
// Weighted mean over what is known; 0 when nothing is. logits [n, classes] of the rows.
at::Tensor headLoss(const at::Tensor& logits, const HeadTargets& targets, const std::vector<int>& rows,
                    const at::Tensor& weights);

// The split with a validation part: its own, or about `share` of the training patients, drawn by the seed and as equal
// in labels as their number allows. None when fewer than kInnerLeast rows of a known label are there to learn from.
constexpr int kInnerLeast = 20;
HeadSplit withValidation(const HeadRequest& request, const HeadSplit& split, double share, std::uint64_t seed);

// The windows of a request with the leads it allows: the others count as absent.
class HeadWindows final : public WindowSource {
public:
    HeadWindows(const WindowSource& windows, const std::vector<std::int64_t>& rows,
                const std::vector<std::string>& modelLeads, const std::vector<std::string>& allowed);
    std::int64_t size() const override;
    WindowShape shape() const override { return windows_.shape(); }
    void read(std::int64_t row, std::span<float> out, std::span<std::uint8_t> leadPresent) const override;
    std::string dataHash() const override { return windows_.dataHash(); }
    std::int64_t window(std::int64_t row) const;

private:
    const WindowSource& windows_;
    std::vector<std::int64_t> rows_;
    std::vector<std::uint8_t> allowed_; // [leads]; empty: all
};

// each(x [n, K, N] standardised, leads [n, K] or undefined for all) -> [n, ...], for all rows with equal leads at once;
// put together in the order of `rows`. Errors: LeadMissing, NotFinite (a window's samples); the window is named.
Result<at::Tensor> forRows(const HeadWindows& windows, const ModelConfig& model, const std::vector<int>& rows,
                           const std::function<at::Tensor(const at::Tensor&, const at::Tensor&)>& each);

at::Tensor indexOf(const std::vector<int>& rows); // int64

} // namespace precordia
