// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/label_table.h"

#include "core/base/file.h"
#include "core/study/import_scan.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>

namespace precordia {

namespace fs = std::filesystem;

namespace {

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

std::vector<std::string> split(std::string_view text, std::string_view separators) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto end = text.find_first_of(separators);
        if (auto part = trimmed(text.substr(0, end)); !part.empty())
            parts.push_back(std::move(part));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return parts;
}

// RFC 4180: quotes may hold separators, line breaks and doubled quotes.
class CsvCursor {
public:
    explicit CsvCursor(std::string_view text) : text_(text) {
        if (text_.starts_with("\xEF\xBB\xBF"))
            text_.remove_prefix(3);
    }
    bool atEnd() const { return at_ >= text_.size(); }
    int line() const { return line_; }

    // Nothing when a quote is never closed.
    std::optional<std::vector<std::string>> record() {
        std::vector<std::string> fields(1);
        bool quoted = false;
        while (at_ < text_.size()) {
            const char c = text_[at_++];
            if (c == '\n')
                ++line_;
            if (quoted) {
                if (c != '"')
                    fields.back() += c;
                else if (at_ < text_.size() && text_[at_] == '"')
                    fields.back() += text_[at_++];
                else
                    quoted = false;
            } else if (c == '"') {
                quoted = true;
            } else if (c == ',') {
                fields.emplace_back();
            } else if (c == '\n') {
                break;
            } else if (c != '\r') {
                fields.back() += c;
            }
        }
        if (quoted)
            return std::nullopt;
        return fields;
    }

private:
    std::string_view text_;
    std::size_t at_ = 0;
    int line_ = 1;
};

std::vector<LabelName> labelsOf(const std::string& names, const std::string& codes) {
    std::vector<LabelName> labels;
    const auto add = [&](LabelName label) {
        const bool known =
            std::any_of(labels.begin(), labels.end(), [&](const auto& l) { return l.name == label.name; });
        if (!label.name.empty() && !known)
            labels.push_back(std::move(label));
    };
    for (const auto& name : split(names, ";"))
        add(normaliseLabel(name));
    // Codes of other systems (ICD-10, AHA) have no table here; their names stand under labels.
    for (const auto& code : split(codes, ";,"))
        if (const auto name = snomedName(code))
            add(normaliseLabel(*name));
    return labels;
}

} // namespace

std::optional<double> parseAge(const std::string& text) {
    const auto start = text.find_first_of("0123456789");
    if (start == std::string::npos || (start > 0 && text[start - 1] == '-'))
        return std::nullopt;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data() + start, text.data() + text.size(), value);
    if (error != std::errc())
        return std::nullopt;
    const auto unit = lower(trimmed(std::string_view(end, static_cast<std::size_t>(text.data() + text.size() - end))));
    if (unit.starts_with("mo") || unit == "m")
        value /= 12;
    else if (unit.starts_with("w"))
        value *= 7 / 365.25;
    else if (unit.starts_with("d"))
        value /= 365.25;
    // Ages above 130 are codes for "unknown" (300 in PTB-XL: older than 89; 999).
    return value <= 130 ? std::optional(value) : std::nullopt;
}

std::string parseSex(const std::string& text) {
    const auto word = lower(trimmed(text));
    if (word == "f" || word == "female" || word == "woman" || word == "w")
        return "female";
    if (word == "m" || word == "male" || word == "man")
        return "male";
    return {};
}

Result<LabelTable> LabelTable::read(const fs::path& csv) {
    const auto bytes = readFile(csv, 1ULL << 30);
    if (!bytes)
        return bytes.as<LabelTable>();
    CsvCursor cursor({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
    const auto place = [&](int line) { return csv.string() + ", line " + std::to_string(line); };
    const auto header = cursor.record();
    if (!header)
        return makeError(ErrorCode::FormatInvalid, "a quotation mark is never closed", place(1));
    std::map<std::string, std::size_t> column;
    for (std::size_t i = 0; i < header->size(); ++i)
        column.emplace(lower(trimmed((*header)[i])), i);
    if (!column.contains("record_path"))
        return makeError(ErrorCode::FormatInvalid, "there is no column record_path", place(1));
    LabelTable table;
    const auto folder = fs::absolute(csv).parent_path();
    while (!cursor.atEnd()) {
        const int line = cursor.line();
        const auto fields = cursor.record();
        if (!fields)
            return makeError(ErrorCode::FormatInvalid, "a quotation mark is never closed", place(line));
        if (fields->size() == 1 && trimmed(fields->front()).empty())
            continue;
        const auto field = [&](const char* name) {
            const auto at = column.find(name);
            return at == column.end() || at->second >= fields->size() ? std::string() : trimmed((*fields)[at->second]);
        };
        LabelRow row;
        row.line = line;
        row.recordPath = field("record_path");
        if (row.recordPath.empty())
            return makeError(ErrorCode::FormatInvalid, "record_path is empty", place(line));
        row.dataset = field("dataset");
        row.patient = field("patient");
        row.sex = parseSex(field("sex"));
        row.ageYears = parseAge(field("age"));
        row.labels = labelsOf(field("labels"), field("codes"));
        const auto path = folder / row.recordPath;
        const auto number = table.rows_.size();
        if (const auto [known, fresh] = table.byPath_.emplace(sourceKey(path), number); !fresh)
            return makeError(ErrorCode::FormatInvalid,
                             "the record stands already in line " + std::to_string(table.rows_[known->second].line),
                             place(line));
        // A row may name a companion ("x.dat"): only then its extension is one, and not part of a name like "a.1".
        if (std::error_code ec; fs::is_regular_file(path, ec))
            table.byPath_.emplace(sourceKey(fs::path(path).replace_extension()), number);
        table.rows_.push_back(std::move(row));
    }
    return table;
}

std::optional<std::size_t> LabelTable::find(const fs::path& source) const {
    auto at = byPath_.find(source.string());
    if (at == byPath_.end())
        at = byPath_.find(fs::path(source).replace_extension().string());
    return at == byPath_.end() ? std::nullopt : std::optional(at->second);
}

} // namespace precordia
