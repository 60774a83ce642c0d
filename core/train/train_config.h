// SPDX-License-Identifier: GPL-3.0-or-later
// How a run trains, and its schedules.
#pragma once

#include "core/base/result.h"
#include "core/jepa/config.h"

#include <array>
#include <cstdint>
#include <string>

namespace precordia {

struct TrainConfig {
    std::int64_t batch = 32;
    std::int64_t minLeads = 0;      // fewest leads a window must have to be learned from; 0: all
    bool stageWise = false;         // the channel JEPA first, then the temporal JEPA on the frozen channel encoder
    double channelShare = 0.5;      // of the steps, for the channel JEPA's stage
    std::string precision = "auto"; // float32, bf16, fp16, auto (core/jepa/precision.h)
    double learningRate = 1e-3;
    double weightDecay = 0.05;
    std::array<double, 2> betas = {0.9, 0.98};
    double warmup = 0.1;     // share of the steps
    double finalRate = 0.05; // of the learning rate, at the end
    double clip = 1.0;       // largest norm of the gradient; 0: off
    std::int64_t steps = 0;  // 0: from the epochs
    std::int64_t epochs = 0;
    std::uint64_t seed = 0;
    std::int64_t diagnoseEvery = 50;    // steps; 0: only before the first and after the last
    std::int64_t checkpointEvery = 200; // steps; 0: only at the end
    int threads = 0;                    // 0: what is fastest, up to the physical cores
    int decoderSteps = 0;
};

Result<TrainConfig> parseTrainConfig(const std::string& configJson);

// Steps of a run over `windows` windows.
std::int64_t totalSteps(const TrainConfig& config, std::int64_t windows);

// Stage-wise, each stage is a training of its own: its own count of steps, warm-up and momentum.
struct StageStep {
    Stage stage = Stage::Joint;
    std::int64_t i = 0, steps = 0; // of the stage
};
StageStep stageAt(const TrainConfig& config, std::int64_t i, std::int64_t steps);

// Of step i in [0, steps): linear warm-up times a cosine that ends at finalRate, as in the reference's train().
double learningRateAt(const TrainConfig& config, std::int64_t i, std::int64_t steps);
// Of the teacher: linear from first to second.
double momentumAt(const std::array<double, 2>& ema, std::int64_t i, std::int64_t steps);

// A number for each use of chance in each step: a resumed run draws the same again without any kept state.
enum class Chance : std::uint64_t { Initial = 1, Order, Masks, Step, Probe, Decoder, Bench, Head };
std::uint64_t chanceSeed(std::uint64_t seed, Chance use, std::int64_t i);

} // namespace precordia
