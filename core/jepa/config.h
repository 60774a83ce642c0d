// SPDX-License-Identifier: GPL-3.0-or-later
// The shape of a model: the keys of the reference's DEFAULT, read from the resolved configuration
// (core/engine/config.h).
#pragma once

#include "core/base/result.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace precordia {

enum class Tokenizer { Leadwise, Shared };   // one patch projection a lead, or one for all
enum class Aggregation { Mean, LeadLinear }; // leads -> interval: a mean, or one matrix a lead
enum class Regulariser { None, VicReg, SigReg };
enum class Scale { Fixed, Recording }; // 0.2 mV is 1, or the recording's deviation is 1

struct ModelConfig {
    std::vector<std::string> leads = {"I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"};
    double samplingRate = 250; // Hz
    std::int64_t intervalSamples = 50;
    std::int64_t intervals = 50;
    std::int64_t width = 96;
    std::int64_t heads = 3;
    Tokenizer tokenizer = Tokenizer::Leadwise;
    Aggregation aggregation = Aggregation::Mean;
    std::int64_t channelDepth = 2;
    std::int64_t temporalDepth = 4;
    std::int64_t mlpRatio = 4;
    double dropout = 0;
    std::int64_t predictorWidth = 48;
    std::int64_t predictorHeads = 3;
    std::int64_t channelPredictorDepth = 1;
    std::int64_t temporalPredictorDepth = 3;
    double leadKeep = 0.5; // share of the leads that the context sees
    std::array<double, 2> intervalMaskRatio = {0.55, 0.65};
    std::int64_t minBlock = 5; // intervals
    std::array<double, 2> ema = {0.996, 1.0};
    std::array<double, 2> lossWeights = {1.0, 1.0}; // channel, temporal
    Regulariser regulariser = Regulariser::VicReg;
    double regulariserWeight = 0.05;
    Scale scale = Scale::Fixed;

    std::int64_t leadCount() const { return static_cast<std::int64_t>(leads.size()); }
    std::int64_t samples() const { return intervals * intervalSamples; }
    std::int64_t visibleLeads() const; // as the reference rounds: half to even
    std::int64_t rhythmLags() const;   // 24, or intervals - 1 when that is less
    std::int64_t recordingWidth() const { return 4 * width + rhythmLags(); }

    bool operator==(const ModelConfig&) const = default;
};

// json: an object with the keys at its top or in its member "model"; other keys (training, preprocessing) are not
// looked at, absent ones keep the reference's default. Error ConfigInvalid names the key: of the wrong type, out of
// range, or in conflict (heads does not divide width; nothing would be hidden).
Result<ModelConfig> parseModelConfig(const std::string& json);
// The same keys, flat, in the reference's order: what a model file carries as its metadata "config".
std::string modelConfigJson(const ModelConfig& config);

} // namespace precordia
