// SPDX-License-Identifier: GPL-3.0-or-later
// From the visible tokens and the places of the hidden ones, the hidden ones' encodings. Narrower than the encoder.
// A hidden token is a mask token at its place. With the parameters left and right (predictor_query "neighbours") it
// also takes from the nearest visible token on either side, and from how far that is: without them, hundreds of steps
// go by before attention finds the neighbours at all, and with them where a beat falls is learned within those.
#pragma once

#include "core/jepa/layers.h"

#include <optional>

namespace precordia {

class Predictor {
public:
    // prefix: "channel_predictor." (places are leads) or "temporal_predictor." (places are intervals)
    Predictor(const Parameters& parameters, const std::string& prefix, std::int64_t depth, std::int64_t heads);

    // x [N, V, D], visible [N, V], hidden [N, H] -> [N, H, D], in the scale of layer-normed targets
    at::Tensor operator()(const at::Tensor& x, const at::Tensor& visible, const at::Tensor& hidden) const;

private:
    at::Tensor queries(const at::Tensor& x, const at::Tensor& visible, const at::Tensor& hidden) const;

    Linear embed_;
    at::Tensor mask_, place_;
    struct Side {
        Linear from;       // D -> w
        at::Tensor offset; // [places, w], by distance
    };
    std::optional<Side> left_, right_;
    Transformer blocks_;
    Linear out_;
};

} // namespace precordia
