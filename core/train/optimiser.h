// SPDX-License-Identifier: GPL-3.0-or-later
// AdamW (Loshchilov, Hutter 2019) in the order of operations of torch.optim.AdamW, on one flat buffer each for values,
// gradients and the two moments: a step is a few passes over memory however many tensors the model has.
#pragma once

#include "core/jepa/safetensors.h"

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>
#include <vector>

namespace precordia {

class AdamW {
public:
    // Moves the tensors' storage (and their gradients') into the flat buffers; handles held elsewhere stay valid.
    // One-dimensional ones are not decayed.
    AdamW(NamedTensors parameters, std::array<double, 2> betas, double weightDecay);

    void zeroGradient();
    at::Tensor& gradient() { return gradient_; } // of all parameters, flat: to be summed over processes
    // Total norm before; scales the gradient down to maxNorm when it is larger (0: only measures).
    at::Tensor clipGradient(double maxNorm);
    void step(double learningRate);
    std::int64_t steps() const { return steps_; }

    // "optimiser.first.<name>", "optimiser.second.<name>": views, to be written at once
    NamedTensors state() const;
    // Error ModelInvalid names the tensor that is absent or does not fit.
    Result<Done> restore(const TensorFile& file, std::int64_t steps);

private:
    void onePass(std::int64_t first, std::int64_t last, double decay, double rate, double correction2);

    NamedTensors parameters_;  // decayed ones first
    std::int64_t decayed_ = 0; // elements
    std::array<double, 2> betas_;
    double weightDecay_;
    std::int64_t steps_ = 0;
    at::Tensor value_, gradient_, first_, second_;
};

} // namespace precordia
