// SPDX-License-Identifier: GPL-3.0-or-later
// Importing files and folder trees: parallel, stoppable, an error for each bad file and never a stop.
#pragma once

#include "core/base/progress.h"
#include "core/study/study.h"

#include <filesystem>
#include <string>
#include <vector>

namespace precordia {

struct ImportRequest {
    std::vector<std::filesystem::path> paths; // files or folders (walked)
    std::filesystem::path labelsCsv;          // "" none; columns as in the command line's contract
    int threads = 2;
};

struct ImportFailure {
    std::filesystem::path path;
    std::string reason;
};

struct ImportReport {
    int imported = 0;
    int skipped = 0;    // companions (.dat, .atr) and files that are plainly no ECG (.txt, .md, the labels file)
    int duplicates = 0; // same samples as a recording that is in
    std::vector<ImportFailure> failed; // every other file, with its reason
    std::vector<std::string> notes;    // "labels.csv: 3 rows name no recording"
};

// Makes the study when it is absent; what was confirmed before a stop stays in. Errors: FileNotFound when none of the
// paths is there (no study is made then), those of the study and the labels file.
Result<ImportReport> importInto(const std::filesystem::path& studyFolder, const ImportRequest& request, StopToken stop,
                                Progress& progress);

} // namespace precordia
