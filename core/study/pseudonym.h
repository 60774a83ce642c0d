// SPDX-License-Identifier: GPL-3.0-or-later
// Patient ids never enter a study: a keyed hash of them does. The key lies in the person's own configuration folder,
// not in the study, so that a study handed on cannot be traced back by trying ids.
#pragma once

#include "core/base/result.h"
#include "core/io/deidentify.h"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

namespace precordia {

class Pseudonyms {
public:
    // Reads the key, or makes one (32 random bytes, mode 0600). Errors: FileUnwritable, FileUnreadable, FormatInvalid.
    static Result<Pseudonyms> load(const std::filesystem::path& keyFile = defaultKeyFile());
    static std::filesystem::path defaultKeyFile();

    // "P" and 12 hex digits of HMAC-SHA-256; "" for an empty id. Ids count within their data set: patient 7 of one
    // is not patient 7 of another.
    std::string of(const std::string& dataset, const std::string& patientId) const;

    // Days to add to every date of this patient, -3650..-1.
    int dateShiftDays(const std::string& dataset, const std::string& patientId) const;
    // "2.25." and a number of 122 bits: the same UID everywhere for the same key and UID.
    std::string uid(const std::string& uid) const;
    // "R-" and 8 hex digits: what a recording is called whose file's name may tell who it is.
    std::string recordingName(const std::string& sourceKey) const;
    // 32 hex digits: what stands for a source file where the study keeps something under its path.
    std::string settingKey(const std::string& storedPath) const;

    // Text that only this key reads again, as one line of ASCII ("sealed:..."): where a source file lies when its path
    // may tell who it is. The same text gives the same. Nothing from unseal() when it is another key's or was changed.
    std::string seal(const std::string& text) const;
    std::optional<std::string> unseal(const std::string& sealed) const;
    static bool isSealed(const std::string& text);

private:
    std::string mask(const std::string& nonce, const std::string& text) const;
    std::string digest(const std::string& text) const; // HMAC-SHA-256, 32 bytes
    std::string key_;
};

// The same for core/io, within one data set ("" for files that belong to none).
class PseudonymMap final : public IdentityMap {
public:
    explicit PseudonymMap(const Pseudonyms& pseudonyms, std::string dataset = {})
        : pseudonyms_(pseudonyms)
        , dataset_(std::move(dataset)) {}
    std::string pseudonym(const std::string& patientId) const override { return pseudonyms_.of(dataset_, patientId); }
    int dateShiftDays(const std::string& patientId) const override {
        return pseudonyms_.dateShiftDays(dataset_, patientId);
    }
    std::string uid(const std::string& uid) const override { return pseudonyms_.uid(uid); }

private:
    const Pseudonyms& pseudonyms_;
    std::string dataset_;
};

} // namespace precordia
