// SPDX-License-Identifier: GPL-3.0-or-later
// The list of commands, in the order of the help text.
#include "app/cli/command.h"

namespace precordia::cli {

void addCommands(CLI::App& app, Context& context) {
    addInfo(app, context);
    addConvert(app, context);
}

} // namespace precordia::cli
