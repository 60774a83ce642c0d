// SPDX-License-Identifier: GPL-3.0-or-later
// The rival ECG-JEPA (Sehun Kim 2024, arXiv 2410.08559, and its published code): all lead x interval patches are tokens
// of one transformer in which a token sees its own lead and its own time (cross-pattern attention); the same intervals
// are hidden in all leads; the predictor works on each lead alone; smooth L1 against the teacher's layer-normed output.
// Theirs: one patch projection for all leads, sine places over lead and time, random or multi-block masks of time,
// moving average teacher, the recording's encoding is the mean over all tokens.
// Ours: masks a recording in place of masks a batch; places are added once, before the first block, where its code adds
// them before each; biases in the projections to queries, keys and values; the depth is channel_depth + temporal_depth
// (as many layers as ER-JEPA has); missing leads.
// Levels: lead encodings are the tokens; interval and event encodings are both their mean over leads, since it has one
// stage.
#pragma once

#include "core/jepa/masked_attention.h"
#include "core/jepa/model.h"
#include "core/jepa/predictor.h"

#include <optional>

namespace precordia {

class EcgJepa final : public JepaModel {
public:
    EcgJepa(ModelConfig config, Parameters parameters);

    EncoderOutput forward(const at::Tensor& x, const at::Tensor& leads, Dropout* dropout) const override;
    // The tokens before attention [B, T, K, D]
    at::Tensor intervalEncodings(const at::Tensor& x, const at::Tensor& leads = {}) const override;
    at::Tensor predictHiddenFrom(const at::Tensor& u, const at::Tensor& visible,
                                 const at::Tensor& hidden) const override;
    at::Tensor seenEvents(const at::Tensor& u, const at::Tensor& visible) const override;
    at::Tensor eventTargets(const at::Tensor& x, const at::Tensor& leads = {}) const override;

private:
    struct CrossEncoder {
        std::int64_t intervalSamples;
        Linear patch;
        at::Tensor place; // [T, L, D]
        Transformer transformer;

        CrossEncoder(const ModelConfig& config, const Parameters& parameters, const std::string& prefix);
        // x [B, K, T*P] of the leads [B, K] (undefined: all) -> [B, T, K, D]
        at::Tensor tokens(const at::Tensor& x, const at::Tensor& leads) const;
        // tokens [B, S, K, D] -> [B, K, S, D]
        at::Tensor encodings(const at::Tensor& tokens, Dropout* dropout) const;
    };

    LossOutput terms(const LeadBatch& batch, Dropout& dropout, Stage stage) const override;
    // z [B, K, V, D] -> [B, K, H, D], each lead alone
    at::Tensor predict(const at::Tensor& z, const at::Tensor& visible, const at::Tensor& hidden) const;
    const CrossEncoder& teacher() const { return target_ ? *target_ : encoder_; }

    CrossEncoder encoder_;
    std::optional<CrossEncoder> target_;
    Predictor predictor_;
};

} // namespace precordia
