// SPDX-License-Identifier: GPL-3.0-or-later
// DICOM waveform objects (PS3.3, A.34): 12-lead, General and Ambulatory ECG, explicit VR little-endian, 16-bit samples.
#pragma once

#include "core/base/result.h"
#include "core/ecg/recording.h"

#include <filesystem>
#include <string>
#include <vector>

namespace precordia {

enum class DicomClass { ByContent, TwelveLead, General, Ambulatory };

struct DicomWritten {
    DicomClass kind = DicomClass::General;
    std::vector<std::string> notes; // what the class has no place for, or what stands in for what is not known
};

// All or nothing. By content: 12-lead for the twelve standard leads at 200 to 1000 Hz with at most 16384 samples;
// General for other leads at 200 to 1000 Hz; Ambulatory for 50 to 1000 Hz and at most 12 leads. The rhythm is the first
// multiplex group, median beats and other groups follow while the class has room. Each lead in steps of its own quantum
// where 16 bits hold it, else coarser; NaN becomes the padding value. Names and ids are those of the recording.
// Errors: WrongUse (no leads, unequal lengths, no sampling rate, contents that the class asked for forbids),
// ValueOutOfRange (no ECG class allows the rate, or more than 4 GiB), FileUnwritable.
Result<DicomWritten> writeDicom(const Recording& recording, const std::filesystem::path& path,
                                DicomClass kind = DicomClass::ByContent);

} // namespace precordia
