// SPDX-License-Identifier: GPL-3.0-or-later
// The demo study: synthetic recordings with known truth, written as WFDB files into <study>/recordings and imported,
// truth kept as measurements of source "truth".
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <cstdint>
#include <filesystem>

namespace precordia {

Result<Done> makeDemoStudy(const std::filesystem::path& studyFolder, int recordings, std::uint64_t seed, StopToken stop,
                           Progress& progress);

} // namespace precordia
