// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/predictor.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/clamp_max.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/where.h>

namespace precordia {

namespace {

// rows of a table [n, w] by index [N, S] -> [N, S, w]
at::Tensor rowsOf(const at::Tensor& table, const at::Tensor& index) {
    return table.index_select(0, index.flatten()).view({index.size(0), index.size(1), -1});
}

} // namespace

Predictor::Predictor(const Parameters& parameters, const std::string& prefix, std::int64_t depth, std::int64_t heads)
    : embed_(linearOf(parameters, prefix + "embed"))
    , mask_(parameters[prefix + "mask"])
    , place_(parameters[prefix + "place"])
    , blocks_(parameters, prefix + "blocks", depth, heads)
    , out_(linearOf(parameters, prefix + "out")) {
    if (!parameters.contains(prefix + "left_offset"))
        return;
    left_ = {linearOf(parameters, prefix + "left"), parameters[prefix + "left_offset"]};
    right_ = {linearOf(parameters, prefix + "right"), parameters[prefix + "right_offset"]};
}

at::Tensor Predictor::queries(const at::Tensor& x, const at::Tensor& visible, const at::Tensor& hidden) const {
    at::Tensor query = mask_ + rowsOf(place_, hidden);
    if (!left_)
        return query;
    const std::int64_t none = place_.size(0);                            // farther than any
    const at::Tensor ahead = hidden.unsqueeze(2) - visible.unsqueeze(1); // [N, H, V]
    const auto add = [&](const Side& side, const at::Tensor& distance) {
        const auto [least, which] =
            at::where(distance > 0, distance, at::full_like(distance, none)).min(2, /*keepdim=*/false);
#include <ATen/ops/clamp_max.h>
        // At an end nothing is visible on one side, which then adds nothing.
        const at::Tensor there = (least < none).unsqueeze(2);
        query = query + (side.from(take(x, which)) + rowsOf(side.offset, least.clamp_max(none - 1))) * there;
    };
    add(*left_, ahead);
    add(*right_, -ahead);
    return query;
}

at::Tensor Predictor::operator()(const at::Tensor& x, const at::Tensor& visible, const at::Tensor& hidden) const {
    const at::Tensor tokens = at::cat({embed_(x) + rowsOf(place_, visible), queries(x, visible, hidden)}, 1);
    return out_(blocks_(tokens, nullptr, visible.size(1)));
}

} // namespace precordia
