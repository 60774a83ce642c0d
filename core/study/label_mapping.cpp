// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/label_mapping.h"

#include "core/base/file.h"
#include "core/io/snomed.h"
#include "core/io/text.h"
#include "core/study/csv_cursor.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

namespace precordia {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kGlanceBytes = 1U << 20U;

using Words = std::initializer_list<std::string_view>;

bool isOneOf(const std::string& word, Words words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// A column's name without case and separators: "Patient ID", "patient_id" -> "patientid".
std::string keyOf(const std::string& header) {
    std::string key;
    for (const char c : text::lower(header))
        if (std::isalnum(static_cast<unsigned char>(c)) != 0)
            key.push_back(c);
    return key;
}

char delimiterOf(std::string_view text) {
    const auto first = text.substr(0, text.find('\n'));
    char best = ',';
    auto most = std::count(first.begin(), first.end(), ',');
    for (const char c : {';', '\t'})
        if (const auto count = std::count(first.begin(), first.end(), c); count > most) {
            best = c;
            most = count;
        }
    return best;
}

struct Column {
    std::vector<std::string> values; // that are not empty

    template <typename Test>
    bool all(Test test) const {
        return !values.empty() && std::all_of(values.begin(), values.end(), test);
    }
};

Column columnOf(const TableGlance& glance, std::size_t at) {
    Column column;
    for (const auto& row : glance.rows)
        if (const auto value = text::trim(row[at]); !value.empty())
            column.values.emplace_back(value);
    return column;
}

bool saysYesOrNo(const std::string& value) {
    return isOneOf(text::lower(value), {"0", "1", "true", "false", "yes", "no", "0.0", "1.0"});
}

bool isCodes(const std::string& value) {
    const auto parts = text::split(value, value.find(';') != std::string::npos ? ';' : ',');
    return std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
        const auto number = text::integer(text::trim(part));
        return number && *number > 100000;
    });
}

bool isPath(const std::string& value) {
    return value.find('/') != std::string::npos || value.find('\\') != std::string::npos;
}

ColumnRole roleByName(const std::string& key) {
    if (isOneOf(key, {"age", "ageyears", "patientage", "alter"}))
        return ColumnRole::Age;
    if (isOneOf(key, {"sex", "gender", "patientsex", "geschlecht", "ismale", "male"}))
        return ColumnRole::Sex;
    if (isOneOf(key, {"patient", "patientid", "subject", "subjectid", "pid", "mrn"}))
        return ColumnRole::Patient;
    if (isOneOf(key, {"dataset", "source", "database"}))
        return ColumnRole::Dataset;
    if (isOneOf(key, {"stratfold", "fold", "split"}))
        return ColumnRole::Fold;
    if (isOneOf(key, {"labels", "label", "diagnosis", "diagnoses", "diagnostic", "finding", "findings", "rhythm",
                      "statements", "class", "classes", "category"}))
        return ColumnRole::Labels;
    if (isOneOf(key, {"codes", "snomed", "snomedcodes", "snomedctcode", "snomedct", "dx", "dxcodes"}))
        return ColumnRole::Codes;
    return ColumnRole::Ignored;
}

// Names of the recording's column, the surest first.
constexpr std::array kRecordingKeys = {"recordpath", "record",   "recording", "filename", "file", "filepath", "path",
                                       "ecgid",      "recordid", "examid",    "studyid",  "ecg",  "name",     "id"};

