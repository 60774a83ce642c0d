// SPDX-License-Identifier: GPL-3.0-or-later
// How long neighbours and layout take, on a given table or a synthetic mixture.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <cstdint>
#include <filesystem>

namespace precordia {

struct MapBench {
    std::int64_t rows = 0, columns = 0;
    double knnSeconds = 0, umapSeconds = 0;
    double trustworthiness = 0; // of the layout, over at most 1,000 rows
};
// input: a table as .npy, or empty for rows x columns of twelve clouds. output: the layout [N, 2] as .npy, or empty.
struct MapBenchRequest {
    std::filesystem::path input, output;
    int rows = 5000, columns = 400;
    std::uint64_t seed = 42;
};
Result<MapBench> benchMap(const MapBenchRequest& request, StopToken stop, Progress& progress);

} // namespace precordia
