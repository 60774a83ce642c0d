// SPDX-License-Identifier: GPL-3.0-or-later
// The field's models side by side: each trained on the study's recordings with the same data, the same configuration
// but for what makes it that model, and the same budget, then probed alike. Resumable: each model is a run of the
// study; what is finished is taken as it is when configuration and data are the same, what was cut off goes on.
#pragma once

#include "core/engine/config.h"
#include "core/engine/engine.h"
#include "core/explore/evaluate.h"

namespace precordia {

// er-jepa, er-jepa-no-channel, 1d-jepa, ecg-jepa, lenepa, random-init: values of the configuration's "architecture",
// but for random-init, which is er-jepa untrained.
const std::vector<std::string>& comparisonModels();

struct CompareOptions {
    std::vector<std::string> models = comparisonModels();
    ConfigRequest config;     // of all models; architecture, steps and name are set for each
    std::int64_t steps = 300; // of each model
    double cpuSeconds = 0;    // above 0: as many steps as each model does in this time, from a measurement beforehand
    std::string device = "cpu";
    EvaluateOptions evaluate; // its model and labelShare are not used
    double lowShare = 0.1;    // the second setting; 0: none
    std::function<void(const std::string& model, const TrainUpdate&)> onUpdate;
};

struct ComparedModel {
    std::string model;              // also "simple-features"
    std::string error;              // why it could not be trained or encoded; all that follows is empty then
    std::string hash, run, verdict; // run: its folder's name; "" for what is not trained
    bool reused = false;            // trained before
    std::int64_t steps = 0;
    double seconds = 0, cpuSeconds = 0; // of training
    double encodingSeconds = 0;
    std::array<double, kProbeLevels.size()> effectiveRank{};
    PairedDifference auroc;         // mean over the labels, recording level, with interval
    double interval = 0, event = 0; // the same of the other levels; 0 where there are none
    std::vector<double> perLabel;   // recording level, in the order of Comparison::labels
    PairedDifference lowAuroc;      // with few labels
    PairedDifference lead, lowLead; // the first trained model less this one, paired by patient
    LabelFigures figures;           // means over the labels
};

struct Comparison {
    CompareOptions options;
    std::string dataHash;
    std::int64_t recordings = 0;
    std::vector<std::string> labels;
    std::vector<std::pair<int, int>> counts; // of each label: with, without
    std::vector<ComparedModel> models;       // as asked, then simple-features
    std::vector<std::pair<std::string, std::string>> refused;
    double seconds = 0;
};

// Errors: WrongUse (an unknown model, no label), ConfigInvalid, NotFound (no label can be probed), those of the study.
// A model that fails is named, and the others go on.
Result<Comparison> compareModels(const std::filesystem::path& studyFolder, const std::vector<LabelQuestion>& questions,
                                 const CompareOptions& options, StopToken stop, Progress& progress);

std::string comparisonJson(const Comparison& comparison); // {"models": [{"model", "auroc", ...}], ...}
std::string comparisonTable(const Comparison& comparison);

} // namespace precordia
