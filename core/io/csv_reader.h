// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of samples: our own "time_s,<lead>,..." in uV, and others with a time column. Delimiter , ; or tab; a unit in
// brackets ("II (mV)", "aVR [uV]"), uV where none is said; decimal comma where the delimiter is another; empty cell:
// missing; lines that begin with '#' are comments.
#pragma once

#include "core/io/reader.h"

namespace precordia {

class CsvReader final : public Reader {
public:
    std::string_view key() const override { return "csv"; }
    std::string_view description() const override { return "table of samples with a time column (CSV)"; }
    int recognises(const FileHead& head) const override;
    Result<Recording> read(const std::filesystem::path& path, const ReadOptions& options) const override;
};

} // namespace precordia
