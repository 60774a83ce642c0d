// SPDX-License-Identifier: GPL-3.0-or-later
// What the text of the commands calls a measurement, by its key in named() (core/signal/measurements.h).
#pragma once

#include <string>

namespace precordia::cli {

struct MeasurementName {
    std::string words; // "QTc (Bazett)"; the key itself where it is none of ours
    std::string unit;  // "ms", "bpm", "deg", "uV", "%"
};
MeasurementName measurementName(const std::string& key);

} // namespace precordia::cli