bool known(TableGlance& glance) {
    auto& mapping = glance.proposed;
    const auto at = [&](std::string_view header) {
        const auto found = std::find_if(glance.header.begin(), glance.header.end(),
                                        [&](const auto& h) { return text::lower(h) == header; });
        return found == glance.header.end() ? mapping.roles.size()
                                            : static_cast<std::size_t>(found - glance.header.begin());
    };
    const auto set = [&](std::string_view header, ColumnRole role) {
        if (const auto column = at(header); column < mapping.roles.size())
            mapping.roles[column] = role;
    };
    const auto has = [&](std::string_view header) { return at(header) < mapping.roles.size(); };
    if (has("scp_codes") && (has("filename_hr") || has("filename_lr"))) {
        glance.kind = "ptbxl";
        mapping.dataset = "PTB-XL";
        mapping.sexCoding = LabelMapping::SexCoding::ZeroIsMale;
        for (const auto* header : {"filename_hr", "filename_lr"})
            set(header, ColumnRole::Recording);
        set("scp_codes", ColumnRole::Statements);
        set("strat_fold", ColumnRole::Fold);
        set("patient_id", ColumnRole::Patient);
        set("age", ColumnRole::Age);
        set("sex", ColumnRole::Sex);
        return true;
    }
    if (has("exam_id") && has("trace_file")) {
        glance.kind = "code15";
        mapping.dataset = "CODE-15%";
        mapping.match = LabelMapping::Match::Id;
        mapping.sexCoding = LabelMapping::SexCoding::OneIsMale;
        set("exam_id", ColumnRole::Recording);
        set("trace_file", ColumnRole::SourceFile);
        set("patient_id", ColumnRole::Patient);
        set("age", ColumnRole::Age);
        set("is_male", ColumnRole::Sex);
        for (const auto* flag : {"1davb", "rbbb", "lbbb", "sb", "st", "af", "normal_ecg"})
            set(flag, ColumnRole::Flag);
        return true;
    }
    if (!has("record_path"))
        return false;
    glance.kind = "precordia";
    mapping.strict = true;
    set("record_path", ColumnRole::Recording);
    set("labels", ColumnRole::Labels);
    set("codes", ColumnRole::Codes);
    set("dataset", ColumnRole::Dataset);
    set("patient", ColumnRole::Patient);
    set("age", ColumnRole::Age);
    set("sex", ColumnRole::Sex);
    set("fold", ColumnRole::Fold);
    return true;
}

// "stem" finds a file beside the table, or in one of its folders' names: Path; a bare number: Id; else the stem.
LabelMapping::Match matchOf(const Column& column, const fs::path& folder) {
    const bool beside = std::any_of(column.values.begin(), column.values.end(), [&](const std::string& value) {
        std::error_code ec;
        return isPath(value) || fs::is_regular_file(folder / value, ec) ||
               fs::is_regular_file(folder / (value + ".hea"), ec);
    });
    if (beside)
        return LabelMapping::Match::Path;
    if (column.all([](const std::string& v) { return text::number(v).has_value(); }))
        return LabelMapping::Match::Id;
    return LabelMapping::Match::Stem;
}

void propose(TableGlance& glance, const fs::path& folder) {
    auto& mapping = glance.proposed;
    std::vector<std::string> keys;
    for (const auto& header : glance.header)
        keys.push_back(keyOf(header));
    const auto recording = [&]() -> std::size_t {
        for (const std::string_view wanted : kRecordingKeys)
            if (const auto found = std::find(keys.begin(), keys.end(), wanted); found != keys.end())
                return static_cast<std::size_t>(found - keys.begin());
        for (std::size_t i = 0; i < keys.size(); ++i)
            if (columnOf(glance, i).all(isPath))
                return i;
        return keys.size();
    }();
    std::set<ColumnRole> once;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto column = columnOf(glance, i);
        if (i == recording) {
            mapping.roles[i] = ColumnRole::Recording;
            mapping.match = matchOf(column, folder);
            continue;
        }
        auto role = roleByName(keys[i]);
        if (role == ColumnRole::Labels && column.all(isCodes))
            role = ColumnRole::Codes;
        if (role == ColumnRole::Ignored && column.all(saysYesOrNo))
            role = ColumnRole::Flag;
        if (role == ColumnRole::Ignored && column.all([](const auto& v) { return v.starts_with('{'); }))
            role = ColumnRole::Statements;
        if (role == ColumnRole::Fold && !column.all([](const auto& v) { return text::number(v).has_value(); }))
            role = ColumnRole::Ignored;
        const bool several = role == ColumnRole::Labels || role == ColumnRole::Flag || role == ColumnRole::Codes ||
                             role == ColumnRole::Statements;
        if (role != ColumnRole::Ignored && !several && !once.insert(role).second)
            role = ColumnRole::Ignored;
        if (role == ColumnRole::Sex && (keys[i] == "ismale" || keys[i] == "male"))
            mapping.sexCoding = LabelMapping::SexCoding::OneIsMale;
        mapping.roles[i] = role;
    }
    const auto labels = std::find(mapping.roles.begin(), mapping.roles.end(), ColumnRole::Labels);
    if (labels == mapping.roles.end())
        return;
    const auto values = columnOf(glance, static_cast<std::size_t>(labels - mapping.roles.begin())).values;
    const auto hold = [&](char c) {
        return std::any_of(values.begin(), values.end(), [c](const auto& v) { return v.find(c) != std::string::npos; });
    };
    if (!hold(';'))
        mapping.separators = hold('|') ? "|" : hold(',') ? "," : ";";
}

} // namespace

