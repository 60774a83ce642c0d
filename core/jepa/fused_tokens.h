// SPDX-License-Identifier: GPL-3.0-or-later
// The tokenizer that fuses the leads: all of an interval's patches to one token, one projection a lead and their sum.
#pragma once

#include "core/jepa/layers.h"

namespace precordia {

class FusedTokens {
public:
    // "<prefix>patch_weight" [L, P, D], "<prefix>patch_bias" [D]
    FusedTokens(const ModelConfig& config, const Parameters& parameters, const std::string& prefix);

    // x [B, K, T*P] standardised, of the leads [B, K] (undefined: all, in order) -> [B, T, D]. The sum over fewer leads
    // is brought to the scale of all (our addition: the published tokenizers know no missing lead).
    at::Tensor operator()(const at::Tensor& x, const at::Tensor& leads) const;
    // What each lead adds to the sum [B, T, K, D]: stands in for lead encodings, which this tokenizer has none of.
    at::Tensor eachLead(const at::Tensor& x, const at::Tensor& leads) const;

private:
    double scale(const at::Tensor& x) const;

    std::int64_t leadCount_, intervalSamples_;
    at::Tensor weight_, bias_;
};

} // namespace precordia
