// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/flat_update.h"

#include <cmath>

// The same loops for several generations of processors; the loader chooses. Sanitizers run before that choice can.
#if defined(__x86_64__) && __GNUC__ >= 12 && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&                  \
    !defined(__SANITIZE_THREAD__)
#define PRECORDIA_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define PRECORDIA_CLONES
#endif

namespace precordia {

PRECORDIA_CLONES
void adamwUpdate(const AdamwStep& step, std::int64_t count, float* __restrict value, const float* __restrict gradient,
                 float* __restrict first, float* __restrict second) {
    const AdamwStep s = step;
    for (std::int64_t i = 0; i < count; ++i) {
        const float g = gradient[i];
        const float m = first[i] * s.beta1 + g * (1 - s.beta1);
        const float v = second[i] * s.beta2 + g * g * (1 - s.beta2);
        first[i] = m;
        second[i] = v;
        value[i] = value[i] * s.decay - s.rate * m / (std::sqrt(v) * s.secondScale + s.epsilon);
    }
}

PRECORDIA_CLONES
void averageUpdate(float momentum, std::int64_t count, float* __restrict teacher, const float* __restrict student) {
    const float m = momentum;
    for (std::int64_t i = 0; i < count; ++i)
        teacher[i] = teacher[i] * m + student[i] * (1 - m);
}

} // namespace precordia
