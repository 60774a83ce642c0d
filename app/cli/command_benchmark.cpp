// SPDX-License-Identifier: GPL-3.0-or-later
// evaluate STUDY --protocol benchmark: the four public tasks on the user's copy of the data.
#include "app/cli/evaluate_arguments.h"
#include "core/explore/benchmark.h"
#include "core/explore/evaluate_classes.h"
#include "core/explore/evaluation_history.h"

#include <iostream>

namespace precordia::cli {

void addBenchmarkOptions(CLI::App& command, EvaluateArguments& a) {
    command.add_option("--ptbxl", a.ptbxl, "--protocol benchmark: folder of PTB-XL 1.0.3");
    command.add_option("--cpsc2018", a.cpsc2018,
                       "--protocol benchmark: folder of CPSC2018 as in PhysioNet/CinC 2020 (.hea and .mat)");
    command.add_flag("--finetune", a.benchmarkFineTune,
                     "--protocol benchmark: fine-tune the model and random weights too; hours on a processor, goes on "
                     "where it was stopped");
}

void runBenchmarkCommand(const EvaluateArguments& a, Context& context) {
    const EvaluateOptions common = evaluateOptionsOf(a);
    BenchmarkOptions options;
    options.model = common.model;
    options.ptbxl = a.ptbxl;
    options.cpsc2018 = a.cpsc2018;
    options.probe = common.probe;
    options.bootstraps = common.bootstraps;
    options.seed = common.seed;
    options.randomSeeds = common.randomSeeds;
    options.leads = common.leads;
    options.sensitivity = common.sensitivity;
    options.fewestPositives = common.fewestPositives;
    options.fineTune = a.benchmarkFineTune;
    options.head = headTrainingOf(a, HeadKind::FineTune);
    Progress progress = context.progress();
    const auto benchmark = runBenchmark(a.study, options, context.stop, progress);
    if (!benchmark)
        return context.fail(benchmark);
    for (const auto& task : benchmark->tasks)
        for (const auto& [name, why] : task.leftOut)
            context.someFailed(makeError(ErrorCode::NotFound, why,
                                         task.data + (task.multiClass ? ", multi-class" : ", multi-label") +
                                             ", class \"" + name + "\" left out"));
    std::cout << (a.json ? benchmarkJson(*benchmark) + "\n" : benchmarkTable(*benchmark)) << std::flush;
}

void runClasses(const EvaluateArguments& a, Context& context) {
    Progress progress = context.progress();
    const auto evaluation = evaluateClasses(a.study, a.classes, evaluateOptionsOf(a), context.stop, progress);
    if (!evaluation)
        return context.fail(evaluation);
    nameRefused(evaluation->refused, context);
    const std::string json = classesJson(*evaluation);
    if (const auto kept = keepEvaluation(a.study, json); !kept) // for the window's Evaluate view
        context.someFailed(kept.error());
    std::cout << (a.json ? json + "\n" : classesTable(*evaluation)) << std::flush;
}

} // namespace precordia::cli
