// SPDX-License-Identifier: GPL-3.0-or-later
// Where things lie in a pyramid's file. Internal to core/io.
//
//   header | level 0: pairs of lead 0, of lead 1 ... | level 1 ... | checksums of the tiles | what else is kept
#pragma once

#include "core/io/pyramid.h"

#include <array>
#include <cstring>

namespace precordia::pyramid {

inline constexpr std::uint64_t kTilePairs = 4096;
inline constexpr std::array<char, 8> kMagic{'P', 'R', 'C', 'D', 'P', 'Y', 'R', '1'};
inline constexpr std::uint32_t kByteOrder = 0x01020304;
inline constexpr std::int64_t kTopPairs = 1024;
inline constexpr std::int32_t kMostLeads = 4096;
inline constexpr std::int64_t kMostSamples = std::int64_t{1} << 47; // more than any header may promise

struct Header {
    std::array<char, 8> magic = kMagic;
    std::uint32_t byteOrder = kByteOrder;
    std::int32_t leads = 0;
    std::int64_t base = kPyramidBase;
    std::int64_t ratio = kPyramidRatio;
    std::int64_t samples = 0;
    double samplingRate = 0;
    std::uint64_t key = 0; // checksum of it
    std::uint64_t moreBytes = 0;
    std::uint64_t sumOfSums = 0;
    std::uint64_t sumOfMore = 0;
    std::uint64_t sum = 0; // of all before
};
static_assert(sizeof(Header) == 88 && sizeof(MinMax) == 8);

// FNV-1a over words of eight bytes: finds what a disk or a half-written page breaks, no adversary.
inline std::uint64_t checksum(std::span<const std::byte> bytes) {
    std::uint64_t sum = 0xcbf29ce484222325ULL;
    for (std::size_t i = 0; i < bytes.size(); i += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + i, std::min<std::size_t>(8, bytes.size() - i));
        sum = (sum ^ word) * 0x100000001b3ULL;
        sum ^= sum >> 29U; // else a high bit would never reach the low ones
    }
    return sum;
}

inline std::uint64_t sumOfHeader(const Header& header) {
    return checksum(std::as_bytes(std::span(&header, 1)).first(offsetof(Header, sum)));
}

inline std::uint64_t tiles(std::uint64_t pairs) {
    return (pairs + kTilePairs - 1) / kTilePairs;
}

// Of a level and a lead: its first byte in the file, and the number of its first tile.
struct Place {
    std::uint64_t byte = sizeof(Header);
    std::uint64_t tile = 0;
};

inline Place placeOf(const PyramidShape& shape, int level, std::int32_t lead) {
    Place place;
    const auto step = [&](int of, std::uint64_t count) {
        const auto pairs = static_cast<std::uint64_t>(shape.pairs(of));
        place.byte += count * pairs * sizeof(MinMax);
        place.tile += count * tiles(pairs);
    };
    for (int k = 0; k < level; ++k)
        step(k, static_cast<std::uint64_t>(shape.leads));
    if (level < shape.levels())
        step(level, static_cast<std::uint64_t>(lead));
    return place;
}

inline Place endOf(const PyramidShape& shape) {
    return placeOf(shape, shape.levels(), 0);
}

inline bool plausible(const PyramidShape& shape) {
    return shape.leads > 0 && shape.leads <= kMostLeads && shape.samples > 0 && shape.samples <= kMostSamples &&
           shape.samplingRate > 0 && shape.samplingRate < 1e9;
}

} // namespace precordia::pyramid
