// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/label_table.h"

#include "core/base/file.h"
#include "core/io/text.h"
#include "core/study/csv_cursor.h"
#include "core/study/import_scan.h"
#include "core/study/scp_statements.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMostBytes = 1ULL << 30U;
constexpr double kOldest = 130;
constexpr double kOver89 = 300; // PTB-XL's code for it
constexpr int kMostFolds = 1000;

std::vector<std::string> split(std::string_view text, std::string_view separators) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto end = text.find_first_of(separators);
        if (const auto part = text::trim(text.substr(0, end)); !part.empty())
            parts.emplace_back(part);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return parts;
}

bool saysYes(std::string_view cell) {
    const auto word = text::lower(text::trim(cell));
    if (word == "true" || word == "yes" || word == "y" || word == "t")
        return true;
    const auto number = text::number(word);
    return number && *number > 0;
}

// "15709.0", as pandas writes a column of integers with gaps -> "15709"; leading zeros do not count in a number.
std::string plainId(std::string_view cell) {
    cell = text::trim(cell);
    if (cell.ends_with(".0") && text::number(cell))
        cell.remove_suffix(2);
    const bool digits =
        !cell.empty() && std::all_of(cell.begin(), cell.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (digits)
        cell.remove_prefix(std::min(cell.find_first_not_of('0'), cell.size() - 1));
    return std::string(cell);
}

// The one number in a name: "00007_hr" -> "7"; "" when there is none, or several.
std::string onlyNumber(std::string_view name) {
    constexpr std::string_view kDigits = "0123456789";
    const auto first = name.find_first_of(kDigits);
    if (first == std::string_view::npos)
        return {};
    const auto end = std::min(name.find_first_not_of(kDigits, first), name.size());
    if (name.find_first_of(kDigits, end) != std::string_view::npos)
        return {};
    return plainId(name.substr(first, end - first));
}

std::string withoutExtension(const fs::path& path) {
    return fs::path(path).replace_extension().generic_string();
}

std::string sexOf(std::string_view cell, LabelMapping::SexCoding coding) {
    if (const auto words = parseSex(std::string(cell)); !words.empty())
        return words;
    const auto word = text::lower(text::trim(cell));
    if (coding == LabelMapping::SexCoding::Words || word.empty())
        return {};
    const auto number = word == "true" ? std::optional(1.0) : word == "false" ? std::optional(0.0) : text::number(word);
    if (!number || (*number != 0 && *number != 1))
        return {};
    return (*number == 1) == (coding == LabelMapping::SexCoding::OneIsMale) ? "male" : "female";
}

// A flag's column is its label: "1dAVb" of CODE-15 and its fellows by their names.
std::string flagName(const std::string& header) {
    const auto key = text::lower(header);
    static const std::unordered_map<std::string, std::string> kCode15 = {
        {"1davb", "1st degree av block"}, {"rbbb", "right bundle branch block"}, {"lbbb", "left bundle branch block"},
        {"sb", "sinus bradycardia"},      {"st", "sinus tachycardia"},           {"af", "atrial fibrillation"},
        {"normal_ecg", "normal ECG"}};
    const auto known = kCode15.find(key);
    return known == kCode15.end() ? header : known->second;
}

void add(std::vector<RowLabel>& labels, RowLabel label) {
    const auto key = text::lower(label.name);
    const bool there =
        std::any_of(labels.begin(), labels.end(), [&](const auto& l) { return text::lower(l.name) == key; });
    if (!label.name.empty() && !there)
        labels.push_back(std::move(label));
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
    const auto rest = std::string_view(end, static_cast<std::size_t>(text.data() + text.size() - end));
    const auto unit = text::lower(text::trim(rest));
    if (unit.starts_with("mo") || unit == "m")
        value /= 12;
    else if (unit.starts_with("w"))
        value *= 7 / 365.25;
    else if (unit.starts_with("d"))
        value /= 365.25;
    // Ages above 130 are codes for "unknown" (999).
    return value <= kOldest ? std::optional(value) : std::nullopt;
}

std::string parseSex(const std::string& text) {
    const auto word = text::lower(text::trim(text));
    if (word == "f" || word == "female" || word == "woman" || word == "w")
        return "female";
    if (word == "m" || word == "male" || word == "man")
        return "male";
    return {};
}

// Builds a table row by row.
class LabelTableReader {
public:
    LabelTableReader(const fs::path& csv, LabelMapping mapping, std::vector<std::string> header)
        : csv_(csv)
        , folder_(fs::absolute(csv).parent_path())
        , header_(std::move(header)) {
        table_.mapping_ = std::move(mapping);
        const auto& roles = table_.mapping_.roles;
        if (std::find(roles.begin(), roles.end(), ColumnRole::Statements) != roles.end())
            statements_ = ScpStatements::beside(fs::absolute(csv));
    }

    Result<Done> add(const std::vector<std::string>& fields, int line) {
        std::vector<std::string> found; // cells that find the recording
        auto row = rowOf(fields, found);
        row.line = line;
        const bool strict = table_.mapping_.strict;
        if (found.empty())
            return strict ? Result<Done>(makeError(ErrorCode::FormatInvalid, "record_path is empty", place(line)))
                          : Result<Done>(Done{});
        row.recordPath = found.front();
        const auto number = table_.rows_.size();
        const auto file = cellOf(fields, ColumnRole::SourceFile);
        for (const auto& cell : found)
            if (const auto other = index(cell, file, number); other && strict)
                return makeError(ErrorCode::FormatInvalid,
                                 "the record stands already in line " + std::to_string(table_.rows_[*other].line),
                                 place(line));
        table_.rows_.push_back(std::move(row));
        return Done{};
    }

    LabelTable take() { return std::move(table_); }
    std::string place(int line) const { return csv_.string() + ", line " + std::to_string(line); }

private:
    std::string cellOf(const std::vector<std::string>& fields, ColumnRole role) const {
        const auto& roles = table_.mapping_.roles;
        for (std::size_t i = 0; i < std::min(roles.size(), fields.size()); ++i)
            if (roles[i] == role)
                return std::string(text::trim(fields[i]));
        return {};
    }

    LabelRow rowOf(const std::vector<std::string>& fields, std::vector<std::string>& found) const {
        const auto& mapping = table_.mapping_;
        LabelRow row;
        row.dataset = mapping.dataset;
        for (std::size_t i = 0; i < std::min(mapping.roles.size(), fields.size()); ++i) {
            const std::string cell(text::trim(fields[i]));
            if (!cell.empty())
                apply(mapping.roles[i], i, cell, row, found);
        }
        return row;
    }

    void apply(ColumnRole role, std::size_t column, const std::string& cell, LabelRow& row,
               std::vector<std::string>& found) const {
        const auto& mapping = table_.mapping_;
        switch (role) {
        case ColumnRole::Ignored:
        case ColumnRole::SourceFile:
            return;
        case ColumnRole::Recording:
            found.push_back(cell);
            return;
        case ColumnRole::Labels:
            for (const auto& name : split(cell, mapping.separators))
                precordia::add(row.labels, {normaliseLabel(name), {}});
            return;
        case ColumnRole::Flag:
            if (saysYes(cell))
                precordia::add(row.labels, {normaliseLabel(flagName(header_[column])), {}});
            return;
        case ColumnRole::Codes:
            // Codes of other systems (ICD-10, AHA) have no table here; their names stand under labels.
            for (const auto& code : split(cell, ";,|"))
                if (const auto name = snomedName(code))
                    precordia::add(row.labels, {normaliseLabel(*name), {}});
            return;
        case ColumnRole::Statements:
            for (auto& label : statements_.labels(cell))
                precordia::add(row.labels, std::move(label));
            return;
        case ColumnRole::Age:
            if (const auto number = text::number(cell); number && *number == kOver89)
                row.ageYears = 90;
            else
                row.ageYears = parseAge(cell);
            return;
        case ColumnRole::Sex:
            row.sex = sexOf(cell, mapping.sexCoding);
            return;
        case ColumnRole::Patient:
            row.patient = plainId(cell);
            return;
        case ColumnRole::Dataset:
            row.dataset = cell;
            return;
        case ColumnRole::Fold:
            if (const auto fold = text::number(cell); fold && *fold >= 0 && *fold < kMostFolds)
                row.fold = static_cast<int>(std::lround(*fold));
            return;
        }
    }

    // The row that had the key before, when there is one.
    static std::optional<std::size_t> put(LabelTable::Index& index, std::string key, std::size_t number) {
        const auto [known, fresh] = index.emplace(std::move(key), number);
        return fresh || known->second == number ? std::nullopt : std::optional(known->second);
    }

    std::optional<std::size_t> index(const std::string& cell, const std::string& file, std::size_t number) {
        switch (table_.mapping_.match) {
        case LabelMapping::Match::Id: {
            const auto id = plainId(cell);
            if (!file.empty()) // also without it: the file may have been taken apart since
                table_.byId_.emplace("\n" + id, number);
            return put(table_.byId_, fs::path(file).filename().string() + "\n" + id, number);
        }
        case LabelMapping::Match::Stem:
            return put(table_.byStem_, text::lower(fs::path(cell).filename().string()), number);
        case LabelMapping::Match::Path:
            break;
        }
        auto written = cell;
        std::replace(written.begin(), written.end(), '\\', '/');
        const auto path = folder_ / written;
        const auto other = put(table_.byPath_, sourceKey(path), number);
        // A row may name a companion ("x.dat"): only then its extension is one, and not part of a name like "a.1".
        if (std::error_code ec; !other && fs::is_regular_file(path, ec))
            table_.byPath_.emplace(sourceKey(fs::path(path).replace_extension()), number);
        const auto relative = fs::path(written).lexically_normal();
        if (relative.is_relative() && relative.has_parent_path() && *relative.begin() != "..")
            (void)put(table_.bySuffix_, relative.generic_string(), number);
        return other;
    }

    const fs::path& csv_;
    fs::path folder_;
    std::vector<std::string> header_;
    ScpStatements statements_;
    LabelTable table_;
};

Result<LabelTable> LabelTable::read(const fs::path& csv, const std::optional<LabelMapping>& mapping) {
    const auto glance = glanceAtTable(csv, mapping ? 0 : 50);
    if (!glance)
        return glance.as<LabelTable>();
    const auto bytes = readFile(csv, kMostBytes);
    if (!bytes)
        return bytes.as<LabelTable>();
    const auto& used = mapping ? *mapping : glance->proposed;
    LabelTableReader reader(csv, used, glance->header);
    if (const auto problem = mappingProblem(used); !problem.empty())
        return makeError(ErrorCode::FormatInvalid, problem, reader.place(1));
    if (used.roles.size() > glance->header.size())
        return makeError(ErrorCode::FormatInvalid, "the mapping is of another table: it has more columns",
                         reader.place(1));
    CsvCursor cursor(text::asText(*bytes), used.delimiter);
    (void)cursor.record(); // the header
    while (!cursor.atEnd()) {
        const int line = cursor.line();
        auto fields = cursor.record();
        if (!fields)
            return makeError(ErrorCode::FormatInvalid, "a quotation mark is never closed", reader.place(line));
        if (fields->size() == 1 && text::trim(fields->front()).empty())
            continue;
        for (auto& field : *fields)
            field = text::utf8(field);
        if (const auto done = reader.add(*fields, line); !done)
            return done.as<LabelTable>();
    }
    return reader.take();
}

std::optional<std::size_t> LabelTable::find(const fs::path& source, const std::string& name) const {
    const auto lookUp = [](const Index& index, const std::string& key) -> std::optional<std::size_t> {
        const auto at = index.find(key);
        return at == index.end() ? std::nullopt : std::optional(at->second);
    };
    const auto stem = source.stem().string();
    switch (mapping_.match) {
    case LabelMapping::Match::Id: {
        const auto& called = name.empty() ? stem : name;
        for (const auto& file : {source.filename().string(), std::string()})
            for (const auto& id : {plainId(called), onlyNumber(called)})
                if (!id.empty())
                    if (const auto row = lookUp(byId_, file + "\n" + id))
                        return row;
        return std::nullopt;
    }
    case LabelMapping::Match::Stem:
        for (const auto& key : {source.filename().string(), stem})
            if (const auto row = lookUp(byStem_, text::lower(key)))
                return row;
        return std::nullopt;
    case LabelMapping::Match::Path:
        break;
    }
    for (const auto& key : {source.string(), withoutExtension(source)})
        if (const auto row = lookUp(byPath_, key))
            return row;
    if (bySuffix_.empty())
        return std::nullopt;
    // The table lies elsewhere than it did: the longest end of the path that it names, down to folder and name.
    for (const auto& key : {source.generic_string(), withoutExtension(source)})
        for (auto slash = key.find('/'); slash != std::string::npos; slash = key.find('/', slash + 1)) {
            const auto rest = key.substr(slash + 1);
            if (rest.find('/') == std::string::npos)
                break;
            if (const auto row = lookUp(bySuffix_, rest))
                return row;
        }
    return std::nullopt;
}

} // namespace precordia
