// SPDX-License-Identifier: GPL-3.0-or-later
// From the visible tokens and the places of the hidden ones, the hidden ones' encodings. Narrower than the encoder.
#pragma once

#include "core/jepa/layers.h"

namespace precordia {

class Predictor {
public:
    // prefix: "channel_predictor." (places are leads) or "temporal_predictor." (places are intervals)
    Predictor(const Parameters& parameters, const std::string& prefix, std::int64_t depth, std::int64_t heads);

    // x [N, V, D], visible [N, V], hidden [N, H] -> [N, H, D], in the scale of layer-normed targets
    at::Tensor operator()(const at::Tensor& x, const at::Tensor& visible, const at::Tensor& hidden) const;

private:
    Linear embed_;
    at::Tensor mask_, place_;
    Transformer blocks_;
    Linear out_;
};

} // namespace precordia
