// SPDX-License-Identifier: GPL-3.0-or-later
// Where a recording of a study lies, and how its file is to be read.
#pragma once

#include "core/io/reader.h"

#include <filesystem>

namespace precordia {

struct RecordingSource {
    std::filesystem::path file;
    ReadOptions options; // item, and what was said of a table
};

} // namespace precordia
