// SPDX-License-Identifier: GPL-3.0-or-later
// precordia-cli import: files and folders into a study.
#include "app/cli/command.h"
#include "app/cli/import_arguments.h"
#include "core/study/import_preview.h"

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
    std::string study, labels, names = "auto", csv;
    std::vector<std::string> paths, map;
    bool preview = false;
    int threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    bool asJson = false;
};

// JSON is UTF-8; a file's name need not be.
std::string asUtf8(const std::string& text) {
    return QString::fromStdString(text).toStdString();
}

void printJson(const ImportReport& report, const std::string& csv, const Context& context) {
    auto failed = nlohmann::json::array();
    for (const auto& failure : report.failed)
        failed.push_back({{"path", asUtf8(failure.path.string())}, {"reason", asUtf8(failure.reason)}});
    auto warnings = nlohmann::json::object();
    for (const auto& [code, kind] : report.warnings)
        warnings[std::string(name(code))] = kind.count;
    context.print({{"imported", report.imported},
                   {"skipped", report.skipped},
                   {"duplicates", report.duplicates},
                   {"failed", failed},
                   {"formats", report.formats},
                   {"warnings", warnings},
                   {"pseudonymous_names", report.pseudonymous},
                   {"labels", {{"added", report.labels}, {"recordings", report.labelled}}},
                   {"diagnoses_left_out", {{"recordings", report.withheld}, {"words", report.wordsLeftOut}}},
                   {"without_ecg_leads", report.withoutEcg},
                   {"report", csv.empty() ? nlohmann::json() : nlohmann::json(asUtf8(csv))},
                   {"notes", report.notes}});
}

