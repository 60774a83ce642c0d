// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/deidentify.h"

#include "core/io/deidentify_dicom.h"
#include "core/io/deidentify_edf.h"
#include "core/io/deidentify_ishne.h"
#include "core/io/deidentify_scp.h"
#include "core/io/deidentify_wfdb.h"
#include "core/io/deidentify_xml.h"
#include "core/io/reader.h"
#include "core/io/record_path.h"
#include "core/io/text.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <map>
#include <new>
#include <set>
#include <string_view>

namespace precordia {

namespace fs = std::filesystem;

namespace {

// One line a format.
const std::map<std::string_view, Deidentifier>& deidentifiers() {
    static const std::map<std::string_view, Deidentifier> table = {
        {"aecg", deidentifyAecg},         {"dicom", deidentifyDicom},   {"edf", deidentifyEdf},
        {"ishne", deidentifyIshne},       {"muse-xml", deidentifyMuse}, {"scp", deidentifyScp},
        {"sierra-xml", deidentifySierra}, {"wfdb", deidentifyWfdb},
    };
    return table;
}

std::multiset<std::string> wordsOf(std::string_view text) {
    std::string spaced = text::lower(text);
    std::replace_if(
        spaced.begin(), spaced.end(), [](unsigned char c) { return c < 0x80 && std::isalnum(c) == 0; }, ' ');
    std::multiset<std::string> out;
    for (const auto word : text::words(spaced))
        out.emplace(word);
    return out;
}

// Both are read again: what a reader finds is what a person would have read. Nothing where either cannot be read.
void countDiagnoses(const Reader& reader, const fs::path& in, const fs::path& out, DeidentifyReport& report) {
    ReadOptions heads;
    heads.metadataOnly = true;
    heads.annotations = false;
    const auto before = reader.read(recordPath(in), heads);
    const auto after = reader.read(recordPath(out), heads);
    if (!before || !after)
        return;
    std::multiset<std::string> kept;
    for (const auto& text : after->metadata.diagnosisTexts)
        kept.merge(wordsOf(text));
    for (const auto& text : before->metadata.diagnosisTexts) {
        int cut = 0;
        const auto words = wordsOf(text);
        for (const auto& word : words) {
            const auto there = kept.find(word);
            if (there != kept.end())
                kept.erase(there);
            else
                ++cut;
        }
        ++report.diagnoses;
        report.diagnosesCut += cut > 0 ? 1 : 0;
        report.diagnosisWords += static_cast<int>(words.size());
        report.diagnosisWordsCut += cut;
    }
}

} // namespace

Result<DeidentifyReport> deidentify(const fs::path& in, const fs::path& out, const IdentityMap& identities) {
    const auto reader = Registry::standard().find(in);
    if (!reader)
        return reader.as<DeidentifyReport>();
    const auto found = deidentifiers().find((*reader)->key());
    if (found == deidentifiers().end())
        return makeError(ErrorCode::FormatUnsupported,
                         "a " + std::string((*reader)->description()) +
                             " cannot be freed of its identity in its own format; convert it first",
                         in.string());
    if (std::error_code ec; fs::exists(out, ec))
        return makeError(ErrorCode::AlreadyExists, "it is not overwritten", out.string());
    try {
        auto report = found->second(in, out, identities);
        if (report)
            countDiagnoses(**reader, in, out, *report);
        return report;
    } catch (const std::bad_alloc&) {
        return makeError(ErrorCode::OutOfMemory, "it does not fit into memory", in.string());
    }
}

std::string shiftedDate(const std::string& iso8601, int days) {
    using namespace std::chrono;
    const auto number = [&](std::size_t at, std::size_t count) {
        const auto digits = std::string_view(iso8601).substr(at, count);
        return digits.size() == count ? text::integer(digits) : std::nullopt;
    };
    if (iso8601.size() < 10 || iso8601[4] != '-' || iso8601[7] != '-')
        return {};
    const auto y = number(0, 4);
    const auto m = number(5, 2);
    const auto d = number(8, 2);
    if (!y || !m || !d || *y < 1 || *m < 1 || *d < 1)
        return {};
    const year_month_day date{year(static_cast<int>(*y)), month(static_cast<unsigned>(*m)),
                              day(static_cast<unsigned>(*d))};
    if (!date.ok())
        return {};
    const year_month_day moved{sys_days(date) + std::chrono::days(days)};
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(moved.year()),
                  static_cast<unsigned>(moved.month()), static_cast<unsigned>(moved.day()));
    return text + iso8601.substr(10);
}

double groupedAge(double years) {
    return years > 89 ? 90 : years;
}

} // namespace precordia
