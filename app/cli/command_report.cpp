// SPDX-License-Identifier: GPL-3.0-or-later
// report STUDY OUT: one page a recording, as PDF or HTML.
#include "app/cli/command.h"
#include "app/cli/gui.h"
#include "app/cli/output_file.h"
#include "core/io/text.h"
#include "core/report/recording_report.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace precordia::cli {

namespace {

struct ReportArguments {
    std::string study, out, recording, selection;
    bool force = false, json = false;
};

// By name or by its number in the study; refused where a name is another's number ("100" may be the name of a file).
Result<std::vector<RecordingId>> findRecording(const Study& study, const std::string& wanted) {
    const auto rows = study.query();
    if (!rows)
        return rows.as<std::vector<RecordingId>>();
    std::vector<RecordingId> found;
    for (const RecordingRow& row : *rows)
        if (row.name == wanted)
            found.push_back(row.id);
    std::int64_t number = -1;
    const std::size_t sign = wanted.starts_with('#') ? 1 : 0; // "#9": the number and nothing else
    const char* end = wanted.data() + wanted.size();
    if (const auto [stop, error] = std::from_chars(wanted.data() + sign, end, number);
        error == std::errc() && stop == end)
        for (const RecordingRow& row : *rows)
            if (row.id.value == number) {
                if (!found.empty() && found != std::vector<RecordingId>{row.id})
                    return makeError(ErrorCode::WrongUse,
                                     "it is the name of one recording and the number of another, " + row.name +
                                         ": --recording \"#" + std::to_string(number) + "\" means the number",
                                     wanted);
                return std::vector<RecordingId>{row.id};
            }
    if (!found.empty())
        return found;
    return makeError(ErrorCode::NotFound, "the study has no recording of this name or number", wanted);
}

Result<std::vector<RecordingId>> chosen(const Study& study, const ReportArguments& arguments) {
    if (!arguments.recording.empty())
        return findRecording(study, arguments.recording);
    WorklistQuery query;
    query.text = arguments.selection;
    const auto rows = study.query(query);
    if (!rows)
        return rows.as<std::vector<RecordingId>>();
    std::vector<RecordingId> ids;
    for (const RecordingRow& row : *rows)
        ids.push_back(row.id);
    if (ids.empty())
        return makeError(ErrorCode::NotFound, "no recording of the study matches", arguments.selection);
    return ids;
}

// "report.pdf: pdf, 3 pages, one a recording"
void tell(const ReportArguments& arguments, std::size_t recordings, const std::vector<std::string>& failed,
          const Context& context) {
    const bool pdf = text::lower(std::filesystem::path(arguments.out).extension().string()) == ".pdf";
    if (arguments.json)
        return context.print({{"file", text::utf8(arguments.out)},
                              {"format", pdf ? "pdf" : "html"},
                              {"recordings", recordings},
                              {"pages", recordings},
                              {"failed", failed}});
    std::cout << arguments.out << ": " << (pdf ? "pdf, " : "html, ") << recordings
              << (recordings == 1 ? " page" : " pages, one a recording") << '\n';
}

void report(const ReportArguments& arguments, Context& context) {
    if (const auto allowed = mayWrite({arguments.out}, arguments.force); !allowed)
        return context.fail(allowed);
    const auto study = Study::open(arguments.study);
    if (!study)
        return context.fail(study);
    const auto ids = chosen(**study, arguments);
    if (!ids)
        return context.fail(ids);
    ensureGui();
    Progress progress = context.progress();
    std::vector<std::string> failed;
    const auto written = writeReports(**study, *ids, arguments.out, context.stop, progress, [&](const Error& error) {
        context.someFailed(error);
        failed.push_back(text::utf8(error.text()));
    });
    if (!written)
        return context.fail(written);
    tell(arguments, ids->size() - failed.size(), failed, context);
}

} // namespace

void addReport(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<ReportArguments>();
    CLI::App* command =
        app.add_subcommand("report", "One page a recording: paper to scale, labels, neighbours, surprise");
    command->add_option("STUDY", arguments->study, "The study's folder")->required();
    command->add_option("OUT", arguments->out, "The report, .pdf or .html")->required();
    CLI::Option* one = command->add_option("--recording", arguments->recording, "Name or number of one recording");
    command
        ->add_option("--selection", arguments->selection,
                     "Words that name, data set, patient, labels or format must hold; default: all")
        ->excludes(one);
    command->add_flag("--json", arguments->json, "Machine-readable output");
    addForce(*command, arguments->force);
    command->callback([arguments, &context] { report(*arguments, context); });
}

} // namespace precordia::cli
