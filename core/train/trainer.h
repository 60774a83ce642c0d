// SPDX-License-Identifier: GPL-3.0-or-later
// One step of pretraining, as the paper has it: targets and context forward, loss, backward, update, teacher.
#pragma once

#include "core/jepa/er_jepa.h"
#include "core/train/optimiser.h"
#include "core/train/train_config.h"

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
    Trainer(const ModelConfig& model, const TrainConfig& training, const Parameters& parameters, std::int64_t steps);

    // microvolts [B, L, N]; i: the step, from 0. All chance in it comes from the seed and i.
    StepResult step(const at::Tensor& microvolts, std::int64_t i);

    const ErJepa& model() const { return model_; }
    AdamW& optimiser() { return optimiser_; }

private:
    TrainConfig training_;
    std::int64_t steps_;
    AdamW optimiser_;
    ErJepa model_;
};

} // namespace precordia
