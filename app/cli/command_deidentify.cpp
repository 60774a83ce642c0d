// SPDX-License-Identifier: GPL-3.0-or-later
// precordia-cli deidentify: a copy of a file from which nobody can be told.
#include "app/cli/command.h"
#include "app/cli/output_file.h"
#include "app/cli/temporary_folder.h"
#include "core/study/pseudonym.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace precordia::cli {

namespace {

struct DeidentifyOptions {
    std::string in;
    std::string out;
    std::string key;
    bool all = false;
    bool json = false, force = false;
};

namespace fs = std::filesystem;

// A copy is only written where nothing is: over what is there it is made beside it, whole, and then moved.
Result<DeidentifyReport> overwrite(const DeidentifyOptions& options, const IdentityMap& identities) {
    const fs::path out(options.out);
    const auto beside = TemporaryFolder::beside(out);
    if (beside.path().empty())
        return makeError(ErrorCode::FileUnwritable, std::strerror(errno), out.string());
    auto report = deidentify(options.in, beside.path() / out.filename(), identities);
    if (!report)
        return report;
    std::vector<fs::path> places;
    for (const auto& written : report->written)
        places.push_back(fs::path(out).replace_filename(written.filename()));
    if (const auto allowed = mayWrite(places, true, options.in); !allowed)
        return allowed.as<DeidentifyReport>();
    for (std::size_t i = 0; i < places.size(); ++i) {
        std::error_code ec;
        fs::rename(report->written[i], places[i], ec);
        if (ec)
            return makeError(ErrorCode::FileUnwritable, ec.message(), places[i].string());
    }
    report->written = std::move(places);
    return report;
}

// "diagnoses in words: 2 of 5 lost 9 words"
void printDiagnoses(const DeidentifyReport& report) {
    if (report.diagnosesCut == 0)
        return;
    std::cout << "diagnoses and statements in words: " << report.diagnosesCut << " of " << report.diagnoses
              << " lost words, " << report.diagnosisWordsCut << " of " << report.diagnosisWords << " words in all\n";
}

void runDeidentify(const DeidentifyOptions& options, Context& context) {
    const auto pseudonyms =
        Pseudonyms::load(options.key.empty() ? Pseudonyms::defaultKeyFile() : std::filesystem::path(options.key));
    if (!pseudonyms)
        return context.fail(pseudonyms);
    if (const auto allowed = mayWrite({options.out}, options.force, options.in); !allowed)
        return context.fail(allowed);
    const PseudonymMap identities(*pseudonyms);
    const auto report =
        options.force ? overwrite(options, identities) : deidentify(options.in, options.out, identities);
    if (!report)
        return context.fail(report);
    if (options.json) {
        nlohmann::json document{{"removed", report->removed},
                                {"written", nlohmann::json::array()},
                                {"diagnoses",
                                 {{"texts", report->diagnoses},
                                  {"texts_cut", report->diagnosesCut},
                                  {"words", report->diagnosisWords},
                                  {"words_cut", report->diagnosisWordsCut}}}};
        for (const auto& path : report->written)
            document["written"].push_back(path.string());
        return context.print(document);
    }
    for (const auto& path : report->written)
        std::cout << "written: " << path.string() << '\n';
    printDiagnoses(*report);
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
    command->add_option("OUT", options->out, "File to write, in the same format")->required();
    command->add_option("--key", options->key, "Key of the pseudonyms (made when absent); else the one of the user");
    command->add_flag("--all", options->all, "Name every field that was emptied, not only the first 20");
    command->add_flag("--json", options->json, "Print JSON");
    addForce(*command, options->force);
    command->callback([options, &context] { runDeidentify(*options, context); });
}

} // namespace precordia::cli
