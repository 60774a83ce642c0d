// SPDX-License-Identifier: GPL-3.0-or-later
// Loads the module precordia_engine on first use (dlopen, OMP_WAIT_POLICY=PASSIVE set before). Call from a worker:
// it takes about 0.7 s. Looked for at $PRECORDIA_ENGINE, beside the program (../lib), and in the installed library
// folder.
#pragma once

#include "core/engine/engine.h"

namespace precordia {

// The same engine every time; thread-safe. Error EngineUnavailable says what was tried.
Result<Engine*> loadEngine();
bool engineLoaded();

} // namespace precordia
