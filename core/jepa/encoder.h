// SPDX-License-Identifier: GPL-3.0-or-later
// Patches -> lead encodings z [B, T, L, D] -> interval encodings u [B, T, D] -> event encodings v [B, T, D].
#pragma once

#include "core/jepa/layers.h"

namespace precordia {

struct EncoderOutput {
    at::Tensor lead;     // z [B, T, K, D]
    at::Tensor interval; // u [B, T, D]
    at::Tensor event;    // v [B, T, D]
    at::Tensor beats;    // [B, T]: slopeShares() where the pooling asks for them, else undefined
    // When asked for: what each block gave, in the same shapes; the last is the above.
    std::vector<at::Tensor> leadLayers, eventLayers;
};

class Encoder {
public:
    // prefix: "encoder." or "target."
    Encoder(const ModelConfig& config, const Parameters& parameters, const std::string& prefix);

    // patches [B, T, K, P] of the leads [B, K] (undefined: all, in order) -> z [B, T, K, D]
    at::Tensor channels(const at::Tensor& patches, const at::Tensor& leads, Dropout* dropout = nullptr,
                        std::vector<at::Tensor>* layers = nullptr) const;
    // z [B, T, K, D] -> u [B, T, D], of one scale for any number of leads
    at::Tensor intervals(const at::Tensor& z, const at::Tensor& leads) const;
    // How much each head asks of each lead [B, T, heads, K], the sum over K is 1; undefined when the aggregation does
    // not attend.
    at::Tensor attentionToLeads(const at::Tensor& z) const;
    // u [B, S, D] of the intervals [B, S] (undefined: all, in order) -> v [B, S, D]
    at::Tensor events(const at::Tensor& u, const at::Tensor& intervals, Dropout* dropout = nullptr,
                      std::vector<at::Tensor>* layers = nullptr) const;
    // x [B, K, T*P] standardised: the rows are the leads [B, K] (undefined: all, in order)
    EncoderOutput operator()(const at::Tensor& x, const at::Tensor& leads = {}, Dropout* dropout = nullptr,
                             bool layers = false) const;

private:
    at::Tensor embedPatches(const at::Tensor& patches, const at::Tensor& leads) const;

    std::int64_t leadCount_, intervalSamples_, heads_;
    at::Tensor patchWeight_; // [L, P, D]; undefined for the shared tokenizer
    Linear patch_;           // the shared tokenizer
    at::Tensor lead_;        // [L, D]
    at::Tensor aggregate_;   // [L, D, D]; undefined but for lead-linear
    at::Tensor query_;       // [heads, D]; defined for attention
    Linear value_;           // for attention
    at::Tensor position_;    // [T, D]
    Linear event_;
    Transformer channel_, temporal_;
};

// x [B, L, T*P] -> [B, T, L, P], a view
at::Tensor patchesOf(const at::Tensor& x, std::int64_t intervalSamples);

} // namespace precordia
