// SPDX-License-Identifier: GPL-3.0-or-later
// The rival LeNEPA (Chemeris, Jin, Balestriero 2026, arXiv 2607.00958, and its published code): a causal encoder whose
// output at each interval predicts the next interval's token. Both are compared in a projected space that only training
// uses: mean squared error, no stop-gradient, no teacher, no masks; against collapse SIGReg over the time of each
// recording, on the projected tokens and the projected outputs alike.
// Theirs: leads fused in the tokenizer, sine places that the target does not see, projector of one hidden layer (eight
// widths, batch norm, ReLU) to 64 numbers, 256 directions, weight 20 (regulariser_weight).
// Ours: patch length and widths come from the configuration, the depth is channel_depth + temporal_depth (as many
// layers as ER-JEPA has), missing leads. The batch norm keeps no running statistics: the projector is never used
// outside a training step.
// Levels: interval encodings are the tokens, event encodings the causal outputs; lead encodings, which it has none of,
// are what each lead adds to the token. It does not predict an interval from those around it.
#pragma once

#include "core/jepa/fused_tokens.h"
#include "core/jepa/model.h"

namespace precordia {

class LeNepa final : public JepaModel {
public:
    static constexpr std::int64_t kProjected = 64;     // width of the projected space
    static constexpr std::int64_t kProjectorRatio = 8; // its hidden layer, in widths of the encoder

    LeNepa(ModelConfig config, Parameters parameters);

    bool predictsHidden() const override { return false; }
    EncoderOutput forward(const at::Tensor& x, const at::Tensor& leads, Dropout* dropout) const override;

private:
    // interval and event of the result are in the projected space: [B, T, 64].
    LossOutput terms(const LeadBatch& batch, Dropout& dropout, Stage stage) const override;
    at::Tensor regularise(const at::Tensor& u, const at::Tensor& v, const at::Tensor& directions) const override;
    std::int64_t regularisedWidth() const override { return kProjected; }
    at::Tensor events(const at::Tensor& tokens, Dropout* dropout) const;
    at::Tensor project(const at::Tensor& z) const; // [B, T, D] -> [B, T, 64]

    FusedTokens tokens_;
    at::Tensor position_; // [T, D]
    Transformer transformer_;
    Linear fc1_, fc2_;
    LayerNorm norm_; // of the batch: weight and bias
};

} // namespace precordia
