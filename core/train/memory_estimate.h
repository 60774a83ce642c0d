// SPDX-License-Identifier: GPL-3.0-or-later
// What a training step will take of a device's memory, before it begins: better a sentence than a run that ends after
// an hour.
#pragma once

#include "core/base/result.h"
#include "core/jepa/config.h"
#include "core/jepa/precision.h"

#include <cstdint>
#include <string>

namespace precordia {

struct MemoryEstimate {
    std::int64_t weights = 0;     // values, gradients, both moments, teacher
    std::int64_t activations = 0; // what the backward pass needs again, and the teacher's largest layer
    std::int64_t total() const { return weights + activations; } // bytes
};

// Of the terms that grow with the configuration, activations of ER-JEPA alone; within about a third of what was
// measured (docs/results.md).
MemoryEstimate estimateMemory(const ModelConfig& model, std::int64_t batch, Precision precision);

// Error OutOfMemory with the estimate, the device's memory and what to change, when it cannot fit. deviceBytes 0: not
// known, fits.
Result<Done> checkMemory(const ModelConfig& model, std::int64_t batch, Precision precision, std::int64_t deviceBytes,
                         const std::string& deviceName);

} // namespace precordia
