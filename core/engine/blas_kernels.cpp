// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/blas_kernels.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <dlfcn.h>

namespace precordia {

std::string betterKernels(std::string chosen, bool avx2, bool avx512) {
    // Kernels without AVX: what OpenBLAS's dynamic.c ends with when it knows no better, by the vectors it tested.
    constexpr std::array kWithoutAvx = {"prescott",     "core2",     "katmai",     "coppermine", "northwood", "banias",
                                        "penryn",       "nehalem",   "dunnington", "atom",       "athlon",    "opteron",
                                        "opteron_sse3", "barcelona", "bobcat",     "unknown"};
    std::ranges::transform(chosen, chosen.begin(), [](unsigned char c) { return std::tolower(c); });
    const auto isOneOf = [&](const auto& names) { return std::ranges::find(names, chosen) != names.end(); };
    // Of AVX-512 only what falls short of AVX2 is mended: wider kernels are not faster on every processor, and OpenBLAS
    // knows why it took Haswell's for one that it knows.
    if (!isOneOf(kWithoutAvx))
        return {};
    return avx512 ? "SkylakeX" : avx2 ? "Haswell" : "";
}

std::string betterOpenBlasKernels() {
#if defined(__x86_64__)
    void* library = ::dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr)
        return {};
    const auto nameOf = reinterpret_cast<const char* (*)()>(::dlsym(library, "openblas_get_corename"));
    const std::string chosen = nameOf != nullptr ? nameOf() : "";
    ::dlclose(library);
    __builtin_cpu_init();
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    return betterKernels(chosen, avx2, avx512);
#else
    return {};
#endif
}

} // namespace precordia
