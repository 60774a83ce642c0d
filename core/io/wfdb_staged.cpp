// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/wfdb_staged.h"

#include <algorithm>
#include <system_error>

namespace precordia::wfdb {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kPiece = 1U << 20U;

} // namespace

Result<Done> Staged::addCopy(const fs::path& path, std::span<const std::byte> head, const RandomAccess& source,
                             std::uint64_t from, std::uint64_t count) {
    auto& file = files_.emplace_back(path);
    if (auto done = file.write(head); !done)
        return done;
    std::vector<std::byte> piece(static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, count)));
    for (std::uint64_t copied = 0; copied < count;) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), count - copied));
        const auto got = source.readSome(from + copied, std::span(piece).first(wanted));
        if (!got)
            return got.as<Done>();
        if (*got < wanted)
            return makeError(ErrorCode::FileTruncated, "its source became shorter while it was copied", path.string());
        if (auto done = file.write(std::span(piece).first(wanted)); !done)
            return done;
        copied += wanted;
    }
    return file.complete();
}

Result<Done> Staged::add(const fs::path& path, std::span<const std::byte> bytes) {
    return addCopy(path, bytes, *RandomAccess::of({}), 0, 0);
}

Result<Done> Staged::add(const fs::path& path, std::string_view text) {
    return add(path, std::as_bytes(std::span(text)));
}

Result<Done> Staged::appear() {
    for (std::size_t i = 0; i < files_.size(); ++i) {
        const auto done = files_[i].appear();
        if (done.ok())
            continue;
        std::error_code ec;
        for (std::size_t k = 0; k < i; ++k)
            fs::remove(files_[k].path(), ec);
        return done;
    }
    files_.clear();
    return Done{};
}

std::vector<fs::path> Staged::paths() const {
    std::vector<fs::path> out;
    for (const auto& file : files_)
        out.push_back(file.path());
    return out;
}

} // namespace precordia::wfdb
