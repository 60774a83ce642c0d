// SPDX-License-Identifier: GPL-3.0-or-later
// splits STUDY: the study's split into folds by patient: made, shown, checked for leaks.
#include "app/cli/command.h"
#include "core/study/splits.h"

#include <nlohmann/json.hpp>

#include <iostream>
#include <map>
#include <memory>

namespace precordia::cli {

namespace {

struct SplitsArguments {
    std::string study;
    int make = 0;
    std::uint64_t seed = 0;
    bool check = false, json = false;
};

const char* kindOf(const SplitLeak& leak) {
    return leak.kind == SplitLeak::Kind::SamePatient ? "same-patient" : "near-duplicate";
}

void printJson(const SplitCheck& check, const Context& context) {
    auto leaks = nlohmann::json::array();
    for (const auto& leak : check.leaks)
        leaks.push_back({{"kind", kindOf(leak)},
                         {"a", leak.a.value},
                         {"b", leak.b.value},
                         {"fold_of_a", leak.foldOfA},
                         {"fold_of_b", leak.foldOfB},
                         {"similarity", leak.similarity}});
    auto folds = nlohmann::json::object();
    for (const auto& [fold, count] : check.recordings)
        folds[std::to_string(fold)] = count;
    context.print({{"folds", folds},
                   {"without_fold", check.withoutFold},
                   {"without_patient", check.withoutPatient},
                   {"leaks", leaks}});
}

void printText(const SplitCheck& check) {
    for (const auto& [fold, count] : check.recordings)
        std::cout << "fold " << fold << ": " << count << (count == 1 ? " recording\n" : " recordings\n");
    if (check.withoutFold > 0)
        std::cout << check.withoutFold << " recordings are in no fold\n";
    if (check.withoutPatient > 0)
        std::cout << check.withoutPatient
                  << " recordings are of no known patient: of these only the signals were compared\n";
    for (const auto& leak : check.leaks)
        std::cout << "leak, " << kindOf(leak) << ": recording " << leak.a.value << " in fold " << leak.foldOfA
                  << ", recording " << leak.b.value << " in fold " << leak.foldOfB << '\n';
    std::cout << (check.leaks.empty() ? "no leaks\n" : std::to_string(check.leaks.size()) + " leaks\n");
}

void showFolds(const Study& study, const SplitsArguments& arguments, Context& context) {
    const auto folds = storedFolds(study);
    if (!folds)
        return context.fail(folds);
    if (folds->empty())
        return context.fail(makeError(ErrorCode::NotFound, "no split is stored; --make N makes one", arguments.study));
    std::map<int, int> counts;
    for (const auto& [id, fold] : *folds)
        ++counts[fold];
    auto json = nlohmann::json::object();
    for (const auto& [fold, count] : counts)
        if (arguments.json)
            json[std::to_string(fold)] = count;
        else
            std::cout << "fold " << fold << ": " << count << (count == 1 ? " recording\n" : " recordings\n");
    if (arguments.json)
        context.print({{"folds", json}});
}

void run(const SplitsArguments& arguments, Context& context) {
    const auto study = Study::open(arguments.study);
    if (!study)
        return context.fail(study);
    auto progress = context.progress();
    if (arguments.make > 0)
        if (const auto made = makeSplits(**study, arguments.make, arguments.seed, context.stop, progress); !made)
            return context.fail(made);
    if (!arguments.check)
        return showFolds(**study, arguments, context);
    const auto check = checkSplits(**study, context.stop, progress);
    if (!check)
        return context.fail(check);
    arguments.json ? printJson(*check, context) : printText(*check);
    if (!check->leaks.empty())
        context.exit = SomeFailed;
}

} // namespace

void addSplits(CLI::App& app, Context& context) {
    const auto arguments = std::make_shared<SplitsArguments>();
    auto* command =
        app.add_subcommand("splits", "The study's split into folds by patient, and what leaks between them");
    command->add_option("STUDY", arguments->study, "The study's folder")->required();
    command->add_option("--make", arguments->make, "Deal the patients to N folds, in place of the stored split")
        ->type_name("N")
        ->check(CLI::Range(2, 1000));
    command->add_option("--seed", arguments->seed, "Of --make")->capture_default_str();
    command->add_flag("--check", arguments->check,
                      "Name patients in several folds and nearly equal signals in different ones; exit code 3 if any");
    command->add_flag("--json", arguments->json, "Machine-readable output");
    command->callback([arguments, &context] { run(*arguments, context); });
}

} // namespace precordia::cli
