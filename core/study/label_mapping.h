// SPDX-License-Identifier: GPL-3.0-or-later
// What the columns of a table of labels mean: which one finds the recording, and which ones say what of it. Known
// tables (PTB-XL's ptbxl_database.csv, CODE-15's exams.csv, our own) are told by their columns; for others a mapping is
// proposed from the first rows, and a person changes it.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string>
#include <vector>

namespace precordia {

// What one column is taken for.
enum class ColumnRole {
    Ignored,
    Recording,  // finds the recording (LabelMapping::match says how)
    SourceFile, // the file that holds the recording named by Recording (CODE-15: trace_file)
    Labels,     // names, separated
    Flag,       // a label of the column's own name where the cell says yes (1, true, yes)
    Codes,      // SNOMED CT codes, separated
    Statements, // {'NORM': 100.0, 'SR': 0.0}: SCP-ECG statements with likelihoods
    Age,
    Sex,
    Patient,
    Dataset,
    Fold, // a number: the study's split
};
std::string_view name(ColumnRole role); // "recording", "labels": as the command line spells it

struct LabelMapping {
    enum class Match {
        Path, // relative to the table, with or without extension
        Stem, // the file's name without folder and extension
        Id,   // what the file calls the recording, or the one number in its name: 7 finds 00007_hr
    };
    enum class SexCoding { Words, ZeroIsMale, OneIsMale };

    std::vector<ColumnRole> roles; // one a column
    Match match = Match::Path;
    SexCoding sexCoding = SexCoding::Words;
    std::string separators = ";"; // any of them, between labels
    std::string dataset;          // of rows whose Dataset column says nothing
    char delimiter = ',';         // between columns
    bool strict = false;          // our own table: a row without a recording, or a second one for it, is an error
};

struct TableGlance {
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows; // the first, as long as the header
    LabelMapping proposed;
    std::string kind; // "ptbxl", "code15", "precordia", "" another
};
// Reads only the beginning. Errors: FileNotFound, FileUnreadable, FormatInvalid (no header, an open quotation mark).
Result<TableGlance> glanceAtTable(const std::filesystem::path& csv, std::size_t rows = 50);

// Why a mapping cannot be used; "" when it can.
std::string mappingProblem(const LabelMapping& mapping);

// The table that most likely belongs to these files or folders: one of the known names in the folder or the one above;
// "" when there is none.
std::filesystem::path tableBeside(const std::filesystem::path& recordings);

} // namespace precordia
