// SPDX-License-Identifier: GPL-3.0-or-later
// What the parts of Study share. Internal to core/study.
#pragma once

#include "core/study/database.h"
#include "core/study/pseudonym.h"
#include "core/study/study.h"

namespace precordia {

// Under which the study keeps what a person said of the tables in a folder; the folder's path may tell who somebody is.
std::string tableLayoutKey(const std::filesystem::path& folder);

struct Study::Impl {
    std::filesystem::path folder;
    std::unique_ptr<Database> database;

    // Files inside the study are kept relative to it, so that the folder can be moved; others absolute.
    std::string storedPath(const std::filesystem::path& source) const;
    // A path that may tell who somebody is lies sealed with the user's key (Pseudonyms::seal); without that key it is
    // what stands there, and no file.
    std::filesystem::path sourcePath(const std::string& stored) const;
    const Result<Pseudonyms>& pseudonyms() const;
    mutable std::optional<Result<Pseudonyms>> loadedPseudonyms;
};

inline constexpr auto kCurrentModelKey = "current_model";

} // namespace precordia
