// SPDX-License-Identifier: GPL-3.0-or-later
// One recording of an import, from its file's bytes to what enters the study. Runs in parallel; touches no database.
// Internal to core/study.
#pragma once

#include "core/base/progress.h"
#include "core/study/import.h"
#include "core/study/label_table.h"
#include "core/study/pseudonym.h"
#include "core/study/signal_summary.h"
#include "core/study/source_state.h"
#include "core/study/study_writer.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

namespace precordia {

struct DecodeContext {
    const LabelTable* labels = nullptr; // may be absent
    std::string labelsFile;             // its sourceKey(), skipped when met
    const Result<Pseudonyms>& pseudonyms;
    const std::unordered_map<std::string, KnownFile>& known;
    NamePolicy names = NamePolicy::Automatic;
    const Registry& registry;
    StopToken stop;
    const std::map<std::filesystem::path, TableLayout>* tableLayouts = nullptr; // by folder
};

// What all recordings of one file share.
struct SharedSource {
    std::filesystem::path file;
    SourceState state;
    std::string sha256;
    const Reader* reader = nullptr;
};

struct DecodedFile {
    enum class Kind { Recording, Known, Skipped, Failed } kind = Kind::Skipped;
    NewRecording recording; // Kind::Recording; for Known only its facts and file state
    RecordingId known;
    bool noteCompanions = false; // Known from before companions were looked at
    bool withheld = false;       // free text was left out
    bool pseudonymous = false;   // its name
    std::string reason;          // Kind::Failed
    std::optional<std::size_t> labelRow;
    std::int64_t items = 1;                     // of the file
    std::shared_ptr<const SharedSource> shared; // given with item 0 of a file that has more
};

// Item 0 opens the file; the others go on with what it shared.
DecodedFile decodeForImport(const std::filesystem::path& file, const DecodeContext& context);
DecodedFile decodeItem(const std::shared_ptr<const SharedSource>& shared, std::int64_t item,
                       const DecodeContext& context);

} // namespace precordia
