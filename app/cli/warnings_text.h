// SPDX-License-Identifier: GPL-3.0-or-later
// What a reader noticed of a file, as the commands say it.
#pragma once

#include "core/ecg/recording.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace precordia::cli {

nlohmann::json warningsJson(const Recording& recording); // [{"code", "message", "where"}]

// Those that bear on what is measured, a line a kind: a file that was cut short tells it of each lead.
// "short-file, record: 9000 of 34144 bytes are there (and 21 more)"
std::vector<std::string> warningsInShort(const Recording& recording);

} // namespace precordia::cli
