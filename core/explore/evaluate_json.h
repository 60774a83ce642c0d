// SPDX-License-Identifier: GPL-3.0-or-later
// Parts of an evaluation as JSON, for the commands that print several. Internal to core/explore.
#pragma once

#include "core/explore/evaluate.h"

#include <nlohmann/json.hpp>

namespace precordia {

using OrderedJson = nlohmann::ordered_json;

OrderedJson differenceJson(const PairedDifference& d); // {"value", "ci95"}
OrderedJson figuresJson(const LabelFigures& figures, bool withBins);
OrderedJson refusedJson(const std::vector<std::pair<std::string, std::string>>& refused);
OrderedJson probeJson(const EvaluateOptions& options); // how the probe was made

} // namespace precordia
