// SPDX-License-Identifier: GPL-3.0-or-later
// What the parts of Study share. Internal to core/study.
#pragma once

#include "core/study/database.h"
#include "core/study/pseudonym.h"
#include "core/study/study.h"

namespace precordia {

// Files inside the study are kept relative to its folder, so that it can be moved; others absolute.
std::string storedPath(const std::filesystem::path& studyFolder, const std::filesystem::path& source);

struct Study::Impl {
    std::filesystem::path folder;
    std::unique_ptr<Database> database;
    ReaderSight sight;

    std::string storedPath(const std::filesystem::path& source) const { return precordia::storedPath(folder, source); }
    // A path that may tell who somebody is lies sealed with the user's key (Pseudonyms::seal); without that key it is
    // what stands there, and no file.
    std::filesystem::path sourcePath(const std::string& stored) const;
    const Result<Pseudonyms>& pseudonyms() const;
    mutable std::optional<Result<Pseudonyms>> loadedPseudonyms;
};

// A signature as the database holds it; empty (and not NULL) when there is nothing to compare.
inline QByteArray blobOf(const std::vector<std::int8_t>& signature) {
    return signature.empty()
               ? QByteArray("")
               : QByteArray(reinterpret_cast<const char*>(signature.data()), static_cast<qsizetype>(signature.size()));
}

// What a blinded reader sees in place of a name.
std::string blindedName(RecordingId id);
// The labels of rows as the study's sight shows them, and whether they were read. among: as in WorklistQuery.
Result<Done> addLabels(const Study::Impl& study, const std::vector<RecordingId>& among,
                       std::vector<RecordingRow>& rows);

inline constexpr auto kCurrentModelKey = "current_model";
inline constexpr auto kMadeSplitKey = "made_split"; // "1": the folds are makeSplits()', no table's

} // namespace precordia
