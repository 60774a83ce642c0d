// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/benchmark_data.h"

#include "core/base/file.h"
#include "core/explore/random_source.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <sstream>

namespace precordia {

namespace fs = std::filesystem;

namespace {

// One record of a CSV from `at` on; nothing at the end.
std::optional<std::vector<std::string>> nextRecord(std::string_view text, std::size_t& at) {
    if (at >= text.size())
        return std::nullopt;
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (quoted) {
            if (c != '"')
                cells.back() += c;
            else if (at + 1 < text.size() && text[at + 1] == '"')
                cells.back() += text[++at];
            else
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == ',') {
            cells.emplace_back();
        } else if (c == '\n') {
            ++at;
            break;
        } else if (c != '\r') {
            cells.back() += c;
        }
    }
    return cells;
}

std::string textOf(const std::vector<std::byte>& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// The keys of "{'NORM': 100.0, 'SR': 0.0}".
std::vector<std::string> keysOf(const std::string& dictionary) {
    std::vector<std::string> keys;
    for (std::size_t from = dictionary.find('\''); from != std::string::npos;) {
        const auto to = dictionary.find('\'', from + 1);
        if (to == std::string::npos)
            break;
        keys.push_back(dictionary.substr(from + 1, to - from - 1));
        from = dictionary.find('\'', to + 1);
    }
    return keys;
}

// Diagnostic statement -> number of its superclass.
Result<std::map<std::string, int>> superclasses(const fs::path& folder, const std::vector<std::string>& classes) {
    const fs::path file = folder / "scp_statements.csv";
    const auto csv = readCsvColumns(file, {"", "diagnostic", "diagnostic_class"});
    if (!csv)
        return csv.as<std::map<std::string, int>>();
    std::map<std::string, int> out;
    for (const auto& row : csv->rows) {
        if (row[1].empty() || row[1] == "0" || row[1] == "0.0")
            continue;
        const auto at = std::find(classes.begin(), classes.end(), row[2]);
        if (at != classes.end())
            out[row[0]] = static_cast<int>(at - classes.begin());
    }
    if (out.empty())
        return makeError(ErrorCode::FormatInvalid, "no diagnostic statement has one of the five superclasses",
                         file.string());
    return out;
}

// SNOMED CT codes of the nine classes, as PhysioNet/CinC 2020 has them.
const std::vector<std::pair<std::string, std::string>>& cpscClasses() {
    static const std::vector<std::pair<std::string, std::string>> kClasses = {
        {"sinus rhythm", "426783006"},
        {"atrial fibrillation", "164889003"},
        {"first degree AV block", "270492004"},
        {"left bundle branch block", "164909002"},
        {"right bundle branch block", "59118001"},
        {"premature atrial contraction", "284470004"},
        {"ventricular ectopics", "164884008"},
        {"ST depression", "429622005"},
        {"ST elevation", "164931005"},
    };
    return kClasses;
}

std::vector<int> cpscClassesIn(const std::string& header) {
    std::set<int> found;
    std::istringstream lines(header);
    for (std::string line; std::getline(lines, line);) {
        const auto dx = line.find("Dx:");
        if (line.empty() || line[0] != '#' || dx == std::string::npos)
            continue;
        std::string codes = line.substr(dx + 3);
        std::replace_if(
            codes.begin(), codes.end(), [](char c) { return c == ',' || c == ';' || c == '\r'; }, ' ');
        std::istringstream words(codes);
        for (std::string code; words >> code;)
            for (std::size_t k = 0; k < cpscClasses().size(); ++k)
                if (cpscClasses()[k].second == code)
                    found.insert(static_cast<int>(k));
    }
    return {found.begin(), found.end()};
}

void splitCpsc(BenchmarkData& data, std::uint64_t seed) {
    const auto folderOf = [](const BenchmarkRecording& r) { return r.source.parent_path().filename().string(); };
    std::set<std::string> folders;
    for (const auto& recording : data.recordings)
        folders.insert(folderOf(recording));
    const bool grouped = folders.contains("g7") && folders.size() > 1;
    std::map<int, std::vector<std::size_t>> rest; // by the first class, so that each part has some of every class
    for (std::size_t i = 0; i < data.recordings.size(); ++i) {
        if (grouped && folderOf(data.recordings[i]) == "g7")
            data.recordings[i].part = BenchmarkPart::Test;
        else
            rest[data.recordings[i].classes.front()].push_back(i);
    }
    RandomSource random(seed);
    for (auto& [k, mine] : rest) {
        random.shuffle(mine);
        const std::size_t part = std::max<std::size_t>(mine.size() / (grouped ? 9 : 10), mine.size() > 2 ? 1 : 0);
        for (std::size_t i = 0; i < mine.size(); ++i)
            data.recordings[mine[i]].part = i < part                   ? BenchmarkPart::Validation
                                            : !grouped && i < 2 * part ? BenchmarkPart::Test
                                                                       : BenchmarkPart::Train;
    }
    data.split = grouped ? "folder g7 tested, as ECG-JEPA's code does; a ninth of the rest for validation, seed "
                         : "8 : 1 : 1 by recording within each class, seed ";
    data.split += std::to_string(seed);
}

} // namespace

Result<CsvColumns> readCsvColumns(const fs::path& file, const std::vector<std::string>& wanted) {
    const auto bytes = readFile(file);
    if (!bytes)
        return bytes.as<CsvColumns>();
    const std::string text = textOf(*bytes);
    std::size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    const auto names = nextRecord(text, at);
    std::vector<std::size_t> columns;
    for (const auto& name : wanted) {
        const auto found =
            names ? std::find(names->begin(), names->end(), name) : std::vector<std::string>::const_iterator();
        if (!names || found == names->end())
            return makeError(ErrorCode::FormatInvalid, "there is no column \"" + name + "\"",
                             file.string() + ", line 1");
        columns.push_back(static_cast<std::size_t>(found - names->begin()));
    }
    CsvColumns out;
    int line = 1;
    for (auto record = nextRecord(text, at); record; record = nextRecord(text, at)) {
        ++line;
        if (record->size() == 1 && record->front().empty())
            continue;
        std::vector<std::string> row;
        for (const std::size_t column : columns) {
            if (column >= record->size())
                return makeError(ErrorCode::FormatInvalid,
                                 "the row has " + std::to_string(record->size()) + " cells, the heading " +
                                     std::to_string(names->size()),
                                 file.string() + ", row " + std::to_string(line));
            row.push_back((*record)[column]);
        }
        out.rows.push_back(std::move(row));
    }
    return out;
}

Result<BenchmarkData> readPtbxl(const fs::path& folder) {
    BenchmarkData data;
    data.name = "PTB-XL";
    data.classes = {"NORM", "MI", "STTC", "CD", "HYP"};
    data.split = "official folds: 1 to 8 train, 9 validation, 10 test";
    const auto superclassOf = superclasses(folder, data.classes);
    if (!superclassOf)
        return superclassOf.as<BenchmarkData>();
    const fs::path file = folder / "ptbxl_database.csv";
    std::error_code code;
    const bool full = fs::is_directory(folder / "records500", code);
    const auto csv =
        readCsvColumns(file, {"patient_id", "scp_codes", "strat_fold", full ? "filename_hr" : "filename_lr"});
    if (!csv)
        return csv.as<BenchmarkData>();
    for (std::size_t i = 0; i < csv->rows.size(); ++i) {
        const auto& row = csv->rows[i];
        std::set<int> classes;
        for (const auto& key : keysOf(row[1]))
            if (const auto at = superclassOf->find(key); at != superclassOf->end())
                classes.insert(at->second);
        if (classes.empty())
            continue;
        const int fold = std::atoi(row[2].c_str());
        if (fold < 1 || fold > 10)
            return makeError(ErrorCode::FormatInvalid, "\"" + row[2] + "\" is none of the folds 1 to 10",
                             file.string() + ", row " + std::to_string(i + 2));
        data.recordings.push_back({folder / (row[3] + ".hea"),
                                   row[0],
                                   fold == 10  ? BenchmarkPart::Test
                                   : fold == 9 ? BenchmarkPart::Validation
                                               : BenchmarkPart::Train,
                                   {classes.begin(), classes.end()}});
    }
    if (data.recordings.empty())
        return makeError(ErrorCode::NotFound, "no recording has a diagnostic superclass", file.string());
    return data;
}

Result<BenchmarkData> readCpsc2018(const fs::path& folder, std::uint64_t seed) {
    std::error_code code;
    if (!fs::is_directory(folder, code))
        return makeError(ErrorCode::FileNotFound, "there is no such folder", folder.string());
    BenchmarkData data;
    data.name = "CPSC2018";
    for (const auto& [name, snomed] : cpscClasses())
        data.classes.push_back(name);
    std::vector<fs::path> headers;
    for (fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied, code), end;
         !code && it != end; it.increment(code))
        if (it->path().extension() == ".hea")
            headers.push_back(it->path());
    std::sort(headers.begin(), headers.end());
    for (const auto& header : headers) {
        const auto bytes = readFile(header, 1U << 20U);
        if (!bytes)
            return bytes.as<BenchmarkData>();
        auto classes = cpscClassesIn(textOf(*bytes));
        if (!classes.empty())
            data.recordings.push_back({header, "", BenchmarkPart::Train, std::move(classes)});
    }
    if (data.recordings.empty())
        return makeError(ErrorCode::NotFound, "no header has a #Dx line with one of the nine classes", folder.string());
    splitCpsc(data, seed);
    return data;
}

} // namespace precordia
