// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/attention.h"

#include "core/jepa/attention_kernel.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/softmax.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>

namespace precordia {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

constexpr std::int64_t kGrain = 8; // sequences a thread takes at once

at::Tensor byHead(const at::Tensor& x, std::int64_t heads) { // [N, S, d] -> [N, heads, S, d / heads]
    return x.unflatten(2, {heads, -1}).transpose(1, 2);
}

// Any device, any length, any type.
at::Tensor attend(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, std::int64_t heads) {
    const double scale = 1 / std::sqrt(static_cast<double>(q.size(2) / heads));
    const at::Tensor scores = at::matmul(byHead(q, heads), byHead(k, heads).transpose(-2, -1)) * scale;
    return at::matmul(at::softmax(scores, -1), byHead(v, heads)).transpose(1, 2).flatten(2);
}

// Queries, keys and values as they lie in one tensor [N, S, 3 d], or in two: [N, R, d] and [N, S, 2 d].
struct Parts {
    const at::Tensor& q;
    const at::Tensor& kv;
    bool packed; // q and kv are the same tensor

    std::int64_t width() const { return packed ? q.size(2) / 3 : q.size(2); }
    AttentionShape shape(std::int64_t heads) const {
        return {q.size(0), heads, q.size(1), kv.size(1), width() / heads};
    }
    Tokens<const float> queries() const { return tokens<const float>(q, 0); }
    Tokens<const float> keys() const { return tokens<const float>(kv, packed ? width() : 0); }
    Tokens<const float> values() const { return tokens<const float>(kv, packed ? 2 * width() : width()); }

    template <typename T>
    static Tokens<T> tokens(const at::Tensor& t, std::int64_t offset) {
        return {t.data_ptr<float>() + offset, t.size(1) * t.size(2), t.size(2)};
    }
};

bool kernelTakes(const at::Tensor& q, const at::Tensor& kv, std::int64_t heads, bool packed) {
    return q.device().is_cpu() && q.scalar_type() == at::kFloat && kv.scalar_type() == at::kFloat &&
           Parts{q, kv, packed}.shape(heads).fits();
}

struct Forward {
    at::Tensor out, probabilities;
};

Forward forward(const Parts& parts, std::int64_t heads) {
    const AttentionShape shape = parts.shape(heads);
    Forward f{at::empty({shape.sequences, shape.rows, parts.width()}, parts.q.options()),
              at::empty({shape.probabilities()}, parts.q.options())};
    const Tokens<float> out = Parts::tokens<float>(f.out, 0);
    float* p = f.probabilities.data_ptr<float>();
    at::parallel_for(0, shape.sequences, kGrain, [&](std::int64_t first, std::int64_t last) {
        attentionForward(shape, parts.queries(), parts.keys(), parts.values(), out, p, first, last);
    });
    return f;
}

class ShortAttention : public torch::autograd::Function<ShortAttention> {
public:
    // packed: q is given as kv once more
    static at::Tensor forward(AutogradContext* context, const at::Tensor& q, const at::Tensor& kv, bool packed,
                              std::int64_t heads) {
        const Forward f = precordia::forward({q, kv, packed}, heads);
        context->save_for_backward({q, kv, f.probabilities});
        context->saved_data["packed"] = packed;
        context->saved_data["heads"] = heads;
        return f.out;
    }

    static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
        const auto saved = context->get_saved_variables();
        const bool packed = context->saved_data["packed"].toBool();
        const Parts parts{saved[0], saved[1], packed};
        const AttentionShape shape = parts.shape(context->saved_data["heads"].toInt());
        const at::Tensor g = gradients[0].contiguous();
        const at::Tensor qGradient = at::empty_like(parts.q);
        const at::Tensor kvGradient = packed ? qGradient : at::empty_like(parts.kv);
        const std::int64_t d = parts.width();
        const auto dq = Parts::tokens<float>(qGradient, 0);
        const auto dk = Parts::tokens<float>(kvGradient, packed ? d : 0);
        const auto dv = Parts::tokens<float>(kvGradient, packed ? 2 * d : d);
        const auto dout = Parts::tokens<const float>(g, 0);
        const float* p = saved[2].data_ptr<float>();
        at::parallel_for(0, shape.sequences, kGrain, [&](std::int64_t first, std::int64_t last) {
            attentionBackward(shape, parts.queries(), parts.keys(), parts.values(), p, dout, dq, dk, dv, first, last);
        });
        return {qGradient, packed ? at::Tensor() : kvGradient, at::Tensor(), at::Tensor()};
    }
};

} // namespace

at::Tensor attention(const at::Tensor& qkv, std::int64_t heads) {
    if (kernelTakes(qkv, qkv, heads, true)) {
        const at::Tensor lying = qkv.contiguous();
        return ShortAttention::apply(lying, lying, true, heads);
    }
    const auto parts = qkv.chunk(3, 2);
    return attend(parts[0], parts[1], parts[2], heads);
}

at::Tensor attention(const at::Tensor& q, const at::Tensor& kv, std::int64_t heads) {
    if (kernelTakes(q, kv, heads, false))
        return ShortAttention::apply(q.contiguous(), kv.contiguous(), false, heads);
    const auto parts = kv.chunk(2, 2);
    return attend(q, parts[0], parts[1], heads);
}

} // namespace precordia
