// SPDX-License-Identifier: GPL-3.0-or-later
// Lead numbers of SCP-ECG (EN 1064, 5.6.3, table 9): 1 is I, 61 is III.
#pragma once

#include <cstdint>
#include <string>

namespace precordia::scp {

// In standard spelling; "" for a number that has no lead.
std::string leadName(unsigned number);

} // namespace precordia::scp
