// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/predictor.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>

namespace precordia {

Predictor::Predictor(const Parameters& parameters, const std::string& prefix, std::int64_t depth, std::int64_t heads)
    : embed_(linearOf(parameters, prefix + "embed"))
    , mask_(parameters[prefix + "mask"])
    , place_(parameters[prefix + "place"])
    , blocks_(parameters, prefix + "blocks", depth, heads)
    , out_(linearOf(parameters, prefix + "out")) {}

at::Tensor Predictor::operator()(const at::Tensor& x, const at::Tensor& visible, const at::Tensor& hidden) const {
    const auto placesOf = [this](const at::Tensor& index) {
        return place_.index_select(0, index.flatten()).view({index.size(0), index.size(1), -1});
    };
    const at::Tensor tokens = at::cat({embed_(x) + placesOf(visible), mask_ + placesOf(hidden)}, 1);
    return out_(blocks_(tokens, nullptr, visible.size(1)));
}

} // namespace precordia
