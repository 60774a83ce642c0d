// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace precordia {

std::string_view snomedTable(); // "code,name,abbreviation" by the line, with its heading

} // namespace precordia
