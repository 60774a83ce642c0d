// SPDX-License-Identifier: GPL-3.0-or-later
// How fast the model is on this machine, on random data: recordings a second.
#pragma once

#include "core/engine/engine.h"

namespace precordia {

Result<double> benchEncode(const Engine::BenchRequest& request);
Result<double> benchPretrain(const Engine::BenchRequest& request);

} // namespace precordia
