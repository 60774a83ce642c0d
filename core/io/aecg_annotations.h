// SPDX-License-Identifier: GPL-3.0-or-later
// What stands beside the waveforms of an HL7 annotated ECG: waves on the clock of their series, interval measurements,
// rhythm and interpretation statements. Codes are those of ISO 11073-10101 (MDC).
#pragma once

#include "core/ecg/recording.h"
#include "core/io/xml_document.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace precordia::aecg {

// HL7 TS, "20021122091000.122+0100": microseconds since 1970, without zone as it stands; empty without a day.
std::optional<std::int64_t> microseconds(std::string_view timestamp);
// "MDC_ECG_LEAD_AVR", or its number 131134: "aVR"; "" for what is no lead
std::string leadName(std::string_view code);
// Seconds in one of "s", "ms", "us", "min"
std::optional<double> secondsPer(std::string_view unit);

// How times of a series become samples.
struct Clock {
    std::optional<std::int64_t> start; // of the first sample, microseconds; empty when the series has no absolute time
    double relativeStart = 0;          // s, what TIME_RELATIVE counts the first sample as
};

// Measurements of one file by where they stand: of the whole series, of the representative beat, of single beats.
struct MeasurementSources {
    Measurements series, representative;
    std::map<std::string, std::vector<double>> beats;
    // What stands for the recording: the series' own value, else the representative beat's, else the middle one of the
    // beats' (one of the file's values, never a mean).
    Measurements chosen() const;
};

// The annotation sets of one series. Waves go to recording.annotations ("(" and ")" at the limits of a wave, "p", "N",
// "t" at its peak; the text names the wave), statements to `statements`. What lies outside of the recording is counted
// in a warning.
void readAnnotations(const xml::Element& series, const Clock& clock, bool representative, bool waves,
                     Recording& recording, MeasurementSources& measurements, std::vector<std::string>& statements);

} // namespace precordia::aecg
