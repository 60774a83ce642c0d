// SPDX-License-Identifier: GPL-3.0-or-later
// precordia-cli convert: one recording into another format.
#include "app/cli/command.h"
#include "app/cli/output_file.h"
#include "app/cli/table_arguments.h"
#include "app/cli/warnings_text.h"
#include "core/io/csv_writer.h"
#include "core/io/dicom_writer.h"
#include "core/io/edf_writer.h"
#include "core/io/reader.h"
#include "core/io/text.h"
#include "core/io/wfdb_writer.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace precordia::cli {

namespace {

namespace fs = std::filesystem;

struct ConvertOptions {
    std::string in;
    std::string out;
    std::string to;
    std::string dicomClass;
    int format = 16;
    bool force = false, json = false;
    TableArguments table;
};

// --to decides; else the name of the output. "" when that tells no format.
std::string targetOf(const ConvertOptions& options) {
    if (!options.to.empty())
        return options.to;
    auto extension = fs::path(options.out).extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return extension == ".csv"   ? "csv"
           : extension == ".hea" ? "wfdb"
           : extension == ".dcm" ? "dicom"
           : extension == ".edf" ? "edf"
                                 : "";
}

// All that would be written: of a WFDB record header, signal file and annotations.
std::vector<fs::path> filesOf(const ConvertOptions& options, const std::string& target) {
    if (target != "wfdb")
        return {options.out};
    fs::path header = options.out;
    if (header.extension() != ".hea")
        header += ".hea";
    return {header, fs::path(header).replace_extension(".dat"), fs::path(header).replace_extension(".atr")};
}

Result<Done> writeDicomFile(const Recording& recording, const ConvertOptions& options,
                            std::vector<std::string>& notes) {
    const auto written = writeDicom(recording, options.out,
                                    options.dicomClass == "12-lead"   ? DicomClass::TwelveLead
                                    : options.dicomClass == "general" ? DicomClass::General
                                                                      : DicomClass::ByContent);
    if (!written)
        return written.as<Done>();
    notes = written->notes;
    return Done{};
}

// notes: what the format has no room for.
Result<Done> write(const Recording& recording, const ConvertOptions& options, const std::string& target,
                   std::vector<std::string>& notes) {
    if (target == "csv")
        return writeCsv(recording, options.out);
    if (target == "dicom")
        return writeDicomFile(recording, options, notes);
    if (target == "edf")
        return writeEdf(recording, options.out);
    const auto files = filesOf(options, target);
    WfdbOptions writing;
    writing.format = options.format;
    writing.quantumUv = 0; // each lead in its own steps, so that nothing is lost
    const auto written = writeWfdb(recording, files.front(), writing);
    // The marks of the record that was here are not those of this one.
    if (std::error_code ec; written.ok() && recording.annotations.empty())
        fs::remove(files.back(), ec);
    return written;
}

// "o.hea, o.dat: wfdb, 12 leads, 5000 samples at 500 Hz, 10 s"
void tell(const Recording& recording, const ConvertOptions& options, const std::string& target,
          const std::vector<std::string>& notes, const Context& context) {
    auto files = nlohmann::json::array();
    std::string names;
    for (const auto& file : filesOf(options, target))
        if (std::error_code ec; fs::exists(file, ec)) { // of a record without marks there are none
            files.push_back(text::utf8(file.string()));
            names += (names.empty() ? "" : ", ") + file.string();
        }
    const double seconds = std::round(recording.seconds() * 1000) / 1000;
    if (options.json) {
        auto leads = nlohmann::json::array();
        for (const auto& lead : recording.leads)
            leads.push_back(text::utf8(lead.name));
        return context.print({{"files", std::move(files)},
                              {"format", target},
                              {"leads", std::move(leads)},
                              {"sampling_rate_hz", recording.samplingRate},
                              {"samples", recording.samples()},
                              {"duration_s", seconds},
                              {"notes", notes},
                              {"warnings", warningsJson(recording)}});
    }
    std::cout << names << ": " << target << ", " << recording.leads.size()
              << (recording.leads.size() == 1 ? " lead, " : " leads, ") << recording.samples() << " samples at "
              << text::shortest(recording.samplingRate) << " Hz, " << text::shortest(seconds) << " s\n";
}

void runConvert(const ConvertOptions& options, Context& context) {
    const auto target = targetOf(options);
    if (target.empty())
        return context.fail(makeError(ErrorCode::WrongUse,
                                      "the name tells no format that can be written; end it in .csv, .hea (wfdb), "
                                      ".dcm (dicom) or .edf, or say --to csv, --to wfdb, --to dicom or --to edf",
                                      options.out));
    if (const auto allowed = mayWrite(filesOf(options, target), options.force, options.in); !allowed)
        return context.fail(allowed);
    ReadOptions reading;
    reading.stop = context.stop;
    if (const auto given = apply(options.table, reading); !given)
        return context.fail(given);
    const auto recording = Registry::standard().read(options.in, reading);
    if (!recording)
        return context.fail(recording);
    for (const auto& warning : recording->warnings)
        std::cerr << "warning: " << name(warning.code) << (warning.where.empty() ? "" : ", " + warning.where) << ": "
                  << warning.message << '\n';
    std::vector<std::string> notes;
    if (const auto written = write(*recording, options, target, notes); !written)
        return context.fail(written);
    for (const auto& note : notes)
        std::cerr << "note: " << note << '\n';
    tell(*recording, options, target, notes, context);
}

} // namespace

void addConvert(CLI::App& app, Context& context) {
    auto options = std::make_shared<ConvertOptions>();
    auto* command = app.add_subcommand("convert", "Write a recording in another format");
    command->add_option("IN", options->in, "ECG file")->required();
    command->add_option("OUT", options->out, "File to write")->required();
    command->add_option("--to", options->to, "The format; else by the name of OUT: .csv, .hea, .dcm, .edf")
        ->check(CLI::IsMember({"csv", "wfdb", "dicom", "edf"}));
    command->add_option("--class", options->dicomClass, "Of a DICOM object; else by content")
        ->check(CLI::IsMember({"12-lead", "general"}));
    command->add_option("--format", options->format, "wfdb: bits a sample")
        ->check(CLI::IsMember({16, 24, 32}))
        ->capture_default_str();
    addTableArguments(*command, options->table);
    command->add_flag("--json", options->json, "Print JSON");
    addForce(*command, options->force);
    command->callback([options, &context] { runConvert(*options, context); });
}

} // namespace precordia::cli
