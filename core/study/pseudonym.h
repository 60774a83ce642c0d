// SPDX-License-Identifier: GPL-3.0-or-later
// Patient ids never enter a study: a keyed hash of them does. The key lies in the person's own configuration folder,
// not in the study, so that a study handed on cannot be traced back by trying ids.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string>

namespace precordia {

class Pseudonyms {
public:
    // Reads the key, or makes one (32 random bytes, mode 0600). Errors: FileUnwritable, FileUnreadable, FormatInvalid.
    static Result<Pseudonyms> load(const std::filesystem::path& keyFile = defaultKeyFile());
    static std::filesystem::path defaultKeyFile();

    // "P" and 12 hex digits of HMAC-SHA-256; "" for an empty id. Ids count within their data set: patient 7 of one
    // is not patient 7 of another.
    std::string of(const std::string& dataset, const std::string& patientId) const;

private:
    std::string key_;
};

} // namespace precordia
