// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/dicom_codes.h"

#include "core/ecg/recording.h"
#include "core/io/text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <utility>

namespace precordia::dicom {

namespace {

// Lead numbers of SCP-ECG (EN 1064, 5.6), which MDC shares.
std::string leadOfNumber(std::int64_t number) {
    static constexpr std::array<std::pair<int, std::string_view>, 12> kLeads{{{1, "I"},
                                                                              {2, "II"},
                                                                              {3, "V1"},
                                                                              {4, "V2"},
                                                                              {5, "V3"},
                                                                              {6, "V4"},
                                                                              {7, "V5"},
                                                                              {8, "V6"},
                                                                              {61, "III"},
                                                                              {62, "aVR"},
                                                                              {63, "aVL"},
                                                                              {64, "aVF"}}};
    for (const auto& [code, name] : kLeads)
        if (code == number)
            return std::string(name);
    return {};
}

} // namespace

std::string leadName(const Code& source) {
    constexpr std::string_view kScp = "5.6.3-9-";
    constexpr std::string_view kMdc = "2:";
    std::string_view number = source.value;
    if (source.scheme == "SCPECG" && number.starts_with(kScp))
        number.remove_prefix(kScp.size());
    else if (source.scheme == "MDC" && number.starts_with(kMdc))
        number.remove_prefix(kMdc.size());
    else
        number = {};
    if (const auto value = text::integer(number))
        if (auto name = leadOfNumber(*value); !name.empty())
            return name;
    const auto& standard = standardLeads();
    for (const auto& words : {source.meaning, source.value}) {
        auto name = standardLeadName(words);
        if (std::find(standard.begin(), standard.end(), name) != standard.end())
            return name;
    }
    return standardLeadName(source.meaning.empty() ? source.value : source.meaning);
}

std::optional<MeasurementKey> measurementKey(const Code& concept_, std::string_view unit) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kKeys{{
        {"pr interval", "pr_ms"},
        {"pr interval global", "pr_ms"},
        {"p duration", "p_ms"},
        {"qrs duration", "qrs_ms"},
        {"qrs duration global", "qrs_ms"},
        {"qt interval", "qt_ms"},
        {"qt interval global", "qt_ms"},
        {"qtc interval", "qtc_ms"},
        {"qtc interval global", "qtc_ms"},
        {"rr interval", "rr_ms"},
        {"heart rate", "heart_rate_bpm"},
        {"ventricular heart rate", "heart_rate_bpm"},
        {"ventricular rate", "heart_rate_bpm"},
        {"p axis", "p_axis_deg"},
        {"qrs axis", "qrs_axis_deg"},
        {"t axis", "t_axis_deg"},
    }};
    const auto meaning = text::lower(text::trim(concept_.meaning));
    for (const auto& [words, key] : kKeys)
        if (meaning == words)
            return MeasurementKey{std::string(key), key.ends_with("_ms") && unit == "s" ? 1000.0 : 1.0};
    return std::nullopt;
}

bool validUid(std::string_view uid) {
    if (uid.empty() || uid.size() > 64)
        return false;
    for (const auto component : text::split(uid, '.')) {
        const bool digits =
            std::all_of(component.begin(), component.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
        if (component.empty() || !digits || (component.size() > 1 && component.front() == '0'))
            return false;
    }
    return true;
}

} // namespace precordia::dicom
