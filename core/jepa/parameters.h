// SPDX-License-Identifier: GPL-3.0-or-later
// A model's tensors by name, in the order and with the names of the reference's state_dict:
// encoder.patch_weight, encoder.channel.blocks.0.attn.qkv.weight, ..., channel_predictor.mask, ..., target....;
// those of the rivals as tests/golden/reference/rivals.py names them
// (and event_decoder.* once a decoder was fitted). The handles are shared: what holds one sees every in-place change.
#pragma once

#include "core/jepa/config.h"
#include "core/jepa/safetensors.h"

#include <ATen/core/Tensor.h>

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace precordia {

class Parameters {
public:
    // Initialised as the reference does (truncated normal 0.02, patches 1/sqrt(P), ...), on the CPU, from `seed` alone.
    static Parameters initialise(const ModelConfig& config, std::uint64_t seed);
    // From a file's tensors; what stands beside a model (event_decoder.*, optimiser state) is not looked at.
    // Error ModelInvalid names the tensor that is absent, of another shape or type, not finite, or of a model of
    // another configuration.
    static Result<Parameters> fromTensors(const ModelConfig& config, const NamedTensors& tensors);

    const at::Tensor& operator[](std::string_view name) const; // std::out_of_range for a name that is not there
    bool contains(std::string_view name) const;
    const NamedTensors& all() const { return tensors_; }
    NamedTensors trainable() const;          // those with requires_grad: encoder and predictors
    std::vector<at::Tensor> encoder() const; // same order as target()
    std::vector<at::Tensor> target() const;
    // On another device, or in double for tests; shares what needs no change, keeps requires_grad.
    Parameters to(const at::TensorOptions& options) const;

private:
    void add(std::string name, at::Tensor tensor, bool trainable);

    NamedTensors tensors_;
    std::unordered_map<std::string, std::size_t> byName_;
};

// The shapes a model of this configuration has, in order.
std::vector<std::pair<std::string, std::vector<std::int64_t>>> parameterShapes(const ModelConfig& config);
at::Tensor sinusoids(std::int64_t n, std::int64_t width); // [n, width], the places in time

} // namespace precordia
