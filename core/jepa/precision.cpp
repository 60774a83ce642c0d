// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/precision.h"

#include "core/jepa/bf16_kernel.h"
#include "core/jepa/layers.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/ones.h>

#include <algorithm>
#include <chrono>

namespace precordia {

namespace {

thread_local Precision here = Precision::Float32;

double secondsOfBlock(const Block& block, const at::Tensor& x, Precision precision) {
    const PrecisionScope scope(precision);
    double best = 1e9;
    for (int i = 0; i < 4; ++i) { // the first one wakes libraries up
        const auto start = std::chrono::steady_clock::now();
        (void)block(x, nullptr);
        best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    return best;
}

bool fasterInBf16() {
    const at::NoGradGuard none;
    constexpr std::int64_t kWidth = 96;
    const auto matrix = [](std::int64_t out, std::int64_t in) {
        return Linear{at::ones({out, in}) * 0.01, at::ones({out})};
    };
    const LayerNorm norm{at::ones({kWidth}), at::ones({kWidth})};
    const Block block{norm, matrix(3 * kWidth, kWidth), matrix(kWidth, kWidth),
                      norm, matrix(4 * kWidth, kWidth), matrix(kWidth, 4 * kWidth),
                      3};
    const at::Tensor x = at::ones({50, 12, kWidth});
    return secondsOfBlock(block, x, Precision::BFloat16) < secondsOfBlock(block, x, Precision::Float32);
}

} // namespace

PrecisionScope::PrecisionScope(Precision precision) : before_(here) {
    here = precision;
}

PrecisionScope::~PrecisionScope() {
    here = before_;
}

Precision precisionHere() {
    return here;
}

Precision choosePrecision(const std::string& wanted, c10::Device device, const ModelConfig& model) {
    if (wanted != "auto")
        return wanted == "bf16" ? Precision::BFloat16 : Precision::Float32;
    if (!device.is_cpu())
        return Precision::BFloat16;
    if (model.width / model.heads % kBf16Lane != 0 || model.predictorWidth / model.predictorHeads % kBf16Lane != 0)
        return Precision::Float32;
    static const bool faster = avx512Bf16Kernels() != nullptr && fasterInBf16();
    return faster ? Precision::BFloat16 : Precision::Float32;
}

const char* precisionName(Precision precision) {
    return precision == Precision::BFloat16 ? "bf16" : "float32";
}

} // namespace precordia
