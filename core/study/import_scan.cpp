// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/import_scan.h"

#include "core/base/file.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace precordia {

namespace fs = std::filesystem;

namespace {

class Scan {
public:
    explicit Scan(const StopToken& stop) : stop_(stop) {}

    void add(const fs::path& path) {
        std::error_code ec;
        const auto status = fs::status(path, ec);
        if (fs::is_directory(status)) {
            walk(fs::canonical(path, ec));
            return;
        }
        if (fs::exists(status)) {
            addFile(path);
            return;
        }
        // WFDB records are named without extension.
        if (auto header = path; fs::is_regular_file(header += ".hea", ec)) {
            addFile(header);
            return;
        }
        found_.failed.push_back(failureOf(path, makeError(ErrorCode::FileNotFound, {})));
    }

    ScannedFiles take() {
        std::sort(found_.files.begin(), found_.files.end());
        found_.files.erase(std::unique(found_.files.begin(), found_.files.end()), found_.files.end());
        return std::move(found_);
    }

private:
    void addFile(const fs::path& path) {
        if (std::error_code ec; !fs::is_regular_file(path, ec)) {
            found_.failed.push_back(failureOf(path, makeError(ErrorCode::FileUnreadable, "no regular file")));
            return;
        }
        found_.files.emplace_back(sourceKey(path));
    }

    void walk(const fs::path& folder) {
        std::error_code ec;
        if (fs::is_regular_file(folder / "study.sqlite", ec)) {
            if (fs::is_directory(folder / "recordings", ec))
                walk(folder / "recordings");
            return;
        }
        fs::directory_iterator entry(folder, ec);
        for (; !ec && entry != fs::directory_iterator() && !stop_.stop_requested(); entry.increment(ec)) {
            std::error_code ignored;
            if (entry->is_directory(ignored)) {
                const bool hidden = entry->path().filename().string().starts_with('.');
                if (!hidden && !entry->is_symlink(ignored))
                    walk(entry->path());
            } else {
                addFile(entry->path());
            }
        }
        if (ec)
            found_.failed.push_back(failureOf(folder, makeError(ErrorCode::FileUnreadable, ec.message())));
    }

    StopToken stop_;
    ScannedFiles found_;
};

} // namespace

Result<ScannedFiles> scanForImport(const std::vector<fs::path>& paths, const StopToken& stop) {
    Scan scan(stop);
    for (const auto& path : paths)
        scan.add(path);
    if (stop.stop_requested())
        return Cancelled{};
    return scan.take();
}

bool isThere(const fs::path& path) {
    std::error_code ec;
    auto header = path;
    return fs::exists(path, ec) || fs::is_regular_file(header += ".hea", ec);
}

std::string sourceKey(const fs::path& file) {
    std::error_code ec;
    const auto absolute = fs::absolute(file, ec).lexically_normal();
    const auto folder = fs::weakly_canonical(absolute.parent_path(), ec);
    return ((ec ? absolute.parent_path() : folder) / absolute.filename()).string();
}

bool isDocument(const fs::path& file) {
    auto name = file.filename().string();
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (name.starts_with('.') || name.ends_with(".md"))
        return true;
    constexpr std::array kWords = {"readme",  "license", "licence",    "copying", "notice",     "changelog",
                                   "authors", "records", "annotators", "md5sums", "sha256sums", "citation"};
    constexpr std::array kTables = {"labels.csv", "ptbxl_database.csv", "scp_statements.csv", "exams.csv"};
    if (std::find(kTables.begin(), kTables.end(), name) != kTables.end())
        return true;
    return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
        return name == word || name.starts_with(std::string(word) + ".") || name.starts_with(std::string(word) + "-");
    });
}

} // namespace precordia
