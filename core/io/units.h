// SPDX-License-Identifier: GPL-3.0-or-later
// Voltage units as files write them.
#pragma once

#include <optional>
#include <string_view>

namespace precordia {

// Microvolts in one of `unit` ("mV", "uV", "µV", "microvolt", "V", "nV" ...); empty when it is no voltage we know.
std::optional<double> microvoltsPer(std::string_view unit);

} // namespace precordia
