// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/train_config.h"

#include "core/engine/config.h"
#include "core/jepa/random.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace precordia {

Result<TrainConfig> parseTrainConfig(const std::string& configJson) {
    const auto complete = completeConfig(configJson);
    if (!complete)
        return complete.as<TrainConfig>();
    const auto c = nlohmann::json::parse(*complete);
    // Whole numbers may be written 1e3: read as double, then cut.
    const auto whole = [&c](const char* key) { return static_cast<std::int64_t>(c[key].get<double>()); };
    TrainConfig t;
    t.batch = whole("batch");
    t.minLeads = whole("min_leads");
    t.stageWise = c["stages"] == "stage-wise";
    t.channelShare = c["channel_share"];
    t.precision = c["precision"];
    t.learningRate = c["learning_rate"];
    t.weightDecay = c["weight_decay"];
    t.betas = c["betas"];
    t.warmup = c["warmup"];
    t.finalRate = c["final_lr"];
    t.clip = c["clip"];
    t.steps = whole("steps");
    t.epochs = whole("epochs");
    t.seed = static_cast<std::uint64_t>(whole("seed"));
    t.diagnoseEvery = whole("diagnose_every");
    t.checkpointEvery = whole("checkpoint_every");
    t.threads = static_cast<int>(whole("threads"));
    t.decoderSteps = static_cast<int>(whole("decoder_steps"));
    return t;
}

std::int64_t totalSteps(const TrainConfig& config, std::int64_t windows) {
    if (config.steps > 0)
        return config.steps;
    return std::max<std::int64_t>(1, (config.epochs * windows + config.batch - 1) / config.batch);
}

StageStep stageAt(const TrainConfig& config, std::int64_t i, std::int64_t steps) {
    if (!config.stageWise || steps < 2)
        return {Stage::Joint, i, steps};
    const std::int64_t first =
        std::clamp<std::int64_t>(std::llrint(config.channelShare * static_cast<double>(steps)), 1, steps - 1);
    return i < first ? StageStep{Stage::Channel, i, first} : StageStep{Stage::Temporal, i - first, steps - first};
}

double learningRateAt(const TrainConfig& config, std::int64_t i, std::int64_t steps) {
    const double done = static_cast<double>(i) / static_cast<double>(steps);
    const double ramp = config.warmup * static_cast<double>(steps);
    const double warm = ramp > 0 ? std::min(1.0, static_cast<double>(i + 1) / ramp) : 1.0;
    const double cosine = (1 - config.finalRate) / 2 * (1 + std::cos(std::numbers::pi * done));
    return config.learningRate * warm * (config.finalRate + cosine);
}

double momentumAt(const std::array<double, 2>& ema, std::int64_t i, std::int64_t steps) {
    return ema[0] + (ema[1] - ema[0]) * static_cast<double>(i) / static_cast<double>(steps);
}

std::uint64_t chanceSeed(std::uint64_t seed, Chance use, std::int64_t i) {
    Random bySeed(seed);
    Random byUse(bySeed.next() ^ static_cast<std::uint64_t>(use) << 56U);
    Random byStep(byUse.next() + static_cast<std::uint64_t>(i));
    return byStep.next();
}

} // namespace precordia
