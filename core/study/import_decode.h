// SPDX-License-Identifier: GPL-3.0-or-later
// One recording of an import, from its file's bytes to what enters the study. Runs in parallel; touches no database.
// Internal to core/study.
#pragma once

#include "core/base/progress.h"
#include "core/study/import.h"
#include "core/study/label_table.h"
#include "core/study/privacy.h"
#include "core/study/pseudonym.h"
#include "core/study/signal_summary.h"
#include "core/study/source_options.h"
#include "core/study/source_state.h"
#include "core/study/study_writer.h"

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace precordia {

struct DecodeContext {
    const LabelTable* labels = nullptr; // may be absent
    std::string labelsFile;             // its sourceKey(), skipped when met
    const Result<Pseudonyms>& pseudonyms;
    const std::unordered_map<std::string, KnownFile>& known;
    NamePolicy names = NamePolicy::Automatic;
    const Registry& registry;
    StopToken stop;
    const SourceOptions& reading;
    std::filesystem::path studyFolder;
};

// What all recordings of one file share.
struct SharedSource {
    SharedSource(std::filesystem::path path, SourceState found) : file(std::move(path)), state(std::move(found)) {}
    // SHA-256 of the file, made when first asked for: of an unchanged file nobody asks. By any thread.
    Result<std::string> hash() const;

    std::filesystem::path file;
    SourceState state;
    const Reader* reader = nullptr;

private:
    mutable std::mutex mutex_;
    mutable std::optional<Result<std::string>> hash_;
};

struct DecodedFile {
    enum class Kind { Recording, Known, Skipped, Failed } kind = Kind::Skipped;
    NewRecording recording; // Kind::Recording; for Known only its facts and file state
    RecordingId known;
    bool noteCompanions = false; // Known from before companions were looked at
    int wordsLeftOut = 0;        // of its free diagnoses
    bool withoutEcg = false;     // none of its leads is an ECG
    bool pseudonymous = false;   // its name
    Error error;                 // Kind::Failed
    std::optional<std::size_t> labelRow;
    std::int64_t items = 1;                     // of the file
    std::shared_ptr<const SharedSource> shared; // given with item 0 of a file that has more
};

// Nothing of the file, what is read with it, or what is said of it is other than when it came in.
bool isUnchanged(const std::filesystem::path& file, const KnownFile& known, const SourceState& state,
                 const SourceOptions& reading);

struct ImportLabels {
    std::vector<RecordingFacts::Label> labels;
    int wordsLeftOut = 0; // of free diagnoses
};
// What a file's metadata and the table's row (may be null) say: names of codes, of free texts what is recognised, the
// row's names as they are, they are the study's vocabulary. Nothing that tells who it is.
ImportLabels importLabels(const Metadata& metadata, const LabelRow* row, const IdentityWords& identity);

// Item 0 opens the file; the others go on with what it shared.
DecodedFile decodeForImport(const std::filesystem::path& file, const DecodeContext& context);
DecodedFile decodeItem(const std::shared_ptr<const SharedSource>& shared, std::int64_t item,
                       const DecodeContext& context);

} // namespace precordia
