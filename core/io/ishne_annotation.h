// SPDX-License-Identifier: GPL-3.0-or-later
// Beat annotations of an ISHNE recording ("ANN  1.0"): behind the header the sample of the reference point, then four
// bytes a beat: label, internal label, samples since the beat before.
#pragma once

#include "core/base/result.h"
#include "core/ecg/recording.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace precordia::ishne {

struct AnnotationFile {
    int samplingRate = 0;                // of its header
    std::vector<Annotation> annotations; // MIT symbols; another label of the file stands in the text
    std::vector<Warning> warnings;
};

// Errors: FormatInvalid, FileTruncated.
Result<AnnotationFile> parseAnnotations(std::span<const std::byte> bytes, const std::string& file);

// Whether the file's label is one of the format's.
bool knownLabel(char label);

} // namespace precordia::ishne
