// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace precordia {

// The header of a WFDB record that is named without its extension; any other path as it is.
std::filesystem::path recordPath(const std::filesystem::path& path);

} // namespace precordia
