// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers that products are made of. Weights, sums, normalisation, losses and the optimiser are float32 in each.
// bf16 keeps float32's range, so no loss needs scaling; fp16 does not, so each block's gradient is scaled by a power of
// two (half_layers.cpp), and single linear layers stay float32.
#pragma once

#include "core/jepa/config.h"

#include <c10/core/Device.h>

#include <string>

namespace precordia {

enum class Precision { Float32, BFloat16, Float16 };

// What layers compute in, on this thread, while it lives (as autocast does). Float32 where none lives.
class PrecisionScope {
public:
    explicit PrecisionScope(Precision precision);
    ~PrecisionScope();
    PrecisionScope(const PrecisionScope&) = delete;
    PrecisionScope& operator=(const PrecisionScope&) = delete;

private:
    Precision before_;
};

Precision precisionHere();

// fp16 needs a processor with AVX512-FP16; the others can be had everywhere.
bool hasPrecision(const std::string& wanted, c10::Device device);

// "float32", "bf16", "fp16", or "auto" (and fp16 where it cannot be had): bf16 on a CUDA device; on a processor
// whichever is measured fastest (a few ms, once) of float32, bf16 where there is AVX512-BF16 and fp16 where there is
// AVX512-FP16, for models that the kernels take: heads of a multiple of 16.
Precision choosePrecision(const std::string& wanted, c10::Device device, const ModelConfig& model);
const char* precisionName(Precision precision);

} // namespace precordia
