// SPDX-License-Identifier: GPL-3.0-or-later
// A file written piece by piece that is there whole or not at all: temporary name, fsync, rename.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace precordia {

class StreamedFile {
public:
    // Error FileUnwritable.
    static Result<std::unique_ptr<StreamedFile>> create(const std::filesystem::path& file);
    ~StreamedFile(); // without finish() nothing is left
    StreamedFile(const StreamedFile&) = delete;
    StreamedFile& operator=(const StreamedFile&) = delete;

    Result<Done> write(const void* bytes, std::size_t count);
    Result<Done> write(std::string_view text) { return write(text.data(), text.size()); }
    Result<Done> finish();

private:
    StreamedFile(std::filesystem::path file, std::filesystem::path temporary, std::FILE* stream)
        : file_(std::move(file))
        , temporary_(std::move(temporary))
        , stream_(stream) {}
    Error failure() const;

    std::filesystem::path file_, temporary_;
    std::FILE* stream_;
};

} // namespace precordia
