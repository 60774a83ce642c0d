// SPDX-License-Identifier: GPL-3.0-or-later
// Whole-file reading and all-or-nothing writing (temp file, fsync, rename).
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace precordia {

// Errors: FileNotFound, FileUnreadable, ValueOutOfRange when larger than maxBytes (nothing is read then).
Result<std::vector<std::byte>> readFile(const std::filesystem::path& path, std::uint64_t maxBytes = 1ULL << 32);
// At most maxBytes from the start: for sniffing. Errors: FileNotFound, FileUnreadable.
Result<std::vector<std::byte>> readFileHead(const std::filesystem::path& path, std::size_t maxBytes);

// A file that is written in pieces under another name beside its place, and takes the place when all of it is on disk.
// What did not appear goes with the object. Each call returns the first error (FileUnwritable) again.
class NewFile {
public:
    explicit NewFile(const std::filesystem::path& path);
    NewFile(NewFile&& other) noexcept;
    NewFile& operator=(NewFile&&) = delete;
    ~NewFile();

    Result<Done> write(std::span<const std::byte> bytes);
    Result<Done> complete(); // all is on disk, the place is not taken yet; nothing more is written
    Result<Done> appear();   // completes it, too
    const std::filesystem::path& path() const { return path_; }

private:
    Result<Done> fail();

    std::filesystem::path path_;
    std::string temporary_; // empty: nothing lies there
    int fd_ = -1;
    std::optional<Error> failure_;
};

// The old file stays whole until the new one is on disk. Errors: FileUnwritable.
Result<Done> writeFileAtomically(const std::filesystem::path& path, std::span<const std::byte> bytes);
Result<Done> writeFileAtomically(const std::filesystem::path& path, std::string_view text);

} // namespace precordia
