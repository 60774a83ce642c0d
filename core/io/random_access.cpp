// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/random_access.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace precordia {

namespace {

Error beyond(const std::string& where) {
    return makeError(ErrorCode::FileTruncated, "the file ends too early", where);
}

class FileAccess final : public RandomAccess {
public:
    FileAccess(int fd, std::uint64_t size, std::string where) : fd_(fd), size_(size), where_(std::move(where)) {}
    ~FileAccess() override { ::close(fd_); }
    FileAccess(const FileAccess&) = delete;
    FileAccess& operator=(const FileAccess&) = delete;

    std::uint64_t size() const override { return size_; }
    Result<Done> read(std::uint64_t at, std::span<std::byte> to) const override {
        while (!to.empty()) {
            const auto got = ::pread(fd_, to.data(), to.size(), static_cast<off_t>(at));
            if (got < 0 && errno == EINTR)
                continue;
            if (got < 0)
                return makeError(ErrorCode::FileUnreadable, std::strerror(errno), where_);
            if (got == 0)
                return beyond(where_);
            at += static_cast<std::uint64_t>(got);
            to = to.subspan(static_cast<std::size_t>(got));
        }
        return Done{};
    }

private:
    int fd_;
    std::uint64_t size_;
    std::string where_;
};

class MemoryAccess final : public RandomAccess {
public:
    explicit MemoryAccess(std::span<const std::byte> bytes) : bytes_(bytes) {}
    std::uint64_t size() const override { return bytes_.size(); }
    Result<Done> read(std::uint64_t at, std::span<std::byte> to) const override {
        if (at > bytes_.size() || bytes_.size() - at < to.size())
            return beyond("memory");
        if (!to.empty())
            std::memcpy(to.data(), bytes_.data() + at, to.size());
        return Done{};
    }

private:
    std::span<const std::byte> bytes_;
};

} // namespace

Result<std::unique_ptr<RandomAccess>> RandomAccess::open(const std::filesystem::path& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return makeError(errno == ENOENT ? ErrorCode::FileNotFound : ErrorCode::FileUnreadable,
                         errno == ENOENT ? std::string() : std::strerror(errno), path.string());
    struct stat info {};
    if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        ::close(fd);
        return makeError(ErrorCode::FileUnreadable, "it is not a regular file", path.string());
    }
    return std::unique_ptr<RandomAccess>(
        std::make_unique<FileAccess>(fd, static_cast<std::uint64_t>(info.st_size), path.string()));
}

std::unique_ptr<RandomAccess> RandomAccess::of(std::span<const std::byte> bytes) {
    return std::make_unique<MemoryAccess>(bytes);
}

} // namespace precordia
