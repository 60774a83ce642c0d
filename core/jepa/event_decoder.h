// SPDX-License-Identifier: GPL-3.0-or-later
// Event encoding -> waveform of that interval on all leads, fitted on the frozen encoder: shows what the model expects.
// Its input is the event encoding after plainLayerNorm (features only, no affine): the temporal predictor predicts
// layer-normed targets, so seen and predicted encodings come in one scale. Output: [..., L, P] in standardised units.
// Three kinds: linear, a small network, and one that sees the encodings of the two intervals beside it too.
#pragma once

#include "core/jepa/layers.h"

namespace precordia {

enum class DecoderKind { Linear, Mlp, Neighbours };
const char* decoderKindName(DecoderKind kind); // "linear", "mlp", "neighbours"

class EventDecoder {
public:
    // parameters: event_decoder.norm.{weight,bias}, .fc1, .fc2, .direct (weight each [out, in], bias). Linear: without
    // fc1, with a bias at direct. Neighbours: in is 3 D.
    static EventDecoder initialise(const ModelConfig& config, DecoderKind kind, std::uint64_t seed);
    // The kind is told by the tensors' shapes. Error ModelInvalid names the tensor that is absent or does not fit.
    static Result<EventDecoder> fromTensors(const ModelConfig& config, const NamedTensors& tensors);
    static bool presentIn(const NamedTensors& tensors);

    DecoderKind kind() const { return kind_; }
    std::int64_t context() const { return kind_ == DecoderKind::Neighbours ? 3 : 1; } // intervals seen
    // v [..., C, D] layer-normed, C = context(), the middle one is decoded -> [..., L, P]
    at::Tensor operator()(const at::Tensor& v) const;
    // v [T, D], all intervals in their order -> [T, L, P]; the first and the last stand for the neighbour they lack.
    at::Tensor sequence(const at::Tensor& v) const;
    const NamedTensors& parameters() const { return tensors_; } // all trainable
    EventDecoder to(const at::TensorOptions& options) const;

private:
    EventDecoder(const ModelConfig& config, DecoderKind kind, NamedTensors tensors);
    void bind();

    DecoderKind kind_;
    std::int64_t leads_, intervalSamples_;
    NamedTensors tensors_;
    LayerNorm norm_;
    Linear fc1_, fc2_, direct_;
};

} // namespace precordia
