// SPDX-License-Identifier: GPL-3.0-or-later
// What was measured of an event decoder, for people and for scripts.
#pragma once

#include "core/engine/engine.h"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace precordia::cli {

std::string decoderText(const DecoderReport& report);
nlohmann::json decoderJson(const DecoderReport& report);

} // namespace precordia::cli
