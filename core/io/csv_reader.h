// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of samples: our own "time_s,<lead>,..." in uV, and others. Delimiter , ; | tab or blanks; headings or none; a
// unit in brackets ("II (mV)", "aVR [uV]"), behind '_', or in a row of its own; decimal comma where the delimiter is
// another; empty cell: missing; lines that begin with '#' are comments. The rate comes from the time column, a line
// "sampling rate: 500", or a TableLayout; where rate or unit stays unknown, the table is not read. Columns without a
// unit behind our own "time_s" are in uV, and a warning names them.
#pragma once

#include "core/io/reader.h"

namespace precordia {

class CsvReader final : public Reader {
public:
    std::string_view key() const override { return "csv"; }
    std::string_view description() const override { return "table of samples (CSV, TSV)"; }
    int recognises(const FileHead& head) const override;
    Result<Recording> read(const std::filesystem::path& path, const ReadOptions& options) const override;
};

} // namespace precordia
