// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/file.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace precordia {

namespace fs = std::filesystem;

namespace {

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0)
            ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return fd_; }

private:
    int fd_;
};

Error systemError(ErrorCode code, const fs::path& path) {
    return makeError(code, std::strerror(errno), path.string());
}

Error readError(const fs::path& path) {
    if (errno == ENOENT || errno == ENOTDIR)
        return makeError(ErrorCode::FileNotFound, {}, path.string());
    return systemError(ErrorCode::FileUnreadable, path);
}

// Not blocking: a name may belong to a pipe, which is refused and must not be waited for.
Result<std::vector<std::byte>> readSome(const fs::path& path, std::uint64_t limit, bool wholeOnly) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status {};
    if (file.get() < 0 || ::fstat(file.get(), &status) != 0)
        return readError(path);
    if (!S_ISREG(status.st_mode))
        return makeError(ErrorCode::FileUnreadable, "it is not a regular file", path.string());
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (wholeOnly && size > limit)
        return makeError(ErrorCode::ValueOutOfRange,
                         std::to_string(size) + " bytes, more than the " + std::to_string(limit) + " allowed here",
                         path.string());
    std::vector<std::byte> bytes(static_cast<std::size_t>(std::min<std::uint64_t>(size, limit)));
    std::size_t at = 0;
    while (at < bytes.size()) {
        const auto got = ::read(file.get(), bytes.data() + at, bytes.size() - at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return systemError(ErrorCode::FileUnreadable, path);
        if (got == 0)
            break; // it shrank while we read
        at += static_cast<std::size_t>(got);
    }
    bytes.resize(at);
    return bytes;
}

} // namespace

Result<std::vector<std::byte>> readFile(const fs::path& path, std::uint64_t maxBytes) {
    return readSome(path, maxBytes, true);
}

Result<std::vector<std::byte>> readFileHead(const fs::path& path, std::size_t maxBytes) {
    return readSome(path, maxBytes, false);
}

// Not mkstemp: its 0600 would have to be widened by hand, past the person's umask.
NewFile::NewFile(const fs::path& path) : path_(path) {
    static std::atomic<unsigned> serial{0};
    temporary_ = path.string() + "." + std::to_string(::getpid()) + "-" + std::to_string(serial++) + ".tmp";
    fd_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd_ < 0) {
        failure_ = systemError(ErrorCode::FileUnwritable, path_);
        temporary_.clear();
    }
}

NewFile::NewFile(NewFile&& other) noexcept
    : path_(std::move(other.path_))
    , temporary_(std::exchange(other.temporary_, {}))
    , fd_(std::exchange(other.fd_, -1))
    , failure_(std::move(other.failure_)) {}

NewFile::~NewFile() {
    if (fd_ >= 0)
        ::close(fd_);
    if (!temporary_.empty())
        ::unlink(temporary_.c_str());
}

Result<Done> NewFile::fail() {
    failure_ = systemError(ErrorCode::FileUnwritable, path_);
    return *failure_;
}

Result<Done> NewFile::write(std::span<const std::byte> bytes) {
    if (failure_)
        return *failure_;
    while (!bytes.empty()) {
        const auto put = ::write(fd_, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return fail();
        bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return Done{};
}

Result<Done> NewFile::complete() {
    if (failure_)
        return *failure_;
    if (fd_ < 0)
        return Done{};
    const bool synced = ::fsync(fd_) == 0;
    const auto failed = synced ? Result<Done>(Done{}) : fail();
    const bool closed = ::close(std::exchange(fd_, -1)) == 0;
    return synced && !closed ? fail() : failed;
}

Result<Done> NewFile::appear() {
    if (auto done = complete(); !done)
        return done;
    if (::rename(temporary_.c_str(), path_.c_str()) != 0)
        return fail();
    temporary_.clear();
    // The rename itself must survive a power cut too.
    const auto folder = path_.has_parent_path() ? path_.parent_path() : fs::path(".");
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.get() >= 0)
        ::fsync(directory.get());
    return Done{};
}

Result<Done> writeFileAtomically(const fs::path& path, std::span<const std::byte> bytes) {
    NewFile file(path);
    if (auto done = file.write(bytes); !done)
        return done;
    return file.appear();
}

Result<Done> writeFileAtomically(const fs::path& path, std::string_view text) {
    return writeFileAtomically(path, std::as_bytes(std::span(text)));
}

} // namespace precordia
