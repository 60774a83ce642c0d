// SPDX-License-Identifier: GPL-3.0-or-later
// The header of EDF, EDF+, BDF and BDF+ files. Kemp et al., Electroenceph clin Neurophysiol 1992;82:391 (EDF); Kemp and
// Olivan, Clin Neurophysiol 2003;114:1755 (EDF+); biosemi.com (BDF, 24 bits). Fields are ASCII of fixed width; what a
// device wrote otherwise is read where it can be understood, with a warning.
#pragma once

#include "core/base/result.h"
#include "core/ecg/recording.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace precordia::edf {

constexpr std::size_t kFixedBytes = 256;  // of the file
constexpr std::size_t kSignalBytes = 256; // of each signal

struct Signal {
    std::string label, transducer, unit, prefilter;
    std::optional<double> physicalMin, physicalMax;
    std::optional<std::int64_t> digitalMin, digitalMax;
    std::uint64_t samples = 0; // in a record
    std::uint64_t byteInRecord = 0;
    bool annotations = false; // "EDF Annotations": texts instead of samples

    bool scaled() const; // the four numbers make a scale
};

struct Header {
    bool bdf = false;  // 3 bytes a sample instead of 2
    bool plus = false; // EDF+ or BDF+
    bool discontinuous = false;
    std::string patient, recording; // 80 bytes each, trimmed
    std::string date, time;         // "dd.mm.yy", "hh.mm.ss" as they stand
    std::int64_t records = -1;      // -1: not said
    double recordSeconds = 0;
    std::vector<Signal> signals;
    std::uint64_t recordBytes = 0;
    std::vector<Warning> warnings;

    std::uint64_t bytes() const { return kFixedBytes + kSignalBytes * signals.size(); }
    std::uint64_t sampleBytes() const { return bdf ? 3 : 2; }
};

// How many signals the first 256 bytes promise. Errors: FormatInvalid, FileTruncated; where: the file.
Result<std::size_t> signalCount(std::span<const std::byte> fixed, const std::string& where);
// `bytes`: 256 * (1 + signals) of them. Errors: FormatInvalid.
Result<Header> parseHeader(std::span<const std::byte> bytes, const std::string& where);
// Whether the first bytes of a file are such a header's.
bool looksLikeHeader(std::span<const std::byte> head, bool named);

// A field of the EDF+ patient or recording line: "X" is nothing, '_' stands for a blank.
struct Patient {
    std::string code, sex, birthDate, name; // sex: "male", "female", ""; birthDate: ISO 8601
    bool structured = false;                // the line follows EDF+
};
struct RecordingLine {
    std::string startDate, administration, technician, equipment; // startDate: ISO 8601
    bool structured = false;
};
Patient patientOf(const Header& header);
RecordingLine recordingOf(const Header& header);
// ISO 8601 of dd.mm.yy (1985 to 2084) and hh.mm.ss, the year of an EDF+ start date before it; "" unknown.
std::string startOf(const Header& header, const RecordingLine& line);
// "30-JUN-1969" -> "1969-06-30"
std::string isoDate(std::string_view ddMmmYyyy);
// "HP:0.05Hz LP:150Hz N:50Hz"
RecorderFilters filtersOf(std::string_view prefilter);

} // namespace precordia::edf
