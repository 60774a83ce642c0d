// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/random_access.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace precordia {

namespace {

Error systemError(const std::filesystem::path& path) {
    if (errno == ENOENT || errno == ENOTDIR)
        return makeError(ErrorCode::FileNotFound, {}, path.string());
    return makeError(ErrorCode::FileUnreadable, std::strerror(errno), path.string());
}

class FileAccess final : public RandomAccess {
public:
    FileAccess(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)) {}
    ~FileAccess() override { ::close(fd_); }
    FileAccess(const FileAccess&) = delete;
    FileAccess& operator=(const FileAccess&) = delete;

    Result<Done> measure() {
        struct stat status {};
        if (::fstat(fd_, &status) != 0)
            return systemError(path_);
        if (!S_ISREG(status.st_mode))
            return makeError(ErrorCode::FileUnreadable, "it is not a regular file", path_.string());
        size_ = static_cast<std::uint64_t>(status.st_size);
        return Done{};
    }
    std::uint64_t size() const override { return size_; }
    std::string where() const override { return path_.string(); }
    Result<std::size_t> readSome(std::uint64_t at, std::span<std::byte> to) const override {
        std::size_t done = 0;
        while (done < to.size()) {
            const auto got = ::pread(fd_, to.data() + done, to.size() - done, static_cast<off_t>(at + done));
            if (got < 0 && errno == EINTR)
                continue;
            if (got < 0)
                return makeError(ErrorCode::FileUnreadable, std::strerror(errno), path_.string());
            if (got == 0)
                break; // it shrank while we read
            done += static_cast<std::size_t>(got);
        }
        return done;
    }

private:
    int fd_;
    std::uint64_t size_ = 0;
    std::filesystem::path path_;
};

class MemoryAccess final : public RandomAccess {
public:
    explicit MemoryAccess(std::span<const std::byte> bytes) : bytes_(bytes) {}
    std::uint64_t size() const override { return bytes_.size(); }
    std::string where() const override { return "memory"; }
    Result<std::size_t> readSome(std::uint64_t at, std::span<std::byte> to) const override {
        if (at >= bytes_.size() || to.empty())
            return std::size_t{0};
        const auto count = std::min<std::size_t>(to.size(), bytes_.size() - static_cast<std::size_t>(at));
        std::memcpy(to.data(), bytes_.data() + at, count);
        return count;
    }

private:
    std::span<const std::byte> bytes_;
};

} // namespace

Result<Done> RandomAccess::read(std::uint64_t at, std::span<std::byte> to) const {
    const auto got = readSome(at, to);
    if (!got)
        return got.as<Done>();
    if (*got < to.size())
        return makeError(ErrorCode::FileTruncated, "the file ends too early", where());
    return Done{};
}

// Not blocking: a name may belong to a pipe, which is refused and must not be waited for.
Result<std::unique_ptr<RandomAccess>> RandomAccess::open(const std::filesystem::path& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return systemError(path);
    auto file = std::make_unique<FileAccess>(fd, path);
    if (const auto measured = file->measure(); !measured)
        return measured.as<std::unique_ptr<RandomAccess>>();
    return std::unique_ptr<RandomAccess>(std::move(file));
}

std::unique_ptr<RandomAccess> RandomAccess::of(std::span<const std::byte> bytes) {
    return std::make_unique<MemoryAccess>(bytes);
}

} // namespace precordia
