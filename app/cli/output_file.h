// SPDX-License-Identifier: GPL-3.0-or-later
// What every command that writes a file for the user keeps to: what is there stays, unless --force is said; an input
// is never overwritten, whatever is said.
#pragma once

#include "core/base/result.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <vector>

namespace precordia::cli {

void addForce(CLI::App& command, bool& force); // `force` outlives the command

// `outputs`: all that would be written. Errors: WrongUse where one of them is `input` or a signal file that a WFDB
// header `input` names ("" none); AlreadyExists where one is there and `force` is not said.
Result<Done> mayWrite(const std::vector<std::filesystem::path>& outputs, bool force,
                      const std::filesystem::path& input = {});

} // namespace precordia::cli
