// SPDX-License-Identifier: GPL-3.0-or-later
// A study of many rows without signals: names, patients, labels, measurements, surprise and clusters as real ones have
// them, to measure a worklist with. Every value follows from the seed.
#pragma once

#include "core/base/progress.h"
#include "core/study/study.h"

namespace precordia {

inline constexpr auto kBenchModel = "bench-rows"; // the model its surprise and its map are said to be of

// A new study in `folder`. Errors: those of Study::create; cancelled leaves a part.
Result<Done> makeBenchRows(const std::filesystem::path& folder, std::int64_t rows, std::uint64_t seed,
                           const StopToken& stop, Progress& progress);

} // namespace precordia
