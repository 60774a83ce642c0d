// SPDX-License-Identifier: GPL-3.0-or-later
// What there is of a pretraining run that was stopped, whether the study's own model is another now, and how to go on.
#pragma once

#include "core/study/study.h"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>

namespace precordia::cli {

struct StoppedRun {
    std::string name;            // of its folder; "": stopped before it began
    std::filesystem::path model; // "": none yet
    bool whole = false;          // all its steps were made; what follows them was not
    std::string ownModel;        // hash of the study's; "": none
    std::string resume;          // what to type; "": no checkpoint to go on from
};

// folder: "" where there is none yet. studyName, runName: as a person types them.
StoppedRun stoppedRun(const Study& study, const std::filesystem::path& folder, bool whole, const std::string& studyName,
                      const std::string& runName);
std::string stoppedText(const StoppedRun& run); // lines
nlohmann::json stoppedJson(const StoppedRun& run);

} // namespace precordia::cli
