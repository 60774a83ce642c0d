// SPDX-License-Identifier: GPL-3.0-or-later
// Names behind the codes of DICOM waveform objects (PS3.16: CID 3001 leads, 3227 to 3229 measurements, 3335
// annotations; SCP-ECG EN 1064, ISO 11073-10101 MDC), and the codes for our names.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace precordia::dicom {

struct Code {
    std::string value;
    std::string scheme; // "SCPECG", "MDC"
    std::string meaning;

    bool empty() const { return value.empty() && meaning.empty(); }
};

// The scheme of codes of our own, where the standard has none.
inline constexpr std::string_view kOwnScheme = "99PRECORDIA";

// "5.6.3-9-61" SCPECG, "2:61" MDC, or by its meaning "Lead III": "III"; "" when nothing is said
std::string leadName(const Code& source);
// CID 3001's derived leads (of Frank leads, say): computed, not recorded.
bool isDerivedLead(const Code& source);
// The code of CID 3001 for a lead's name; for one that has none there, "unspecified lead": its label tells it.
Code leadCode(std::string_view name);

// The key of a numeric annotation in Measurements and the factor to its unit: "PR Interval" in s -> {"pr_ms", 1000}.
// Empty for what we do not keep.
struct MeasurementKey {
    std::string key;
    double factor = 1;
};
std::optional<MeasurementKey> measurementKey(const Code& concept_, std::string_view unit);
// Concept and UCUM unit of a measurement by its key: "qrs_ms" -> 2:16156 MDC, ms; a code of our own where there is
// none.
struct MeasurementCode {
    Code concept_;
    Code unit;
};
MeasurementCode measurementCode(std::string_view key);

// A wave, a beat or a fiducial point: what it is called and its MIT symbol (at a point; "" when we have none). A span
// is a wave with a beginning "(" and an end ")".
struct Mark {
    std::string symbol;
    std::string text;
};
std::optional<Mark> markOf(const Code& concept_);
// The code of a mark: CID 3335 for beats and waves, SCP-ECG's points for "(" and ")" whose text names them, else our
// own.
Code markCode(std::string_view symbol, std::string_view text);

// Unit of a channel as UCUM: microvoltsPer() understands it, or it is one of another quantity ("mm[Hg]").
std::string ucumUnit(const Code& unit);
bool isOtherUnit(std::string_view ucum); // a unit that is certainly no voltage

// PS3.5, 9.1: digits and dots, at most 64, no empty component and none with a leading zero
bool validUid(std::string_view uid);

} // namespace precordia::dicom
