// SPDX-License-Identifier: GPL-3.0-or-later
// The kernels of core/jepa/bf16_kernel.h for any processor. Slower than float32: for those who ask for bf16 by name,
// and for the tests of the sanitizers.
#include "core/jepa/bf16_kernel.h"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstring>

namespace precordia {
namespace portable {

constexpr const char* kName = "portable bf16";

#define PRECORDIA_BF16_LANES "core/jepa/bf16_lanes_portable.inc"
#include "core/jepa/bf16_body.inc"

} // namespace portable

std::int64_t Bf16Shape::tileSequences() const {
    constexpr std::int64_t kRows = 192;
    return tokens >= kRows ? 1 : kRows / tokens;
}

std::int64_t Bf16Shape::tiles() const {
    return (sequences + tileSequences() - 1) / tileSequences();
}

bool Bf16Shape::fits() const {
    return sequences > 0 && tokens > 0 && tokens <= kBf16MaxTokens && from >= 0 && from < tokens && heads > 0 &&
           width % heads == 0 && width / heads % kBf16Lane == 0 && hidden % kBf16Lane == 0;
}

const Bf16Kernels& portableBf16Kernels() {
    return portable::kKernels;
}

const Bf16Kernels& bf16Kernels() {
    static const Bf16Kernels& best = avx512Bf16Kernels() != nullptr ? *avx512Bf16Kernels() : portable::kKernels;
    return best;
}

} // namespace precordia
