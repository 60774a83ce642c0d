// SPDX-License-Identifier: GPL-3.0-or-later
// A transformer block on the CPU with 16-bit products, in plain arrays: layer norm, attention, residuals and GELU are
// done on a tile of rows while it lies in the second-level cache, between two products and not in passes of their own
// over memory. Builds of the same code (half_block.inc): bf16 for processors with AVX512-BF16 and a portable one that
// rounds at the same places, both with float32 sums; fp16 for processors with AVX512-FP16, which sum a short chain in
// 16 bits and the chains in float32. Weights and everything else that is added up stay float32.
#pragma once

#include <cstddef>
#include <cstdint>

namespace precordia {

using Half = std::uint16_t;     // bf16 (the upper half of a float) or fp16 (IEEE binary16), as the kernels have it
using HalfPair = std::uint32_t; // two of them that lie side by side along the summed dimension, the first one low

constexpr std::int64_t kHalfLane = 16;       // widths are multiples of this
constexpr std::int64_t kHalfMaxTokens = 192; // of a sequence

// A weight [out, in] made ready for products: pairs along the summed dimension, panels of columns.
struct HalfWeight {
    const HalfPair* forward = nullptr;  // y = x W^T
    const HalfPair* backward = nullptr; // dx = dy W; absent without gradient
    const float* bias = nullptr;
    std::int64_t in = 0, out = 0;
};

struct HalfNorm {
    const float *weight = nullptr, *bias = nullptr;
};

struct HalfShape {
    std::int64_t sequences = 0, tokens = 0;
    std::int64_t from = 0; // tokens before are seen but not wanted
    std::int64_t width = 0, heads = 0, hidden = 0;

    std::int64_t wanted() const { return tokens - from; }
    std::int64_t rows() const { return sequences * tokens; }
    std::int64_t wantedRows() const { return sequences * wanted(); }
    std::int64_t tileSequences() const; // about 192 rows
    std::int64_t tiles() const;
    bool fits() const; // whether the kernels take it
};

// What the backward pass needs again; null without gradient. Rows as in x, or the wanted ones only.
struct HalfKept {
    Half *norm1 = nullptr, *qkv = nullptr;      // [rows, D], [rows, 3 D]
    Half *attended = nullptr, *norm2 = nullptr; // [wanted rows, D]
    Half *gelu = nullptr, *slope = nullptr;     // [wanted rows, hidden]
    float* middle = nullptr;                    // [wanted rows, D] after attention
    float *stats1 = nullptr, *stats2 = nullptr; // mean and 1 / deviation of each row
};

struct HalfBlock {
    HalfShape shape;
    HalfNorm norm1, norm2;
    HalfWeight qkv, proj, fc1, fc2;
    const float *keep1 = nullptr, *keep2 = nullptr; // dropout's factors [wanted rows, D]; null: none
    const float* x = nullptr;                       // [rows, D]
    float* y = nullptr;                             // [wanted rows, D]
    HalfKept kept;
};

// A weight's gradient is a product over all rows: its two factors, pairs along the rows.
struct HalfFactors {
    HalfPair *left = nullptr, *right = nullptr; // [out / 8][pairs][8], panels of [pairs][48]
    std::int64_t pairs = 0;
};

struct HalfBlockGradient {
    const HalfBlock* block = nullptr;
    const float* dy = nullptr;       // [wanted rows, D]
    float* dx = nullptr;             // [rows, D]
    HalfFactors qkv, proj, fc1, fc2; // written tile by tile
    float* sums = nullptr;           // [tiles, sumWidth]: gradients of what is added to every row
    std::int64_t sumWidth() const { return 9 * block->shape.width + block->shape.hidden; }
    // Within sums: norm1 weight, bias, qkv bias, proj bias, norm2 weight, bias, fc2 bias (each D or 3 D), fc1 bias.
};

struct HalfKernels {
    const char* name;
    std::int64_t (*packedPairs)(std::int64_t summed, std::int64_t columns); // numbers in a packed matrix
    void (*packForward)(const float* weight, std::int64_t out, std::int64_t in, HalfPair* to);
    void (*packBackward)(const float* weight, std::int64_t out, std::int64_t in, HalfPair* to);
    std::int64_t (*scratchBytes)(const HalfShape&, bool gradient); // a thread's, 64-byte aligned
    void (*blockForward)(const HalfBlock&, std::int64_t firstTile, std::int64_t lastTile, std::byte* scratch);
    void (*blockBackward)(const HalfBlockGradient&, std::int64_t firstTile, std::int64_t lastTile, std::byte* scratch);
    // out [outputs, inputs] = left^T right, of the rows [first, last) of out, multiples of 8 but the last
    void (*weightGradient)(const HalfFactors&, std::int64_t inputs, float* out, std::int64_t first, std::int64_t last);
    // y [rows, out] = x W^T + bias; scratch: rows * in numbers of bf16
    void (*linearForward)(const HalfWeight&, const float* x, std::int64_t rows, float* y, Half* scratch);
    // dx [rows, in] = dy W; and the factors of dW, and the sum of dy over the rows. dx may be null.
    void (*linearBackward)(const HalfWeight&, const float* x, const float* dy, std::int64_t rows, float* dx,
                           const HalfFactors&, float* biasGradient, Half* scratch);
};

// Of bf16: the best for this processor, and the portable ones.
const HalfKernels& bf16Kernels();
const HalfKernels& portableBf16Kernels();
// null where the processor or the compiler lacks AVX512-BF16, AVX512-FP16
const HalfKernels* avx512Bf16Kernels();
const HalfKernels* avx512Fp16Kernels();

} // namespace precordia
