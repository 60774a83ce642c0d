// SPDX-License-Identifier: GPL-3.0-or-later
// Event encoding -> waveform of that interval on all leads, fitted on the frozen encoder: shows what the model expects.
// Its input is the event encoding after plainLayerNorm (features only, no affine): the temporal predictor predicts
// layer-normed targets, so seen and predicted encodings come in one scale. Output: [..., L, P] in standardised units.
#pragma once

#include "core/jepa/layers.h"

namespace precordia {

class EventDecoder {
public:
    // parameters: event_decoder.norm.{weight,bias}, .fc1, .fc2, .direct (weight each [out, in], bias)
    static EventDecoder initialise(const ModelConfig& config, std::uint64_t seed);
    // Error ModelInvalid names the tensor that is absent or does not fit.
    static Result<EventDecoder> fromTensors(const ModelConfig& config, const NamedTensors& tensors);
    static bool presentIn(const NamedTensors& tensors);

    // v [..., D] layer-normed -> [..., L, P]
    at::Tensor operator()(const at::Tensor& v) const;
    const NamedTensors& parameters() const { return tensors_; } // all trainable
    EventDecoder to(const at::TensorOptions& options) const;

private:
    EventDecoder(const ModelConfig& config, NamedTensors tensors);
    void bind();

    std::int64_t leads_, intervalSamples_;
    NamedTensors tensors_;
    LayerNorm norm_;
    Linear fc1_, fc2_, direct_;
};

} // namespace precordia
