// SPDX-License-Identifier: GPL-3.0-or-later
// Walks the elements of a DICOM file (PS3.5, PS3.10) and compares every declared length with the bytes that are there,
// before DCMTK, which believes them, loads the file.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <span>
#include <string>

namespace precordia::dicom {

bool hasPreamble(std::span<const std::byte> head); // "DICM" at byte 128

// Errors: FormatInvalid, FileTruncated (a length beyond the end), FormatUnsupported (deflated), ValueOutOfRange (nested
// or filled beyond any waveform object).
Result<Done> scan(std::span<const std::byte> bytes, const std::string& fileName);

} // namespace precordia::dicom
