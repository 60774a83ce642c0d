// SPDX-License-Identifier: GPL-3.0-or-later
// grid STUDY FILE: the model's settings, every combination trained alike, with the share that collapsed.
#include "app/cli/command.h"
#include "core/explore/grid.h"

#include <iostream>
#include <memory>

namespace precordia::cli {

namespace {

struct GridArguments {
    std::string study, file, device = "cpu";
    EvaluateOptions evaluate;
    bool json = false;
};

void run(const GridArguments& arguments, Context& context) {
    const auto plan = readGridPlan(arguments.file);
    if (!plan) {
        context.fail(plan);
        if (plan.failed() && plan.error().code == ErrorCode::ConfigInvalid)
            context.exit = WrongUse;
        return;
    }
    GridOptions options;
    options.device = arguments.device;
    options.evaluate = arguments.evaluate;
    options.onCell = [&plan](const GridCell& cell, std::size_t number, std::size_t of) {
        std::cerr << "cell " << number + 1 << " of " << of << ":";
        for (std::size_t axis = 0; axis < plan->axes.size(); ++axis)
            std::cerr << ' ' << plan->axes[axis].first << '=' << cell.values[axis];
        std::cerr << " seed=" << cell.seed << '\n';
    };
    Progress progress = context.progress();
    const auto grid = runGrid(arguments.study, *plan, options, context.stop, progress);
    if (!grid) {
        context.fail(grid);
        if (grid.failed() && grid.error().code == ErrorCode::ConfigInvalid)
            context.exit = WrongUse;
        return;
    }
    for (const auto& [label, why] : grid->refused)
        context.someFailed(makeError(ErrorCode::NotFound, why, "label \"" + label + "\""));
    for (const auto& cell : grid->cells)
        if (cell.state == "failed")
            context.someFailed("a cell of the grid failed: " + cell.error);
    std::cerr << "table in " << grid->table.string() << '\n';
    std::cout << (arguments.json ? gridJson(*grid) + "\n" : gridTable(*grid)) << std::flush;
}

} // namespace

void addGrid(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<GridArguments>();
    CLI::App* command = app.add_subcommand(
        "grid", "Train every combination of some settings and tell which collapse; stopped, it goes on where it was");
    command->add_option("STUDY", arguments->study, "The study's folder")->required();
    command
        ->add_option("FILE", arguments->file,
                     R"(JSON: {"name": "s", "steps": 300, "grid": {"width": [96, 192], "regulariser": ["none", )"
                     R"("vicreg"]}, "seeds": [0, 1], "labels": ["atrial fibrillation"]})")
        ->required();
    command->add_option("--device", arguments->device, "auto, cpu, cuda or cuda:N")->capture_default_str();
    command->add_option("--folds", arguments->evaluate.folds, "Of the probe in each cell")
        ->check(CLI::Range(2, 100))
        ->capture_default_str();
    command
        ->add_option("--min-positives", arguments->evaluate.fewestPositives,
                     "A label that fewer recordings have is left out, and named")
        ->check(CLI::Range(2, 1000000))
        ->capture_default_str();
    command->add_flag("--json", arguments->json, "Machine-readable output");
    command->callback([arguments, &context] { run(*arguments, context); });
}

} // namespace precordia::cli
