// SPDX-License-Identifier: GPL-3.0-or-later
// bench paper: how soon a long recording shows its first page, and how fast any other stretch of it is painted.
#pragma once

#include "app/cli/command.h"

namespace precordia::cli {

void addPaperBench(CLI::App& bench, Context& context);

} // namespace precordia::cli
