// SPDX-License-Identifier: GPL-3.0-or-later
// MIT annotation files (PhysioNet, annot(5)): 16-bit little-endian words of a code and a time step.
#pragma once

#include "core/base/result.h"
#include "core/ecg/recording.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace precordia::wfdb {

struct AnnotationMark {
    std::int64_t time = 0; // in ticks of the file
    std::string symbol;
    std::string text;
    std::optional<int> channel; // only where the file says one
    int subtype = 0, number = 0;
};

struct AnnotationFile {
    std::vector<AnnotationMark> marks;
    std::optional<double> ticksPerSecond; // "## time resolution: 500"; else the record's frame rate
    int unknownCodes = 0;
};

// Errors: FormatInvalid (no end mark, text beyond the end, a step that leaves the range of time).
Result<AnnotationFile> parseAnnotations(std::span<const std::byte> bytes, const std::string& fileName);

// The code of a symbol of ecgcodes.h; empty for others.
std::optional<unsigned> codeOf(std::string_view symbol);

// The extensions under which annotations lie beside a record; tried in this order.
const std::vector<std::string>& annotationExtensions();

} // namespace precordia::wfdb
