// SPDX-License-Identifier: GPL-3.0-or-later
// precordia-cli import: files and folders into a study.
#include "app/cli/command.h"
#include "core/study/import.h"

#include <QString>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace precordia::cli {

namespace {

struct ImportOptions {
    std::string study, labels;
    std::vector<std::string> paths;
    int threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    bool asJson = false;
};

// JSON is UTF-8; a file's name need not be.
std::string asUtf8(const std::string& text) {
    return QString::fromStdString(text).toStdString();
}

void printJson(const ImportReport& report, const Context& context) {
    auto failed = nlohmann::json::array();
    for (const auto& failure : report.failed)
        failed.push_back({{"path", asUtf8(failure.path.string())}, {"reason", asUtf8(failure.reason)}});
    context.print({{"imported", report.imported},
                   {"skipped", report.skipped},
                   {"duplicates", report.duplicates},
                   {"failed", failed},
                   {"notes", report.notes}});
}

void printText(const ImportReport& report) {
    std::cout << report.imported << " imported, " << report.duplicates
              << (report.duplicates == 1 ? " duplicate" : " duplicates")
              << " (same samples as a recording that is in), " << report.skipped
              << " skipped (companions and documents), " << report.failed.size() << " failed\n";
    for (const auto& note : report.notes)
        std::cout << note << '\n';
}

// "failed: 3 the format is not known, 1 the file is not there"; each reason holds the sentence of its error code.
void printReasons(const ImportReport& report) {
    std::map<std::string_view, int> counts;
    for (const auto& failure : report.failed) {
        std::string_view kind = "another reason";
        for (int code = 0; code <= static_cast<int>(ErrorCode::Bug); ++code)
            if (const auto sentence = describe(static_cast<ErrorCode>(code));
                failure.reason.find(sentence) != std::string::npos) {
                kind = sentence;
                break;
            }
        ++counts[kind];
    }
    std::cerr << "precordia-cli: failed";
    const char* separator = ": ";
    for (const auto& [kind, count] : counts) {
        std::cerr << separator << count << " " << kind;
        separator = ", ";
    }
    std::cerr << '\n';
}

// After a stop: what a person has in hand.
void printHeld(const std::string& folder) {
    const auto study = Study::open(folder);
    if (!study)
        return;
    if (const auto count = (*study)->count(); count)
        std::cerr << "precordia-cli: the study holds " << *count << (*count == 1 ? " recording" : " recordings")
                  << "; the same import goes on from there\n";
}

void run(const ImportOptions& options, Context& context) {
    ImportRequest request;
    request.paths.assign(options.paths.begin(), options.paths.end());
    request.labelsCsv = options.labels;
    request.threads = options.threads;
    auto progress = context.progress();
    const auto report = importInto(options.study, request, context.stop, progress);
    if (!report) {
        context.fail(report);
        if (report.cancelled())
            printHeld(options.study);
        return;
    }
    for (const auto& failure : report->failed)
        std::cerr << "precordia-cli: " << failure.path.string() << ": " << failure.reason << '\n';
    if (report->failed.size() > 1)
        printReasons(*report);
    if (!report->failed.empty())
        context.exit = SomeFailed;
    options.asJson ? printJson(*report, context) : printText(*report);
}

} // namespace

void addImport(CLI::App& app, Context& context) {
    const auto options = std::make_shared<ImportOptions>();
    auto* command = app.add_subcommand("import", "Bring ECG files and folders into a study");
    command->add_option("STUDY", options->study, "Folder of the study, made when absent")->required();
    command->add_option("PATH", options->paths, "Files and folders; folders are walked")->required();
    command->add_option("--labels", options->labels,
                        "CSV with record_path, labels and optionally dataset, patient, age, sex, codes");
    command->add_option("--threads", options->threads, "Files read at once")->check(CLI::Range(1, 256));
    command->add_flag("--json", options->asJson, "Result as JSON");
    command->callback([options, &context] { run(*options, context); });
}

} // namespace precordia::cli
