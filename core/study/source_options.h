// SPDX-License-Identifier: GPL-3.0-or-later
// How the source files of a study are read: which recording of a file, and what a person said of a table that does not
// describe itself. One place for reading a recording, for the signal cache, for the import and its preview. Internal to
// core/study.
#pragma once

#include "core/base/result.h"
#include "core/io/reader.h"
#include "core/study/pseudonym.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

namespace precordia {

class Study;

class SourceOptions {
public:
    using Layouts = std::map<std::filesystem::path, TableLayout>; // by file

    // What `given` says stands before what the study keeps (nothing without a study).
    explicit SourceOptions(const Layouts& given = {});
    // All that the study keeps, or what it keeps of one file. Errors: DatabaseFailed, those of the key.
    static Result<SourceOptions> of(const Study& study, const Layouts& given = {});
    static Result<SourceOptions> ofFile(const Study& study, const std::filesystem::path& source);

    // May be called by several threads. Error ConfigInvalid: what the study keeps is damaged.
    Result<ReadOptions> of(const std::filesystem::path& source, std::int64_t item) const;
    const TableLayout* given(const std::filesystem::path& source) const; // null: nothing
    // What is given now is not what the file was read with: it must be read again.
    bool isNew(const std::filesystem::path& source) const;

private:
    Result<Done> load(const Study& study, const std::filesystem::path* only);
    std::string keyOf(const std::filesystem::path& source) const;

    Layouts given_;                                     // by sourceKey()
    std::unordered_map<std::string, std::string> kept_; // JSON by keyOf()
    std::optional<Pseudonyms> pseudonyms_;              // absent while nothing is kept
    std::filesystem::path folder_;                      // of the study
};

// The study keeps it under a keyed hash of the file's path as it stores it: a path may tell who somebody is. Errors:
// those of the key and the database.
Result<Done> keepTableLayout(Study& study, const std::filesystem::path& source, const TableLayout& layout);

} // namespace precordia
