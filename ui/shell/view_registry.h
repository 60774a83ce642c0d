// SPDX-License-Identifier: GPL-3.0-or-later
// The views of the window, in the order of their tabs: the one place that knows them all.
#pragma once

#include "ui/view.h"

#include <functional>
#include <vector>

namespace precordia {

std::vector<std::function<View*(Session&)>> viewFactories();

} // namespace precordia
