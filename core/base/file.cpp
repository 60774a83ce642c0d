// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/file.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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

Result<std::vector<std::byte>> readSome(const fs::path& path, std::uint64_t limit, bool wholeOnly) {
    std::error_code ec;
    const auto status = fs::status(path, ec);
    if (!fs::status_known(status))
        return makeError(ErrorCode::FileUnreadable, ec.message(), path.string());
    if (!fs::exists(status))
        return makeError(ErrorCode::FileNotFound, {}, path.string());
    if (!fs::is_regular_file(status))
        return makeError(ErrorCode::FileUnreadable, "it is not a regular file", path.string());
    const auto size = fs::file_size(path, ec);
    if (ec)
        return makeError(ErrorCode::FileUnreadable, ec.message(), path.string());
    if (wholeOnly && size > limit)
        return makeError(ErrorCode::ValueOutOfRange,
                         std::to_string(size) + " bytes, more than the " + std::to_string(limit) + " allowed here",
                         path.string());
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0)
        return systemError(ErrorCode::FileUnreadable, path);
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

Result<Done> writeFileAtomically(const fs::path& path, std::span<const std::byte> bytes) {
    // Not mkstemp: its 0600 would have to be widened by hand, past the person's umask.
    static std::atomic<unsigned> serial{0};
    const std::string temporary =
        path.string() + "." + std::to_string(::getpid()) + "-" + std::to_string(serial++) + ".tmp";
    const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (file.get() < 0)
        return systemError(ErrorCode::FileUnwritable, path);
    const auto giveUp = [&]() -> Error {
        const auto error = systemError(ErrorCode::FileUnwritable, path);
        ::unlink(temporary.c_str());
        return error;
    };
    std::size_t at = 0;
    while (at < bytes.size()) {
        const auto put = ::write(file.get(), bytes.data() + at, bytes.size() - at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return giveUp();
        at += static_cast<std::size_t>(put);
    }
    if (::fsync(file.get()) != 0 || ::rename(temporary.c_str(), path.c_str()) != 0)
        return giveUp();
    // The rename itself must survive a power cut too.
    const auto folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.get() >= 0)
        ::fsync(directory.get());
    return Done{};
}

Result<Done> writeFileAtomically(const fs::path& path, std::string_view text) {
    return writeFileAtomically(path, std::as_bytes(std::span(text)));
}

} // namespace precordia
