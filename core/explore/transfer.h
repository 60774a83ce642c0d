// SPDX-License-Identifier: GPL-3.0-or-later
// Does what was learned on one signal of the heart serve another? Small models of two channels are pretrained on
// synthetic ECG (II, V5), photoplethysmogram and impedance cardiogram; each encodes every family; linear probes read
// the family's known factors. Beside them the same model with random weights. The diagonal is the model trained on the
// family itself from scratch with the same budget. Real signals beside: what a probe that was fitted on the synthetic
// family says of them.
#pragma once

#include "core/base/progress.h"
#include "core/explore/factor_probe.h"

#include <filesystem>
#include <string>
#include <vector>

namespace precordia {

struct RealSignal {
    std::string family;
    std::filesystem::path file; // its first two channels are taken; one alone stands for both
};

struct TransferOptions {
    std::vector<std::string> families = {"ecg", "ppg", "icg"};
    int pretraining = 2000; // recordings to pretrain on
    int probing = 400;      // others to probe on
    int steps = 300;
    int folds = 5;
    std::uint64_t seed = 1;
    std::vector<std::string> settings; // key=value, of the models
    std::filesystem::path keep;        // the runs' folder; "": a temporary one, removed
    std::vector<RealSignal> real;
};

struct TransferCell {
    std::string from, to;            // from: a family or "random"
    std::vector<FactorScore> scores; // R2 of the recording embedding, one a factor of `to`
    double mean = 0;                 // over factors
};
// The pulse rate of a real signal's windows (one a second) by the probe that reads heart_rate from the family's
// synthetic recordings, against the rate by autocorrelation, which needs no model.
struct RealRow {
    std::string from, family; // as in a cell
    std::filesystem::path file;
    int windows = 0;
    double rate = 0;  // bpm, mean of the windows by autocorrelation
    double error = 0; // bpm, mean distance from it
};
struct TransferTable {
    std::vector<std::string> families;
    std::vector<std::vector<KnownFactor>> factors; // of each family
    std::vector<TransferCell> cells;
    std::vector<RealRow> real;
    TransferOptions options;
};

// Errors: WrongUse (unknown family), those of the engine, of the files, NotFound (a file in which no pulse is found).
Result<TransferTable> transferBetweenFamilies(const TransferOptions& options, StopToken stop, Progress& progress);

// bpm from 30 to 220 by the first high maximum of the autocorrelation of where it moves; 0: none stands out. Exposed
// for tests. samples: one channel.
double pulseRate(const std::vector<float>& samples, double samplingRate);

std::string transferJson(const TransferTable& table);
std::string transferText(const TransferTable& table);

} // namespace precordia
