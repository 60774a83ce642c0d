// SPDX-License-Identifier: GPL-3.0-or-later
// surprise STUDY: how badly each interval is predicted when it is hidden, in terms of the study.
#include "app/cli/command.h"
#include "core/explore/surprise_study.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <iostream>
#include <memory>

namespace precordia::cli {

namespace {

constexpr std::size_t kShown = 10;

struct SurpriseArguments {
    std::string study;
    int block = kSurpriseBlock;
    bool json = false;
};

void tell(const SurpriseReport& report) {
    std::printf("model %s: surprise of %lld recordings stored, %d intervals hidden together; latent error: median "
                "%.3f, highest %.3f\nmost surprising           percentile  latent error  at       percentile there\n",
                report.modelHash.c_str(), static_cast<long long>(report.recordings), report.block, report.median,
                report.highest);
    for (std::size_t i = 0; i < std::min(kShown, report.rows.size()); ++i) {
        const auto& row = report.rows[i];
        std::printf("%6lld %-18s %10.1f  %12.3f  %4.1f s  %16.1f\n", static_cast<long long>(row.id.value),
                    row.name.c_str(), row.percentile, row.raw, row.atSeconds, row.intervalPercentile);
    }
}

void surprise(const SurpriseArguments& arguments, Context& context) {
    Progress progress = context.progress();
    const auto report = surpriseStudy(arguments.study, context.stop, progress, arguments.block);
    if (!report)
        return context.fail(report);
    if (!arguments.json)
        return tell(*report);
    auto rows = nlohmann::json::array();
    for (const auto& row : report->rows)
        rows.push_back({{"id", row.id.value},
                        {"name", row.name},
                        {"latent_error", row.raw},
                        {"percentile", row.percentile},
                        {"at_s", row.atSeconds},
                        {"interval_percentile", row.intervalPercentile}});
    context.print({{"model", report->modelHash},
                   {"block", report->block},
                   {"median", report->median},
                   {"highest", report->highest},
                   {"highest_id", report->highestId.value},
                   {"recordings", report->recordings},
                   {"rows", std::move(rows)}});
}

} // namespace

void addSurprise(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<SurpriseArguments>();
    CLI::App* command =
        app.add_subcommand("surprise", "Hide each interval in turn and store how badly it is predicted");
    command->add_option("STUDY", arguments->study, "The study's folder, already embedded")->required();
    command->add_option("--block", arguments->block, "Intervals hidden together")
        ->check(CLI::Range(1, 4095))
        ->capture_default_str();
    command->add_flag("--json", arguments->json, "Machine-readable output");
    command->callback([arguments, &context] { surprise(*arguments, context); });
}

} // namespace precordia::cli
