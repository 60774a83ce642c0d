// SPDX-License-Identifier: GPL-3.0-or-later
// surprise STUDY: how badly each interval is predicted when it is hidden.
#include "app/cli/command.h"
#include "core/explore/embed_study.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <iostream>
#include <memory>

namespace precordia::cli {

namespace {

struct SurpriseArguments {
    std::string study;
    bool json = false;
};

void surprise(const SurpriseArguments& arguments, Context& context) {
    Progress progress = context.progress();
    const auto report = surpriseStudy(arguments.study, context.stop, progress);
    if (!report)
        return context.fail(report);
    if (arguments.json)
        return context.print({{"model", report->modelHash},
                              {"recordings", report->recordings},
                              {"median", report->median},
                              {"highest", report->highest},
                              {"highest_id", report->highestId.value}});
    std::printf("model %s: surprise of %lld recordings stored; median %.3f, highest %.3f (recording %lld)\n",
                report->modelHash.c_str(), static_cast<long long>(report->recordings), report->median, report->highest,
                static_cast<long long>(report->highestId.value));
}

} // namespace

void addSurprise(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<SurpriseArguments>();
    CLI::App* command =
        app.add_subcommand("surprise", "Hide each interval in turn and store how badly it is predicted");
    command->add_option("STUDY", arguments->study, "The study's folder, already embedded")->required();
    command->add_flag("--json", arguments->json, "Machine-readable output");
    command->callback([arguments, &context] { surprise(*arguments, context); });
}

} // namespace precordia::cli
