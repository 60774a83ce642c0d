// SPDX-License-Identifier: GPL-3.0-or-later
// The shape of a model: the keys of the reference's DEFAULT, read from the resolved configuration
// (core/engine/config.h).
#pragma once

#include "core/base/result.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace precordia {

// ER-JEPA, ER-JEPA without its channel JEPA, and the field's rivals (core/jepa/model.h).
enum class Architecture { ErJepa, ErJepaNoChannel, OneDJepa, EcgJepa, LeNepa };
enum class Tokenizer { Leadwise, Shared }; // one patch projection a lead, or one for all
// leads -> interval: a mean, one matrix a lead, or a learned query a head that attends over them
enum class Aggregation { Mean, LeadLinear, Attention };
enum class MaskShape { Block, Random, Beat, MultiBlock }; // of the hidden intervals (core/jepa/masks.h)
enum class Teacher { Ema, Self };                         // moving average, or the online encoder without gradient
enum class TargetLevel { Event, Interval, Both };         // what the temporal JEPA predicts
// Of the recording embedding: MeanStdRhythmBeats adds the mean of the interval encodings where the beats are.
enum class Pooling { MeanStdRhythm, MeanStdRhythmBeats };
// What a hidden interval's token starts from: its place alone, or also the nearest visible encoding on either side.
enum class PredictorQuery { Place, Neighbours };
enum class Regulariser { None, VicReg, SigReg };
enum class Scale { Fixed, Recording }; // 0.2 mV is 1, or the recording's deviation is 1

// Which part of the model a step trains.
enum class Stage {
    Joint,   // all of it
    Channel, // the channel JEPA alone
    Temporal // aggregation and temporal JEPA, on the frozen channel encoder
};

struct ModelConfig {
    Architecture architecture = Architecture::ErJepa;
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
    double dropPath = 0; // stochastic depth of the last block, linear over depth from 0
    std::int64_t predictorWidth = 48;
    std::int64_t predictorHeads = 3;
    std::int64_t channelPredictorDepth = 1;
    std::int64_t temporalPredictorDepth = 3;
    double leadKeep = 0.5;           // share of the leads that the context sees
    std::vector<double> leadWeights; // of being seen, one a lead; empty: equal
    std::array<double, 2> intervalMaskRatio = {0.55, 0.65};
    MaskShape mask = MaskShape::Block;
    std::int64_t minBlock = 5; // intervals
    Teacher teacher = Teacher::Ema;
    std::array<double, 2> ema = {0.996, 1.0};
    TargetLevel targetLevel = TargetLevel::Event;
    std::int64_t targetLayers = 1;                         // the mean of so many last layers' layer-normed outputs
    PredictorQuery predictorQuery = PredictorQuery::Place; // of the temporal predictor
    bool targetCentre = false;                             // temporal targets less the recording's mean over time
    std::array<double, 2> lossWeights = {1.0, 1.0};        // channel, temporal
    Regulariser regulariser = Regulariser::VicReg;
    std::optional<Regulariser> regulariserInterval, regulariserEvent; // of that level; absent: the same
    Regulariser regulariserLead = Regulariser::None; // of the lead encodings: a learned aggregation can else make up
                                                     // for lead encodings that collapse
    double regulariserWeight = 0.05;
    Scale scale = Scale::Fixed;
    Pooling pooling = Pooling::MeanStdRhythm;

    Regulariser intervalRegulariser() const { return regulariserInterval.value_or(regulariser); }
    Regulariser eventRegulariser() const { return regulariserEvent.value_or(regulariser); }
    std::int64_t leadCount() const { return static_cast<std::int64_t>(leads.size()); }
    std::int64_t samples() const { return intervals * intervalSamples; }
    bool isErJepa() const {
        return architecture == Architecture::ErJepa || architecture == Architecture::ErJepaNoChannel;
    }
    bool hasChannelJepa() const { return architecture == Architecture::ErJepa; }
    bool hasTeacher() const { return teacher == Teacher::Ema && architecture != Architecture::LeNepa; }
    std::int64_t visibleLeads() const { return visibleLeads(leadCount()); }
    // Of those that are there: as the reference rounds, half to even; one at least stays hidden where there are two.
    std::int64_t visibleLeads(std::int64_t there) const;
    std::int64_t rhythmLags() const; // 24, or intervals - 1 when that is less
    bool poolsBeats() const { return pooling == Pooling::MeanStdRhythmBeats; }
    std::int64_t recordingWidth() const { return (poolsBeats() ? 5 : 4) * width + rhythmLags(); }

    bool operator==(const ModelConfig&) const = default;
};

// json: an object with the keys at its top or in its member "model"; other keys (training, preprocessing) are not
// looked at, absent ones keep the reference's default. Error ConfigInvalid names the key: of the wrong type, out of
// range, or in conflict (heads does not divide width; nothing would be hidden).
Result<ModelConfig> parseModelConfig(const std::string& json);
// The same keys, flat, in the reference's order, and of the later ones those that are not at their default: the text
// that a model's hash is taken over stays what it was for every model that does not use them.
std::string modelConfigJson(const ModelConfig& config);

} // namespace precordia
