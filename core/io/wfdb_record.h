// SPDX-License-Identifier: GPL-3.0-or-later
// A whole WFDB record: one segment, or several laid one after the other.
#pragma once

#include "core/io/reader.h"

#include <filesystem>

namespace precordia::wfdb {

// Errors: those of Reader::read.
Result<Recording> readRecord(const std::filesystem::path& header, const ReadOptions& options);

} // namespace precordia::wfdb
