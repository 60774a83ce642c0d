// SPDX-License-Identifier: GPL-3.0-or-later
// The files of a record appear together or not at all: each is complete, under another name, before the first gets its
// own.
#pragma once

#include "core/base/file.h"
#include "core/base/result.h"
#include "core/io/random_access.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace precordia::wfdb {

class Staged {
public:
    // Errors: FileUnwritable.
    Result<Done> add(const std::filesystem::path& path, std::span<const std::byte> bytes);
    Result<Done> add(const std::filesystem::path& path, std::string_view text);
    // `head`, then bytes [from, from + count) of another file, a piece at a time. Errors: also those of
    // RandomAccess::readSome, FileTruncated.
    Result<Done> addCopy(const std::filesystem::path& path, std::span<const std::byte> head, const RandomAccess& source,
                         std::uint64_t from, std::uint64_t count);
    // In the order they were added. Where one cannot, those before it go again.
    Result<Done> appear();
    std::vector<std::filesystem::path> paths() const;

private:
    std::vector<NewFile> files_;
};

} // namespace precordia::wfdb
