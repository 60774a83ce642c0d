// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the model of a pretraining run takes the place of the one that a study has: asked before it does. A collapsed
// model never does by itself; one that tells the study's labels worse does, and whoever asked is told.
#pragma once

#include "core/engine/engine.h"
#include "core/explore/embedding_table.h"
#include "core/study/signal_cache.h"
#include "core/study/study.h"

#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace precordia {

// AUROC apart: less is noise of a probe on so few recordings.
constexpr double kAlike = 0.02;

struct Succession {
    bool takes = true;
    // "first": there was none; "better", "alike", "worse": by the k-NN probe of the study's most frequent labels;
    // "unknown": not compared, for want of labels or because the former model cannot be asked; "collapsed".
    std::string word = "unknown";
    std::string former; // hash of the study's model so far; "": none
    bool demo = false;  // there was none, and the weights that come with the program stand in for it
    double knn = std::numeric_limits<double>::quiet_NaN(); // AUROC, as TrainUpdate::knn
    double formerKnn = std::numeric_limits<double>::quiet_NaN();
};

// run: as pretrain gave it. labels: those that its probe looked at; nullptr or without windows: not compared.
// Errors: those of the study alone; a former model that cannot be asked is "unknown". Cancelled where stopped.
Result<Succession> judgeSuccession(const Study& study, Engine& engine, const RunSummary& run,
                                   const std::shared_ptr<const ProbeLabels>& labels, StopToken stop,
                                   Progress& progress);

// The last verdict that a run folder tells: "healthy", "collapsed" ...; "": none.
std::string lastVerdict(const std::filesystem::path& runFolder);

// As core/train/knn_probe.h has it, of a table [n, F]: standardised dimensions, cosine, the k nearest rows of other
// groups. values [n, labels] 1, 0, -1 (not known). NaN when no label has both kinds.
double knnAuroc(const Matrix& embeddings, const std::vector<int>& values, const std::vector<std::int64_t>& groups,
                int k = 10);

} // namespace precordia
