// SPDX-License-Identifier: GPL-3.0-or-later
// A WFDB header as text says it (PhysioNet, header(5)). Nothing here is compared with a signal file yet.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace precordia::wfdb {

struct SignalSpec {
    std::string file; // "~": no samples
    int format = 16;
    int samplesPerFrame = 1;
    int skew = 0;                // frames of this signal that come before sample 0
    std::int64_t byteOffset = 0; // of the first sample in its file
    double gain = 200;           // file integers per unit
    bool gainGiven = false;
    std::int64_t baseline = 0; // the integer that means 0 units
    std::string unit = "mV";
    int adcResolution = 0; // bits; 0: not said
    std::int64_t adcZero = 0;
    std::int64_t initialValue = 0;
    bool initialGiven = false;
    std::optional<int> checksum; // 16 bits, of all samples of the signal
    std::string description;
    int line = 0; // in the header, from 1
};

// One line of a multi-segment header.
struct SegmentSpec {
    std::string name; // of the segment's record; "~": a gap
    std::int64_t frames = 0;
    int line = 0;
    bool gap() const { return name == "~"; }
};

struct Header {
    std::string record;
    int segments = 0; // 0: not a multi-segment record
    int signalCount = 0;
    double frameRate = 250;
    double counterFrequency = 250; // of a counter that numbers the frames otherwise: a tape's, say
    double baseCounter = 0;        // what it showed at frame 0
    std::optional<std::int64_t> frames;
    std::string time; // as in the file
    std::string date;
    std::vector<SignalSpec> signals;      // none where there are segments
    std::vector<SegmentSpec> segmentList; // a first one of no frames is the layout of a variable-layout record
    std::vector<std::string> comments;    // without '#'
    int recordLine = 1;
    bool variableLayout() const { return !segmentList.empty() && segmentList.front().frames == 0; }
};

// True for a name that stays in its folder: no path, no ".." (a header must not reach out of it).
bool plainName(std::string_view name);

// True when the text begins like a header: a record line, then a signal line that names a file and a format.
bool looksLikeHeader(std::string_view head);

// True when its first signal has no samples ("~ 0"): the layout of a record of segments.
bool isLayout(std::string_view head);

// Errors: FormatInvalid, FormatUnsupported, ValueOutOfRange; `where` is "<fileName>, line N".
Result<Header> parseHeader(std::string_view text, const std::string& fileName);

} // namespace precordia::wfdb
