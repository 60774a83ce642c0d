// SPDX-License-Identifier: GPL-3.0-or-later
// CRC-CCITT as SCP-ECG (EN 1064, 5.2.6) and ISHNE headers use it: polynomial x^16 + x^12 + x^5 + 1, the most
// significant bit first, all ones at the start, no inversion at the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace precordia {

std::uint16_t crcCcitt(std::span<const std::byte> bytes);

} // namespace precordia
