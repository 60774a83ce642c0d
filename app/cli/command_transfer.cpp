// SPDX-License-Identifier: GPL-3.0-or-later
// transfer: pretrain on one signal family, probe on another.
#include "app/cli/command.h"
#include "core/explore/transfer.h"

#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>

namespace precordia::cli {

namespace {

struct TransferArguments {
    TransferOptions options;
    std::string keep;
    std::vector<std::string> real; // FAMILY=FILE
    bool json = false;
};

void transfer(TransferArguments& a, Context& context) {
    a.options.keep = a.keep;
    for (const auto& text : a.real) {
        const auto equals = text.find('=');
        if (equals == std::string::npos)
            return context.fail(makeError(ErrorCode::WrongUse, "--real \"" + text + "\" is not FAMILY=FILE"));
        a.options.real.push_back({text.substr(0, equals), text.substr(equals + 1)});
    }
    auto progress = context.progress();
    const auto table = transferBetweenFamilies(a.options, context.stop, progress);
    if (!table)
        return context.fail(table);
    std::cout << (a.json ? transferJson(*table) + "\n" : transferText(*table));
}

} // namespace

void addTransfer(CLI::App& app, Context& context) {
    auto a = std::make_shared<TransferArguments>();
    auto* command =
        app.add_subcommand("transfer", "Pretrain small models on one signal family and probe them on others");
    command->add_option("--families", a->options.families, "ecg, ppg, icg; else all")
        ->check(CLI::IsMember({"ecg", "ppg", "icg"}));
    command->add_option("--steps", a->options.steps, "Of each pretraining")
        ->check(CLI::Range(1, 10'000'000))
        ->capture_default_str();
    command->add_option("--recordings", a->options.pretraining, "Synthetic recordings to pretrain on")
        ->check(CLI::Range(32, 1'000'000))
        ->capture_default_str();
    command->add_option("--probing", a->options.probing, "Others to probe on")
        ->check(CLI::Range(60, 100'000))
        ->capture_default_str();
    command->add_option("--seed", a->options.seed, "Of recordings, weights and folds")->capture_default_str();
    command->add_option("--set", a->options.settings, "key=value... of the models");
    command->add_option("--keep", a->keep, "Keep the runs in this folder");
    command
        ->add_option(
            "--real", a->real,
            "Real signals of a family, FAMILY=FILE...: their pulse rate by the probe of the synthetic family. A "
            "file that does not tell its rate: convert --rate")
        ->type_name("FAMILY=FILE");
    command->add_flag("--json", a->json, "Machine-readable output");
    command->callback([a, &context] { transfer(*a, context); });
}

} // namespace precordia::cli
