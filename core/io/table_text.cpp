// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/table_text.h"

#include "core/io/text.h"
#include "core/io/units.h"

#include <algorithm>
#include <array>
#include <map>

namespace precordia::table {

namespace {

constexpr std::size_t kLookedAt = 60; // rows that tell what a table is like
constexpr std::size_t kMostHeadings = 40;

// "II (mV)" -> {"II", "mV"}; "time_ms" -> {"time", "ms"}
std::pair<std::string, std::string> nameAndUnit(std::string_view cell) {
    for (const auto& [open, close] : {std::pair{'(', ')'}, std::pair{'[', ']'}})
        if (const auto at = cell.rfind(open); cell.ends_with(close) && at != std::string_view::npos && at > 0)
            return {std::string(text::trim(cell.substr(0, at))),
                    std::string(text::trim(cell.substr(at + 1, cell.size() - at - 2)))};
    if (const auto at = cell.rfind('_'); at != std::string_view::npos && at > 0) {
        const auto unit = cell.substr(at + 1);
        const auto lowered = text::lower(unit);
        if (microvoltsPer(unit) || lowered == "s" || lowered == "ms" || lowered == "us" || lowered == "sec")
            return {std::string(text::trim(cell.substr(0, at))), std::string(unit)};
    }
    return {std::string(cell), {}};
}

std::optional<double> timeUnit(std::string_view unit) {
    const auto u = text::lower(unit);
    if (u.empty() || u == "s" || u == "sec" || u == "seconds")
        return 1.0;
    if (u == "ms" || u == "milliseconds")
        return 1e-3;
    return u == "us" || u == "microseconds" ? std::optional(1e-6) : std::nullopt;
}

std::optional<double> secondsPer(const std::string& name, const std::string& unit) {
    const auto key = text::lower(name);
    if (key == "seconds" || key == "milliseconds")
        return key == "seconds" ? 1.0 : 1e-3;
    if (key != "time" && key != "t" && key != "zeit" && key != "timestamp" && key != "elapsed time")
        return std::nullopt;
    return timeUnit(unit);
}

bool isCounter(std::string name) {
    name = text::lower(name);
    std::erase(name, '\'');
    for (const char* word : {"sample", "samples", "sample #", "sample no", "index", "n", "nr", "no", "#", "idx"})
        if (name == word)
            return true;
    return false;
}

bool isUnit(std::string cell) {
    if (cell.size() > 2 && ((cell.front() == '(' && cell.back() == ')') || (cell.front() == '[' && cell.back() == ']')))
        cell = cell.substr(1, cell.size() - 2);
    const auto lowered = text::lower(cell);
    return microvoltsPer(cell) || (!cell.empty() && timeUnit(cell).has_value()) || lowered == "mmhg" ||
           lowered == "nu" || lowered == "bpm" || lowered == "%";
}

struct Fit {
    char delimiter = ',';
    std::size_t columns = 0; // that most rows have
    double numeric = 0;      // share of cells that are numbers or missing, in rows of that many
};

Fit fitOf(const std::vector<std::pair<int, std::string_view>>& rows, char delimiter, char decimalMark) {
    std::map<std::size_t, std::size_t> widths;
    std::size_t numbers = 0, all = 0;
    const auto n = std::min(rows.size(), kLookedAt);
    for (std::size_t i = rows.size() > 1 ? 1 : 0; i < n; ++i) {
        auto row = cells(rows[i].second, delimiter);
        if (row.size() > 1 && row.back().empty())
            row.pop_back();
        ++widths[row.size()];
        for (const auto& cell : row) {
            numbers += !cell.empty() && (saysMissing(cell) || number(cell, delimiter, decimalMark)) ? 1 : 0;
            all += cell.empty() ? 0 : 1;
        }
    }
    Fit out{delimiter, 1, all > 0 ? static_cast<double>(numbers) / static_cast<double>(all) : 0};
    std::size_t most = 0;
    for (const auto& [width, count] : widths)
        if (count > most) { // of equals the narrower: a row that is too long is an error
            most = count;
            out.columns = width;
        }
    return out;
}

// More cells that are numbers decide, then more columns.
char delimiterOf(const std::vector<std::pair<int, std::string_view>>& rows, char decimalMark) {
    Fit best;
    bool any = false;
    for (const char candidate : {'\t', ';', '|', ',', ' '}) {
        if (candidate == decimalMark)
            continue;
        const auto fit = fitOf(rows, candidate, decimalMark);
        const bool better = !any || fit.numeric > best.numeric + 0.02 ||
                            (fit.numeric > best.numeric - 0.02 && fit.columns > best.columns);
        if (better)
            best = fit;
        any = true;
    }
    return best.delimiter;
}

// "Sampling rate: 500 Hz", "fs = 500", "unit: mV"
bool stated(std::string_view line, Text& out) {
    const auto at = line.find_first_of(":=;,\t");
    if (at == std::string_view::npos)
        return false;
    auto key = text::lower(text::trim(line.substr(0, at)));
    std::replace(key.begin(), key.end(), '_', ' ');
    auto value = text::trim(line.substr(at + 1));
    for (const char* word : {"sampling rate", "sampling rate hz", "sampling rate (hz)", "sample rate", "samplerate",
                             "fs", "sampling frequency", "sampling frequency (hz)", "frequency", "abtastrate"})
        if (key == word) {
            const auto rate = text::takeNumber(value);
            const auto rest = text::lower(text::trim(value));
            if (rate && *rate > 0 && (rest.empty() || rest.starts_with("hz") || rest.starts_with(";"))) {
                out.statedRate = rate;
                return true;
            }
        }
    if ((key == "unit" || key == "units" || key == "einheit") && microvoltsPer(value)) {
        out.statedUnit = value;
        return true;
    }
    return false;
}

bool isHeading(const std::vector<std::string>& row, std::size_t columns, char delimiter, char decimalMark) {
    if (row.size() != columns && row.size() != columns + 1)
        return true; // a preamble
    return std::none_of(row.begin(), row.end(),
                        [&](const std::string& cell) { return number(cell, delimiter, decimalMark).has_value(); });
}

void headings(Text& out, const TableLayout& layout) {
    const auto columns = fitOf(out.rows, out.delimiter, out.decimalMark).columns;
    std::vector<std::vector<std::string>> lines;
    const auto most = std::min(out.rows.size(), kMostHeadings);
    for (std::size_t i = 0;
         i < (layout.headerRows >= 0
                  ? std::min<std::size_t>(out.rows.size(), static_cast<std::size_t>(layout.headerRows))
                  : most);
         ++i) {
        auto row = cells(out.rows[i].second, out.delimiter);
        if (layout.headerRows < 0 && !isHeading(row, columns, out.delimiter, out.decimalMark))
            break;
        lines.push_back(std::move(row));
    }
    out.headerRows = lines.size();
    out.columns.resize(columns);
    const std::vector<std::string>* names = nullptr;
    const std::vector<std::string>* units = nullptr;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (stated(out.rows[i].second, out))
            continue;
        auto& row = lines[i];
        if (row.size() == columns + 1 && row.back().empty())
            row.pop_back();
        // A table whose rows have other widths is still named by its only heading.
        if (row.size() != columns && !(lines.size() == 1 && layout.headerRows < 0))
            continue;
        const auto filled = std::count_if(row.begin(), row.end(), [](const auto& c) { return !c.empty(); });
        const auto unitCells = std::count_if(row.begin(), row.end(), isUnit);
        if (names != nullptr && unitCells > 0 && unitCells * 2 >= filled)
            units = &row;
        else
            names = &row;
    }
    if (names != nullptr) {
        out.columns.resize(std::max(columns, names->size()));
        out.firstLine = out.rows[static_cast<std::size_t>(names - lines.data())].first;
    } else if (!out.rows.empty()) {
        out.firstLine = out.rows.front().first;
    }
    for (std::size_t c = 0; c < out.columns.size(); ++c) {
        auto& column = out.columns[c];
        if (names != nullptr && c < names->size())
            std::tie(column.name, column.unit) = nameAndUnit((*names)[c]);
        if (units != nullptr && c < units->size() && column.unit.empty()) {
            column.unit = (*units)[c];
            std::erase_if(column.unit, [](char x) { return x == '(' || x == ')' || x == '[' || x == ']'; });
        }
        column.secondsPer = secondsPer(column.name, column.unit);
        column.counter = !column.secondsPer && isCounter(column.name);
    }
}

} // namespace

