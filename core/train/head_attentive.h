// SPDX-License-Identifier: GPL-3.0-or-later
// The attentive probe: cross-attention of learned queries over the frozen model's intervals, then a linear layer.
#pragma once

#include "core/train/head_fit.h"
#include "core/train/model_file.h"

namespace precordia {

// tokens x [B, T, F]; keys x Wk', values x Wv'; query i gathers sum_t softmax_t(q_i . k_t / sqrt(V)) v_t. What the
// queries gathered and the mean of the values over time stand side by side before the linear layer. As the queries do
// not depend on x, q_i Wk and the projection of the gathered tokens give the same without projecting every token.
class AttentiveHead {
public:
    // head.mean, head.deviation [F]; head.query [Q, V], head.key [V, F] (absent for Q = 0); head.value [V, F];
    // head.weight [C, (Q + 1) V], head.bias [C]
    static AttentiveHead initialise(std::int64_t features, std::int64_t width, std::int64_t queries,
                                    std::int64_t classes, std::uint64_t seed);
    // Error ModelInvalid names the tensor that is absent or does not fit.
    static Result<AttentiveHead> fromTensors(const NamedTensors& tensors, std::int64_t features, std::int64_t width,
                                             std::int64_t queries, std::int64_t classes);

    void standardiseBy(const at::Tensor& tokens); // [n, T, F] of the training rows
    at::Tensor operator()(const at::Tensor& tokens, Dropout* dropout = nullptr) const;
    NamedTensors trainable() const; // all but mean and deviation
    const NamedTensors& all() const { return tensors_; }

private:
    const at::Tensor* find(const char* name) const;
    const at::Tensor& get(const char* name) const { return *find(name); }
    NamedTensors tensors_;
};

// Interval and event encodings side by side: [n, T, 2 D]
at::Tensor headTokens(const EncoderOutput& encodings);

class AttentiveLearner final : public HeadLearner {
public:
    // tokens: of all rows [rows, T, F], float or bfloat16
    AttentiveLearner(at::Tensor tokens, const std::vector<int>& train, std::int64_t width, std::int64_t classes,
                     const HeadTraining& training, std::uint64_t seed);
    at::Tensor logits(const std::vector<int>& rows, Dropout* dropout) const override;
    std::vector<RatedTensors>& trained() override { return trained_; }
    const AttentiveHead& head() const { return head_; }

private:
    at::Tensor tokens_;
    AttentiveHead head_;
    std::vector<RatedTensors> trained_;
};

} // namespace precordia
