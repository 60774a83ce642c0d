// SPDX-License-Identifier: GPL-3.0-or-later
// One of several classes in a study: the recordings that have exactly one of the labels, a softmax on the encodings or
// a head, the one-versus-one AUROC as the field reports it, beside random weights and simple features.
#pragma once

#include "core/explore/class_scores.h"
#include "core/explore/evaluate.h"

namespace precordia {

struct ClassEncoder {
    PairedDifference auroc;   // macro, one versus one
    double oneVersusRest = 0; // macro
    ClassFigures figures; // means over divisions and random seeds; accuracy, balanced accuracy, macro F1, a class each
    PairedDifference above; // the model's recording level less this
};
struct ClassEvaluation {
    std::string modelHash;
    EvaluateOptions options;
    std::vector<std::string> classes;
    std::vector<int> counts;
    std::vector<std::pair<std::string, std::string>> refused; // classes left out, why
    ClassEncoder recording, interval, event, random, simple;  // random: recording level
    // With a head `recording` and `random` are the head's, interval and event are empty, and this is the softmax on the
    // model's recording embedding.
    ClassEncoder linear;
    double seconds = 0;
};

// Errors: as evaluateStudy; WrongUse with fewer than two labels, NotFound when fewer than two classes are left.
Result<ClassEvaluation> evaluateClasses(const std::filesystem::path& studyFolder,
                                        const std::vector<std::string>& labels, const EvaluateOptions& options,
                                        StopToken stop, Progress& progress);

std::string classesJson(const ClassEvaluation& evaluation);
std::string classesTable(const ClassEvaluation& evaluation);

} // namespace precordia
