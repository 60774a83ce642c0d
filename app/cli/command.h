// SPDX-License-Identifier: GPL-3.0-or-later
// What every command of precordia-cli shares. Results go to stdout, progress and errors to stderr.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json_fwd.hpp>

#include <string>

namespace precordia::cli {

enum Exit : int { Done_ = 0, Failed = 1, WrongUse = 2, SomeFailed = 3, Stopped = 130 };

struct Context {
    StopToken stop;   // Ctrl-C
    int exit = Done_; // what main() returns

    // A bar on a terminal, a line every few seconds elsewhere; stderr.
    Progress progress() const;
    void fail(const Error& error);            // prints and sets Failed (WrongUse for ErrorCode::WrongUse)
    void someFailed(const Error& error);      // prints and sets SomeFailed; the command goes on
    void someFailed(const std::string& text); // the same of an error that is in words already
    void stopped();                           // sets Stopped and says that what was confirmed is kept
    template <typename T>
    void fail(const Result<T>& result) {
        result.cancelled() ? stopped() : fail(result.error());
    }
    void print(const nlohmann::json& document) const; // stdout
};

// Each command_<name>.cpp implements one; addCommands (commands.cpp) lists them in the order of the help text.
void addCommands(CLI::App& app, Context& context);
void addInfo(CLI::App& app, Context& context);
void addConvert(CLI::App& app, Context& context);
void addMeasure(CLI::App& app, Context& context);
void addDeidentify(CLI::App& app, Context& context);
void addRender(CLI::App& app, Context& context);
void addSerial(CLI::App& app, Context& context);
void addDemo(CLI::App& app, Context& context);
void addImport(CLI::App& app, Context& context);
void addSplits(CLI::App& app, Context& context);
void addAgreement(CLI::App& app, Context& context);
void addPretrain(CLI::App& app, Context& context);
void addEmbed(CLI::App& app, Context& context);
void addSurprise(CLI::App& app, Context& context);
void addExplore(CLI::App& app, Context& context);
void addEvaluate(CLI::App& app, Context& context);
void addGrid(CLI::App& app, Context& context);
void addExport(CLI::App& app, Context& context);
void addReport(CLI::App& app, Context& context);
void addTruth(CLI::App& app, Context& context);
void addTransfer(CLI::App& app, Context& context);
void addBench(CLI::App& app, Context& context);
void addModelBenches(CLI::App& bench, Context& context);  // bench decoder, surprise, precision
void addImportBench(CLI::App& bench, Context& context);   // bench import
void addWorklistBench(CLI::App& bench, Context& context); // bench worklist
void addSignalBenches(CLI::App& bench, Context& context); // bench delineation, bench measure

} // namespace precordia::cli
