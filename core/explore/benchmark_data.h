// SPDX-License-Identifier: GPL-3.0-or-later
// The public data sets of the benchmark, as they lie on the user's disk: which recording has which classes and stands
// in which part.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace precordia {

enum class BenchmarkPart { Train, Validation, Test };

struct BenchmarkRecording {
    std::filesystem::path source; // the header file
    std::string patient;          // "": of no known patient
    BenchmarkPart part = BenchmarkPart::Train;
    std::vector<int> classes; // numbers into BenchmarkData::classes, at least one
};

struct BenchmarkData {
    std::string name; // "PTB-XL", "CPSC2018"
    std::vector<std::string> classes;
    std::vector<BenchmarkRecording> recordings;
    std::string split; // in words
};

// PTB-XL 1.0.3: ptbxl_database.csv, scp_statements.csv, records500/ or records100/. The five diagnostic superclasses: a
// recording has those of all its diagnostic statements, whatever their likelihood, as the benchmark of Strodthoff et
// al. 2021 and ECG-JEPA's code have it; recordings without any are left out. Official folds: 1 to 8 train, 9
// validation, 10 test. Errors: FileNotFound, FormatInvalid (a column that is missing; file and line).
Result<BenchmarkData> readPtbxl(const std::filesystem::path& folder);

// CPSC2018 as in PhysioNet/CinC 2020: headers with "#Dx:" and their signals, in any subfolders. Nine classes. Where
// there are folders g1 to g7, g7 is the test part, as in ECG-JEPA's code, and a ninth of the rest validation; else 8 :
// 1 : 1 by seed. No patient is known. Errors: FileNotFound, NotFound (no header of the nine classes).
Result<BenchmarkData> readCpsc2018(const std::filesystem::path& folder, std::uint64_t seed);

// Rows of a CSV (RFC 4180: quoted cells may hold commas, quotes and line ends), the first one the names. `missing`
// names of `wanted` are the error. Exposed for tests.
struct CsvColumns {
    std::vector<std::vector<std::string>> rows; // of the wanted columns, in their order
};
Result<CsvColumns> readCsvColumns(const std::filesystem::path& file, const std::vector<std::string>& wanted);

} // namespace precordia
