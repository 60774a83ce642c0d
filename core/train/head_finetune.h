// SPDX-License-Identifier: GPL-3.0-or-later
// Fine-tuning: a copy of the encoder and a linear layer over what it gives, trained together.
#pragma once

#include "core/train/head_fit.h"
#include "core/train/model_file.h"

namespace precordia {

// Standardise by the frozen encoder's training rows, then a linear layer.
class LinearHead {
public:
    // head.mean, head.deviation [F]; head.weight [C, F], head.bias [C]
    LinearHead(std::int64_t features, std::int64_t classes);
    static Result<LinearHead> fromTensors(const NamedTensors& tensors, std::int64_t features, std::int64_t classes);

    void standardiseBy(const at::Tensor& features); // [n, F]
    at::Tensor operator()(const at::Tensor& features, Dropout* dropout = nullptr) const;
    const at::Tensor& weight() const { return tensors_[2].second; }
    NamedTensors trainable() const { return {tensors_[2], tensors_[3]}; }
    const NamedTensors& all() const { return tensors_; }

private:
    NamedTensors tensors_;
};

// What the layer reads, with gradient: mean and deviation over time of u and v, rhythm profile: [n, recordingWidth]
at::Tensor pooledFeatures(const EncoderOutput& encodings, const ModelConfig& config);

class FineTuneLearner final : public HeadLearner {
public:
    // features: of all rows by the encoder as it is [rows, F]. split: with its validation part. Fits the layer alone,
    // its L2 chosen by the validation part.
    FineTuneLearner(const LoadedModel& model, const HeadWindows& windows, const at::Tensor& features,
                    const HeadSplit& split, const HeadJob& job);
    at::Tensor logits(const std::vector<int>& rows, Dropout* dropout) const override;
    at::Tensor penalty() const override;
    std::vector<RatedTensors>& trained() override { return trained_; }
    const LinearHead& head() const { return head_; }
    const JepaModel& model() const { return *jepa_; }

private:
    void fitLayer(const at::Tensor& features, const HeadSplit& split, const HeadJob& job);

    const HeadWindows& windows_;
    LinearHead head_;
    double l2_ = 0;
    std::vector<RatedTensors> trained_;
    std::shared_ptr<const JepaModel> jepa_; // after the optimisers: its tensors live in their buffers
};

// Blocks between a tensor of the encoder and the head: 0 for the last norm; the rate is layerDecay to this power.
int blocksAbove(const std::string& name, const ModelConfig& config);

} // namespace precordia
