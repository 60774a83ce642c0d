// SPDX-License-Identifier: GPL-3.0-or-later
// Does what was learned on one signal of the heart serve another? Small models of two channels are pretrained on
// synthetic ECG (II, V5), photoplethysmogram and impedance cardiogram; each encodes every family; linear probes read
// the family's known factors. Beside them the same model with random weights. The diagonal is the model trained on the
// family itself from scratch with the same budget.
#pragma once

#include "core/base/progress.h"
#include "core/explore/factor_probe.h"

#include <filesystem>
#include <string>
#include <vector>

namespace precordia {

struct TransferOptions {
    std::vector<std::string> families = {"ecg", "ppg", "icg"};
    int pretraining = 2000; // recordings to pretrain on
    int probing = 400;      // others to probe on
    int steps = 300;
    int folds = 5;
    std::uint64_t seed = 1;
    std::vector<std::string> settings; // key=value, of the models
    std::filesystem::path keep;        // the runs' folder; "": a temporary one, removed
};

struct TransferCell {
    std::string from, to;            // from: a family or "random"
    std::vector<FactorScore> scores; // R2 of the recording embedding, one a factor of `to`
    double mean = 0;                 // over factors
};
struct TransferTable {
    std::vector<std::string> families;
    std::vector<std::vector<KnownFactor>> factors; // of each family
    std::vector<TransferCell> cells;
    TransferOptions options;
};

// Errors: WrongUse (unknown family), those of the engine.
Result<TransferTable> transferBetweenFamilies(const TransferOptions& options, StopToken stop, Progress& progress);

std::string transferJson(const TransferTable& table);
std::string transferText(const TransferTable& table);

} // namespace precordia
