// SPDX-License-Identifier: GPL-3.0-or-later
// ER-JEPA (Siwon Kim, arXiv 2607.01145): channel JEPA among the leads of one interval, temporal JEPA over the
// intervals, an EMA teacher of both. Values and losses are those of the project's reference
// (tests/golden/reference/er_jepa.py).
#pragma once

#include "core/jepa/encoder.h"
#include "core/jepa/masks.h"
#include "core/jepa/predictor.h"

namespace precordia {

struct LossOutput {
    at::Tensor total, channel, temporal, regulariser; // scalars; total has the graph
    at::Tensor zPred, zHat;                           // [B, V, L-K, D] predicted and target lead encodings
    at::Tensor vPred, vHat;                           // [B, T-V, D] predicted and target event encodings
    at::Tensor lead, interval, event;                 // of the context: [B, V, K, D], [B, V, D], [B, V, D]
};

class ErJepa {
public:
    ErJepa(ModelConfig config, Parameters parameters);

    const ModelConfig& config() const { return config_; }
    const Parameters& parameters() const { return parameters_; }
    const Encoder& encoder() const { return encoder_; }
    const Encoder& target() const { return target_; }
    const Predictor& channelPredictor() const { return channelPredictor_; }
    const Predictor& temporalPredictor() const { return temporalPredictor_; }

    // One training step's loss. x [B, L, T*P] standardised. seed: all the chance there is in a step (dropout,
    // directions of SIGReg), so that a resumed run repeats it. directions [D, 256]: given by tests in place of the
    // seed's.
    LossOutput loss(const at::Tensor& x, const Masks& masks, std::uint64_t seed,
                    const at::Tensor& directions = {}) const;
    // teacher = momentum * teacher + (1 - momentum) * encoder
    void updateTarget(double momentum) const;

    // Without gradient and dropout. x [B, K, T*P] standardised, leads [B, K] or undefined for all.
    EncoderOutput encode(const at::Tensor& x, const at::Tensor& leads = {}) const;
    // [B, recordingWidth]: mean and std over time of intervals and events, rhythm profile
    static at::Tensor recordingEmbedding(const EncoderOutput& encodings);
    at::Tensor embed(const at::Tensor& x, const at::Tensor& leads = {}) const {
        return recordingEmbedding(encode(x, leads));
    }

    // Masked-event reconstruction in the latent, without gradient: x [B, K, T*P] of which only the intervals `visible`
    // [B, V] are seen; predicted event encodings of `hidden` [B, H], layer-normed scale, [B, H, D].
    at::Tensor predictHidden(const at::Tensor& x, const at::Tensor& visible, const at::Tensor& hidden,
                             const at::Tensor& leads = {}) const;
    // The same in two parts, for many masks over one recording: the interval encodings [B, T, D] do not depend on which
    // intervals are hidden.
    at::Tensor intervalEncodings(const at::Tensor& x, const at::Tensor& leads = {}) const;
    at::Tensor predictHiddenFrom(const at::Tensor& u, const at::Tensor& visible, const at::Tensor& hidden) const;
    // The teacher's layer-normed event encodings of all intervals [B, T, D]: what predictHidden is compared with.
    at::Tensor eventTargets(const at::Tensor& x, const at::Tensor& leads = {}) const;

private:
    ModelConfig config_;
    Parameters parameters_;
    Encoder encoder_, target_;
    Predictor channelPredictor_, temporalPredictor_;
};

// How alike interval encodings are k intervals apart: u [B, T, D] -> [B, lags]
at::Tensor rhythmProfile(const at::Tensor& u, std::int64_t lags = 24);

} // namespace precordia
