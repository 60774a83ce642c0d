// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/wfdb_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace precordia::wfdb {

namespace fs = std::filesystem;

namespace {

Error systemError(const fs::path& path) {
    if (errno == ENOENT || errno == ENOTDIR)
        return makeError(ErrorCode::FileNotFound, {}, path.string());
    return makeError(ErrorCode::FileUnreadable, std::strerror(errno), path.string());
}

} // namespace

// Not blocking: a name may belong to a pipe, which is refused below and must not be waited for.
Result<DataFile> DataFile::open(const fs::path& path) {
    DataFile file;
    file.fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file.fd_ < 0)
        return systemError(path);
    struct stat status {};
    if (::fstat(file.fd_, &status) != 0)
        return systemError(path);
    if (!S_ISREG(status.st_mode))
        return makeError(ErrorCode::FileUnreadable, "it is not a regular file", path.string());
    file.size_ = static_cast<std::uint64_t>(status.st_size);
    file.path_ = path;
    return file;
}

DataFile::~DataFile() {
    if (fd_ >= 0)
        ::close(fd_);
}

DataFile::DataFile(DataFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1))
    , size_(other.size_)
    , path_(std::move(other.path_)) {}

DataFile& DataFile::operator=(DataFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(size_, other.size_);
    std::swap(path_, other.path_);
    return *this;
}

Result<std::size_t> DataFile::read(std::uint64_t offset, std::span<std::byte> into) const {
    std::size_t at = 0;
    while (at < into.size()) {
        const auto got = ::pread(fd_, into.data() + at, into.size() - at, static_cast<off_t>(offset + at));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return makeError(ErrorCode::FileUnreadable, std::strerror(errno), path_.string());
        if (got == 0)
            break; // it shrank while we read
        at += static_cast<std::size_t>(got);
    }
    return at;
}

Result<std::vector<std::byte>> readSmallFile(const fs::path& path, std::uint64_t maxBytes) {
    const auto file = DataFile::open(path);
    if (!file)
        return file.as<std::vector<std::byte>>();
    if (file->size() > maxBytes)
        return makeError(ErrorCode::ValueOutOfRange,
                         std::to_string(file->size()) + " bytes, more than the " + std::to_string(maxBytes) +
                             " allowed here",
                         path.string());
    std::vector<std::byte> bytes(static_cast<std::size_t>(file->size()));
    const auto got = file->read(0, bytes);
    if (!got)
        return got.as<std::vector<std::byte>>();
    bytes.resize(*got);
    return bytes;
}

} // namespace precordia::wfdb
