// SPDX-License-Identifier: GPL-3.0-or-later
// Importing files and folder trees: parallel, stoppable, resumable after a kill, an error for each bad file and never a
// stop. What may enter the study: core/study/privacy.h.
#pragma once

#include "core/base/progress.h"
#include "core/io/table_layout.h"
#include "core/study/label_mapping.h"
#include "core/study/study.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace precordia {

class Registry;

// What a recording is called in the study, and whether the path of its file stands there in clear. Whatever is chosen,
// a name that holds the patient's id, name or birth date is a pseudonym ("R-1f0a77c2").
enum class NamePolicy {
    Automatic, // the file's name unless it looks like a person's ("Mustermann_Max", "19560412")
    File,      // the file's name
    Pseudonym, // a pseudonym always
};

struct ImportRequest {
    std::vector<std::filesystem::path> paths; // files or folders (walked)
    std::filesystem::path labelsCsv;          // "" none; core/study/label_table.h
    int threads = 2;
    NamePolicy names = NamePolicy::Automatic;
    std::optional<LabelMapping> mapping = {}; // of labelsCsv; else the proposed one
    // What a person said of tables that do not describe themselves, by file; kept in the study, which reads them again.
    std::map<std::filesystem::path, TableLayout> tableLayouts = {};
    const Registry* registry = nullptr; // other readers than the program's
};

struct ImportFailure {
    std::filesystem::path path;
    ErrorCode code = ErrorCode::Bug; // by which failures are gathered
    std::string reason;              // with the code's sentence
};
ImportFailure failureOf(std::filesystem::path path, const Error& error);

struct ImportWarning {
    std::filesystem::path path;
    std::string message, where;
};

struct ImportReport {
    static constexpr std::size_t kMostOfAKind = 1000; // files listed; all are counted

    int imported = 0;
    int skipped = 0;    // companions (.dat, .atr) and files that are plainly no ECG (.txt, .md, the labels file)
    int duplicates = 0; // same samples as a recording that is in
    std::vector<ImportFailure> failed; // every other file, with its reason
    std::vector<std::string> notes;    // "labels.csv: 3 rows name no recording"
    std::map<std::string, int> formats;
    struct Warnings {
        int count = 0;
        std::vector<ImportWarning> files; // the first ones, as they are in the study
    };
    std::map<WarningCode, Warnings> warnings;
    int pseudonymous = 0; // recordings whose file's name was not taken over
    int withheld = 0;     // recordings of whose free diagnoses words were left out (privacy.h)
    int wordsLeftOut = 0; // those words
    int labels = 0;       // that came in, and of how many recordings; those that were there already do not count
    int labelled = 0;
    int withoutEcg = 0;  // recordings without any ECG lead (core/signal/ecg_leads.h)
    std::string endedAt; // ISO 8601, UTC
};

// Makes the study when it is absent; what was confirmed before a stop stays in. Errors: FileNotFound when none of the
// paths is there, NotFound when folders were walked and hold no file of any known format (no study is made for either),
// those of the study and the labels file.
Result<ImportReport> importInto(const std::filesystem::path& studyFolder, const ImportRequest& request, StopToken stop,
                                Progress& progress);

// The last import's report, kept in the study sealed with the user's key; nothing when there is none that this user
// can read.
std::optional<ImportReport> lastImportReport(const Study& study);
// Writes kind, file, reason and place, one problem a row; of failures and warnings. Error FileUnwritable.
Result<Done> writeImportReportCsv(const ImportReport& report, const std::filesystem::path& file);

} // namespace precordia
