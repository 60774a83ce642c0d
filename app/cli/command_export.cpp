// SPDX-License-Identifier: GPL-3.0-or-later
// export STUDY OUT: encodings for other programs.
#include "app/cli/command.h"
#include "app/cli/output_file.h"
#include "core/explore/export_embeddings.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <vector>

namespace precordia::cli {

namespace {

struct ExportArguments {
    std::string study, out;
    ExportRequest request;
    bool json = false, force = false;
};

// The format that the file's name tells; "" when it tells none.
std::string formatOf(const std::string& file) {
    const auto extension = std::filesystem::path(file).extension().string();
    return extension == ".csv"                          ? "csv"
           : extension == ".npy"                        ? "npy"
           : extension == ".h5" || extension == ".hdf5" ? "hdf5"
                                                        : "";
}

void exportStudy(const ExportArguments& arguments, Context& context) {
    ExportRequest request = arguments.request;
    request.out = arguments.out;
    if (const auto told = formatOf(arguments.out); !told.empty() && told != request.format)
        return context.fail(makeError(ErrorCode::WrongUse,
                                      "the name is that of a " + told + " file, but --to says " + request.format,
                                      arguments.out));
    std::vector<std::filesystem::path> files{arguments.out};
    if (request.format == "npy")
        files.emplace_back(arguments.out + ".json");
    if (const auto allowed = mayWrite(files, arguments.force); !allowed)
        return context.fail(allowed);
    Progress progress = context.progress();
    const auto report = exportEmbeddings(arguments.study, request, context.stop, progress);
    if (!report)
        return context.fail(report);
    std::cerr
        << "precordia-cli: an embedding is patient data: what may not leave with the recordings may not leave with "
           "this file\n";
    if (arguments.json)
        return context.print({{"file", arguments.out},
                              {"model", report->modelHash},
                              {"preprocessing", report->preprocessingHash},
                              {"windows", report->windows},
                              {"vectors", report->vectors},
                              {"width", report->width}});
    std::printf("%s: %lld vectors of %lld numbers (%s level, model %s)\n", arguments.out.c_str(),
                static_cast<long long>(report->vectors), static_cast<long long>(report->width), request.level.c_str(),
                report->modelHash.c_str());
}

} // namespace

void addExport(CLI::App& app, Context& context) {
    auto arguments = std::make_shared<ExportArguments>();
    auto& request = arguments->request;
    CLI::App* command = app.add_subcommand("export", "Write encodings as CSV, NPY or HDF5");
    command->add_option("STUDY", arguments->study, "The study's folder, already embedded")->required();
    command->add_option("OUT", arguments->out, "The file to write; npy gets a companion OUT.json")->required();
    command->add_option("--level", request.level, "Which encodings")
        ->check(CLI::IsMember({"recording", "event", "interval", "lead"}))
        ->required();
    command->add_option("--to", request.format, "The format; hdf5 holds every level")
        ->check(CLI::IsMember({"csv", "npy", "hdf5"}))
        ->required();
    command->add_option("--model", request.modelHash, "Hash of the model; else the study's current one");
    command->add_flag("--json", arguments->json, "Machine-readable output");
    addForce(*command, arguments->force);
    command->callback([arguments, &context] { exportStudy(*arguments, context); });
}

} // namespace precordia::cli
