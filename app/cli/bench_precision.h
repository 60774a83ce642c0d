// SPDX-License-Identifier: GPL-3.0-or-later
// bench precision: what products of 16-bit numbers cost in quality. The same configuration is trained in float32 and in
// bf16 or fp16 from the same seed on the same recordings; the loss curves are compared step by step, and both models
// are probed alike.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace precordia::cli {

struct PrecisionBench {
    std::filesystem::path study; // "": a synthetic study of `recordings`, in `folder`
    std::filesystem::path folder;
    std::string preset = "nano";
    std::vector<std::string> settings;
    std::string other = "bf16"; // or fp16: what is compared with float32
    int recordings = 300;
    std::int64_t steps = 300;
    int probe = 600; // synthetic recordings of known truth that both models are probed on; 0: no probe
};

// Of other = "bf16": {"steps", "other", "loss": {"largest_relative_difference", "at_step", "mean_relative_difference",
// "last_tenth": {"float32", "bf16"}, "curve": [{"step", "float32", "bf16"}]}, "runs": {"float32": {"model", "run",
// "seconds", "cpu_seconds", "verdict"}, "bf16": ...}, "probe": {"recordings", "factors": [{"factor", "unit", "float32",
// "bf16", "random_init"}], "mean": {...}}}. The probe's figure is R2 of a value and AUROC of a class, of the recording
// embedding. The runs stay in the study and are taken as they are when asked again. Errors: those of the training.
Result<nlohmann::json> benchPrecision(const PrecisionBench& bench, const StopToken& stop, Progress& progress);
std::string precisionTable(const nlohmann::json& report); // for a terminal

// How far apart two curves are, by step: |b - a| / |a|, largest and mean. Steps that one of them lacks do not count.
struct CurveDifference {
    double largest = 0, mean = 0;
    std::int64_t at = 0;    // step of the largest
    std::int64_t steps = 0; // that both have
};
CurveDifference compareCurves(const std::vector<std::pair<std::int64_t, double>>& a,
                              const std::vector<std::pair<std::int64_t, double>>& b);

} // namespace precordia::cli
