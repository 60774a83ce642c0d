// SPDX-License-Identifier: GPL-3.0-or-later
// Sensitivity of the model to its settings: every combination of a grid trained alike, with the share that collapsed,
// as one job that may be stopped or killed at any moment and goes on where it was.
#pragma once

#include "core/engine/config.h"
#include "core/engine/engine.h"
#include "core/explore/evaluate.h"

#include <functional>

namespace precordia {

// From a JSON file:
// {"name": "sensitivity", "preset": "nano", "steps": 300, "set": {"learning_rate": 0.001},
//  "grid": {"width": [96, 192], "dropout": [0, 0.1], "regulariser": ["none", "vicreg"]}, "seeds": [0, 1],
//  "labels": ["atrial fibrillation"], "findings": false}
// Keys of set and grid are those of the configuration; labels: probed in each cell that trained, may be absent.
struct GridPlan {
    std::string name = "grid"; // letters, digits, '-', '_'
    std::string preset = "nano";
    std::int64_t steps = 300;
    std::vector<std::string> settings;                                  // "key=value"
    std::vector<std::pair<std::string, std::vector<std::string>>> axes; // key, values as JSON text
    std::vector<std::uint64_t> seeds = {0};
    std::vector<std::string> labels;
    bool findings = false;
};
// Errors: FileNotFound, ConfigInvalid (names the key).
Result<GridPlan> readGridPlan(const std::filesystem::path& file);

struct GridCell {
    std::vector<std::string> values; // one an axis
    std::uint64_t seed = 0;
    std::string state = "open"; // open, done, failed
    std::string error;          // of a failed one
    std::string run, hash;
    std::string verdict, verdictText; // of the run's last diagnosis: healthy, collapsing, collapsed
    double seconds = 0;
    double eventRank = 0, recordingRank = 0; // effective rank of the encodings of the study
    double auroc = 0;                        // mean over the labels; 0 without
};
struct Grid {
    GridPlan plan;
    std::vector<GridCell> cells;
    std::vector<std::pair<std::string, std::string>> refused; // labels
    std::filesystem::path stateFile, table;                   // <study>/grids/<name>.json and .csv
};

struct GridOptions {
    std::string device = "cpu";
    EvaluateOptions evaluate;
    std::function<void(const GridCell&, std::size_t number, std::size_t of)> onCell; // before it is trained
    std::function<void(const TrainUpdate&)> onUpdate;
};

// State and table are written after every cell, each all or nothing. A cell that fails is named and the others go on.
// Cancelled: what was done stands. Errors: ConfigInvalid (a cell that no model can have), WrongUse (a grid of this name
// with another plan is there), those of the study.
Result<Grid> runGrid(const std::filesystem::path& studyFolder, const GridPlan& plan, const GridOptions& options,
                     StopToken stop, Progress& progress);

// Of the cells that trained, those whose verdict is "collapsed"; of those with axis `axis` at `value`, or of all.
struct CollapseRate {
    int trained = 0, collapsed = 0;
    double share() const { return trained > 0 ? static_cast<double>(collapsed) / trained : 0; }
};
CollapseRate collapseRate(const Grid& grid, std::size_t axis, const std::string& value);
CollapseRate collapseRate(const Grid& grid);

std::string gridCsv(const Grid& grid);
std::string gridJson(const Grid& grid);
std::string gridTable(const Grid& grid);

} // namespace precordia
