// SPDX-License-Identifier: GPL-3.0-or-later
// Names behind the codes of DICOM waveform objects (PS3.16, CID 3001 leads; SCP-ECG EN 1064, ISO 11073-10101 MDC).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace precordia::dicom {

struct Code {
    std::string value;
    std::string scheme; // "SCPECG", "MDC"
    std::string meaning;
};

// "5.6.3-9-61" SCPECG, "2:61" MDC, or by its meaning "Lead III": "III"; "" when nothing is said
std::string leadName(const Code& source);

// The key of a numeric annotation in Measurements and the factor to its unit: "PR Interval" in s -> {"pr_ms", 1000}.
// Empty for what we do not keep.
struct MeasurementKey {
    std::string key;
    double factor = 1;
};
std::optional<MeasurementKey> measurementKey(const Code& concept_, std::string_view unit);

// PS3.5, 9.1: digits and dots, at most 64, no empty component and none with a leading zero
bool validUid(std::string_view uid);

} // namespace precordia::dicom
