// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/scp_statements.h"

#include "core/base/file.h"
#include "core/io/text.h"
#include "core/study/csv_cursor.h"

#include <algorithm>

namespace precordia {

namespace {

constexpr std::uint64_t kMostBytes = 4U << 20U;

// 'NORM': 100.0
struct Pair {
    std::string code;
    double likelihood = 0;
};

std::vector<Pair> pairsOf(std::string_view cell) {
    std::vector<Pair> pairs;
    cell = text::trim(cell);
    if (!cell.starts_with('{') || !cell.ends_with('}'))
        return pairs;
    for (auto part : text::split(cell.substr(1, cell.size() - 2), ',')) {
        const auto colon = part.rfind(':');
        if (colon == std::string_view::npos)
            continue;
        auto code = text::trim(part.substr(0, colon));
        while (!code.empty() && (code.front() == '\'' || code.front() == '"'))
            code.remove_prefix(1);
        while (!code.empty() && (code.back() == '\'' || code.back() == '"'))
            code.remove_suffix(1);
        const auto likelihood = text::number(text::trim(part.substr(colon + 1)));
        if (!code.empty() && likelihood && *likelihood >= 0 && *likelihood <= 100)
            pairs.push_back({std::string(code), *likelihood});
    }
    return pairs;
}

} // namespace

ScpStatements ScpStatements::beside(const std::filesystem::path& table) {
    ScpStatements out;
    const auto bytes = readFile(table.parent_path() / "scp_statements.csv", kMostBytes);
    if (!bytes)
        return out;
    CsvCursor cursor(text::asText(*bytes));
    const auto header = cursor.record();
    if (!header)
        return out;
    const auto column = [&](std::string_view name) {
        const auto at = std::find_if(header->begin(), header->end(),
                                     [&](const auto& h) { return text::lower(text::trim(h)) == name; });
        return static_cast<std::size_t>(at - header->begin());
    };
    const auto description = column("description");
    const auto superclass = column("diagnostic_class");
    const auto rhythm = column("rhythm");
    while (!cursor.atEnd()) {
        const auto fields = cursor.record();
        if (!fields)
            break;
        const auto field = [&](std::size_t at) {
            return at < fields->size() ? std::string(text::trim((*fields)[at])) : std::string();
        };
        if (field(0).empty())
            continue;
        const auto isRhythm = text::number(field(rhythm));
        out.statements_[field(0)] = {field(description), field(superclass), isRhythm && *isRhythm > 0};
    }
    return out;
}

std::vector<RowLabel> ScpStatements::labels(std::string_view cell) const {
    std::vector<RowLabel> labels;
    std::map<std::string, double> superclasses;
    for (const auto& [code, likelihood] : pairsOf(cell)) {
        const auto known = statements_.find(code);
        const bool described = known != statements_.end() && !known->second.description.empty();
        RowLabel label{normaliseLabel(described ? known->second.description : code), likelihood};
        if (described && known->second.rhythm)
            label.kind = "rhythm";
        if (!label.name.empty())
            labels.push_back(std::move(label));
        if (known != statements_.end() && !known->second.superclass.empty()) {
            auto& highest = superclasses[known->second.superclass];
            highest = std::max(highest, likelihood);
        }
    }
    for (const auto& [superclass, likelihood] : superclasses) {
        RowLabel label{normaliseLabel(superclass), likelihood};
        label.kind = "superclass";
        labels.push_back(std::move(label));
    }
    return labels;
}

} // namespace precordia
