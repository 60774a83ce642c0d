// SPDX-License-Identifier: GPL-3.0-or-later
// SHA-256 (FIPS 180-4), the one hash of the program: files, preprocessing, models.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace precordia {

std::string sha256Hex(std::span<const std::byte> bytes); // 64 lower-case hex digits
std::string sha256Hex(std::string_view text);

} // namespace precordia
