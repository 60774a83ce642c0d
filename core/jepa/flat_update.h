// SPDX-License-Identifier: GPL-3.0-or-later
// The optimiser's and the teacher's update of float arrays on the CPU, each in one pass over memory: a library's
// elementwise operations take one to three passes each, and at these sizes memory is what they wait for.
#pragma once

#include <cstdint>

namespace precordia {

// value -= rate * first / (sqrt(second) * secondScale + epsilon), after value *= decay and the moments' update: AdamW
// in the order of operations of torch.optim.AdamW.
struct AdamwStep {
    float beta1, beta2, decay, rate, secondScale, epsilon;
};
void adamwUpdate(const AdamwStep& step, std::int64_t count, float* value, const float* gradient, float* first,
                 float* second);

// teacher = momentum * teacher + (1 - momentum) * student
void averageUpdate(float momentum, std::int64_t count, float* teacher, const float* student);

} // namespace precordia
