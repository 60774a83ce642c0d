// SPDX-License-Identifier: GPL-3.0-or-later
// ECGs in MAT files (mat_file.h): the struct ECG of CPSC2018, `val`, `feats` with its rates (CODE-15 as fairseq-signals
// writes it), `signal` with a struct `header` (ecg-kit), or any one array with scalars and texts beside it (fs, unit,
// leads). A MAT file that lies beside its WFDB header is that record's. Version 7.3 is HDF5 inside and refused.
#pragma once

#include "core/io/reader.h"

namespace precordia {

class MatReader final : public Reader {
public:
    std::string_view key() const override { return "mat"; }
    std::string_view description() const override { return "MAT file (version 4 or 5)"; }
    int recognises(const FileHead& head) const override;
    Result<Recording> read(const std::filesystem::path& path, const ReadOptions& options) const override;
};

} // namespace precordia
