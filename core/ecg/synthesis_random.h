// SPDX-License-Identifier: GPL-3.0-or-later
// The synthesis' own random numbers (xoshiro256**, Blackman and Vigna 2018; seeded by splitmix64): std:: distributions
// differ between standard libraries, the demo study must not.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace precordia::synthesis {

inline std::uint64_t splitmix64(std::uint64_t& state) {
    state += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

class Random {
public:
    // Streams of one seed are independent: more noise does not change the rhythm.
    Random(std::uint64_t seed, std::uint64_t stream) {
        std::uint64_t state = seed;
        state = splitmix64(state) ^ (stream * 0xD1342543DE82EF95ULL);
        for (auto& word : state_)
            word = splitmix64(state);
    }

    std::uint64_t bits() {
        const auto rotl = [](std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); };
        const std::uint64_t result = rotl(state_[1] * 5, 7) * 9;
        const std::uint64_t t = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= t;
        state_[3] = rotl(state_[3], 45);
        return result;
    }

    double uniform() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; } // [0, 1)
    double uniform(double low, double high) { return low + (high - low) * uniform(); }
    bool chance(double probability) { return uniform() < probability; }
    int below(int n) { return static_cast<int>(uniform() * n); }

    // Box-Muller
    double normal() {
        if (hasSpare_) {
            hasSpare_ = false;
            return spare_;
        }
        const double radius = std::sqrt(-2 * std::log(1 - uniform()));
        const double angle = 2 * std::numbers::pi * uniform();
        spare_ = radius * std::sin(angle);
        hasSpare_ = true;
        return radius * std::cos(angle);
    }
    double normal(double mean, double sd) { return mean + sd * normal(); }
    double clipped(double mean, double sd, double low, double high) {
        const double v = normal(mean, sd);
        return v < low ? low : v > high ? high : v;
    }
    double logNormal(double sd) { return std::exp(sd * normal()); } // median 1

    // Sum of four 16-bit uniforms, unit deviation: near enough to a normal for a sample of noise, ten times as fast.
    double quickNormal() {
        const std::uint64_t b = bits();
        const auto sum = static_cast<double>((b & 0xFFFF) + ((b >> 16) & 0xFFFF) + ((b >> 32) & 0xFFFF) + (b >> 48));
        return (sum / 65535.0 - 2.0) * 1.7320508075688772;
    }

private:
    std::array<std::uint64_t, 4> state_{};
    double spare_ = 0;
    bool hasSpare_ = false;
};

} // namespace precordia::synthesis
