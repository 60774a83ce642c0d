// SPDX-License-Identifier: GPL-3.0-or-later
// What the program and the module precordia_engine agree on. The version rises with every change of engine.h and of
// what it includes (head.h, run_history.h ...): a module left over from another build is refused instead of crashing.
#pragma once

#include "core/engine/engine.h"

namespace precordia {

constexpr int kEngineAbi = 6;
constexpr const char* kEngineAbiSymbol = "precordia_engine_abi";
constexpr const char* kEngineCreateSymbol = "precordia_engine_create";
using EngineAbiFunction = int();
using EngineCreateFunction = Result<std::unique_ptr<Engine>>*(); // the caller deletes it

} // namespace precordia
