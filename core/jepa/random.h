// SPDX-License-Identifier: GPL-3.0-or-later
// The one source of chance of masks and sampling: SplitMix64 (Steele, Lea, Flood 2014). Its whole state is one number,
// so a checkpoint keeps it and a resumed run draws on. The same on every machine.
#pragma once

#include <cstdint>

namespace precordia {

class Random {
public:
    explicit Random(std::uint64_t state) : state_(state) {}

    std::uint64_t state() const { return state_; }
    std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }
    double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; } // [0, 1)
    // [0, n), n > 0. Without the bias of a remainder.
    std::int64_t below(std::int64_t n) {
        const auto bound = static_cast<std::uint64_t>(n);
        const std::uint64_t reject = (0 - bound) % bound;
        for (;;) {
            const std::uint64_t r = next();
            if (r >= reject)
                return static_cast<std::int64_t>(r % bound);
        }
    }

private:
    std::uint64_t state_;
};

} // namespace precordia
