// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/wfdb_staged.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>

namespace precordia::wfdb {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kPiece = 1U << 20U;

Error unwritable(const fs::path& path) {
    return makeError(ErrorCode::FileUnwritable, std::strerror(errno), path.string());
}

class NewFile {
public:
    explicit NewFile(const fs::path& path)
        : fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {}
    ~NewFile() {
        if (fd_ >= 0)
            ::close(fd_);
    }
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;
    bool ok() const { return fd_ >= 0; }
    bool write(std::span<const std::byte> bytes) const {
        while (!bytes.empty()) {
            const auto put = ::write(fd_, bytes.data(), bytes.size());
            if (put < 0 && errno == EINTR)
                continue;
            if (put < 0)
                return false;
            bytes = bytes.subspan(static_cast<std::size_t>(put));
        }
        return true;
    }
    bool sync() const { return ::fsync(fd_) == 0; }

private:
    int fd_;
};

} // namespace

Staged::~Staged() {
    std::error_code ec;
    for (const auto& [part, path] : files_)
        fs::remove(part, ec);
}

Result<Done> Staged::addCopy(const fs::path& path, std::span<const std::byte> head, const DataFile& source,
                             std::uint64_t from, std::uint64_t count) {
    static std::atomic<unsigned> serial{0};
    auto part = path;
    part += "." + std::to_string(::getpid()) + "-" + std::to_string(serial++) + ".part";
    const NewFile file(part);
    if (!file.ok())
        return unwritable(path);
    files_.emplace_back(part, path); // from here on it goes with us
    if (!file.write(head))
        return unwritable(path);
    std::vector<std::byte> piece(static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, count)));
    for (std::uint64_t done = 0; done < count;) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), count - done));
        const auto got = source.read(from + done, std::span(piece).first(wanted));
        if (!got)
            return got.as<Done>();
        if (*got < wanted)
            return makeError(ErrorCode::FileTruncated, "its source became shorter while it was copied", path.string());
        if (!file.write(std::span(piece).first(wanted)))
            return unwritable(path);
        done += wanted;
    }
    if (!file.sync())
        return unwritable(path);
    return Done{};
}

Result<Done> Staged::add(const fs::path& path, std::span<const std::byte> bytes) {
    return addCopy(path, bytes, DataFile(), 0, 0);
}

Result<Done> Staged::add(const fs::path& path, std::string_view text) {
    return add(path, std::as_bytes(std::span(text)));
}

Result<Done> Staged::appear() {
    std::error_code ec;
    for (std::size_t i = 0; i < files_.size(); ++i) {
        fs::rename(files_[i].first, files_[i].second, ec);
        if (!ec)
            continue;
        const auto error = makeError(ErrorCode::FileUnwritable, ec.message(), files_[i].second.string());
        for (std::size_t k = 0; k < i; ++k)
            fs::remove(files_[k].second, ec);
        return error;
    }
    files_.clear();
    return Done{};
}

std::vector<fs::path> Staged::paths() const {
    std::vector<fs::path> out;
    for (const auto& [part, path] : files_)
        out.push_back(path);
    return out;
}

} // namespace precordia::wfdb
