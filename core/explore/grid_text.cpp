// SPDX-License-Identifier: GPL-3.0-or-later
// A grid as CSV for scripts and as tables for people.
#include "core/explore/grid.h"
#include "core/explore/text_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace precordia {

namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string quoted(const std::string& cell) {
    if (cell.find_first_of(",\"\n") == std::string::npos)
        return cell;
    std::string out = "\"";
    for (const char c : cell)
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + '"';
}

std::string number(double value, int digits) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

std::string percent(const CollapseRate& rate) {
    return std::to_string(rate.collapsed) + " of " + std::to_string(rate.trained) + " (" +
           std::to_string(std::lround(rate.share() * 100)) + " %)";
}

bool probed(const Grid& grid) {
    return grid.plan.findings || !grid.plan.labels.empty();
}

// Mean AUROC of the cells with a value of an axis that trained.
double meanAt(const Grid& grid, std::size_t axis, const std::string& value) {
    double sum = 0;
    int cells = 0;
    for (const auto& cell : grid.cells)
        if (cell.state == "done" && cell.values[axis] == value) {
            sum += cell.auroc;
            ++cells;
        }
    return cells > 0 ? sum / cells : std::nan("");
}

} // namespace

std::string gridCsv(const Grid& grid) {
    std::string out;
    for (const auto& [key, values] : grid.plan.axes)
        out += quoted(key) + ",";
    out += "seed,state,verdict,auroc,event_rank,recording_rank,seconds,run,error\n";
    for (const auto& cell : grid.cells) {
        for (const auto& value : cell.values)
            out += quoted(value) + ",";
        out += std::to_string(cell.seed) + "," + cell.state + "," + cell.verdict + ",";
        if (cell.state == "done")
            out += (probed(grid) ? number(cell.auroc, 4) : "") + "," + number(cell.eventRank, 2) + "," +
                   number(cell.recordingRank, 2) + "," + number(cell.seconds, 1);
        else
            out += ",,,";
        out += "," + cell.run + "," + quoted(cell.error) + "\n";
    }
    return out;
}

std::string gridTable(const Grid& grid) {
    Rows cells(1);
    for (const auto& [key, values] : grid.plan.axes)
        cells[0].push_back(shortened(key, 16));
    cells[0].insert(cells[0].end(), {"seed", "verdict", "event rank", "s"});
    if (probed(grid))
        cells[0].insert(cells[0].end() - 1, "AUROC");
    for (const auto& cell : grid.cells) {
        std::vector<std::string> row;
        for (const auto& value : cell.values)
            row.push_back(shortened(value, 16));
        const bool done = cell.state == "done";
        row.insert(row.end(), {std::to_string(cell.seed), done ? cell.verdict : cell.state,
                               done ? number(cell.eventRank, 1) : "-", done ? number(cell.seconds, 0) : "-"});
        if (probed(grid))
            row.insert(row.end() - 1, done ? figureText(cell.auroc) : "-");
        cells.push_back(std::move(row));
    }
    Rows rates = {{"setting", "value", "collapsed"}};
    if (probed(grid))
        rates[0].push_back("mean AUROC");
    for (std::size_t axis = 0; axis < grid.plan.axes.size(); ++axis)
        for (const auto& value : grid.plan.axes[axis].second) {
            rates.push_back(
                {grid.plan.axes[axis].first, shortened(value, 20), percent(collapseRate(grid, axis, value))});
            if (probed(grid))
                rates.back().push_back(figureText(meanAt(grid, axis, value)));
        }
    std::string out = wrapped("Grid \"" + grid.plan.name + "\": " + std::to_string(grid.cells.size()) + " cells of " +
                              std::to_string(grid.plan.steps) + " steps, collapsed " + percent(collapseRate(grid)));
    out += "\n" + textTable(cells) + "\n" + textTable(rates);
    for (const auto& cell : grid.cells)
        if (cell.state == "failed")
            out += "\n" + wrapped("Failed: " + cell.error);
    for (const auto& [label, why] : grid.refused)
        out += "\n" + wrapped("Not probed: " + label + ": " + why);
    return out;
}

} // namespace precordia
