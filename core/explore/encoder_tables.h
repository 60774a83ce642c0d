// SPDX-License-Identifier: GPL-3.0-or-later
// What an encoder makes of a study, as the tables that probes work on: one a level, a row a recording, with the
// effective rank of each level. Also the row without a network (simple features) of the same recordings.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/engine/engine.h"
#include "core/explore/embedding_table.h"

#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace precordia {

constexpr std::array kProbeLevels = {"recording", "interval", "event"};

struct EncoderTables {
    std::string hash;
    std::array<EmbeddingTable, kProbeLevels.size()> levels; // interval and event: mean and deviation over time
    // RankMe (Garrido et al. 2023) of each level's encodings as they are, as core/train/diagnostics has it: exp of the
    // entropy of the singular values of [recordings, R], [recordings x T, D], [recordings x T, D].
    std::array<double, kProbeLevels.size()> effectiveRank{};
    double seconds = 0; // of encoding; 0 when it was stored
};

struct EncodingChoice {
    std::vector<std::string> leads; // the model sees only these; empty: all. Not stored in the study then
    bool firstWindowOnly = false;   // of each recording; else the mean over its windows
};

// Windows of recordings that the model cannot take are left out. Errors: those of the engine, WrongUse (an unknown
// lead), NotFound (no recording can be given to the model).
Result<EncoderTables> encoderTables(const std::filesystem::path& studyFolder, const ModelInfo& model,
                                    const EncodingChoice& choice, const StopToken& stop, Progress& progress);
Result<EmbeddingTable> simpleFeatureTable(const std::filesystem::path& studyFolder, const ModelInfo& model,
                                          const EncodingChoice& choice, const StopToken& stop, Progress& progress);

// The rank of a table with these sums of products [D, D].
double effectiveRank(const Eigen::MatrixXd& gram);

} // namespace precordia
