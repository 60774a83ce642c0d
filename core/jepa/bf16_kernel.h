// SPDX-License-Identifier: GPL-3.0-or-later
// A transformer block on the CPU with bf16 products and float32 sums, in plain arrays: layer norm, attention, residuals
// and GELU are done on a tile of rows while it lies in the second-level cache, between two products and not in passes
// of their own over memory. Two builds of the same code (bf16_block.inc): for processors with AVX512-BF16, and a
// portable one that rounds at the same places. Weights and everything that is added up stay float32.
#pragma once

#include <cstddef>
#include <cstdint>

namespace precordia {

using Bf16 = std::uint16_t;     // the upper half of a float
using Bf16Pair = std::uint32_t; // two of them that lie side by side along the summed dimension, the first one low

constexpr std::int64_t kBf16Lane = 16;       // widths are multiples of this
constexpr std::int64_t kBf16MaxTokens = 192; // of a sequence

// A weight [out, in] made ready for products: pairs along the summed dimension, panels of columns.
struct Bf16Weight {
    const Bf16Pair* forward = nullptr;  // y = x W^T
    const Bf16Pair* backward = nullptr; // dx = dy W; absent without gradient
    const float* bias = nullptr;
    std::int64_t in = 0, out = 0;
};

struct Bf16Norm {
    const float *weight = nullptr, *bias = nullptr;
};

struct Bf16Shape {
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
struct Bf16Kept {
    Bf16 *norm1 = nullptr, *qkv = nullptr;      // [rows, D], [rows, 3 D]
    Bf16 *attended = nullptr, *norm2 = nullptr; // [wanted rows, D]
    Bf16 *gelu = nullptr, *slope = nullptr;     // [wanted rows, hidden]
    float* middle = nullptr;                    // [wanted rows, D] after attention
    float *stats1 = nullptr, *stats2 = nullptr; // mean and 1 / deviation of each row
};

struct Bf16Block {
    Bf16Shape shape;
    Bf16Norm norm1, norm2;
    Bf16Weight qkv, proj, fc1, fc2;
    const float *keep1 = nullptr, *keep2 = nullptr; // dropout's factors [wanted rows, D]; null: none
    const float* x = nullptr;                       // [rows, D]
    float* y = nullptr;                             // [wanted rows, D]
    Bf16Kept kept;
};

// A weight's gradient is a product over all rows: its two factors, pairs along the rows.
struct Bf16Factors {
    Bf16Pair *left = nullptr, *right = nullptr; // [out / 8][pairs][8], panels of [pairs][48]
    std::int64_t pairs = 0;
};

struct Bf16BlockGradient {
    const Bf16Block* block = nullptr;
    const float* dy = nullptr;       // [wanted rows, D]
    float* dx = nullptr;             // [rows, D]
    Bf16Factors qkv, proj, fc1, fc2; // written tile by tile
    float* sums = nullptr;           // [tiles, sumWidth]: gradients of what is added to every row
    std::int64_t sumWidth() const { return 9 * block->shape.width + block->shape.hidden; }
    // Within sums: norm1 weight, bias, qkv bias, proj bias, norm2 weight, bias, fc2 bias (each D or 3 D), fc1 bias.
};

struct Bf16Kernels {
    const char* name;
    std::int64_t (*packedPairs)(std::int64_t summed, std::int64_t columns); // numbers in a packed matrix
    void (*packForward)(const float* weight, std::int64_t out, std::int64_t in, Bf16Pair* to);
    void (*packBackward)(const float* weight, std::int64_t out, std::int64_t in, Bf16Pair* to);
    std::int64_t (*scratchBytes)(const Bf16Shape&, bool gradient); // a thread's, 64-byte aligned
    void (*blockForward)(const Bf16Block&, std::int64_t firstTile, std::int64_t lastTile, std::byte* scratch);
    void (*blockBackward)(const Bf16BlockGradient&, std::int64_t firstTile, std::int64_t lastTile, std::byte* scratch);
    // out [outputs, inputs] = left^T right, of the rows [first, last) of out, multiples of 8 but the last
    void (*weightGradient)(const Bf16Factors&, std::int64_t inputs, float* out, std::int64_t first, std::int64_t last);
    // y [rows, out] = x W^T + bias; scratch: rows * in numbers of bf16
    void (*linearForward)(const Bf16Weight&, const float* x, std::int64_t rows, float* y, Bf16* scratch);
    // dx [rows, in] = dy W; and the factors of dW, and the sum of dy over the rows. dx may be null.
    void (*linearBackward)(const Bf16Weight&, const float* x, const float* dy, std::int64_t rows, float* dx,
                           const Bf16Factors&, float* biasGradient, Bf16* scratch);
};

// The best for this processor, and the portable ones.
const Bf16Kernels& bf16Kernels();
const Bf16Kernels& portableBf16Kernels();
// null where the processor or the compiler lacks AVX512-BF16
const Bf16Kernels* avx512Bf16Kernels();

} // namespace precordia
