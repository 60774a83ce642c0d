// SPDX-License-Identifier: GPL-3.0-or-later
// precordia-cli info: what is in each file, without changing anything.
#include "app/cli/command.h"
#include "app/cli/table_arguments.h"
#include "app/cli/warnings_text.h"
#include "core/io/reader.h"
#include "core/io/snomed.h"
#include "core/io/text.h"
#include "core/paper/page_words.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace precordia::cli {

namespace {

using nlohmann::json;

struct InfoOptions {
    std::vector<std::string> files;
    bool asJson = false;
    TableArguments table;
};

json leadsOf(const Recording& recording) {
    json leads = json::array();
    for (const auto& lead : recording.leads)
        leads.push_back({{"name", lead.name},
                         {"unit", lead.unit},
                         {"file_unit", lead.fileUnit},
                         {"quantum", lead.quantum},
                         {"derived", lead.derived}});
    return leads;
}

json annotationsOf(const Recording& recording) {
    json bySource = json::object();
    for (const auto& mark : recording.annotations) {
        auto& count = bySource[mark.source];
        count = count.is_null() ? 1 : count.get<int>() + 1;
    }
    return bySource;
}

// The patient's id stays in the file: this output ends in logs and tickets.
json metadataOf(const Metadata& metadata) {
    json diagnoses = json::array();
    for (const auto& code : metadata.diagnosisCodes)
        diagnoses.push_back({{"code", code}, {"name", snomedName(code).value_or("")}});
    return {{"age_years", metadata.ageYears ? json(*metadata.ageYears) : json()},
            {"sex", metadata.sex},
            {"recorded_at", metadata.recordedAt},
            {"device", metadata.device},
            {"diagnosis_codes", std::move(diagnoses)},
            {"diagnosis_texts", metadata.diagnosisTexts},
            {"comments", metadata.comments}};
}

json document(const std::string& path, const Recording& recording) {
    json groups = json::array();
    for (const auto& group : recording.medianBeats)
        groups.push_back({{"name", group.name},
                          {"sampling_rate_hz", group.samplingRate},
                          {"samples", group.samples()},
                          {"leads", group.leads.size()}});
    return {{"path", text::utf8(path)},
            {"format", recording.metadata.format},
            {"sampling_rate_hz", recording.samplingRate},
            {"samples", recording.samples()},
            {"items", recording.items},
            {"duration_s", std::round(recording.seconds() * 1e6) / 1e6},
            {"leads", leadsOf(recording)},
            {"metadata", metadataOf(recording.metadata)},
            {"measurements", recording.fileMeasurements},
            {"annotations", annotationsOf(recording)},
            {"median_beats", std::move(groups)},
            {"warnings", warningsJson(recording)}};
}

std::string joined(const std::vector<std::string>& words, const char* between) {
    std::string out;
    for (const auto& word : words)
        out += (out.empty() ? "" : between) + word;
    return out;
}

void printLine(const char* key, const std::string& value) {
    if (!value.empty())
        std::cout << "  " << key << std::string(13 - std::char_traits<char>::length(key), ' ') << value << '\n';
}

// "I, II, III (uV); RESP (NU)"
std::string leadsText(const Recording& recording) {
    std::string out;
    for (std::size_t i = 0; i < recording.leads.size(); ++i) {
        const auto& lead = recording.leads[i];
        const bool unitEnds = i + 1 == recording.leads.size() || recording.leads[i + 1].unit != lead.unit;
        out += lead.name;
        if (unitEnds)
            out += lead.unit.empty() ? "" : " (" + lead.unit + ")";
        if (i + 1 < recording.leads.size())
            out += unitEnds ? "; " : ", ";
    }
    return out;
}

std::string rounded(double value) {
    return json(std::round(value * 1000) / 1000).dump();
}

void printText(const std::string& path, const Recording& recording) {
    const auto& metadata = recording.metadata;
    std::cout << path << '\n';
    printLine("format", metadata.format);
    printLine("signal", std::to_string(recording.samples()) + " samples at " + rounded(recording.samplingRate) +
                            " Hz, " + rounded(recording.seconds()) + " s");
    printLine("leads", leadsText(recording));
    if (recording.items > 1)
        printLine("recordings", std::to_string(recording.items) + " in the file; this is one of them (--item)");
    if (metadata.ageYears)
        printLine("age", ageText(*metadata.ageYears).toStdString());
    printLine("sex", metadata.sex);
    printLine("recorded", metadata.recordedAt);
    printLine("device", metadata.device);
    std::vector<std::string> diagnoses = metadata.diagnosisTexts;
    for (const auto& code : metadata.diagnosisCodes)
        diagnoses.push_back(snomedName(code).value_or("code " + code));
    printLine("diagnoses", joined(diagnoses, "; "));
    std::vector<std::string> extras;
    for (const auto& [key, value] : recording.fileMeasurements)
        extras.push_back(key + " " + rounded(value));
    printLine("from file", joined(extras, ", "));
    extras.clear();
    const auto annotations = annotationsOf(recording);
    for (const auto& [source, count] : annotations.items())
        extras.push_back(std::to_string(count.get<int>()) + " in " + source);
    printLine("annotations", joined(extras, ", "));
    for (const auto& warning : recording.warnings)
        printLine("warning", std::string(name(warning.code)) + (warning.where.empty() ? "" : ", " + warning.where) +
                                 ": " + warning.message);
}

void runInfo(const InfoOptions& options, Context& context) {
    json files = json::array();
    json failed = json::array();
    ReadOptions reading;
    reading.stop = context.stop;
    if (const auto given = apply(options.table, reading); !given)
        return context.fail(given);
    for (const auto& path : options.files) {
        const auto recording = Registry::standard().read(path, reading);
        if (recording.cancelled())
            return context.stopped();
        if (recording.failed()) {
            context.someFailed(recording.error());
            failed.push_back({{"path", text::utf8(path)}, {"reason", text::utf8(recording.error().text())}});
            continue;
        }
        if (options.asJson)
            files.push_back(document(path, *recording));
        else
            printText(path, *recording);
    }
    if (failed.size() == options.files.size())
        context.exit = Failed;
    if (options.asJson)
        context.print({{"files", std::move(files)}, {"failed", std::move(failed)}});
}

} // namespace

void addInfo(CLI::App& app, Context& context) {
    auto options = std::make_shared<InfoOptions>();
    auto* command = app.add_subcommand("info", "Format, leads, units, rate, metadata and warnings of each file");
    command->add_option("FILE", options->files, "ECG files")->required();
    command->add_flag("--json", options->asJson, "Print JSON");
    addTableArguments(*command, options->table);
    command->callback([options, &context] { runInfo(*options, context); });
}

} // namespace precordia::cli
