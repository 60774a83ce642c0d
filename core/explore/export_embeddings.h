// SPDX-License-Identifier: GPL-3.0-or-later
// Encodings of a study to files that other programs read. Every row or its companion names recording, model and
// preprocessing; nothing is cut silently. An embedding is patient data: whoever calls this says so.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace precordia {

struct ExportRequest {
    std::string level = "recording"; // recording, event, interval, lead
    std::string format = "csv";      // csv: one line a vector; npy: one array and <out>.json; hdf5: every level
    std::filesystem::path out;
    std::string modelHash; // "" the current model
};
struct ExportReport {
    std::string modelHash, preprocessingHash;
    std::int64_t windows = 0; // rows of the first axis
    std::int64_t vectors = 0, width = 0;
};
// Errors: NotFound (not embedded, or without the lead level), WrongUse (level or format), FileUnwritable.
Result<ExportReport> exportEmbeddings(const std::filesystem::path& studyFolder, const ExportRequest& request,
                                      StopToken stop, Progress& progress);

} // namespace precordia
