// SPDX-License-Identifier: GPL-3.0-or-later
// What a person knows of a table or array of samples and the file does not say. Every field may be unset: then the file
// decides, and where it is silent on rate or unit it is not read. Kept as JSON: by the window for a folder, by
// --layout FILE, or as table-layout.json beside the files.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace precordia {

enum class TableOrientation { Automatic, SamplesInRows, LeadsInRows };

struct TableLayout {
    char delimiter = 0;   // ',' ';' '\t' ' ' '|'; 0: by the text
    char decimalMark = 0; // '.' or ','; 0: by the text
    int headerRows = -1;  // lines before the first sample, comments and empty lines not counted; -1: by the text
    std::optional<int> timeColumn;  // from 0; -1: none; unset: by its heading
    double samplingRate = 0;        // Hz; 0: by the file
    std::string unit;               // of all voltage columns: "mV"; "": by the file
    std::vector<std::string> leads; // of the columns that are not the time; "": as the file says; "-": left out
    TableOrientation orientation = TableOrientation::Automatic;

    bool operator==(const TableLayout&) const = default;
};

std::string toJson(const TableLayout& layout); // only what is set
// Errors: ConfigInvalid names the key.
Result<TableLayout> layoutFromJson(std::string_view json, const std::string& where);
Result<TableLayout> readLayout(const std::filesystem::path& path);
// given, else table-layout.json in the file's folder, else nothing set. Errors: those of the JSON.
Result<TableLayout> layoutFor(const std::filesystem::path& file, const std::optional<TableLayout>& given);

// A first look at a table (CSV, TSV) or NPY array: what could be told, with the evidence, and what could not.
struct TableProposal {
    TableLayout layout;                // everything set that the file shows
    std::vector<std::string> evidence; // "tab 11 times in every line"
    bool rateUnknown = false, unitUnknown = false;
    std::vector<std::vector<std::string>> cells; // the first rows as they stand, headings included
    std::vector<std::string> columns;            // a name for every column: heading, or ""
};
// Errors: those of reading; FormatUnsupported for what is neither.
Result<TableProposal> proposeLayout(const std::filesystem::path& path);

} // namespace precordia
