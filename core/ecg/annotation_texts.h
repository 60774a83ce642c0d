// SPDX-License-Identifier: GPL-3.0-or-later
// Texts of annotations that mean something to the program.
#pragma once

#include <string_view>

namespace precordia {

// From this mark on the leads carry a calibration pulse and not the heart.
inline constexpr std::string_view kCalibrationPulse = "calibration pulse";

} // namespace precordia
