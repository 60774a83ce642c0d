// SPDX-License-Identifier: GPL-3.0-or-later
// DICOM waveform objects through DCMTK: 12-lead, General (also 32-bit) and Ambulatory ECG, and others that hold a
// voltage: electrophysiology, hemodynamics (PS3.3, A.34 and C.10.9). The rhythm multiplex group is the recording;
// median beats and the remaining groups are kept apart in medianBeats and otherGroups.
#pragma once

#include "core/io/reader.h"

namespace precordia {

class DicomReader final : public Reader {
public:
    std::string_view key() const override { return "dicom"; }
    std::string_view description() const override { return "DICOM ECG waveform"; }
    int recognises(const FileHead& head) const override;
    bool readsRanges() const override { return true; }
    Result<Recording> read(const std::filesystem::path& path, const ReadOptions& options) const override;
};

} // namespace precordia
