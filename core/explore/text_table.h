// SPDX-License-Identifier: GPL-3.0-or-later
// Figures and tables in plain text, at most 100 columns wide. Internal to core/explore.
#pragma once

#include "core/explore/probe.h"

#include <string>
#include <vector>

namespace precordia {

std::string figureText(double value);                       // "0.845"; "-" when not finite
std::string intervalText(double low, double high);          // "[0.801, 0.882]"
std::string differenceText(const PairedDifference& d);      // "+0.023 [-0.004, +0.051]"
std::string shortened(std::string text, std::size_t width); // "left bundle branch o..."

// Columns as wide as their widest cell, two spaces between; the first one left, the others right aligned.
std::string textTable(const std::vector<std::vector<std::string>>& rows);
// Broken between words.
std::string wrapped(const std::string& text, std::size_t width = 100);

} // namespace precordia
