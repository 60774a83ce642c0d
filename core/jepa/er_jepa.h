// SPDX-License-Identifier: GPL-3.0-or-later
// ER-JEPA (Siwon Kim, arXiv 2607.01145): channel JEPA among the leads of one interval, temporal JEPA over the
// intervals, a teacher of both. Values and losses are those of the project's reference
// (tests/golden/reference/er_jepa.py). Without its channel JEPA (architecture er-jepa-no-channel) channel encoder and
// aggregation stay, see all leads, and learn from the temporal loss alone.
#pragma once

#include "core/jepa/model.h"
#include "core/jepa/predictor.h"

#include <optional>

namespace precordia {

class ErJepa final : public JepaModel {
public:
    ErJepa(ModelConfig config, Parameters parameters);

    const Encoder& encoder() const { return encoder_; }
    // The moving average, or the encoder itself (teacher self): without gradient either way.
    const Encoder& teacher() const { return target_ ? *target_ : encoder_; }

    bool trains(const std::string& parameter, Stage stage) const override;
    EncoderOutput forward(const at::Tensor& x, const at::Tensor& leads, Dropout* dropout) const override;
    at::Tensor predictHidden(const at::Tensor& x, const at::Tensor& visible, const at::Tensor& hidden,
                             const at::Tensor& leads = {}) const override;
    at::Tensor intervalEncodings(const at::Tensor& x, const at::Tensor& leads = {}) const override;
    at::Tensor predictHiddenFrom(const at::Tensor& u, const at::Tensor& visible,
                                 const at::Tensor& hidden) const override;
    at::Tensor seenEvents(const at::Tensor& u, const at::Tensor& visible) const override;
    at::Tensor eventTargets(const at::Tensor& x, const at::Tensor& leads = {}) const override;

private:
    LossOutput terms(const LeadBatch& batch, Dropout& dropout, Stage stage) const override;
    at::Tensor channelTargets(const EncoderOutput& whole, const Masks& masks) const;
    at::Tensor temporalTargetsOf(const EncoderOutput& whole) const; // [B, T, D], [B, T, 2 D] for both levels

    Encoder encoder_;
    std::optional<Encoder> target_;
    std::optional<Predictor> channelPredictor_;
    Predictor temporalPredictor_;
};

} // namespace precordia
