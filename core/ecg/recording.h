// SPDX-License-Identifier: GPL-3.0-or-later
// One ECG: leads in microvolts with what the file said and what the reader noticed.
#pragma once

#include "core/base/strong_index.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace precordia {

struct Lead {
    std::string name;           // standard spelling where known: I, II, III, aVR, aVL, aVF, V1..V6; else as in the file
    std::vector<float> samples; // uV (other physical signals in their own SI unit); NaN: missing
    std::string unit = "uV";    // unit of `samples`
    std::string fileUnit;       // what the file says, e.g. "mV"
    double quantum = 0;         // one step of the file's integers in `unit`; 0: not known
    bool derived = false;       // computed from other leads, not recorded
};

// What a reader noticed and could live with; where(): "lead V4", "line 12".
enum class WarningCode {
    ShortFile,     // fewer samples than the header promises
    LengthUnknown, // the header gives no length
    UnknownUnit,
    ImplausibleUnit, // "mV" that are microvolts, say; never rescaled silently
    MissingLead,
    Checksum,
    ClippedSamples,
    GainMissing,         // the format's default was used
    InvalidIdentifier,   // a UID or id that breaks its own rules
    SkippedGroup,        // e.g. a median beat kept apart from the rhythm
    UnknownCode,         // a diagnosis code or annotation code not in our tables
    Annotation,          // an annotation file that could not be read
    LengthContradiction, // two places of the file tell different lengths
    RateContradiction,   // two places of the file tell different sampling rates
    Gap,                 // time without samples inside the recording; kept as NaN
    Skew,                // leads sampled at other times than the file's clock; put right or told
    CalibrationPulse,    // a calibration pulse inside the trace
    LossyCompression,    // the file kept less than was recorded
    ReconstructedLeads,  // leads that the file does not hold and its own rule computes
    OtherRates,          // channels of another sampling rate, kept apart in otherGroups
    Repaired,            // anything else that was put right; the message says what
};
std::string_view name(WarningCode code); // stable key for JSON: "short-file"

struct Warning {
    WarningCode code = WarningCode::Repaired;
    std::string message;
    std::string where;
};

// One mark in time. MIT annotation files, DICOM annotations, our own R peaks.
struct Annotation {
    SampleIndex sample;
    LeadIndex lead;      // invalid: the whole recording
    std::string symbol;  // MIT symbol: "N", "V", "(", ")", "p", "t", "+"
    std::string text;    // aux string: "(AFIB"
    std::string source;  // "atr", "ii", "computed"
    double duration = 0; // s; 0: a point in time
};

// What the file says of persons and places, as it stands there; "" where it says nothing.
struct Identity {
    std::string patientName, birthDate; // birthDate: ISO 8601
    std::string institution, operatorName, physician;
};

// What the recorder had done to the signal before the file was written; empty: the file does not say.
struct RecorderFilters {
    std::optional<double> highPassHz, lowPassHz, notchHz;
};

struct Metadata {
    std::string format;    // reader's key: "wfdb", "csv", "dicom"
    std::string patientId; // as in the file; never enters a study as it is
    Identity identity;     // the rest of what tells who it is; never enters a study
    std::optional<double> ageYears;
    std::string sex;        // "male", "female", "" unknown
    std::string recordedAt; // ISO 8601, "" unknown
    std::string device;
    RecorderFilters filters;
    std::vector<std::string> comments;
    std::vector<std::string> diagnosisCodes; // SNOMED CT codes of a #Dx line
    std::vector<std::string> diagnosisTexts; // free diagnosis words of header comments
};

// A measurement that the file carries (or the synthesis knows): "heart_rate_bpm", "pr_ms", "qrs_ms", "qt_ms" ...
using Measurements = std::map<std::string, double>;

struct Recording {
    std::string name;                 // file stem
    double samplingRate = 0;          // Hz, the file's own
    std::int64_t samplesPromised = 0; // a lead, by the file's header; 0: it does not say
    std::int64_t firstSample = 0;     // of `leads` in the file, when only a range of it was read
    std::int64_t items = 1;           // recordings in the file; this is the one that ReadOptions::item asked for
    std::vector<Lead> leads;          // all of one length
    Metadata metadata;
    std::vector<Annotation> annotations;
    Measurements fileMeasurements;
    std::vector<Warning> warnings;
    std::vector<Recording> medianBeats; // median (representative) beats of the same file, kept apart
    std::vector<Recording> otherGroups; // other signals of the same file: another sampling rate, another group

    std::size_t samples() const { return leads.empty() ? 0 : leads.front().samples.size(); }
    double seconds() const { return samplingRate > 0 ? static_cast<double>(samples()) / samplingRate : 0.0; }
    LeadIndex find(std::string_view leadName) const; // invalid when absent
};

// I, II, III, aVR, aVL, aVF, V1..V6
const std::vector<std::string>& standardLeads();
// "MLII" stays, "avr" -> "aVR", "Lead II" -> "II", "ECG V1" -> "V1", "V 1" -> "V1"
std::string standardLeadName(std::string_view name);
// Appends those of III, aVR, aVL, aVF that are absent and exactly derivable from I and II (Einthoven, Goldberger),
// marked derived; or I/II/III from the two others.
void deriveLimbLeads(Recording& recording);

} // namespace precordia
