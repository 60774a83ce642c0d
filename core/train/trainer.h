// SPDX-License-Identifier: GPL-3.0-or-later
// One step of pretraining, as the paper has it: targets and context forward, loss, backward, update, teacher.
#pragma once

#include "core/jepa/model.h"
#include "core/jepa/precision.h"
#include "core/train/collective.h"
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
    // together: the processes that share each batch; nullptr: this one alone.
    Trainer(const ModelConfig& model, const TrainConfig& training, const Parameters& parameters, std::int64_t steps,
            Precision precision = Precision::Float32, Collective* together = nullptr);

    // Windows of any lead sets (groupByLeads). i: the step, from 0. All chance in it comes from the seed and i.
    // Several processes, each given the whole batch, do together what one would do, up to rounding, and come out with
    // the same bits. Throws ProcessLost, before anything was changed.
    StepResult step(const std::vector<LeadGroup>& groups, std::int64_t i);
    // microvolts [B, L, N], all leads there
    StepResult step(const at::Tensor& microvolts, std::int64_t i) { return step(groupByLeads(microvolts, {}), i); }

    const JepaModel& model() const { return *model_; }
    AdamW& optimiser() { return optimiser_; }

private:
    TrainConfig training_;
    std::int64_t steps_;
    Precision precision_;
    Collective* together_;
    // The groups' own rows as the model takes them: standardised, with the masks of step i.
    std::vector<LeadBatch> prepare(const std::vector<LeadGroup>& groups, const RowShare& rows, std::int64_t i,
                                   Stage stage) const;
    void sumOverProcesses(LossOutput& loss, double weight);
    // The optimiser would still decay what a stage leaves as it is, and move it by its momentum: it is put back.
    void holdFrozen(Stage stage);
    void putBackFrozen();

    AdamW optimiser_;
    std::shared_ptr<const JepaModel> model_;
    Stage stage_ = Stage::Joint;
    std::vector<std::pair<at::Tensor, at::Tensor>> frozen_; // parameter, its value
};

} // namespace precordia
