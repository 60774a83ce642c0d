// SPDX-License-Identifier: GPL-3.0-or-later
// precordia-cli demo: a study of synthetic ECGs with known truth.
#include "app/cli/command.h"
#include "core/study/demo.h"

#include <cstdint>
#include <iostream>
#include <memory>
#include <string>

namespace precordia::cli {

namespace {

struct DemoOptions {
    std::string study;
    int recordings = 400;
    std::uint64_t seed = 1;
};

void run(const DemoOptions& options, Context& context) {
    auto progress = context.progress();
    const auto made = makeDemoStudy(options.study, options.recordings, options.seed, context.stop, progress);
    if (!made) {
        context.fail(made);
        return;
    }
    std::cout << "demo study of " << options.recordings << " synthetic recordings in " << options.study << '\n';
}

} // namespace

void addDemo(CLI::App& app, Context& context) {
    const auto options = std::make_shared<DemoOptions>();
    auto* command = app.add_subcommand("demo", "Make a study of synthetic ECGs with known truth");
    command->add_option("STUDY", options->study, "Folder of the study, made when absent")->required();
    command->add_option("--recordings", options->recordings, "How many recordings")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    command->add_option("--seed", options->seed, "The same seed gives the same recordings")->capture_default_str();
    command->callback([options, &context] { run(*options, context); });
}

} // namespace precordia::cli
