// SPDX-License-Identifier: GPL-3.0-or-later
// How a table's columns are told on the command line.
#pragma once

#include "core/base/result.h"
#include "core/study/label_mapping.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace precordia::cli {

// "recording=ecg_id", "match=id", "labels=diagnosis", "flag=AF", "separators=|", "dataset-name=Mine", ...: laid over
// nothing, so that only what is named counts. Nothing without any. Errors: those of the table, WrongUse.
Result<std::optional<LabelMapping>> mappingOf(const std::filesystem::path& csv, const std::vector<std::string>& words);

} // namespace precordia::cli
