// SPDX-License-Identifier: GPL-3.0-or-later
// A synthetic Holter recording written as a WFDB record minute by minute: never whole in memory.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <filesystem>

namespace precordia::cli {

struct HolterRequest {
    double hours = 24;
    int leads = 12;
    double samplingRate = 1000;
    std::uint64_t seed = 1;
};

struct HolterFile {
    std::filesystem::path header;
    std::uint64_t bytes = 0; // of the signal file
};

// Minutes of twelve synthetic people's hearts between 45 and 150 bpm in an order that wanders, one pause of 4 s and one
// second without samples an hour. Leads beyond the twelfth repeat them. Errors: FileUnwritable.
Result<HolterFile> writeHolter(const HolterRequest& request, const std::filesystem::path& folder, const StopToken& stop,
                               Progress& progress);

} // namespace precordia::cli
