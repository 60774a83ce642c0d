// SPDX-License-Identifier: GPL-3.0-or-later
// The kernels for processors with AVX512-FP16; as half_bf16.cpp.
#include "core/jepa/half_kernel.h"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstring>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#include <cpuid.h>
#include <immintrin.h>

#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,avx512fp16,avx2,fma,bmi2,prefer-vector-width=512")

namespace precordia {
namespace fp16 {

constexpr const char* kName = "AVX512-FP16";

#define PRECORDIA_HALF_LANES "core/jepa/half_lanes_fp16.inc"
#include "core/jepa/half_body.inc"

} // namespace fp16

#pragma GCC pop_options

const HalfKernels* avx512Fp16Kernels() {
    static const bool there = __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
                              __builtin_cpu_supports("avx512dq") && [] {
                                  unsigned a = 0, b = 0, c = 0, d = 0; // GCC 12 does not know it by name
                                  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (d >> 23 & 1U) != 0;
                              }();
    return there ? &fp16::kKernels : nullptr;
}

} // namespace precordia

#else

namespace precordia {

const HalfKernels* avx512Fp16Kernels() {
    return nullptr;
}

} // namespace precordia

#endif
