// SPDX-License-Identifier: GPL-3.0-or-later
// Precompiled: ATen's operators take 10 s to read, and most files here use a dozen of them.
#pragma once

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>
