// SPDX-License-Identifier: GPL-3.0-or-later
// Loads the module precordia_engine on first use (module_loader.h; $PRECORDIA_ENGINE names another one). Call from a
// worker: it takes about 0.7 s.
#pragma once

#include "core/engine/engine.h"

namespace precordia {

// The same engine every time; thread-safe. Error EngineUnavailable says what was tried.
Result<Engine*> loadEngine();
bool engineLoaded();

} // namespace precordia
