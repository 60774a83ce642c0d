// SPDX-License-Identifier: GPL-3.0-or-later
// What an import would bring, from the files' heads: quick, and nothing is written.
#pragma once

#include "core/study/import.h"

#include <cstdint>

namespace precordia {

struct ImportPreview {
    int files = 0;      // looked at
    int recordings = 0; // that would come in, those already there not counted
    int there = 0;      // already in the study, unchanged
    int skipped = 0;    // companions and documents
    int patients = 0;   // told apart by the files' ids and the table's
    int withoutPatient = 0;
    double seconds = 0; // of all recordings together
    std::map<std::string, int> formats;
    std::map<double, int> rates;                     // Hz
    std::map<int, int> leads;                        // how many leads
    std::vector<std::pair<std::string, int>> labels; // most frequent first
    int labelled = 0;                                // recordings with some label
    int withheld = 0, wordsLeftOut = 0; // recordings of whose free diagnoses words would be left out; those words
    int withoutEcg = 0;                 // recordings without any ECG lead
    std::size_t tableRows = 0, tableRowsUsed = 0;
    std::vector<ImportFailure> problems; // files that would not come in
    // Tables of numbers (CSV, NPY) that say neither rate nor unit: a person must.
    std::vector<std::filesystem::path> undescribedTables;
};

// studyFolder may be "", or of a study that is not made yet. Errors: as importInto.
Result<ImportPreview> previewImport(const std::filesystem::path& studyFolder, const ImportRequest& request,
                                    const StopToken& stop, Progress& progress);

} // namespace precordia
