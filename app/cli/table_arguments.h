// SPDX-License-Identifier: GPL-3.0-or-later
// --rate, --unit, --leads, --layout and --item: what a person says of a file that does not say it itself.
#pragma once

#include "core/io/reader.h"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace precordia::cli {

struct TableArguments {
    double rate = 0;
    std::string unit, layoutFile;
    std::vector<std::string> leads;
    std::int64_t item = 0;
};

void addTableArguments(CLI::App& command, TableArguments& arguments); // `arguments` outlives the command
// Into reading.tableLayout and reading.item. Errors: those of the layout file.
Result<Done> apply(const TableArguments& arguments, ReadOptions& reading);

} // namespace precordia::cli
