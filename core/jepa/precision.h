// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers that products are made of. Weights, sums, normalisation, losses and the optimiser are float32 in either;
// bf16 keeps float32's range, so no loss needs scaling.
#pragma once

#include "core/jepa/config.h"

#include <c10/core/Device.h>

#include <string>

namespace precordia {

enum class Precision { Float32, BFloat16 };

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

// "float32", "bf16", or "auto": bf16 on a CUDA device, and on a processor that has AVX512-BF16 and is measured faster
// with it (a few ms, once) for models that the kernels take: heads of a multiple of 16.
Precision choosePrecision(const std::string& wanted, c10::Device device, const ModelConfig& model);
const char* precisionName(Precision precision);

} // namespace precordia
