// SPDX-License-Identifier: GPL-3.0-or-later
// precordia-cli deidentify: a copy of a file from which nobody can be told.
#include "app/cli/command.h"
#include "core/study/pseudonym.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>

namespace precordia::cli {

namespace {

struct DeidentifyOptions {
    std::string in;
    std::string out;
    std::string key;
    bool all = false;
    bool json = false;
};

void runDeidentify(const DeidentifyOptions& options, Context& context) {
    const auto pseudonyms =
        Pseudonyms::load(options.key.empty() ? Pseudonyms::defaultKeyFile() : std::filesystem::path(options.key));
    if (!pseudonyms)
        return context.fail(pseudonyms);
    const auto report = deidentify(options.in, options.out, PseudonymMap(*pseudonyms));
    if (!report)
        return context.fail(report);
    if (options.json) {
        nlohmann::json document{{"removed", report->removed}, {"written", nlohmann::json::array()}};
        for (const auto& path : report->written)
            document["written"].push_back(path.string());
        return context.print(document);
    }
    for (const auto& path : report->written)
        std::cout << "written: " << path.string() << '\n';
    // An XML file has hundreds of fields, and their places in it tell little.
    constexpr std::size_t kShown = 20;
    const auto shown = std::min(report->removed.size(), options.all ? report->removed.size() : kShown);
    for (std::size_t i = 0; i < shown; ++i)
        std::cout << "removed: " << report->removed[i] << '\n';
    if (shown < report->removed.size())
        std::cout << "removed: " << report->removed.size() - shown << " fields more; --all names them\n";
}

} // namespace

void addDeidentify(CLI::App& app, Context& context) {
    auto options = std::make_shared<DeidentifyOptions>();
    auto* command = app.add_subcommand("deidentify", "Copy a file without names, ids, dates and free text");
    command->add_option("IN", options->in, "ECG file")->required();
    command->add_option("OUT", options->out, "File to write, in the same format; must not be there")->required();
    command->add_option("--key", options->key, "Key of the pseudonyms (made when absent); else the one of the user");
    command->add_flag("--all", options->all, "Name every field that was emptied, not only the first 20");
    command->add_flag("--json", options->json, "Print JSON");
    command->callback([options, &context] { runDeidentify(*options, context); });
}

} // namespace precordia::cli
