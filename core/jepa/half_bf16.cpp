// SPDX-License-Identifier: GPL-3.0-or-later
// The kernels for processors with AVX512-BF16. All of this file's own code, and nothing of the headers, is compiled for
// them: an inline function of the standard library may not end up in the program with instructions others lack.
#include "core/jepa/half_kernel.h"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstring>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#include <immintrin.h>

#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx2,fma,bmi2,prefer-vector-width=512")

namespace precordia {
namespace avx512 {

constexpr const char* kName = "AVX512-BF16";

#define PRECORDIA_HALF_LANES "core/jepa/half_lanes_bf16.inc"
#include "core/jepa/half_body.inc"

} // namespace avx512

#pragma GCC pop_options

const HalfKernels* avx512Bf16Kernels() {
    static const bool there = __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw") &&
                              __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
    return there ? &avx512::kKernels : nullptr;
}

} // namespace precordia

#else

namespace precordia {

const HalfKernels* avx512Bf16Kernels() {
    return nullptr;
}

} // namespace precordia

#endif
