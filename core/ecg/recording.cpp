// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ecg/recording.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <utility>

namespace precordia {

namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
    return out;
}

bool isSeparator(char c) {
    return c == ' ' || c == '\t' || c == '_' || c == '-' || c == '.' || c == ':';
}

std::string_view trim(std::string_view text) {
    const auto blank = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return text;
}

// "lead ii" without "lead " is "ii"; a word must end there, so that "ecgx" stays.
bool dropWord(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word) || text.size() == word.size() || !isSeparator(text[word.size()]))
        return false;
    text.remove_prefix(word.size());
    while (!text.empty() && isSeparator(text.front()))
        text.remove_prefix(1);
    return true;
}

// a + factor * b, missing where either is
Lead combine(std::string name, const Lead& a, float fa, const Lead& b, float fb) {
    Lead out;
    out.name = std::move(name);
    out.unit = a.unit;
    out.fileUnit = a.fileUnit;
    out.derived = true;
    out.quantum = std::min(a.quantum, b.quantum) * std::min(std::abs(fa), std::abs(fb));
    out.samples.resize(a.samples.size());
    for (std::size_t i = 0; i < out.samples.size(); ++i)
        out.samples[i] = fa * a.samples[i] + fb * b.samples[i];
    return out;
}

bool combinable(const Lead& a, const Lead& b) {
    return a.unit == b.unit && a.samples.size() == b.samples.size();
}

// `target` = fa * a + fb * b, appended unless it is there or its sources are not.
void append(Recording& recording, std::string_view target, std::string_view a, float fa, std::string_view b, float fb) {
    if (recording.find(target).valid())
        return;
    const auto ia = recording.find(a);
    const auto ib = recording.find(b);
    if (!ia.valid() || !ib.valid())
        return;
    const auto& la = recording.leads[static_cast<std::size_t>(ia.value)];
    const auto& lb = recording.leads[static_cast<std::size_t>(ib.value)];
    if (!combinable(la, lb))
        return;
    auto lead = combine(std::string(target), la, fa, lb, fb); // before the vector may move
    recording.leads.push_back(std::move(lead));
}

} // namespace

std::string_view name(WarningCode code) {
    switch (code) {
    case WarningCode::ShortFile:
        return "short-file";
    case WarningCode::LengthUnknown:
        return "length-unknown";
    case WarningCode::UnknownUnit:
        return "unknown-unit";
    case WarningCode::ImplausibleUnit:
        return "implausible-unit";
    case WarningCode::MissingLead:
        return "missing-lead";
    case WarningCode::Checksum:
        return "checksum";
    case WarningCode::ClippedSamples:
        return "clipped-samples";
    case WarningCode::GainMissing:
        return "gain-missing";
    case WarningCode::InvalidIdentifier:
        return "invalid-identifier";
    case WarningCode::SkippedGroup:
        return "skipped-group";
    case WarningCode::UnknownCode:
        return "unknown-code";
    case WarningCode::Annotation:
        return "annotation";
    case WarningCode::LengthContradiction:
        return "length-contradiction";
    case WarningCode::RateContradiction:
        return "rate-contradiction";
    case WarningCode::Gap:
        return "gap";
    case WarningCode::Skew:
        return "skew";
    case WarningCode::CalibrationPulse:
        return "calibration-pulse";
    case WarningCode::LossyCompression:
        return "lossy-compression";
    case WarningCode::ReconstructedLeads:
        return "reconstructed-leads";
    case WarningCode::OtherRates:
        return "other-rates";
    case WarningCode::Repaired:
        return "repaired";
    }
    return "unknown";
}

LeadIndex Recording::find(std::string_view leadName) const {
    const auto it = std::find_if(leads.begin(), leads.end(), [&](const Lead& l) { return l.name == leadName; });
    return it == leads.end() ? LeadIndex{} : LeadIndex{static_cast<std::int32_t>(it - leads.begin())};
}

const std::vector<std::string>& standardLeads() {
    static const std::vector<std::string> names{"I",  "II", "III", "aVR", "aVL", "aVF",
                                                "V1", "V2", "V3",  "V4",  "V5",  "V6"};
    return names;
}

std::string standardLeadName(std::string_view name) {
    const auto original = trim(name);
    const auto lowered = lower(original);
    std::string_view rest = lowered;
    for (bool again = true; again;) { // "ECG lead II", "MDC_ECG_LEAD_V1"
        again = false;
        for (const auto word : {"mdc", "ecg", "ekg", "lead"})
            again = dropWord(rest, word) || again;
    }
    if (const auto open = rest.find('('); open != std::string_view::npos && open > 0)
        rest = rest.substr(0, open); // "Lead I (Einthoven)"
    std::string key;
    for (const char c : rest)
        if (!isSeparator(c))
            key.push_back(c);
    if (key.starts_with("-") || original.starts_with('-')) // an inverted lead is another signal
        return std::string(original);
    for (const auto& standard : standardLeads())
        if (key == lower(standard))
            return standard;
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kLatin{
        {{"di", "I"}, {"dii", "II"}, {"diii", "III"}}}; // derivación, derivação
    for (const auto& [latin, standard] : kLatin)
        if (key == latin)
            return std::string(standard);
    return std::string(original);
}

void deriveLimbLeads(Recording& recording) {
    append(recording, "I", "II", 1, "III", -1);
    append(recording, "II", "I", 1, "III", 1);
    append(recording, "III", "II", 1, "I", -1);
    append(recording, "aVR", "I", -0.5F, "II", -0.5F);
    append(recording, "aVL", "I", 1, "II", -0.5F);
    append(recording, "aVF", "II", 1, "I", -0.5F);
}

} // namespace precordia