std::string counted(std::int64_t count, const char* one, const char* many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

void printText(const ImportReport& report) {
    std::cout << report.imported << " imported, " << report.duplicates
              << (report.duplicates == 1 ? " duplicate" : " duplicates")
              << " (same samples as a recording that is in), " << report.skipped
              << " skipped (companions and documents), " << report.failed.size() << " failed\n";
    std::cout << counted(report.labels, "label", "labels") << " came in, of "
              << counted(report.labelled, "recording", "recordings") << '\n';
    const char* separator = "warnings: ";
    for (const auto& [code, kind] : report.warnings) {
        std::cout << separator << kind.count << " " << name(code);
        separator = ", ";
    }
    if (!report.warnings.empty())
        std::cout << '\n';
    for (const auto& note : report.notes)
        std::cout << note << '\n';
}

template <typename Map, typename Text>
nlohmann::json jsonOf(const Map& counts, Text text) {
    auto out = nlohmann::json::object();
    for (const auto& [key, count] : counts)
        out[text(key)] = count;
    return out;
}

std::string rateText(double rate) {
    auto text = nlohmann::json(rate).dump();
    return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

template <typename Map, typename Text>
void printCounts(const char* title, const Map& counts, Text text) {
    constexpr std::size_t kShown = 12;
    std::cout << title;
    std::size_t shown = 0;
    for (const auto& [key, count] : counts) {
        if (shown == kShown) {
            std::cout << ", and " << counts.size() - kShown << " more";
            break;
        }
        std::cout << (shown++ == 0 ? ": " : ", ") << count << " " << text(key);
    }
    std::cout << (counts.empty() ? ": none\n" : "\n");
}

void printPreview(const ImportPreview& preview, bool asJson, const Context& context) {
    const auto same = [](const std::string& text) { return text; };
    const auto leads = [](int count) { return std::to_string(count) + (count == 1 ? " lead" : " leads"); };
    if (asJson) {
        auto problems = nlohmann::json::array();
        for (const auto& problem : preview.problems)
            problems.push_back({{"path", asUtf8(problem.path.string())}, {"reason", asUtf8(problem.reason)}});
        context.print({{"recordings", preview.recordings},
                       {"already_there", preview.there},
                       {"skipped", preview.skipped},
                       {"patients", preview.patients},
                       {"without_patient", preview.withoutPatient},
                       {"seconds", preview.seconds},
                       {"formats", preview.formats},
                       {"rates", jsonOf(preview.rates, rateText)},
                       {"leads", jsonOf(preview.leads, [](int count) { return std::to_string(count); })},
                       {"labelled", preview.labelled},
                       {"diagnoses_left_out", {{"recordings", preview.withheld}, {"words", preview.wordsLeftOut}}},
                       {"without_ecg_leads", preview.withoutEcg},
                       {"labels", jsonOf(preview.labels, same)},
                       {"table_rows", preview.tableRows},
                       {"table_rows_used", preview.tableRowsUsed},
                       {"problems", problems}});
        return;
    }
    std::cout << preview.recordings << " recordings would come in ("
              << durationText(std::chrono::milliseconds(static_cast<std::int64_t>(preview.seconds * 1000))) << "), "
              << preview.there << " are there already, " << preview.skipped << " other files are passed over, "
              << preview.problems.size() << " cannot be read\n";
    std::cout << "patients: " << preview.patients << ", and " << preview.withoutPatient
              << " recordings of no known patient\n";
    printCounts("formats", preview.formats, same);
    printCounts("sampling rates", preview.rates, [](double rate) { return "at " + rateText(rate) + " Hz"; });
    printCounts("leads", preview.leads, [&](int count) { return "of " + leads(count); });
    if (preview.withoutEcg > 0)
        std::cout << "no ECG leads: " << counted(preview.withoutEcg, "recording", "recordings") << '\n';
    std::int64_t labels = 0;
    for (const auto& [name, count] : preview.labels)
        labels += count;
    std::cout << counted(labels, "label", "labels") << " of " << counted(preview.labelled, "recording", "recordings")
              << '\n';
    printCounts("labels", preview.labels, same);
    if (preview.withheld > 0)
        std::cout << "left out of the diagnoses of " << counted(preview.withheld, "recording", "recordings") << ": "
                  << counted(preview.wordsLeftOut, "word", "words")
                  << " (only words of electrocardiography enter a study)\n";
    if (preview.tableRows > 0)
        std::cout << "table: " << preview.tableRowsUsed << " of " << preview.tableRows << " rows find a recording\n";
    for (const auto& problem : preview.problems)
        std::cerr << "precordia-cli: " << problem.path.string() << ": " << problem.reason << '\n';
}

// "failed: 3 the format is not known, 1 the file is not there"
void printReasons(const ImportReport& report) {
    std::map<std::string_view, int> counts;
    for (const auto& failure : report.failed)
        ++counts[describe(failure.code)];
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

Result<ImportRequest> requestOf(const ImportOptions& options) {
    ImportRequest request;
    request.paths.assign(options.paths.begin(), options.paths.end());
    request.labelsCsv = options.labels;
    request.threads = options.threads;
    request.names = options.names == "file"        ? NamePolicy::File
                    : options.names == "pseudonym" ? NamePolicy::Pseudonym
                                                   : NamePolicy::Automatic;
    if (options.labels.empty() && !options.map.empty())
        return makeError(ErrorCode::WrongUse, "--map tells the columns of a table: give it by --labels");
    auto mapping = mappingOf(options.labels, options.map);
    if (!mapping)
        return mapping.as<ImportRequest>();
    request.mapping = *std::move(mapping);
    return request;
}

void run(const ImportOptions& options, Context& context) {
    const auto asked = requestOf(options);
    if (!asked)
        return context.fail(asked);
    const auto& request = *asked;
    auto progress = context.progress();
    if (options.preview) {
        const auto preview = previewImport(options.study, request, context.stop, progress);
        if (!preview)
            return context.fail(preview);
        return printPreview(*preview, options.asJson, context);
    }
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
    std::string csv; // as written
    if (!options.csv.empty()) {
        if (const auto written = writeImportReportCsv(*report, options.csv); !written)
            context.fail(written);
        else
            csv = options.csv;
    }
    options.asJson ? printJson(*report, csv, context) : printText(*report);
    if (csv.empty() || options.asJson)
        return;
    std::size_t warnings = 0;
    for (const auto& [code, kind] : report->warnings)
        warnings += kind.files.size();
    std::cout << csv << ": csv, " << counted(static_cast<std::int64_t>(report->failed.size()), "failure", "failures")
              << " and " << counted(static_cast<std::int64_t>(warnings), "warning", "warnings") << '\n';
}

} // namespace

void addImport(CLI::App& app, Context& context) {
    const auto options = std::make_shared<ImportOptions>();
    auto* command = app.add_subcommand("import", "Bring ECG files and folders into a study");
    command->add_option("STUDY", options->study, "Folder of the study, made when absent")->required();
    command->add_option("PATH", options->paths, "Files and folders; folders are walked")->required();
    command->add_option("--labels", options->labels,
                        "CSV with record_path, labels and optionally dataset, patient, age, sex, codes, fold; PTB-XL's "
                        "ptbxl_database.csv; CODE-15's exams.csv; any other with --map");
    command
        ->add_option("--map", options->map, "What a column of that CSV is: recording=ecg_id match=id labels=diagnosis")
        ->type_name("WHAT=COLUMN");
    command
        ->add_option("--names", options->names,
                     "Names in the study: auto (the file's unless it looks like a person's), file, pseudonym; a name "
                     "that holds the patient's id, name or birth date is a pseudonym in any case")
        ->check(CLI::IsMember({"auto", "file", "pseudonym"}))
        ->capture_default_str();
    command->add_flag("--preview", options->preview, "Only say what would come in; nothing is written");
    command->add_option("--report", options->csv, "Write failures and warnings, a file a row, to this CSV");
    command->add_option("--threads", options->threads, "Files read at once")->check(CLI::Range(1, 256));
    command->add_flag("--json", options->asJson, "Result as JSON");
    command->callback([options, &context] { run(*options, context); });
}

} // namespace precordia::cli
