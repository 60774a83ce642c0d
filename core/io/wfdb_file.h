// SPDX-License-Identifier: GPL-3.0-or-later
// A signal file, read piece by piece at any place: what is not asked for is not touched.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace precordia::wfdb {

class DataFile {
public:
    // Errors: FileNotFound, FileUnreadable (no regular file among them).
    static Result<DataFile> open(const std::filesystem::path& path);
    DataFile() = default;
    ~DataFile();
    DataFile(DataFile&& other) noexcept;
    DataFile& operator=(DataFile&& other) noexcept;
    DataFile(const DataFile&) = delete;
    DataFile& operator=(const DataFile&) = delete;

    std::uint64_t size() const { return size_; } // when it was opened
    // As many bytes from `offset` on as are there, at most into.size(). Errors: FileUnreadable.
    Result<std::size_t> read(std::uint64_t offset, std::span<std::byte> into) const;

private:
    int fd_ = -1;
    std::uint64_t size_ = 0;
    std::filesystem::path path_;
};

// The whole of a small file by one open, one size, one read. Errors: FileNotFound, FileUnreadable, ValueOutOfRange when
// it is larger than maxBytes.
Result<std::vector<std::byte>> readSmallFile(const std::filesystem::path& path, std::uint64_t maxBytes);

} // namespace precordia::wfdb
