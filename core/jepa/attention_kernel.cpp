// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/attention_kernel.h"

#include <algorithm>
#include <cmath>

// The same code for several generations of processors; the loader chooses. Sanitizers run before that choice can.
#if defined(__x86_64__) && __GNUC__ >= 12 && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&                  \
    !defined(__SANITIZE_THREAD__)
#define PRECORDIA_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define PRECORDIA_CLONES
#endif
#define PRECORDIA_INLINE inline __attribute__((always_inline))

namespace precordia {

namespace {

constexpr std::int64_t kLane = kAttentionLane;
// Sixteen floats in whatever registers the processor has; unaligned, as heads lie anywhere.
using Lane = float __attribute__((vector_size(64), aligned(4), may_alias));
using IntLane = std::int32_t __attribute__((vector_size(64), aligned(4), may_alias));

PRECORDIA_INLINE Lane& at(float* p) {
    return *reinterpret_cast<Lane*>(p);
}
PRECORDIA_INLINE const Lane& at(const float* p) {
    return *reinterpret_cast<const Lane*>(p);
}

// C[a][i] = scale * sum over b of A(a, b) * B[b][i], i in whole lanes. R rows and one or two lanes stay in registers.
template <int R, int L>
PRECORDIA_INLINE void productTile(float* c, std::int64_t cRow, const float* a, std::int64_t aRow, std::int64_t aColumn,
                                  const float* b, std::int64_t bRow, std::int64_t count, float scale) {
    Lane sum[R][L] = {};
    for (std::int64_t j = 0; j < count; ++j) {
        Lane row[L];
        for (int l = 0; l < L; ++l)
            row[l] = at(b + j * bRow + l * kLane);
#pragma GCC unroll 6
        for (int r = 0; r < R; ++r)
#pragma GCC unroll 2
            for (int l = 0; l < L; ++l)
                sum[r][l] += a[r * aRow + j * aColumn] * row[l];
    }
#pragma GCC unroll 6
    for (int r = 0; r < R; ++r)
#pragma GCC unroll 2
        for (int l = 0; l < L; ++l)
            at(c + r * cRow + l * kLane) = sum[r][l] * scale;
}

template <int L>
PRECORDIA_INLINE void productRows(float* c, std::int64_t cRow, const float* a, std::int64_t aRow, std::int64_t aColumn,
                                  const float* b, std::int64_t bRow, std::int64_t rows, std::int64_t count,
                                  float scale) {
    std::int64_t r = 0;
    for (; r + 6 <= rows; r += 6)
        productTile<6, L>(c + r * cRow, cRow, a + r * aRow, aRow, aColumn, b, bRow, count, scale);
    for (; r + 2 <= rows; r += 2)
        productTile<2, L>(c + r * cRow, cRow, a + r * aRow, aRow, aColumn, b, bRow, count, scale);
    for (; r < rows; ++r)
        productTile<1, L>(c + r * cRow, cRow, a + r * aRow, aRow, aColumn, b, bRow, count, scale);
}

PRECORDIA_INLINE void product(float* c, std::int64_t cRow, const float* a, std::int64_t aRow, std::int64_t aColumn,
                              const float* b, std::int64_t bRow, std::int64_t rows, std::int64_t count,
                              std::int64_t columns, float scale) {
    std::int64_t i = 0;
    for (; i + 2 * kLane <= columns; i += 2 * kLane)
        productRows<2>(c + i, cRow, a, aRow, aColumn, b + i, bRow, rows, count, scale);
    if (i < columns)
        productRows<1>(c + i, cRow, a, aRow, aColumn, b + i, bRow, rows, count, scale);
}

// [tokens][width] -> [width][padded], the padding 0
PRECORDIA_INLINE void transpose(float* out, std::int64_t padded, const float* in, std::int64_t token,
                                std::int64_t tokens, std::int64_t width) {
    for (std::int64_t i = 0; i < width; ++i) {
        for (std::int64_t t = 0; t < tokens; ++t)
            out[i * padded + t] = in[t * token + i];
        for (std::int64_t t = tokens; t < padded; ++t)
            out[i * padded + t] = 0;
    }
}

// e^x for x <= 0, to two units in the last place: range reduction by ln 2 in two parts and a polynomial of degree 6
// (Cephes).
PRECORDIA_INLINE void exponential(Lane& x) {
    constexpr float kRound = 12582912.0F; // 1.5 * 2^23: adding it rounds to whole numbers
    const Lane floor = Lane{} - 87.0F;
    x = x < floor ? floor : x; // NaN stays: a loss that is not finite must be seen
    const Lane n = (x * 1.44269504088896341F + kRound) - kRound;
    const Lane r = (x - n * 0.693359375F) + n * 2.12194440e-4F;
    Lane p = r * 1.9875691500e-4F + 1.3981999507e-3F;
    p = p * r + 8.3334519073e-3F;
    p = p * r + 4.1665795894e-2F;
    p = p * r + 1.6666665459e-1F;
    p = p * r + 5.0000001201e-1F;
    p = p * r * r + r + 1.0F;
    const IntLane power = (__builtin_convertvector(n, IntLane) + 127) << 23;
    x = p * reinterpret_cast<const Lane&>(power);
}

// Softmax of a row of which only the first `keys` numbers count; the padding becomes 0.
PRECORDIA_INLINE void softmax(float* row, std::int64_t keys, std::int64_t padded) {
    float largest = row[0];
    for (std::int64_t t = 1; t < keys; ++t)
        largest = std::max(largest, row[t]);
    for (std::int64_t t = 0; t < padded; t += kLane) {
        Lane x = at(row + t) - largest;
        exponential(x);
        at(row + t) = x;
    }
    std::fill(row + keys, row + padded, 0.0F);
    float sum = 0;
    for (std::int64_t t = 0; t < keys; ++t)
        sum += row[t];
    const float scale = 1 / sum;
    for (std::int64_t t = 0; t < padded; t += kLane)
        at(row + t) = at(row + t) * scale;
}

// Through the softmax: gradient of the scores in place of that of the probabilities.
PRECORDIA_INLINE void softmaxBackward(float* gradient, const float* p, std::int64_t padded, float scale) {
    float sum = 0;
    for (std::int64_t t = 0; t < padded; ++t)
        sum += gradient[t] * p[t];
    for (std::int64_t t = 0; t < padded; t += kLane)
        at(gradient + t) = (at(gradient + t) - sum) * at(p + t) * scale;
}

} // namespace

std::int64_t AttentionShape::paddedKeys() const {
    return (keys + kLane - 1) / kLane * kLane;
}

bool AttentionShape::fits() const {
    return keys >= 1 && keys <= kAttentionMaxKeys && rows <= kAttentionMaxKeys && width >= kLane &&
           width <= kAttentionMaxWidth && width % kLane == 0;
}

PRECORDIA_CLONES
void attentionForward(const AttentionShape& shape, Tokens<const float> q, Tokens<const float> k, Tokens<const float> v,
                      Tokens<float> out, float* probabilities, std::int64_t first, std::int64_t last) {
    alignas(64) float transposed[kAttentionMaxWidth * kAttentionMaxKeys];
    const std::int64_t padded = shape.paddedKeys(), w = shape.width;
    const float scale = 1 / std::sqrt(static_cast<float>(w));
    for (std::int64_t n = first; n < last; ++n)
        for (std::int64_t h = 0; h < shape.heads; ++h) {
            float* p = probabilities + (n * shape.heads + h) * shape.rows * padded;
            transpose(transposed, padded, k.data + n * k.sequence + h * w, k.token, shape.keys, w);
            product(p, padded, q.data + n * q.sequence + h * w, q.token, 1, transposed, padded, shape.rows, w, padded,
                    scale);
            for (std::int64_t r = 0; r < shape.rows; ++r)
                softmax(p + r * padded, shape.keys, padded);
            product(out.data + n * out.sequence + h * w, out.token, p, padded, 1, v.data + n * v.sequence + h * w,
                    v.token, shape.rows, shape.keys, w, 1);
        }
}

PRECORDIA_CLONES
void attentionBackward(const AttentionShape& shape, Tokens<const float> q, Tokens<const float> k, Tokens<const float> v,
                       const float* probabilities, Tokens<const float> outGradient, Tokens<float> qGradient,
                       Tokens<float> kGradient, Tokens<float> vGradient, std::int64_t first, std::int64_t last) {
    alignas(64) float transposed[kAttentionMaxWidth * kAttentionMaxKeys];
    alignas(64) float scores[kAttentionMaxKeys * kAttentionMaxKeys];
    const std::int64_t padded = shape.paddedKeys(), w = shape.width, rows = shape.rows, keys = shape.keys;
    const float scale = 1 / std::sqrt(static_cast<float>(w));
    for (std::int64_t n = first; n < last; ++n)
        for (std::int64_t h = 0; h < shape.heads; ++h) {
            const float* p = probabilities + (n * shape.heads + h) * rows * padded;
            const float* g = outGradient.data + n * outGradient.sequence + h * w;
            product(vGradient.data + n * vGradient.sequence + h * w, vGradient.token, p, 1, padded, g,
                    outGradient.token, keys, rows, w, 1);
            transpose(transposed, padded, v.data + n * v.sequence + h * w, v.token, keys, w);
            product(scores, padded, g, outGradient.token, 1, transposed, padded, rows, w, padded, 1);
            for (std::int64_t r = 0; r < rows; ++r)
                softmaxBackward(scores + r * padded, p + r * padded, padded, scale);
            product(qGradient.data + n * qGradient.sequence + h * w, qGradient.token, scores, padded, 1,
                    k.data + n * k.sequence + h * w, k.token, rows, keys, w, 1);
            product(kGradient.data + n * kGradient.sequence + h * w, kGradient.token, scores, 1, padded,
                    q.data + n * q.sequence + h * w, q.token, keys, rows, w, 1);
        }
}

} // namespace precordia
