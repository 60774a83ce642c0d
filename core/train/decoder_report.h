// SPDX-License-Identifier: GPL-3.0-or-later
// What was measured of an event decoder, as it stands in the model's metadata and .json.
#pragma once

#include "core/engine/engine.h"

#include <nlohmann/json_fwd.hpp>

namespace precordia {

nlohmann::json decoderReportJson(const DecoderReport& report);
// Empty when the text is none of ours: a picture's caption is no reason to refuse a model.
std::optional<DecoderReport> parseDecoderReport(const std::string& text);

} // namespace precordia
