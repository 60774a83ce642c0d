// SPDX-License-Identifier: GPL-3.0-or-later
// evaluate STUDY: probes and heads on labels, beside random weights and simple features.
#include "app/cli/evaluate_arguments.h"
#include "core/explore/evaluation_history.h"

#include <iostream>
#include <memory>

namespace precordia::cli {

std::vector<LabelQuestion> questionsOf(const EvaluateArguments& arguments) {
    std::vector<LabelQuestion> questions;
    if (arguments.findings)
        questions = sevenFindings();
    for (const auto& label : arguments.labels)
        questions.push_back(questionOf(label));
    return questions;
}

std::optional<HeadTraining> headTrainingOf(const EvaluateArguments& arguments, HeadKind kind) {
    if (arguments.headEpochs <= 0 && arguments.headRate <= 0)
        return {};
    HeadTraining training = headDefaults(kind);
    if (arguments.headEpochs > 0)
        training.epochs = arguments.headEpochs;
    if (arguments.headRate > 0)
        training.learningRate = arguments.headRate;
    return training;
}

EvaluateOptions evaluateOptionsOf(const EvaluateArguments& arguments) {
    EvaluateOptions options = arguments.options;
    options.model = arguments.model;
    options.probe.seed = options.seed;
    options.protocol = protocolNamed(arguments.protocol).value_or(ProbeProtocol::Linear);
    if (options.protocol != ProbeProtocol::Linear)
        options.head = headTrainingOf(arguments, headKind(options.protocol));
    if (arguments.chooseBy == "auroc")
        options.probe.criterion = LinearProbeOptions::Criterion::Auroc;
    return options;
}

void nameRefused(const std::vector<std::pair<std::string, std::string>>& refused, Context& context) {
    for (const auto& [label, why] : refused)
        context.someFailed(makeError(ErrorCode::NotFound, why, "label \"" + label + "\""));
}

namespace {

void evaluate(const EvaluateArguments& arguments, Context& context) {
    if (arguments.compare && arguments.protocol != "linear")
        return context.fail(makeError(ErrorCode::WrongUse,
                                      "--compare probes linearly: leave --protocol " + arguments.protocol + " out"));
    if (arguments.compare)
        return runCompare(arguments, context);
    if (arguments.protocol == "benchmark")
        return runBenchmarkCommand(arguments, context);
    if (!arguments.classes.empty())
        return runClasses(arguments, context);
    const auto questions = questionsOf(arguments);
    if (questions.empty())
        return context.fail(
            makeError(ErrorCode::WrongUse, "say what to evaluate: --label NAME, --classes A,B,... or --findings"));
    Progress progress = context.progress();
    const auto evaluation =
        evaluateStudy(arguments.study, questions, evaluateOptionsOf(arguments), context.stop, progress);
    if (!evaluation)
        return context.fail(evaluation);
    nameRefused(evaluation->refused, context);
    // Kept for the window's Evaluate view; the figures are printed even where the study cannot be written.
    const std::string json = evaluationJson(*evaluation);
    if (const auto kept = keepEvaluation(arguments.study, json); !kept)
        context.someFailed(kept.error());
    std::cout << (arguments.json ? json + "\n" : evaluationTable(*evaluation)) << std::flush;
}

void addHeadOptions(CLI::App& command, EvaluateArguments& arguments) {
    command
        .add_option("--protocol", arguments.protocol,
                    "linear; attentive (learned queries over the intervals of the frozen model); finetune (encoder and "
                    "a layer together); benchmark (PTB-XL, CPSC2018)")
        ->check(CLI::IsMember({"linear", "attentive", "finetune", "benchmark"}))
        ->capture_default_str();
    command
        .add_option("--epochs", arguments.headEpochs,
                    "attentive, finetune: epochs at most (60, 12); a part of the training patients ends them earlier")
        ->check(CLI::Range(1, 100'000));
    command.add_option("--learning-rate", arguments.headRate, "attentive, finetune: the largest (0.003, 0.0003)")
        ->check(CLI::Range(1e-9, 10.0));
}

void addProbeOptions(CLI::App& command, EvaluateArguments& arguments) {
    auto& options = arguments.options;
    command.add_option("--folds", options.folds, "Cross-validation folds, by patient")
        ->check(CLI::Range(2, 100))
        ->capture_default_str();
    command.add_option("--repeats", options.repeats, "Other divisions into folds; the figures are means over them")
        ->check(CLI::Range(1, 100))
        ->capture_default_str();
    command.add_option("--seed", options.seed, "Of folds, intervals and random weights")->capture_default_str();
    command.add_option("--random-seeds", options.randomSeeds, "Random initialisations; their mean is the row")
        ->check(CLI::Range(1, 100))
        ->capture_default_str();
    command.add_option("--bootstraps", options.bootstraps, "Resamples of patients for the 95 % intervals")
        ->check(CLI::Range(10, 100000))
        ->capture_default_str();
    command
        .add_option("--c", options.probe.c,
                    "Inverse L2 penalty of the linear probe; else chosen by cross-validation within the training part")
        ->check(CLI::Range(1e-9, 1e9));
    command.add_option("--choose-by", arguments.chooseBy, "What that choice is by: log-loss or auroc")
        ->check(CLI::IsMember({"log-loss", "auroc"}))
        ->capture_default_str();
    command
        .add_option("--label-share", options.labelShare,
                    "Share of the training patients whose labels are known: 0.1, 0.01")
        ->check(CLI::Range(1e-6, 1.0))
        ->capture_default_str();
    command.add_option("--draws", options.draws, "Draws of such a share; the figures are means over them")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command.add_option("--leads", options.leads, "Show the models only these leads: I,II,V2")->delimiter(',');
    command
        .add_option("--sensitivity", options.sensitivity,
                    "Operating point: the threshold that reaches this sensitivity on the training folds; else Youden's")
        ->check(CLI::Range(0.01, 1.0));
    command
        .add_option("--min-positives", options.fewestPositives,
                    "A label that fewer test recordings have is left out, and named")
        ->check(CLI::Range(2, 1000000))
        ->capture_default_str();
}

} // namespace

void addEvaluate(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<EvaluateArguments>();
    CLI::App* command = app.add_subcommand("evaluate", "How well a model carries a label, by probe or fine-tuning");
    command->add_option("STUDY", arguments->study, "The study's folder")->required();
    command->add_option("--label", arguments->labels, "Positive: a label containing NAME; may be repeated")
        ->type_name("NAME")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_flag("--findings", arguments->findings,
                      "The seven findings of the design's figures, each in its own data sets");
    command
        ->add_option(
            "--classes", arguments->classes,
            "One of several: \"sinus rhythm\",\"atrial fibrillation\",...; recordings with exactly one of them")
        ->type_name("NAME,...")
        ->delimiter(',');
    addHeadOptions(*command, *arguments);
    command->add_option("--model", arguments->model, "A run, a file or a hash; else the study's current model");
    addProbeOptions(*command, *arguments);
    addBenchmarkOptions(*command, *arguments);
    addCompareOptions(*command, *arguments);
    command->add_flag("--json", arguments->json, "Machine-readable output");
    command->callback([arguments, command, &context] {
        arguments->compare = command->count("--compare") > 0;
        evaluate(*arguments, context);
    });
}

} // namespace precordia::cli
