// SPDX-License-Identifier: GPL-3.0-or-later
// evaluate STUDY: linear probes on labels, beside random weights and simple features.
#include "app/cli/command.h"
#include "core/explore/evaluate.h"
#include "core/explore/evaluation_history.h"

#include <iostream>
#include <memory>

namespace precordia::cli {

namespace {

struct EvaluateArguments {
    std::string study, protocol = "linear";
    std::vector<std::string> labels;
    EvaluateOptions options;
    std::string model;
    bool findings = false, json = false;
};

void evaluate(const EvaluateArguments& arguments, Context& context) {
    if (arguments.protocol != "linear")
        return context.fail(makeError(ErrorCode::WrongUse, "this version evaluates with --protocol linear only"));
    std::vector<LabelQuestion> questions;
    if (arguments.findings)
        questions = sevenFindings();
    for (const auto& label : arguments.labels)
        questions.push_back(questionOf(label));
    if (questions.empty())
        return context.fail(makeError(ErrorCode::WrongUse, "say what to evaluate: --label NAME or --findings"));
    EvaluateOptions options = arguments.options;
    options.model = arguments.model;
    Progress progress = context.progress();
    const auto evaluation = evaluateStudy(arguments.study, questions, options, context.stop, progress);
    if (!evaluation)
        return context.fail(evaluation);
    for (const auto& [label, why] : evaluation->refused)
        context.someFailed(makeError(ErrorCode::NotFound, why, "label \"" + label + "\""));
    // Kept for the window's Evaluate view; the figures are printed even where the study cannot be written.
    const std::string json = evaluationJson(*evaluation);
    if (const auto kept = keepEvaluation(arguments.study, json); !kept)
        context.someFailed(kept.error());
    std::cout << (arguments.json ? json + "\n" : evaluationTable(*evaluation)) << std::flush;
}

} // namespace

void addEvaluate(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<EvaluateArguments>();
    auto& options = arguments->options;
    CLI::App* command = app.add_subcommand("evaluate", "How well the encodings carry a label, by linear probe");
    command->add_option("STUDY", arguments->study, "The study's folder")->required();
    command->add_option("--label", arguments->labels, "Positive: a label containing NAME; may be repeated")
        ->type_name("NAME")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_flag("--findings", arguments->findings,
                      "The seven findings of the design's figures, each in its own data sets");
    command->add_option("--protocol", arguments->protocol, "linear")->capture_default_str();
    command->add_option("--model", arguments->model, "A run, a file or a hash; else the study's current model");
    command->add_option("--folds", options.folds, "Cross-validation folds, by patient")
        ->check(CLI::Range(2, 100))
        ->capture_default_str();
    command->add_option("--repeats", options.repeats, "Other divisions into folds; the figures are means over them")
        ->check(CLI::Range(1, 100))
        ->capture_default_str();
    command->add_option("--seed", options.seed, "Of folds, intervals and random weights")->capture_default_str();
    command->add_option("--random-seeds", options.randomSeeds, "Random initialisations; their mean is the row")
        ->check(CLI::Range(1, 100))
        ->capture_default_str();
    command->add_option("--bootstraps", options.bootstraps, "Resamples of patients for the 95 % intervals")
        ->check(CLI::Range(10, 100000))
        ->capture_default_str();
    command->add_flag("--json", arguments->json, "Machine-readable output");
    command->callback([arguments, &context] { evaluate(*arguments, context); });
}

} // namespace precordia::cli
