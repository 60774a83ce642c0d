// SPDX-License-Identifier: GPL-3.0-or-later
// One step of pretraining, as the paper has it: targets and context forward, loss, backward, update, teacher.
#pragma once

#include "core/jepa/model.h"
#include "core/jepa/precision.h"
#include "core/train/optimiser.h"
#include "core/train/train_config.h"
#include "core/train/window_batch.h"

#include <c10/core/Device.h>

namespace precordia {

struct StepResult {
    bool finite = true; // false: nothing was changed
    double total = 0, channel = 0, temporal = 0, regulariser = 0;
    double learningRate = 0, momentum = 0, gradientNorm = 0;
};

class Trainer {
public:
    // The parameters' storage moves into the optimiser's buffers, so it comes before the model.
    Trainer(const ModelConfig& model, const TrainConfig& training, const Parameters& parameters, std::int64_t steps,
            Precision precision = Precision::Float32);

    // Windows of any lead sets (groupByLeads). i: the step, from 0. All chance in it comes from the seed and i.
    StepResult step(const std::vector<LeadGroup>& groups, std::int64_t i);
    // microvolts [B, L, N], all leads there
    StepResult step(const at::Tensor& microvolts, std::int64_t i) { return step(groupByLeads(microvolts, {}), i); }

    const JepaModel& model() const { return *model_; }
    AdamW& optimiser() { return optimiser_; }

private:
    TrainConfig training_;
    std::int64_t steps_;
    Precision precision_;
    // The groups as the model takes them: standardised, with the masks of step i.
    std::vector<LeadBatch> prepare(const std::vector<LeadGroup>& groups, std::int64_t i, Stage stage) const;
    // The optimiser would still decay what a stage leaves as it is, and move it by its momentum: it is put back.
    void holdFrozen(Stage stage);
    void putBackFrozen();

    AdamW optimiser_;
    std::shared_ptr<const JepaModel> model_;
    Stage stage_ = Stage::Joint;
    std::vector<std::pair<at::Tensor, at::Tensor>> frozen_; // parameter, its value
};

} // namespace precordia
