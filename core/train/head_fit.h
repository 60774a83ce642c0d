// SPDX-License-Identifier: GPL-3.0-or-later
// The loop that all heads are trained by: epochs over shuffled rows, the best epoch by the validation part.
#pragma once

#include "core/jepa/layers.h"
#include "core/train/compute_thread.h"
#include "core/train/head_data.h"
#include "core/train/optimiser.h"

#include <vector>

namespace precordia {

// Tensors that share a learning rate: `factor` times the schedule's.
struct RatedTensors {
    NamedTensors tensors;
    double factor = 1;
    AdamW optimiser;

    RatedTensors(NamedTensors t, double rateFactor, double weightDecay)
        : tensors(std::move(t))
        , factor(rateFactor)
        , optimiser(tensors, {0.9, 0.999}, weightDecay) {}
};

class HeadLearner {
public:
    virtual ~HeadLearner() = default;
    // [n, classes]. dropout: nullptr when scores are wanted.
    virtual at::Tensor logits(const std::vector<int>& rows, Dropout* dropout) const = 0;
    virtual at::Tensor penalty() const { return {}; } // added to the loss; undefined: none
    virtual std::vector<RatedTensors>& trained() = 0;
};

struct HeadJob {
    const HeadRequest& request;
    HeadTraining training;
    HeadTargets targets;
    Progress& progress;
    ComputeThread& thread;
    std::int64_t epochsDone = 0; // of all splits, for the progress

    bool stopped() const { return request.stop.stop_requested() || thread.closing(); }
};

// split: with its validation part, or none. seed: of this split. `started`: epoch 0 may be the best one.
// Leaves the learner at its best epoch. Error NotFinite.
Result<HeadSplitResult> fitHead(HeadLearner& learner, const HeadSplit& split, std::uint64_t seed, bool started,
                                HeadJob& job);
// Scores of rows, in batches: [n, classes]
Result<at::Tensor> scoreRows(const HeadLearner& learner, const std::vector<int>& rows, int batch, const StopToken& stop,
                             ComputeThread& thread);

} // namespace precordia
