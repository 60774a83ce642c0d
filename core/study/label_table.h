// SPDX-License-Identifier: GPL-3.0-or-later
// A table of labels for recordings: ours (record_path relative to the CSV, with or without extension; labels with ";"
// between, dataset, patient, age, sex, codes, fold), PTB-XL's ptbxl_database.csv with scp_statements.csv beside it,
// CODE-15's exams.csv, or any other by a LabelMapping.
#pragma once

#include "core/base/result.h"
#include "core/io/snomed.h"
#include "core/study/label_mapping.h"

#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace precordia {

struct RowLabel : LabelName {
    std::optional<double> likelihood; // percent, as PTB-XL states it; 0 there means: not stated
};

struct LabelRow {
    std::string recordPath; // the first cell that finds the recording, as written
    std::string dataset, patient, sex;
    std::optional<double> ageYears;
    std::vector<RowLabel> labels; // normalised; those of known codes among them
    std::optional<int> fold;
    int line = 0;
};

class LabelTable {
public:
    // Without a mapping, the proposed one. Errors: FileNotFound, FileUnreadable, FormatInvalid (place: line).
    static Result<LabelTable> read(const std::filesystem::path& csv, const std::optional<LabelMapping>& mapping = {});

    // Number of the row for a source file (its sourceKey()), or nothing. `name`: what the file calls the recording.
    std::optional<std::size_t> find(const std::filesystem::path& source, const std::string& name = {}) const;
    const std::vector<LabelRow>& rows() const { return rows_; }
    // Rows can be found by what a file calls its recordings only: the file must be asked.
    bool needsNames() const { return mapping_.match == LabelMapping::Match::Id; }
    const LabelMapping& mapping() const { return mapping_; }

private:
    friend class LabelTableReader;
    using Index = std::unordered_map<std::string, std::size_t>;
    LabelMapping mapping_;
    std::vector<LabelRow> rows_;
    Index byPath_;   // absolute, with and (where it names a file) without extension
    Index bySuffix_; // as written, without extension, at least a folder and a name: for files that were moved
    Index byStem_;
    Index byId_; // "file\nid", or "\nid"
};

// "51", "7.5 yr", "8 months", "10d", ">89"; nothing when there is no number or no human age.
std::optional<double> parseAge(const std::string& text);
// "male", "female", "" for anything else. "F", "f", "Female" ...
std::string parseSex(const std::string& text);

} // namespace precordia
