// SPDX-License-Identifier: GPL-3.0-or-later
// Attention of many short sequences on the CPU, in plain float arrays. A library's batched product takes 12 x 64
// matrices one call each and wants them copied apart by head first; here a head is read where it lies, scores never
// leave the first-level cache, and only the probabilities are kept for the backward pass.
#pragma once

#include <cstdint>

namespace precordia {

struct AttentionShape {
    std::int64_t sequences = 0, heads = 0;
    std::int64_t rows = 0;  // queries of a sequence
    std::int64_t keys = 0;  // keys of a sequence
    std::int64_t width = 0; // of a head, a multiple of kAttentionLane

    std::int64_t paddedKeys() const;
    std::int64_t probabilities() const { return sequences * heads * rows * paddedKeys(); } // numbers to keep
    bool fits() const; // whether the kernel takes it
};

constexpr std::int64_t kAttentionLane = 16;
constexpr std::int64_t kAttentionMaxKeys = 128;
constexpr std::int64_t kAttentionMaxWidth = 128;

// Tokens [sequence][token][heads * width] with any distance between them; heads lie side by side.
template <typename T>
struct Tokens {
    T* data = nullptr;
    std::int64_t sequence = 0, token = 0; // distances in numbers
};

// Sequences [first, last). out and probabilities may not overlap the inputs.
void attentionForward(const AttentionShape& shape, Tokens<const float> q, Tokens<const float> k, Tokens<const float> v,
                      Tokens<float> out, float* probabilities, std::int64_t first, std::int64_t last);
// Writes (does not add) the gradients of q, k, v.
void attentionBackward(const AttentionShape& shape, Tokens<const float> q, Tokens<const float> k, Tokens<const float> v,
                       const float* probabilities, Tokens<const float> outGradient, Tokens<float> qGradient,
                       Tokens<float> kGradient, Tokens<float> vGradient, std::int64_t first, std::int64_t last);

} // namespace precordia
