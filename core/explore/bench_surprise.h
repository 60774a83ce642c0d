// SPDX-License-Identifier: GPL-3.0-or-later
// Is surprise where the surprising is? On synthetic recordings with exactly one PVC: how often the PVC's intervals are
// the most surprising of their recording. On a labelled study: AUROC of a recording's surprise for ectopic beats.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/explore/auroc.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace precordia {

struct SurpriseBenchRequest {
    std::filesystem::path model; // file or run folder; "" the demo weights
    std::filesystem::path study; // for the AUROC; "" none
    int recordings = 200;        // with one PVC
    int calibration = 200;       // of the synthetic population, for the calibration
    std::vector<int> blocks = {1, 2, 3};
    std::uint64_t seed = 1;
};

struct SurpriseBenchRow {
    int block = 1;
    // Share of the recordings in which the most surprising interval touches the PVC (QRS onset to end of T), by the raw
    // latent error and by the calibrated score; and touches its QRS, by the calibrated score.
    double raw = 0, calibrated = 0, calibratedQrs = 0;
    double chance = 0; // mean share of intervals that touch the PVC
    // AUROC of the recording's score, with a PVC against the same people without.
    double auroc = 0;
};

struct EctopyAuroc {
    int positives = 0, negatives = 0, block = 1;
    double auroc = 0, raw = 0; // calibrated, raw
    Interval95 interval;       // of the calibrated, bootstrap by patient
};

struct SurpriseBench {
    std::string modelHash;
    int recordings = 0;
    std::vector<SurpriseBenchRow> rows;
    std::vector<EctopyAuroc> study; // empty: no study was given
};

// Errors: NotFound (no model, or no recording with ectopic beats in the study), those of the engine.
Result<SurpriseBench> benchSurprise(const SurpriseBenchRequest& request, StopToken stop, Progress& progress);

} // namespace precordia
