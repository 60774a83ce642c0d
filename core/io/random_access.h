// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes read at a place: of a file too large to hold, or of memory.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace precordia {

class RandomAccess {
public:
    virtual ~RandomAccess() = default;
    virtual std::uint64_t size() const = 0; // when it was opened
    virtual std::string where() const = 0;  // for errors
    // As many bytes from `at` on as are there, at most to.size(). Errors: FileUnreadable.
    virtual Result<std::size_t> readSome(std::uint64_t at, std::span<std::byte> to) const = 0;
    // Fills all of `to`. Errors: FileTruncated beyond the end, FileUnreadable.
    Result<Done> read(std::uint64_t at, std::span<std::byte> to) const;

    // Errors: FileNotFound, FileUnreadable (no regular file among them).
    static Result<std::unique_ptr<RandomAccess>> open(const std::filesystem::path& path);
    static std::unique_ptr<RandomAccess> of(std::span<const std::byte> bytes); // which must outlive it
};

} // namespace precordia
