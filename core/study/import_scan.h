// SPDX-License-Identifier: GPL-3.0-or-later
// Which files an import has to look at. Internal to core/study.
#pragma once

#include "core/study/import.h"

#include <filesystem>
#include <string>
#include <vector>

namespace precordia {

struct ScannedFiles {
    std::vector<std::filesystem::path> files; // as sourceKey() writes them, sorted, each once
    std::vector<ImportFailure> failed;        // paths that are not there, folders that cannot be read
};

// Folders are walked without following links to folders; of a study inside only recordings/ is.
Result<ScannedFiles> scanForImport(const std::vector<std::filesystem::path>& paths, const StopToken& stop);

// Also when it names a WFDB record without its extension.
bool isThere(const std::filesystem::path& path);

// Absolute, the folder's links resolved, the file's own not: a record linked into a store keeps its neighbours.
std::string sourceKey(const std::filesystem::path& file);

// A licence, a read-me, a checksum list, a table of labels or another hidden or plain document: no ECG, and no reason
// to complain.
bool isDocument(const std::filesystem::path& file);

} // namespace precordia
