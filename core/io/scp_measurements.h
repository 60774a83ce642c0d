// SPDX-License-Identifier: GPL-3.0-or-later
// What an SCP-ECG file says about its ECG: global measurements (section 7), statements (8 in words, 11 coded) and
// measurements of the leads (10); EN 1064, 5.10, 5.11, 5.13, 5.14.
#pragma once

#include "core/ecg/recording.h"
#include "core/io/scp_container.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace precordia::scp {

// Keys as the DICOM reader's; "pp_ms", "atrial_rate_bpm" and "pacemaker_spikes" beside them. Spikes become annotations
// "^" of the recording, whose sampling rate must be known.
void readGlobalMeasurements(const Section& section, Recording& recording);
// "qrs_V1_ms", "r_V1_uv"
void readLeadMeasurements(const Section& section, Recording& recording);

struct Statement {
    enum class Kind { Words, Coded, Logic };
    Kind kind = Kind::Words;
    std::vector<std::string> fields; // one, or the fields of a coded statement
};
struct Report {
    std::uint8_t state = 0; // 0 original, 1 confirmed, 2 overread but not confirmed
    std::vector<Statement> statements;
};
Report reportOf(const Section& section, bool typed, std::vector<Warning>& warnings, const std::string& where);

// Words of section 8, codes of section 11, to diagnosisTexts; each once.
void readReports(const Container& container, Recording& recording);

// The part of section 7 that holds defined numbers: tagged fields and a manufacturer's block come behind it.
struct DefinedGlobals {
    std::size_t bytes = 0;              // 0: not even the head is there
    std::size_t typesAt = 0, types = 0; // a byte a QRS complex: its type
    bool complete = false;              // up to the formula of QTc
};
DefinedGlobals definedGlobalBytes(std::span<const std::byte> body);

} // namespace precordia::scp
