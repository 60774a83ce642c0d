// SPDX-License-Identifier: GPL-3.0-or-later
// bench collapse: is a run that collapses called so, and a healthy one not? Short runs on synthetic recordings.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace precordia::cli {

struct CollapseBench {
    std::string preset = "nano";
    std::vector<std::string> settings;
    int recordings = 300, steps = 300, seeds = 3, batch = 16, threads = 1;
};

// {"runs": [{"run", "seed", "expected", "verdict", "called_at_step", "early_test", "event_rank": [first, last],
// "event_std", "event_cosine", "teacher_gap", "knn_auroc", "largest_loss_z", "largest_gradient_z", "alarms", "advice",
// "seconds"}], "as_expected": bool}. folder: for the runs; left as it is.
Result<nlohmann::json> benchCollapse(const CollapseBench& bench, const std::filesystem::path& folder,
                                     const StopToken& stop, Progress& progress);
std::string collapseTable(const nlohmann::json& report); // for a terminal

} // namespace precordia::cli
