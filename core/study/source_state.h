// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a source file, or what is read with it, changed since it was imported: sizes and times, no content. Internal
// to core/study.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace precordia {

struct SourceState {
    std::int64_t size = 0, modified = 0; // bytes, ns since the epoch
    // A hash over names, sizes and times of the signal files that a WFDB header names (those of its segments too) and
    // of the annotation files beside it; "-" when there are none.
    std::string companions;
};
// Nothing when the file cannot be asked.
std::optional<SourceState> sourceState(const std::filesystem::path& file);

} // namespace precordia
