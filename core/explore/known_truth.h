// SPDX-License-Identifier: GPL-3.0-or-later
// What does each level and each layer of a model know? Linear probes of known factors on the encodings of the
// diagnostic and the generic corpus (core/ecg/diagnostic_corpus.h), beside the same probes on the model's twin with
// random weights; and, on a study, of what was measured.
#pragma once

#include "core/base/progress.h"
#include "core/explore/factor_probe.h"

#include <filesystem>
#include <string>
#include <vector>

namespace precordia {

struct KnownTruthOptions {
    std::vector<std::filesystem::path> models; // files or run folders; empty: the demo weights
    std::vector<std::string> corpora = {"ecg", "generic"};
    int recordings = 600;
    int folds = 5;
    std::uint64_t seed = 1;
    bool layers = true;
};

// Levels: "recording", "interval" and "event" (mean and deviation over time), "lead" (the same of each lead), then the
// layers: "channel 0" .. (interval encodings after so many layers over the leads), "temporal 0" .. (event encodings).
struct LevelTruth {
    std::string level;
    std::vector<FactorScore> model, random; // one a factor
};
struct CorpusTruth {
    std::string corpus; // "ecg", "generic", "study"
    int recordings = 0;
    std::vector<KnownFactor> factors;
    std::vector<LevelTruth> levels;
    std::vector<std::string> notMeasured; // of a study: what nothing has measured yet
};
struct ModelTruth {
    std::string name, hash, architecture;
    std::vector<CorpusTruth> corpora;
};

// Errors: NotFound (no such model), those of the engine.
Result<std::vector<ModelTruth>> knownTruth(const KnownTruthOptions& options, StopToken stop, Progress& progress);
// Of a study's recordings: truth where the study has it (synthetic studies), else computed, else from the file.
// Encodes with each model and its random twin where that is not done yet. Errors: NotFound.
Result<std::vector<ModelTruth>> studyTruth(const std::filesystem::path& study, const KnownTruthOptions& options,
                                           StopToken stop, Progress& progress);

std::string knownTruthJson(const std::vector<ModelTruth>& models);
std::string knownTruthTable(const std::vector<ModelTruth>& models); // for a terminal

} // namespace precordia