std::string_view name(ColumnRole role) {
    switch (role) {
    case ColumnRole::Ignored:
        return "ignored";
    case ColumnRole::Recording:
        return "recording";
    case ColumnRole::SourceFile:
        return "file";
    case ColumnRole::Labels:
        return "labels";
    case ColumnRole::Flag:
        return "flag";
    case ColumnRole::Codes:
        return "codes";
    case ColumnRole::Statements:
        return "statements";
    case ColumnRole::Age:
        return "age";
    case ColumnRole::Sex:
        return "sex";
    case ColumnRole::Patient:
        return "patient";
    case ColumnRole::Dataset:
        return "dataset";
    case ColumnRole::Fold:
        return "fold";
    }
    return "ignored";
}

Result<TableGlance> glanceAtTable(const fs::path& csv, std::size_t rows) {
    const auto bytes = readFileHead(csv, kGlanceBytes);
    if (!bytes)
        return bytes.as<TableGlance>();
    const auto content = text::asText(*bytes);
    TableGlance glance;
    glance.proposed.delimiter = delimiterOf(content);
    CsvCursor cursor(content, glance.proposed.delimiter);
    auto header = cursor.record();
    if (!header)
        return makeError(ErrorCode::FormatInvalid, "a quotation mark is never closed", csv.string() + ", line 1");
    for (auto& field : *header)
        glance.header.emplace_back(text::trim(text::utf8(field)));
    if (glance.header.size() == 1 && glance.header.front().empty())
        return makeError(ErrorCode::FormatInvalid, "there is no row of column names", csv.string() + ", line 1");
    const bool cut = bytes->size() == kGlanceBytes;
    while (glance.rows.size() < rows && !cursor.atEnd()) {
        auto fields = cursor.record();
        if (!fields || (cut && cursor.atEnd()))
            break; // the rest of the last row lies beyond what was read; an open quote is told by the whole reading
        if (fields->size() == 1 && text::trim(fields->front()).empty())
            continue;
        fields->resize(glance.header.size());
        glance.rows.push_back(std::move(*fields));
    }
    glance.proposed.roles.assign(glance.header.size(), ColumnRole::Ignored);
    if (!known(glance))
        propose(glance, fs::absolute(csv).parent_path());
    return glance;
}

std::string mappingProblem(const LabelMapping& mapping) {
    const auto& roles = mapping.roles;
    const auto count = [&](ColumnRole role) { return std::count(roles.begin(), roles.end(), role); };
    if (count(ColumnRole::Recording) == 0)
        return "no column finds the recording (record_path, or another by a mapping)";
    for (const auto role : {ColumnRole::SourceFile, ColumnRole::Age, ColumnRole::Sex, ColumnRole::Patient,
                            ColumnRole::Dataset, ColumnRole::Fold})
        if (count(role) > 1)
            return "two columns are taken for: " + std::string(name(role));
    return {};
}

fs::path tableBeside(const fs::path& recordings) {
    std::error_code ec;
    const auto absolute = fs::absolute(recordings, ec).lexically_normal();
    const auto folder = fs::is_directory(absolute, ec) ? absolute : absolute.parent_path();
    for (const auto& place : {folder, folder.parent_path()})
        for (const auto* file : {"labels.csv", "ptbxl_database.csv", "exams.csv"}) {
            // A table of labels one folder up is only taken for one when it is a data set's own.
            if (place != folder && std::string_view(file) == "labels.csv")
                continue;
            if (fs::is_regular_file(place / file, ec))
                return place / file;
        }
    return {};
}

} // namespace precordia
