// SPDX-License-Identifier: GPL-3.0-or-later
// embed STUDY: encodings of every level, stored in the study.
#include "app/cli/command.h"
#include "core/explore/embed_study.h"

#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>

namespace precordia::cli {

namespace {

struct EmbedArguments {
    std::string study, model;
    bool noLeadLevel = false, json = false;
};

void tell(const EmbedReport& report, const EmbedArguments& arguments, const Context& context) {
    for (const auto& skipped : report.skipped)
        std::cerr << "precordia-cli: recording " << skipped.id.value << " left out: " << skipped.reason << '\n';
    if (report.demoModel)
        std::cerr << "precordia-cli: no model was trained in this study: the demo weights are used, pretrained on "
                     "synthetic ECGs\n";
    if (arguments.json)
        return context.print({{"model", report.model.hash},
                              {"demo_model", report.demoModel},
                              {"file", report.file.string()},
                              {"reused", report.reused},
                              {"recordings", report.recordings},
                              {"windows", report.windows},
                              {"left_out", report.skipped.size()},
                              {"intervals", report.model.intervals},
                              {"width", report.model.width},
                              {"recording_width", report.model.recordingWidth},
                              {"seconds", report.seconds}});
    std::cout << "model " << report.model.hash << ": " << report.recordings << " recordings, " << report.windows
              << " windows of " << report.model.intervals << " intervals, width " << report.model.width << '\n'
              << report.file.string();
    if (report.reused)
        std::cout << " was up to date\n";
    else
        std::cout << " written, "
                  << static_cast<int>(static_cast<double>(report.windows) / std::max(report.seconds, 1e-3))
                  << " recordings/s\n";
}

void embed(const EmbedArguments& arguments, Context& context) {
    EmbedOptions options;
    options.leadLevel = !arguments.noLeadLevel;
    Progress progress = context.progress();
    const auto report = embedStudy(arguments.study, arguments.model, options, context.stop, progress);
    if (!report)
        return context.fail(report);
    tell(*report, arguments, context);
}

} // namespace

void addEmbed(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<EmbedArguments>();
    CLI::App* command = app.add_subcommand("embed", "Encode every recording of a study at all levels");
    command->add_option("STUDY", arguments->study, "The study's folder")->required();
    command->add_option(
        "--model", arguments->model,
        "A run of the study, a run folder, a .safetensors file or a hash; else the study's own model, else its newest "
        "run that has not collapsed, else the demo weights");
    command->add_flag("--no-lead-level", arguments->noLeadLevel, "Leave out the lead encodings: a twelfth of the size");
    command->add_flag("--json", arguments->json, "Machine-readable output");
    command->callback([arguments, &context] { embed(*arguments, context); });
}

} // namespace precordia::cli
