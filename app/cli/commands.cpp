// SPDX-License-Identifier: GPL-3.0-or-later
// The list of commands, in the order of the help text.
#include "app/cli/command.h"

namespace precordia::cli {

void addCommands(CLI::App& app, Context& context) {
    addInfo(app, context);
    addConvert(app, context);
    addMeasure(app, context);
    addDeidentify(app, context);
    addRender(app, context);
    addSerial(app, context);
    addDemo(app, context);
    addImport(app, context);
    addSplits(app, context);
    addAgreement(app, context);
    addPretrain(app, context);
    addEmbed(app, context);
    addSurprise(app, context);
    addExplore(app, context);
    addEvaluate(app, context);
    addGrid(app, context);
    addExport(app, context);
    addReport(app, context);
    addTruth(app, context);
    addTransfer(app, context);
    addBench(app, context);
}

} // namespace precordia::cli
