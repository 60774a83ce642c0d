// SPDX-License-Identifier: GPL-3.0-or-later
// Random numbers that are the same on every machine for a seed: the standard library leaves its distributions open.
// SplitMix64 (Steele, Lea & Flood 2014).
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace precordia {

class RandomSource {
public:
    explicit RandomSource(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31U);
    }
    // [0, 1)
    double uniform() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
    // [0, n), n < 2^32: the high half of a product, whose bias is below n / 2^32
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(((next() >> 32U) * n) >> 32U); }

    template <typename T>
    void shuffle(std::vector<T>& items) {
        for (std::size_t i = items.size(); i > 1; --i)
            std::swap(items[i - 1], items[below(i)]);
    }

private:
    std::uint64_t state_;
};

} // namespace precordia
