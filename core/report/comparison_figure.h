// SPDX-License-Identifier: GPL-3.0-or-later
// A comparison of models as a figure: a bar a model with its 95 % interval, with all labels and with few.
#pragma once

#include "core/explore/compare.h"

#include <filesystem>

namespace precordia {

// By the file's extension: png or svg. Needs a QGuiApplication, for the fonts. Errors: FileUnwritable, WrongUse
// (extension, or no model to draw).
Result<Done> renderComparison(const Comparison& comparison, const std::filesystem::path& out, double dpi = 200);

} // namespace precordia
