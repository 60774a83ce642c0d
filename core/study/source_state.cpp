// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/source_state.h"

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/io/text.h"
#include "core/io/wfdb_annotation.h"

#include <set>
#include <sys/stat.h>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMostHeaderBytes = 4U << 20U;
constexpr std::size_t kMostSegments = 1U << 16U;

bool stateOf(const fs::path& file, std::int64_t& size, std::int64_t& modified) {
    struct stat info {};
    if (::stat(file.c_str(), &info) != 0 || !S_ISREG(info.st_mode))
        return false;
    size = info.st_size;
    modified = static_cast<std::int64_t>(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec;
    return true;
}

class Companions {
public:
    explicit Companions(fs::path folder) : folder_(std::move(folder)) {}

    void add(const std::string& name) {
        if (!seen_.insert(name).second || seen_.size() > kMostSegments)
            return;
        std::int64_t size = 0, modified = 0;
        if (!stateOf(folder_ / name, size, modified))
            return;
        hash_.update(name + "\n" + std::to_string(size) + " " + std::to_string(modified) + "\n");
        any_ = true;
    }

    // Each line but the first begins with a signal file's or a segment's name.
    void addOfHeader(const fs::path& header, int depth = 0) {
        const auto bytes = readFile(header, kMostHeaderBytes);
        if (!bytes)
            return;
        bool first = true;
        for (const auto line : text::lines(text::asText(*bytes))) {
            const auto words = text::words(line);
            if (words.empty() || words.front().starts_with('#'))
                continue;
            if (std::exchange(first, false))
                continue;
            const std::string name(words.front());
            if (name.find('/') != std::string::npos || name == "~" || seen_.contains(name))
                continue;
            add(name);
            const auto segment = name + ".hea";
            if (std::error_code ec;
                depth == 0 && !seen_.contains(segment) && fs::is_regular_file(folder_ / segment, ec)) {
                add(segment);
                addOfHeader(folder_ / segment, 1);
            }
        }
    }

    std::string text() { return any_ ? hash_.hex().substr(0, 16) : "-"; }

private:
    fs::path folder_;
    std::set<std::string> seen_;
    Sha256 hash_;
    bool any_ = false;
};

} // namespace

std::optional<SourceState> sourceState(const fs::path& file) {
    SourceState state;
    if (!stateOf(file, state.size, state.modified))
        return std::nullopt;
    Companions companions(file.parent_path());
    const auto stem = file.stem().string();
    if (text::lower(file.extension().string()) == ".hea") {
        companions.addOfHeader(file);
        for (const auto& extension : wfdb::annotationExtensions())
            companions.add(stem + "." + extension);
    } else {
        companions.add(stem + ".ann"); // ISHNE
    }
    state.companions = companions.text();
    return state;
}

} // namespace precordia
