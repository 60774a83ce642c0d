// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of one evaluation: a model, its random twins and the simple features, of the same recordings.
// Internal to core/explore.
#pragma once

#include "core/explore/evaluate.h"
#include "core/explore/label_scores.h"

namespace precordia {

struct EvaluationFeatures {
    ModelInfo info;
    EncoderTables model;
    std::vector<ModelInfo> twins; // one a seed
    std::vector<EncoderTables> random;
    EmbeddingTable simple;
    PlaceOf placeOf; // the same in every table: all come from one cache
};
Result<EvaluationFeatures> gatherFeatures(const std::filesystem::path& studyFolder, const EvaluateOptions& options,
                                          const StopToken& stop, Progress& progress);

// Loads a model as chooseModel finds it (an empty one: the study's current first) and keeps it in the study.
Result<ModelInfo> loadForStudy(const Study& study, const std::filesystem::path& model);

// R2 of the study's own heart rates (R peaks) from the recording embedding; empty when too few have one.
Result<std::optional<HeartRateEvaluation>> evaluateHeartRate(const Study& study, const EvaluationFeatures& features,
                                                             const EvaluateOptions& options);

} // namespace precordia
