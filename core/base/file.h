// SPDX-License-Identifier: GPL-3.0-or-later
// Whole-file reading and all-or-nothing writing (temp file, fsync, rename).
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace precordia {

// Errors: FileNotFound, FileUnreadable, ValueOutOfRange when larger than maxBytes (nothing is read then).
Result<std::vector<std::byte>> readFile(const std::filesystem::path& path, std::uint64_t maxBytes = 1ULL << 32);
// At most maxBytes from the start: for sniffing.
Result<std::vector<std::byte>> readFileHead(const std::filesystem::path& path, std::size_t maxBytes);
// The old file stays whole until the new one is on disk. Errors: FileUnwritable.
Result<Done> writeFileAtomically(const std::filesystem::path& path, std::span<const std::byte> bytes);
Result<Done> writeFileAtomically(const std::filesystem::path& path, std::string_view text);

} // namespace precordia
