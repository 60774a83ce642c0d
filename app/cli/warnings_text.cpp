// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/warnings_text.h"

#include "core/io/text.h"

#include <map>

namespace precordia::cli {

namespace {

// Of the file's codes, identifiers and marks, and not of its signal.
bool isBesideTheSignal(WarningCode code) {
    return code == WarningCode::InvalidIdentifier || code == WarningCode::UnknownCode ||
           code == WarningCode::Annotation || code == WarningCode::SkippedGroup;
}

} // namespace

nlohmann::json warningsJson(const Recording& recording) {
    auto out = nlohmann::json::array();
    for (const auto& warning : recording.warnings)
        out.push_back({{"code", name(warning.code)},
                       {"message", text::utf8(warning.message)},
                       {"where", text::utf8(warning.where)}});
    return out;
}

std::vector<std::string> warningsInShort(const Recording& recording) {
    struct Kind {
        std::string first;
        int count = 0;
    };
    std::map<WarningCode, Kind> kinds;
    for (const auto& warning : recording.warnings) {
        if (isBesideTheSignal(warning.code))
            continue;
        auto& kind = kinds[warning.code];
        if (kind.count++ == 0)
            kind.first = std::string(name(warning.code)) + (warning.where.empty() ? "" : ", " + warning.where) + ": " +
                         warning.message;
    }
    std::vector<std::string> lines;
    for (const auto& [code, kind] : kinds)
        lines.push_back(kind.first + (kind.count > 1 ? " (and " + std::to_string(kind.count - 1) + " more)" : ""));
    return lines;
}

} // namespace precordia::cli
