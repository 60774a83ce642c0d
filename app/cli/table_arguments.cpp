// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/table_arguments.h"

namespace precordia::cli {

void addTableArguments(CLI::App& command, TableArguments& arguments) {
    command.add_option("--rate", arguments.rate, "Sampling rate in Hz, where the file does not tell it")
        ->check(CLI::PositiveNumber);
    command.add_option("--unit", arguments.unit, "Unit of the voltages, where the file does not tell it: uV, mV");
    command.add_option("--leads", arguments.leads, "Names of the leads in their order: I,II,V1; - leaves one out")
        ->delimiter(',')
        ->allow_extra_args(false); // the files that follow are none
    command.add_option("--layout", arguments.layoutFile, "A table layout (JSON); the options above overrule it");
    command.add_option("--item", arguments.item, "Which recording of a file that holds several, from 0")
        ->check(CLI::NonNegativeNumber);
}

Result<Done> apply(const TableArguments& arguments, ReadOptions& reading) {
    reading.item = arguments.item;
    TableLayout layout;
    if (!arguments.layoutFile.empty()) {
        auto read = readLayout(arguments.layoutFile);
        if (!read)
            return read.as<Done>();
        layout = std::move(*read);
    }
    if (arguments.rate > 0)
        layout.samplingRate = arguments.rate;
    if (!arguments.unit.empty())
        layout.unit = arguments.unit;
    if (!arguments.leads.empty())
        layout.leads = arguments.leads;
    if (layout != TableLayout{}) // else a layout beside the file is used
        reading.tableLayout = std::move(layout);
    return Done{};
}

} // namespace precordia::cli
