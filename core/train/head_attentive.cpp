// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/head_attentive.h"

#include "core/train/train_config.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

using Shapes = std::vector<std::pair<std::string, std::vector<std::int64_t>>>;

Shapes shapesOf(std::int64_t features, std::int64_t width, std::int64_t queries, std::int64_t classes) {
    Shapes out = {{"head.mean", {features}}, {"head.deviation", {features}}};
    if (queries > 0) {
        out.push_back({"head.query", {queries, width}});
        out.push_back({"head.key", {width, features}});
    }
    out.push_back({"head.value", {width, features}});
    out.push_back({"head.weight", {classes, (queries + 1) * width}});
    out.push_back({"head.bias", {classes}});
    return out;
}

bool isTrained(const std::string& name) {
    return name != "head.mean" && name != "head.deviation";
}

} // namespace

AttentiveHead AttentiveHead::initialise(std::int64_t features, std::int64_t width, std::int64_t queries,
                                        std::int64_t classes, std::uint64_t seed) {
    auto generator = at::detail::createCPUGenerator(seed);
    AttentiveHead head;
    for (const auto& [name, shape] : shapesOf(features, width, queries, classes)) {
        auto tensor = at::zeros(shape, at::kFloat); // the linear layer starts at 0: every score is even
        if (name == "head.deviation")
            tensor.fill_(1);
        else if (name == "head.key" || name == "head.value")
            tensor.normal_(0, 1 / std::sqrt(static_cast<double>(features)), generator);
        else if (name == "head.query") // softer than the keys: it begins near the mean over time, but each differently
            tensor.normal_(0, 0.5, generator);
        tensor.set_requires_grad(isTrained(name));
        head.tensors_.emplace_back(name, tensor);
    }
    return head;
}

Result<AttentiveHead> AttentiveHead::fromTensors(const NamedTensors& tensors, std::int64_t features, std::int64_t width,
                                                 std::int64_t queries, std::int64_t classes) {
    AttentiveHead head;
    for (const auto& [name, shape] : shapesOf(features, width, queries, classes)) {
        const auto found = std::find_if(tensors.begin(), tensors.end(), [&](const auto& t) { return t.first == name; });
        if (found == tensors.end())
            return makeError(ErrorCode::ModelInvalid, "the tensor " + name + " is not there");
        if (found->second.sizes() != at::IntArrayRef(shape) || !found->second.is_floating_point())
            return makeError(ErrorCode::ModelInvalid, "the tensor " + name + " has another shape or type");
        if (!found->second.isfinite().all().item<bool>())
            return makeError(ErrorCode::ModelInvalid, "the tensor " + name + " holds numbers that are not finite");
        head.tensors_.emplace_back(name, found->second.detach().clone().set_requires_grad(isTrained(name)));
    }
    return head;
}

const at::Tensor* AttentiveHead::find(const char* name) const {
    for (const auto& [own, tensor] : tensors_)
        if (own == name)
            return &tensor;
    return nullptr;
}

NamedTensors AttentiveHead::trainable() const {
    NamedTensors out;
    for (const auto& named : tensors_)
        if (isTrained(named.first))
            out.push_back(named);
    return out;
}

void AttentiveHead::standardiseBy(const at::Tensor& tokens) {
    const at::NoGradGuard noGrad;
    const auto rows = tokens.flatten(0, 1).to(at::kFloat);
    get("head.mean").copy_(rows.mean(0));
    get("head.deviation").copy_(rows.std(at::IntArrayRef{0}, /*unbiased=*/false).clamp_min(1e-6));
}

at::Tensor AttentiveHead::operator()(const at::Tensor& tokens, Dropout* dropout) const {
    const auto x = (tokens - get("head.mean")) / get("head.deviation"); // [B, T, F]
    auto gathered = x.mean(1, /*keepdim=*/true);                        // [B, 1, F]
    const auto& value = get("head.value");
    if (const auto* query = find("head.query")) {
        const auto asks = at::matmul(*query, get("head.key")) / std::sqrt(static_cast<double>(query->size(1)));
        const auto weight = at::softmax(at::matmul(x, asks.t()), 1); // [B, T, Q]
        gathered = at::cat({gathered, at::bmm(weight.transpose(1, 2), x)}, 1);
    }
    const auto read = drop(at::linear(gathered, value).flatten(1), dropout); // [B, (Q + 1) V]
    return at::linear(read, get("head.weight"), get("head.bias"));
}

at::Tensor headTokens(const EncoderOutput& encodings) {
    return at::cat({encodings.interval, encodings.event}, 2);
}

AttentiveLearner::AttentiveLearner(at::Tensor tokens, const std::vector<int>& train, std::int64_t width,
                                   std::int64_t classes, const HeadTraining& training, std::uint64_t seed)
    : tokens_(std::move(tokens))
    , head_(AttentiveHead::initialise(tokens_.size(2), width, training.queries, classes,
                                      chanceSeed(seed, Chance::Initial, 0))) {
    head_.standardiseBy(tokens_.index_select(0, indexOf(train)));
    trained_.emplace_back(head_.trainable(), 1.0, training.weightDecay);
}

at::Tensor AttentiveLearner::logits(const std::vector<int>& rows, Dropout* dropout) const {
    return head_(tokens_.index_select(0, indexOf(rows)).to(at::kFloat), dropout);
}

} // namespace precordia
