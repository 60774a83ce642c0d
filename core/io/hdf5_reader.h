// SPDX-License-Identifier: GPL-3.0-or-later
// ECGs in HDF5 files: CODE-15 (`tracings` [n, 4096, 12] with `exam_id`, 400 Hz, padded with zeros), one array a file
// (`ecg` of SPH: 12 x N, mV, 500 Hz), or any one array of numbers whose attributes, or those of the file, say
// sampling_rate_hz (fs), unit and leads. An array of three dimensions holds one recording an index (ReadOptions::item).
// The file is not trusted: no soft or external link is followed, no virtual dataset, no external storage, no filter but
// deflate, shuffle and checksum, no plugin; sizes are compared with the file's before anything is read. The library
// itself breaks down on some damaged files: it works in a forked process, and the program goes on.
#pragma once

#include "core/io/reader.h"

namespace precordia {

class Hdf5Reader final : public Reader {
public:
    std::string_view key() const override { return "hdf5"; }
    std::string_view description() const override { return "HDF5 file with an ECG array"; }
    int recognises(const FileHead& head) const override;
    Result<Recording> read(const std::filesystem::path& path, const ReadOptions& options) const override;
};

} // namespace precordia
