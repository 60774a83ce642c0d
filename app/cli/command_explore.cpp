// SPDX-License-Identifier: GPL-3.0-or-later
// explore STUDY: the map of the recordings and its clusters.
#include "app/cli/command.h"
#include "core/explore/embed_study.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>

namespace precordia::cli {

namespace {

struct ExploreArguments {
    std::string study;
    MapOptions options;
    bool json = false;
};

void explore(const ExploreArguments& arguments, Context& context) {
    Progress progress = context.progress();
    const auto report = mapStudy(arguments.study, arguments.options, context.stop, progress);
    if (!report)
        return context.fail(report);
    if (arguments.json) {
        nlohmann::json json = nlohmann::json::parse(report->parametersJson);
        json["model"] = report->modelHash;
        return context.print(json);
    }
    std::printf("%lld recordings, %s (seed %llu): trustworthiness %.3f\n", static_cast<long long>(report->recordings),
                arguments.options.projection.c_str(), static_cast<unsigned long long>(arguments.options.seed),
                report->trustworthiness);
    if (!report->explained.empty())
        std::printf("the two axes hold %.1f %% of the variance\n",
                    100.0 * static_cast<double>(report->explained[0] + report->explained[1]));
    std::printf("%d clusters (%s), agreement over seeds (adjusted Rand index) %.3f; sizes", report->clusters,
                arguments.options.clusters.c_str(), report->stability.value_or(0));
    for (const int size : report->clusterSizes)
        std::printf(" %d", size);
    std::printf("\n");
}

} // namespace

void addExplore(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<ExploreArguments>();
    auto& options = arguments->options;
    CLI::App* command = app.add_subcommand("explore", "Lay the recordings out on a map and find clusters");
    command->add_option("STUDY", arguments->study, "The study's folder, already embedded")->required();
    command->add_option("--projection", options.projection, "How the map is laid out")
        ->check(CLI::IsMember({"umap", "pca"}))
        ->capture_default_str();
    command->add_option("--clusters", options.clusters, "How clusters are found")
        ->check(CLI::IsMember({"leiden", "kmeans"}))
        ->capture_default_str();
    command->add_option("--seed", options.seed, "The same seed gives the same map")->capture_default_str();
    command->add_option("--neighbours", options.neighbours, "UMAP and Leiden: size of a neighbourhood")
        ->check(CLI::Range(2, 1000))
        ->capture_default_str();
    command->add_option("--min-distance", options.minDistance, "UMAP: how close points may lie")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    command->add_option("--resolution", options.resolution, "Leiden: above 1 more clusters, below fewer")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command->add_option("--k", options.k, "k-means: how many clusters")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command->add_flag("--json", arguments->json, "Machine-readable output");
    command->callback([arguments, &context] { explore(*arguments, context); });
}

} // namespace precordia::cli
