// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/bench_map.h"

#include "core/explore/map.h"
#include "core/explore/npy.h"
#include "core/explore/random_source.h"

#include <chrono>

namespace precordia {

namespace {

constexpr int kNeighbours = 15;

Matrix clouds(int rows, int columns, std::uint64_t seed) {
    constexpr int kClouds = 12;
    RandomSource random(seed);
    const auto bell = [&random] {
        return static_cast<float>(2 * (random.uniform() + random.uniform() + random.uniform() - 1.5));
    };
    Matrix centres(kClouds, columns), values(rows, columns);
    for (Eigen::Index i = 0; i < centres.size(); ++i)
        centres.data()[i] = bell();
    for (int i = 0; i < rows; ++i)
        for (int j = 0; j < columns; ++j)
            values(i, j) = centres(i % kClouds, j) + bell();
    return values;
}

} // namespace

Result<MapBench> benchMap(const MapBenchRequest& request, StopToken stop, Progress& progress) {
    using Clock = std::chrono::steady_clock;
    const auto since = [](Clock::time_point start) {
        return std::chrono::duration<double>(Clock::now() - start).count();
    };
    Matrix values;
    if (request.input.empty()) {
        values = clouds(request.rows, request.columns, request.seed);
    } else {
        auto read = readNpy(request.input);
        if (!read)
            return read.as<MapBench>();
        values = std::move(*read);
    }
    MapBench bench;
    bench.rows = values.rows();
    bench.columns = values.cols();
    auto start = Clock::now();
    const auto neighbours = nearestNeighbours(
        values, static_cast<int>(std::min<std::int64_t>(kNeighbours, bench.rows)) - 1, stop, progress);
    if (!neighbours)
        return neighbours.as<MapBench>();
    bench.knnSeconds = since(start);
    start = Clock::now();
    UmapOptions options;
    options.seed = request.seed;
    const auto layout = umap(values, *neighbours, options, stop, progress);
    if (!layout)
        return layout.as<MapBench>();
    bench.umapSeconds = since(start);
    bench.trustworthiness = trustworthiness(values, *layout, kNeighbours, 1000);
    if (!request.output.empty())
        if (const auto written = writeNpy(request.output, *layout); !written)
            return written.as<MapBench>();
    return bench;
}

} // namespace precordia
