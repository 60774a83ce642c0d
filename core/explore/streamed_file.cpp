// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/streamed_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace precordia {

Result<std::unique_ptr<StreamedFile>> StreamedFile::create(const std::filesystem::path& file) {
    std::filesystem::path temporary = file;
    temporary += ".tmp-" + std::to_string(::getpid());
    std::FILE* stream = std::fopen(temporary.c_str(), "wb");
    if (stream == nullptr)
        return makeError(ErrorCode::FileUnwritable, std::strerror(errno), file.string());
    return std::unique_ptr<StreamedFile>(new StreamedFile(file, temporary, stream));
}

StreamedFile::~StreamedFile() {
    if (stream_ == nullptr)
        return;
    std::fclose(stream_);
    std::error_code ignored;
    std::filesystem::remove(temporary_, ignored);
}

Error StreamedFile::failure() const {
    return makeError(ErrorCode::FileUnwritable, std::strerror(errno), file_.string());
}

Result<Done> StreamedFile::write(const void* bytes, std::size_t count) {
    if (std::fwrite(bytes, 1, count, stream_) != count)
        return failure();
    return Done{};
}

Result<Done> StreamedFile::finish() {
    if (std::fflush(stream_) != 0 || ::fsync(::fileno(stream_)) != 0)
        return failure();
    const int closed = std::fclose(stream_);
    stream_ = nullptr;
    if (closed != 0 || std::rename(temporary_.c_str(), file_.c_str()) != 0) {
        const Error error = failure();
        std::error_code ignored;
        std::filesystem::remove(temporary_, ignored);
        return error;
    }
    // The new name is on disk only when its folder is.
    const auto folder = file_.has_parent_path() ? file_.parent_path() : std::filesystem::path(".");
    if (const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY); handle >= 0) {
        ::fsync(handle);
        ::close(handle);
    }
    return Done{};
}

} // namespace precordia
