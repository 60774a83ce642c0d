// SPDX-License-Identifier: GPL-3.0-or-later
// A CSV of labels for recordings. Columns by name, in any order: record_path (relative to the CSV, with or without
// extension; needed), labels (";" between), dataset, patient, age, sex, codes (SNOMED CT, ";" or "," between).
#pragma once

#include "core/base/result.h"
#include "core/io/snomed.h"

#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace precordia {

struct LabelRow {
    std::string recordPath; // as written
    std::string dataset, patient, sex;
    std::optional<double> ageYears;
    std::vector<LabelName> labels; // normalised; those of known codes among them
    int line = 0;
};

class LabelTable {
public:
    // Errors: FileNotFound, FileUnreadable, FormatInvalid (place: line).
    static Result<LabelTable> read(const std::filesystem::path& csv);

    // Number of the row for a source file (its sourceKey()), or nothing.
    std::optional<std::size_t> find(const std::filesystem::path& source) const;
    const std::vector<LabelRow>& rows() const { return rows_; }

private:
    std::vector<LabelRow> rows_;
    std::unordered_map<std::string, std::size_t>
        byPath_; // absolute, with and (where it names a file) without extension
};

// "51", "7.5 yr", "8 months", "10d", ">89"; nothing when there is no number or no human age.
std::optional<double> parseAge(const std::string& text);
// "male", "female", "" for anything else. "F", "f", "Female", "2" ...
std::string parseSex(const std::string& text);

} // namespace precordia
