// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/wfdb_reader.h"

#include "core/base/file.h"
#include "core/io/text.h"
#include "core/io/wfdb_annotation.h"
#include "core/io/wfdb_header.h"
#include "core/io/wfdb_record.h"

#include <algorithm>
#include <optional>
#include <string>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxHeaderBytes = 4U << 20U;
constexpr std::uint64_t kMaxAnnotationBytes = 64U << 20U;

// The header beside a file, when there is one.
std::optional<std::string> headerBeside(const fs::path& path) {
    auto header = path;
    header.replace_extension(".hea");
    if (header == path)
        return std::nullopt;
    const auto bytes = readFile(header, kMaxHeaderBytes);
    if (!bytes)
        return std::nullopt;
    return std::string(text::asText(*bytes));
}

} // namespace

int WfdbReader::recognises(const FileHead& head) const {
    if (!text::looksLikeText(head.bytes))
        return 0;
    const bool named = text::lower(head.path.extension().string()) == ".hea";
    const bool header = wfdb::looksLikeHeader(text::asText(head.bytes));
    return named && header ? 2 : named || header ? 1 : 0;
}

bool WfdbReader::isCompanion(const FileHead& head) const {
    const auto extension = text::lower(head.path.extension().string());
    if (extension == ".hea") // a layout header says what the segments of another record hold
        return text::looksLikeText(head.bytes) && wfdb::isLayout(text::asText(head.bytes));
    if (extension.empty())
        return false;
    const auto header = headerBeside(head.path);
    if (!header)
        return false;
    if (extension == ".dat")
        return true;
    const auto name = head.path.filename().string();
    for (const auto line : text::lines(*header))
        if (const auto words = text::words(line); !words.empty() && words.front() == name)
            return true;
    const auto& known = wfdb::annotationExtensions();
    if (std::find(known.begin(), known.end(), extension.substr(1)) != known.end())
        return true;
    return false;
}

// Annotators name their files as they like: the end mark tells.
bool WfdbReader::mayBeCompanion(const FileHead& head) const {
    if (head.path.extension().empty() || text::looksLikeText(head.bytes) || !headerBeside(head.path))
        return false;
    const auto name = head.path.filename().string();
    const auto bytes = readFile(head.path, kMaxAnnotationBytes);
    return bytes.ok() && wfdb::parseAnnotations(*bytes, name).ok();
}

Result<Recording> WfdbReader::read(const fs::path& path, const ReadOptions& options) const {
    return wfdb::readRecord(path, options);
}

} // namespace precordia
