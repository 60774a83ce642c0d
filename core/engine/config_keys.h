// SPDX-License-Identifier: GPL-3.0-or-later
// Every key a configuration may have: its type, range and default. Private to core/engine.
#pragma once

#include "core/base/result.h"

#include <nlohmann/json.hpp>

namespace precordia {

nlohmann::json configDefaults();
// The value as it is kept (whole numbers as such, also when written 1e3). Error ConfigInvalid names the key and what it
// may be.
Result<nlohmann::json> checkConfigKey(const std::string& key, const nlohmann::json& value);
// What the published description of an architecture asks for (masks, regulariser), laid under what is said beside it:
// "architecture=lenepa" alone is LeNEPA as its authors train it. Empty for ER-JEPA and for a name that is none.
nlohmann::json publishedSettings(const std::string& architecture);
// What no key can say alone; the document is complete.
Result<Done> checkConfigConflicts(const nlohmann::json& flat);

} // namespace precordia
