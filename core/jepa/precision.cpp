// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/precision.h"

#include "core/jepa/half_kernel.h"
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

Precision fastest() {
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
    Precision best = Precision::Float32;
    double least = secondsOfBlock(block, x, best);
    const auto consider = [&](Precision other) {
        if (const double seconds = secondsOfBlock(block, x, other); seconds < least)
            best = other, least = seconds;
    };
    if (avx512Bf16Kernels() != nullptr)
        consider(Precision::BFloat16);
    if (avx512Fp16Kernels() != nullptr)
        consider(Precision::Float16);
    return best;
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

bool hasPrecision(const std::string& wanted, c10::Device device) {
    return wanted != "fp16" || (device.is_cpu() && avx512Fp16Kernels() != nullptr);
}

Precision choosePrecision(const std::string& wanted, c10::Device device, const ModelConfig& model) {
    if (wanted != "auto" && hasPrecision(wanted, device))
        return wanted == "bf16" ? Precision::BFloat16 : wanted == "fp16" ? Precision::Float16 : Precision::Float32;
    if (!device.is_cpu())
        return Precision::BFloat16;
    if (model.width / model.heads % kHalfLane != 0 || model.predictorWidth / model.predictorHeads % kHalfLane != 0)
        return Precision::Float32;
    static const Precision best = fastest();
    return best;
}

const char* precisionName(Precision precision) {
    switch (precision) {
    case Precision::BFloat16:
        return "bf16";
    case Precision::Float16:
        return "fp16";
    case Precision::Float32:
        break;
    }
    return "float32";
}

} // namespace precordia
