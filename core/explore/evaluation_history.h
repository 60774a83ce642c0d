// SPDX-License-Identifier: GPL-3.0-or-later
// The evaluations of a study, kept as the JSON that the command line prints (DESIGN's contract), one file each in
// STUDY/evaluations: window and command line write and read the same.
#pragma once

#include "core/base/result.h"

#include <cmath>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

namespace precordia {

constexpr double kNoFigure = std::numeric_limits<double>::quiet_NaN();

// A figure with its 95 % interval; NaN where the evaluation does not tell it.
struct Figure {
    double value = kNoFigure, low = kNoFigure, high = kNoFigure;
    bool known() const { return std::isfinite(value); }
};

// What is known of one label, of the mean over labels, of one of several classes, or of one model of a comparison.
struct EvaluationRow {
    std::string name;
    int positives = 0, negatives = 0;
    Figure recording, interval, event; // AUROC of the model's levels
    double random = kNoFigure;         // the same model with random weights, recording level
    double simple = kNoFigure;         // 108 numbers without a network
    Figure aboveRandom, aboveSimple;   // recording level, paired
    double linear = kNoFigure;         // with a head: the linear probe of the same model
    Figure aboveLinear;                // the head less it
};

struct EvaluationEntry {
    std::filesystem::path file;
    std::string finished; // "2026-01-31 23:59" UTC, from the file's name
    std::string protocol, model;
    int recordings = 0, folds = 0, repeats = 0;
    std::vector<EvaluationRow> labels;
    std::vector<EvaluationRow> models; // of a comparison: one row a model, mean over labels
    EvaluationRow mean;                // over labels; its recording is not known when there is one label only
    double heartRate = kNoFigure, heartRateRandom = kNoFigure, heartRateSimple = kNoFigure; // R2
    std::vector<std::pair<std::string, std::string>> refused;                               // label, why
};

// Error FormatInvalid: no JSON object, or a key of another type.
Result<EvaluationEntry> parseEvaluation(const std::string& json);
// Writes STUDY/evaluations/<time>-<protocol>.json. Errors: those of the parse, FileUnwritable.
Result<std::filesystem::path> keepEvaluation(const std::filesystem::path& studyFolder, const std::string& json);
// Newest first. A file that cannot be read is left out.
std::vector<EvaluationEntry> readEvaluations(const std::filesystem::path& studyFolder);

} // namespace precordia
