// SPDX-License-Identifier: GPL-3.0-or-later
// DICOM waveform objects through DCMTK: 12-lead ECG, General ECG and their kin (PS3.3, A.34 and C.10.9). The rhythm
// multiplex group is the recording; the others, median beats mostly, are kept apart in medianBeats.
#pragma once

#include "core/io/reader.h"

namespace precordia {

class DicomReader final : public Reader {
public:
    std::string_view key() const override { return "dicom"; }
    std::string_view description() const override { return "DICOM ECG waveform"; }
    int recognises(const FileHead& head) const override;
    Result<Recording> read(const std::filesystem::path& path, const ReadOptions& options) const override;
};

} // namespace precordia
