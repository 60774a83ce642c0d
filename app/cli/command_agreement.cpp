// SPDX-License-Identifier: GPL-3.0-or-later
// agreement STUDY --readers A,B: Cohen's kappa of two readers, and where they differ.
#include "app/cli/command.h"
#include "core/study/agreement.h"

#include <nlohmann/json.hpp>

#include <iomanip>
#include <iostream>
#include <memory>

namespace precordia::cli {

namespace {

struct AgreementArguments {
    std::string study;
    std::vector<std::string> readers;
    bool json = false;
};

std::string reasonOf(KappaUnsaid why) {
    switch (why) {
    case KappaUnsaid::TooFew:
        return "too few to say: fewer than " + std::to_string(kFewestForKappa) + " recordings read by both";
    case KappaUnsaid::AllEqual:
        return "undefined: all ratings are equal";
    case KappaUnsaid::OneConstant:
        break;
    }
    return "undefined: all ratings of one of the two are equal";
}

nlohmann::json toJson(const TermAgreement& term, std::int64_t recordings) {
    const auto& c = term.counts;
    nlohmann::json out{{"both", c.both},       {"only_a", c.onlyA}, {"only_b", c.onlyB},
                       {"neither", c.neither}, {"kappa", nullptr},  {"ci95", nullptr}};
    if (const auto why = kappaUnsaid(term, recordings)) {
        out["reason"] = reasonOf(*why);
    } else {
        out["kappa"] = term.kappa->value;
        out["ci95"] = {term.kappa->low, term.kappa->high};
    }
    if (!term.term.empty())
        out["term"] = term.term;
    return out;
}

void printJson(const AgreementArguments& arguments, const Agreement& agreement,
               const std::vector<ReadingDifference>& differences, const Context& context) {
    auto terms = nlohmann::json::array();
    for (const auto& term : agreement.terms)
        terms.push_back(toJson(term, agreement.recordings));
    auto list = nlohmann::json::array();
    for (const auto& one : differences) {
        auto differing = nlohmann::json::array();
        for (const auto& term : one.terms)
            differing.push_back({{"term", term.name},
                                 {"a", one.readByA ? nlohmann::json(term.a) : nlohmann::json()},
                                 {"b", one.readByB ? nlohmann::json(term.b) : nlohmann::json()},
                                 {"adjudicated", term.settled ? nlohmann::json(*term.settled == LabelValue::Present)
                                                              : nlohmann::json()}});
        list.push_back({{"recording", one.id.value},
                        {"name", one.name},
                        {"read_by_a", one.readByA},
                        {"read_by_b", one.readByB},
                        {"terms", differing}});
    }
    context.print({{"readers", arguments.readers},
                   {"recordings", agreement.recordings},
                   {"only_by_a", agreement.onlyByA},
                   {"only_by_b", agreement.onlyByB},
                   {"terms", terms},
                   {"overall", toJson(agreement.overall, agreement.recordings)},
                   {"differences", list}});
}

void printRow(const std::string& name, const TermAgreement& term, std::int64_t recordings) {
    const auto& c = term.counts;
    std::cout << std::left << std::setw(40) << name << std::right << std::setw(7) << c.both << std::setw(8) << c.onlyA
              << std::setw(8) << c.onlyB << std::setw(9) << c.neither;
    if (const auto why = kappaUnsaid(term, recordings))
        std::cout << "  " << reasonOf(*why) << '\n';
    else
        std::cout << std::setw(8) << term.kappa->value << "  " << term.kappa->low << " to " << term.kappa->high << '\n';
}

void printText(const AgreementArguments& arguments, const Agreement& agreement,
               const std::vector<ReadingDifference>& differences) {
    const auto &a = arguments.readers[0], &b = arguments.readers[1];
    std::cout << agreement.recordings << " recordings read by both, " << agreement.onlyByA << " by " << a << " alone, "
              << agreement.onlyByB << " by " << b << " alone\n"
              << std::left << std::setw(40) << "term" << std::right << std::setw(7) << "both" << std::setw(8)
              << "only A" << std::setw(8) << "only B" << std::setw(9) << "neither" << std::setw(8) << "kappa"
              << "  95 % interval\n"
              << std::fixed << std::setprecision(3);
    for (const auto& term : agreement.terms)
        printRow(term.term, term, agreement.recordings);
    printRow("all terms together", agreement.overall, agreement.recordings);
    std::size_t settled = 0;
    for (const auto& one : differences)
        settled += one.settled() ? 1 : 0;
    std::cout << differences.size() << " recordings on which they differ or that one has not read, " << settled
              << " settled\n";
}

void run(const AgreementArguments& arguments, Context& context) {
    if (arguments.readers.size() != 2)
        return context.fail(makeError(ErrorCode::WrongUse, "--readers takes two names: --readers A,B"));
    const auto study = Study::open(arguments.study);
    if (!study)
        return context.fail(study);
    const auto agreement = agreementOf(**study, arguments.readers[0], arguments.readers[1]);
    if (!agreement)
        return context.fail(agreement);
    const auto differences = differencesOf(**study, arguments.readers[0], arguments.readers[1]);
    if (!differences)
        return context.fail(differences);
    if (arguments.json)
        printJson(arguments, *agreement, *differences, context);
    else
        printText(arguments, *agreement, *differences);
}

} // namespace

void addAgreement(CLI::App& app, Context& context) {
    const auto arguments = std::make_shared<AgreementArguments>();
    auto* command = app.add_subcommand("agreement", "Cohen's kappa of two readers' labels, and where they differ");
    command->add_option("STUDY", arguments->study, "The study's folder")->required();
    command->add_option("--readers", arguments->readers, "Two names, with a comma between: A,B")
        ->type_name("A,B")
        ->delimiter(',')
        ->required();
    command->add_flag("--json", arguments->json, "Machine-readable output");
    command->callback([arguments, &context] { run(*arguments, context); });
}

} // namespace precordia::cli
