// SPDX-License-Identifier: GPL-3.0-or-later
// What `evaluate` is asked, shared by its protocols.
#pragma once

#include "app/cli/command.h"
#include "core/explore/evaluate.h"

#include <filesystem>
#include <optional>

namespace precordia::cli {

struct EvaluateArguments {
    std::string study, protocol = "linear", chooseBy = "log-loss";
    std::vector<std::string> labels, classes;
    EvaluateOptions options;
    std::string model;
    bool findings = false, json = false;
    int headEpochs = 0; // attentive, finetune; 0: the defaults
    double headRate = 0;
    std::filesystem::path out; // folder of table and figure

    std::string ptbxl, cpsc2018; // --protocol benchmark
    bool benchmarkFineTune = false;

    // --compare
    bool compare = false;
    std::vector<std::string> models; // empty: all
    std::string preset = "nano", config, device = "cpu";
    std::vector<std::string> settings;
    std::int64_t budgetSteps = 300;
    double budgetSeconds = 0, lowShare = 0.1;
};

std::vector<LabelQuestion> questionsOf(const EvaluateArguments& arguments);
// What --epochs and --learning-rate make of the usual training; empty: they were not said.
std::optional<HeadTraining> headTrainingOf(const EvaluateArguments& arguments, HeadKind kind);
EvaluateOptions evaluateOptionsOf(const EvaluateArguments& arguments);
void nameRefused(const std::vector<std::pair<std::string, std::string>>& refused, Context& context);
// Errors of a configuration a person wrote are wrong use.
template <typename T>
void failOf(const Result<T>& result, Context& context) {
    context.fail(result);
    if (result.failed() && result.error().code == ErrorCode::ConfigInvalid)
        context.exit = WrongUse;
}

void addBenchmarkOptions(CLI::App& command, EvaluateArguments& arguments);
void runBenchmarkCommand(const EvaluateArguments& arguments, Context& context);
void runClasses(const EvaluateArguments& arguments, Context& context); // --classes
void addCompareOptions(CLI::App& command, EvaluateArguments& arguments);
void runCompare(const EvaluateArguments& arguments, Context& context);

} // namespace precordia::cli
