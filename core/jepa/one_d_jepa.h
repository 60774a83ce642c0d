// SPDX-License-Identifier: GPL-3.0-or-later
// The single-stage rival, "1-D JEPA": the leads are fused in the tokenizer, one token an interval, and a JEPA over time
// predicts the hidden ones (Weimann, Conrad 2024, arXiv 2410.13867, and their published code).
// Theirs: one projection over all leads of a patch; sine places; masks in blocks, most of the tokens hidden; one
// predictor pass over mask tokens; mean absolute error against the teacher's normed output; teacher by moving average.
// Ours: patch length, widths, ratios and schedules come from the configuration, the depth is channel_depth +
// temporal_depth (as many layers as ER-JEPA has), no register tokens, missing leads.
// Levels: interval encodings are the tokens before attention, event encodings those after it; lead encodings, which
// it has none of, are what each lead adds to the token.
#pragma once

#include "core/jepa/fused_tokens.h"
#include "core/jepa/model.h"
#include "core/jepa/predictor.h"

#include <optional>

namespace precordia {

class OneDJepa final : public JepaModel {
public:
    OneDJepa(ModelConfig config, Parameters parameters);

    EncoderOutput forward(const at::Tensor& x, const at::Tensor& leads, Dropout* dropout) const override;
    at::Tensor intervalEncodings(const at::Tensor& x, const at::Tensor& leads = {}) const override;
    at::Tensor predictHiddenFrom(const at::Tensor& u, const at::Tensor& visible,
                                 const at::Tensor& hidden) const override;
    at::Tensor seenEvents(const at::Tensor& u, const at::Tensor& visible) const override;
    at::Tensor eventTargets(const at::Tensor& x, const at::Tensor& leads = {}) const override;

private:
    struct TokenEncoder {
        FusedTokens tokens;
        at::Tensor position; // [T, D]
        Transformer transformer;

        TokenEncoder(const ModelConfig& config, const Parameters& parameters, const std::string& prefix);
        // u [B, S, D] of the intervals [B, S] (undefined: all) -> [B, S, D]
        at::Tensor events(const at::Tensor& u, const at::Tensor& intervals, Dropout* dropout) const;
    };

    LossOutput terms(const LeadBatch& batch, Dropout& dropout, Stage stage) const override;
    const TokenEncoder& teacher() const { return target_ ? *target_ : encoder_; }

    TokenEncoder encoder_;
    std::optional<TokenEncoder> target_;
    Predictor predictor_;
};

} // namespace precordia
