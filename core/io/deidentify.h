// SPDX-License-Identifier: GPL-3.0-or-later
// A copy of an ECG file, in its own format, from which nobody can be told: names, ids, birth dates, places, people,
// serial numbers and free text are gone, dates are moved by the patient's own number of days, ages above 89 are 90,
// unique identifiers are mapped. What is kept is on a list (whitelist); what is not on it goes. The signal is the same,
// bit for bit. One deidentify_<format>.cpp a format.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace precordia {

// What stands for an identity. The same key gives the same answers on every machine (core/study/pseudonym.h).
class IdentityMap {
public:
    virtual ~IdentityMap() = default;
    // "P" and 12 hex digits; "" for "".
    virtual std::string pseudonym(const std::string& patientId) const = 0;
    // Days to add to every date of this patient: -3650..-1. A file that names no patient passes its own stem.
    virtual int dateShiftDays(const std::string& patientId) const = 0;
    // A valid UID of the form 2.25.<number>; the same for the same UID.
    virtual std::string uid(const std::string& uid) const = 0;
};

struct DeidentifyReport {
    std::vector<std::string> removed;           // fields that held something and were emptied or replaced; never values
    std::vector<std::filesystem::path> written; // out, and the companions beside it (a WFDB .dat)
    // Diagnoses and statements in words, as the reader finds them in the file and in its copy: what of them went.
    // Counts, never the words.
    int diagnoses = 0, diagnosesCut = 0; // texts; those of which words are gone, or all
    int diagnosisWords = 0, diagnosisWordsCut = 0;
};

// Writes all or nothing. Errors: those of reading; FormatUnsupported for a format that has no way to do it;
// AlreadyExists when out is there; FileUnwritable.
Result<DeidentifyReport> deidentify(const std::filesystem::path& in, const std::filesystem::path& out,
                                    const IdentityMap& identities);

// Of one format, by Reader::key(); deidentify() has made sure that `in` is of it and `out` is not there.
using Deidentifier = Result<DeidentifyReport> (*)(const std::filesystem::path& in, const std::filesystem::path& out,
                                                  const IdentityMap& identities);

// "2021-03-04" or "2021-03-04T10:11:12" moved by days; "" for what is no such date.
std::string shiftedDate(const std::string& iso8601, int days);
// HIPAA safe harbour: everything above 89 is 90.
double groupedAge(double years);

} // namespace precordia
