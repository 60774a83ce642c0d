// SPDX-License-Identifier: GPL-3.0-or-later
// The kernels of core/jepa/half_kernel.h for any processor. Slower than float32: for those who ask for bf16 by name,
// and for the tests of the sanitizers.
#include "core/jepa/half_kernel.h"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstring>

namespace precordia {
namespace portable {

constexpr const char* kName = "portable bf16";

#define PRECORDIA_HALF_LANES "core/jepa/half_lanes_portable.inc"
#include "core/jepa/half_body.inc"

} // namespace portable

std::int64_t HalfShape::tileSequences() const {
    constexpr std::int64_t kRows = 192;
    return tokens >= kRows ? 1 : kRows / tokens;
}

std::int64_t HalfShape::tiles() const {
    return (sequences + tileSequences() - 1) / tileSequences();
}

bool HalfShape::fits() const {
    return sequences > 0 && tokens > 0 && tokens <= kHalfMaxTokens && from >= 0 && from < tokens && heads > 0 &&
           width % heads == 0 && width / heads % kHalfLane == 0 && hidden % kHalfLane == 0;
}

const HalfKernels& portableBf16Kernels() {
    return portable::kKernels;
}

const HalfKernels& bf16Kernels() {
    static const HalfKernels& best = avx512Bf16Kernels() != nullptr ? *avx512Bf16Kernels() : portable::kKernels;
    return best;
}

} // namespace precordia
