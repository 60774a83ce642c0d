// SPDX-License-Identifier: GPL-3.0-or-later
// A table of samples as text, taken apart: delimiter, headings, a row of units, columns. What the text shows is used,
// what a TableLayout says is used instead.
#pragma once

#include "core/io/table_layout.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace precordia::table {

struct Column {
    std::string name, unit;           // of the heading; "" where it says nothing
    std::optional<double> secondsPer; // a time column: seconds in one of its units
    bool counter = false;             // numbers of samples, no signal
};

struct Text {
    std::vector<std::string> comments;                  // lines that begin with '#'
    std::vector<std::pair<int, std::string_view>> rows; // line number, text; headings first
    char delimiter = ',';
    char decimalMark = 0; // 0: a point, and a comma where that is not the delimiter
    std::size_t headerRows = 0;
    int firstLine = 1; // of the headings, or of the first row
    std::vector<Column> columns;
    std::optional<double> statedRate; // "sampling rate: 500" above the table or in a comment
    std::string statedUnit;
};

// `whole` (UTF-8) must outlive the Text.
Text parse(std::string_view whole, const TableLayout& layout);
// Without quotes around them; a quoted delimiter is none. Blanks: several are one.
std::vector<std::string> cells(std::string_view line, char delimiter);
std::optional<double> number(std::string cell, char delimiter, char decimalMark);
bool saysMissing(std::string_view cell); // "", nan, na
// "time_s" is the heading of our own tables, which are in uV.
bool isOurs(const Text& text);

} // namespace precordia::table