std::vector<std::string> cells(std::string_view line, char delimiter) {
    std::vector<std::string> out(1);
    bool quoted = false;
    if (delimiter == ' ')
        line = text::trim(line);
    for (const char c : line) {
        if (c == '"')
            quoted = !quoted;
        else if (c == delimiter && !quoted) {
            if (delimiter != ' ' || !out.back().empty())
                out.emplace_back();
        } else
            out.back().push_back(c);
    }
    for (auto& cell : out)
        cell = std::string(text::trim(cell));
    return out;
}

std::optional<double> number(std::string cell, char delimiter, char decimalMark) {
    if (decimalMark == ',' || (decimalMark == 0 && delimiter != ','))
        std::replace(cell.begin(), cell.end(), ',', '.');
    return text::number(cell);
}

bool saysMissing(std::string_view cell) {
    if (cell.size() > 3)
        return false;
    const auto lowered = text::lower(cell);
    return lowered.empty() || lowered == "nan" || lowered == "na";
}

bool isOurs(const Text& text) {
    return text.delimiter == ',' && !text.columns.empty() && text.columns[0].name == "time" &&
           text.columns[0].unit == "s" && text.headerRows == 1;
}

Text parse(std::string_view whole, const TableLayout& layout) {
    Text out;
    if (whole.starts_with("\xEF\xBB\xBF")) // a byte order mark, as spreadsheets leave it
        whole.remove_prefix(3);
    int line = 0;
    for (const auto words : text::lines(whole)) {
        ++line;
        const auto trimmed = text::trim(words);
        if (trimmed.empty())
            continue;
        if (trimmed.front() == '#') {
            out.comments.emplace_back(trimmed.substr(1));
            stated(out.comments.back(), out);
        } else {
            out.rows.emplace_back(line, words);
        }
    }
    out.decimalMark = layout.decimalMark;
    out.delimiter = layout.delimiter != 0 ? layout.delimiter : delimiterOf(out.rows, layout.decimalMark);
    headings(out, layout);
    if (layout.timeColumn)
        for (std::size_t c = 0; c < out.columns.size(); ++c) {
            auto& column = out.columns[c];
            const bool chosen = std::cmp_equal(c, *layout.timeColumn);
            column.secondsPer =
                chosen ? std::optional(column.secondsPer.value_or(timeUnit(column.unit).value_or(1))) : std::nullopt;
            column.counter = column.counter && !chosen;
        }
    return out;
}

} // namespace precordia::table
