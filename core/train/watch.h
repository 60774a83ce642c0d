// SPDX-License-Identifier: GPL-3.0-or-later
// What is watched while a run trains: z-scores of every step; at a diagnosis the spread of the encodings, the k-NN
// probe and the verdict; once the test of the second epoch. Fills a TrainUpdate, decides nothing.
#pragma once

#include "core/engine/alarms.h"
#include "core/train/checkpoint.h"
#include "core/train/knn_probe.h"
#include "core/train/train_config.h"

#include <optional>

namespace precordia {

class Watch {
public:
    // state: what a checkpoint keeps of it lives there. Errors: those of the request's labels.
    static Result<Watch> make(const PretrainRequest& request, const ModelConfig& model, const TrainConfig& training,
                              const std::string& configJson, std::int64_t steps, CheckpointState& state);

    // Before the first step: what the verdicts compare with.
    void start(const JepaModel& model, TrainUpdate& update);
    // After each step; diagnoses when it is time.
    void step(const JepaModel& model, TrainUpdate& update);

private:
    void diagnoseNow(const JepaModel& model, TrainUpdate& update);
    bool due(std::int64_t step) const;

    std::shared_ptr<const WindowSource> windows_;
    ModelConfig model_;
    TrainConfig training_;
    VerdictContext context_;
    std::int64_t steps_ = 0, earlyStep_ = 0;
    CheckpointState* state_ = nullptr;
    std::optional<KnnProbe> knn_;
    OutlierDetector loss_, gradient_;
    at::Tensor probe_, probeLeads_; // standardised windows, the same at every diagnosis; undefined: all leads
};

} // namespace precordia
