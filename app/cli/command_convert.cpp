// SPDX-License-Identifier: GPL-3.0-or-later
// precordia-cli convert: one recording into another format.
#include "app/cli/command.h"
#include "app/cli/table_arguments.h"
#include "core/io/csv_writer.h"
#include "core/io/edf_writer.h"
#include "core/io/reader.h"
#include "core/io/wfdb_writer.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

namespace precordia::cli {

namespace {

namespace fs = std::filesystem;

struct ConvertOptions {
    std::string in;
    std::string out;
    std::string to;
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

// The finest step of the voltage leads, so that nothing is lost; coarser where 16 bits would not hold the largest
// value.
double quantumFor(const Recording& recording) {
    double quantum = 0;
    double largest = 0;
    for (const auto& lead : recording.leads) {
        if (lead.unit != "uV")
            continue;
        if (lead.quantum > 0)
            quantum = quantum > 0 ? std::min(quantum, lead.quantum) : lead.quantum;
        for (const float v : lead.samples)
            if (std::isfinite(v))
                largest = std::max(largest, static_cast<double>(std::abs(v)));
    }
    if (!(quantum > 0))
        quantum = 1;
    return std::max(quantum, largest / 32767.0);
}

Result<Done> write(const Recording& recording, const ConvertOptions& options, const std::string& target) {
    if (target == "csv")
        return writeCsv(recording, options.out);
    if (target == "edf")
        return writeEdf(recording, options.out);
    fs::path header = options.out;
    if (header.extension() != ".hea")
        header += ".hea";
    return writeWfdb(recording, header, quantumFor(recording));
}

void runConvert(const ConvertOptions& options, Context& context) {
    const auto target = targetOf(options);
    if (target.empty())
        return context.fail(
            makeError(ErrorCode::WrongUse,
                      "the name tells no format that can be written; end it in .csv, .edf or .hea (wfdb), "
                      "or say --to csv, --to edf or --to wfdb",
                      options.out));
    if (target != "csv" && target != "wfdb" && target != "edf")
        return context.fail(
            makeError(ErrorCode::WrongUse, "writing " + target + " is not possible yet; csv, edf and wfdb are"));
    std::error_code ec;
    if (fs::equivalent(options.in, options.out, ec))
        return context.fail(makeError(ErrorCode::WrongUse, "input and output are the same file", options.out));
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
    if (const auto written = write(*recording, options, target); !written)
        context.fail(written);
}

} // namespace

void addConvert(CLI::App& app, Context& context) {
    auto options = std::make_shared<ConvertOptions>();
    auto* command = app.add_subcommand("convert", "Write a recording in another format");
    command->add_option("IN", options->in, "ECG file")->required();
    command->add_option("OUT", options->out, "File to write")->required();
    command->add_option("--to", options->to, "The format; else by the name of OUT: .csv, .edf, .hea")
        ->check(CLI::IsMember({"csv", "edf", "wfdb"}));
    addTableArguments(*command, options->table);
    command->callback([options, &context] { runConvert(*options, context); });
}

} // namespace precordia::cli
