// SPDX-License-Identifier: GPL-3.0-or-later
// SHA-256 (FIPS 180-4), the one hash of the program: files, preprocessing, models.
#pragma once

#include "core/base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace precordia {

std::string sha256Hex(std::span<const std::byte> bytes); // 64 lower-case hex digits
std::string sha256Hex(std::string_view text);
// Read piece by piece, so that a day-long recording need not fit in memory. Errors: FileNotFound, FileUnreadable.
Result<std::string> sha256OfFile(const std::filesystem::path& path);

// The same hash fed in pieces; hex() ends it.
class Sha256 {
public:
    void update(std::span<const std::byte> bytes);
    void update(std::string_view text) { update(std::as_bytes(std::span(text))); }
    std::string hex();

private:
    void compress(const std::byte* block);

    std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                           0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<std::byte, 64> block_{};
    std::size_t filled_ = 0;
    std::uint64_t total_ = 0; // bytes
};

} // namespace precordia
