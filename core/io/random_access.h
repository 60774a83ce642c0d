// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes read at a place: of a file too large to hold, or of memory.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace precordia {

class RandomAccess {
public:
    virtual ~RandomAccess() = default;
    virtual std::uint64_t size() const = 0;
    // Fills all of `to`. Errors: FileTruncated beyond the end, FileUnreadable.
    virtual Result<Done> read(std::uint64_t at, std::span<std::byte> to) const = 0;

    // Errors: FileNotFound, FileUnreadable.
    static Result<std::unique_ptr<RandomAccess>> open(const std::filesystem::path& path);
    static std::unique_ptr<RandomAccess> of(std::span<const std::byte> bytes); // which must outlive it
};

} // namespace precordia
