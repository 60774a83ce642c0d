// SPDX-License-Identifier: GPL-3.0-or-later
// A pretraining run that a job can ask for again and again: done once, gone on with after a cut, taken as it is when it
// is finished. The folder's name holds a hash of configuration and data, so that another run never stands in for it.
#pragma once

#include "core/engine/engine.h"
#include "core/study/study.h"

namespace precordia {

struct TrainingRun {
    std::filesystem::path folder, model;
    bool reused = false; // it was finished
    std::int64_t steps = 0;
    double seconds = 0, cpuSeconds = 0; // over all its starts; a start that was killed is not counted
    std::string verdict, verdictText;   // of the last diagnosis
};

struct TrainingRequest {
    std::string prefix;     // of the folder's name: "compare-1d-jepa"
    std::string configJson; // resolved, steps given
    std::string device = "cpu";
    std::function<void(const TrainUpdate&)> onUpdate;
    StopToken stop;
};
// Builds the signal cache that the configuration asks for. Errors: those of the engine and the study.
Result<TrainingRun> trainOnce(const std::filesystem::path& studyFolder, const TrainingRequest& request,
                              Progress& progress);

} // namespace precordia
