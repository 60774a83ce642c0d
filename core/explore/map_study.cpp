// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/embed_study.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace precordia {

namespace {

constexpr int kOtherSeeds = 4;
constexpr int kTrustRows = 2000; // each row asked costs a pass over the table

Result<std::vector<int>> clustersOf(const Matrix& values, const Neighbours& neighbours, const MapOptions& options,
                                    std::uint64_t seed) {
    if (options.clusters == "kmeans")
        return kMeans(values, options.k, seed);
    return leiden(neighbours, values.rows(), options.resolution, seed);
}

// How much of the clusters is the seed's doing.
Result<double> stabilityOf(const std::vector<int>& clusters, const Matrix& values, const Neighbours& neighbours,
                           const MapOptions& options, const StopToken& stop) {
    double sum = 0;
    for (int i = 1; i <= kOtherSeeds; ++i) {
        if (stop.stop_requested())
            return Cancelled{};
        const auto other = clustersOf(values, neighbours, options, options.seed + static_cast<std::uint64_t>(i));
        if (!other)
            return other.as<double>();
        sum += adjustedRandIndex(clusters, *other);
    }
    return sum / kOtherSeeds;
}

std::string parametersOf(const MapOptions& options, const MapReport& report, int neighbours) {
    nlohmann::json json = {{"projection", options.projection},
                           {"clusters", options.clusters},
                           {"seed", options.seed},
                           {"neighbours", neighbours + 1}, // the recording itself is counted, as UMAP's authors do
                           {"level", "recording"},
                           {"recordings", report.recordings},
                           {"clusters_found", report.clusters},
                           {"cluster_sizes", report.clusterSizes},
                           {"trustworthiness", report.trustworthiness},
                           {"trustworthiness_k", report.trustworthinessNeighbours}};
    if (report.stability)
        json["stability_ari"] = *report.stability;
    if (options.projection == "umap")
        json["min_distance"] = options.minDistance;
    else
        json["explained_variance"] = report.explained;
    if (options.clusters == "leiden")
        json["resolution"] = options.resolution;
    else
        json["k"] = options.k;
    return json.dump();
}

Result<Matrix> project(const Matrix& values, const Neighbours& neighbours, const MapOptions& options,
                       const StopToken& stop, Progress& progress, MapReport& report) {
    if (options.projection == "pca") {
        auto result = pca(values, 2);
        report.explained = result.explained;
        return std::move(result.projected);
    }
    UmapOptions umapOptions;
    umapOptions.minDistance = options.minDistance;
    umapOptions.seed = options.seed;
    return umap(values, neighbours, umapOptions, stop, progress);
}

Result<Done> checkOptions(const MapOptions& options, std::size_t recordings) {
    if (options.projection != "umap" && options.projection != "pca")
        return makeError(ErrorCode::WrongUse, "there is no projection \"" + options.projection + "\": umap or pca");
    if (options.clusters != "leiden" && options.clusters != "kmeans")
        return makeError(ErrorCode::WrongUse, "there are no clusters \"" + options.clusters + "\": leiden or kmeans");
    if (options.neighbours < 2 || options.k < 1)
        return makeError(ErrorCode::ValueOutOfRange, "a map needs at least 2 neighbours and 1 cluster");
    if (recordings < 4)
        return makeError(ErrorCode::ValueOutOfRange, std::to_string(recordings) + " recordings are too few for a map");
    return Done{};
}

} // namespace

Result<MapReport> mapStudy(const std::filesystem::path& studyFolder, const MapOptions& options, StopToken stop,
                           Progress& progress) {
    auto study = Study::open(studyFolder);
    if (!study)
        return study.as<MapReport>();
    MapReport report;
    report.modelHash = (*study)->currentModel();
    const auto table = loadTable(**study, "recording");
    if (!table)
        return table.as<MapReport>();
    if (const auto fine = checkOptions(options, table->ids.size()); !fine)
        return fine.as<MapReport>();
    report.recordings = static_cast<std::int64_t>(table->ids.size());
    const Matrix values = standardiseColumns(table->values);
    const int k = std::min(options.neighbours, static_cast<int>(table->ids.size())) - 1;
    const auto neighbours = nearestNeighbours(values, k, stop, progress);
    if (!neighbours)
        return neighbours.as<MapReport>();
    const auto layout = project(values, *neighbours, options, stop, progress, report);
    if (!layout)
        return layout.as<MapReport>();
    progress.begin("Clusters", 0);
    const auto clusters = clustersOf(values, *neighbours, options, options.seed);
    if (!clusters)
        return clusters.as<MapReport>();
    const auto stability = stabilityOf(*clusters, values, *neighbours, options, stop);
    if (!stability)
        return stability.as<MapReport>();
    report.stability = *stability;
    report.clusters = *std::max_element(clusters->begin(), clusters->end()) + 1;
    report.clusterSizes.assign(static_cast<std::size_t>(report.clusters), 0);
    for (const int c : *clusters)
        ++report.clusterSizes[static_cast<std::size_t>(c)];
    // Defined below half the table only.
    report.trustworthinessNeighbours = std::max(1, std::min(k + 1, static_cast<int>(table->ids.size()) / 2 - 1));
    report.trustworthiness = trustworthiness(values, *layout, report.trustworthinessNeighbours, kTrustRows);
    report.parametersJson = parametersOf(options, report, k);

    std::vector<Study::MapPoint> points;
    for (std::size_t i = 0; i < table->ids.size(); ++i) {
        const auto row = static_cast<Eigen::Index>(i);
        points.push_back({table->ids[i], (*layout)(row, 0), (*layout)(row, 1), (*clusters)[i]});
    }
    if (const auto set = (*study)->setMap(report.modelHash, report.parametersJson, points); !set)
        return set.as<MapReport>();
    return report;
}

} // namespace precordia
