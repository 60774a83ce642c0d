// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/crc_ccitt.h"

#include <array>

namespace precordia {

namespace {

constexpr std::array<std::uint16_t, 256> makeTable() {
    std::array<std::uint16_t, 256> table{};
    for (unsigned i = 0; i < table.size(); ++i) {
        unsigned value = i << 8U;
        for (int bit = 0; bit < 8; ++bit)
            value = (value & 0x8000U) != 0 ? (value << 1U) ^ 0x1021U : value << 1U;
        table[i] = static_cast<std::uint16_t>(value & 0xFFFFU);
    }
    return table;
}

} // namespace

std::uint16_t crcCcitt(std::span<const std::byte> bytes) {
    static constexpr auto kTable = makeTable();
    unsigned crc = 0xFFFFU;
    for (const auto byte : bytes)
        crc = ((crc << 8U) & 0xFFFFU) ^ kTable[(crc >> 8U) ^ std::to_integer<unsigned>(byte)];
    return static_cast<std::uint16_t>(crc);
}

} // namespace precordia
