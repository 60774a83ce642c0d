// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/head_finetune.h"

#include "core/train/train_config.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>

namespace precordia {

namespace {

// L2 of the layer as a share of its mean loss: what scikit-learn's C of 0.02 is for 100 to 2,500 rows.
constexpr std::array<double, 4> kLayerL2 = {0.02, 0.08, 0.3, 1.0};
constexpr double kLayerL2Unseen = 0.15; // without a validation part
constexpr int kLayerSteps = 200;
constexpr double kLayerRate = 0.05;

at::Tensor pooled(const at::Tensor& x) { // [n, T, D] -> [n, 2 D]; a deviation of 0 has a gradient too
    const auto variance = x.var(at::IntArrayRef{1}, /*unbiased=*/true, /*keepdim=*/false);
    return at::cat({x.mean(1), (variance + 1e-8).sqrt()}, 1);
}

int numberAfter(const std::string& name, const std::string& prefix) {
    if (!name.starts_with(prefix))
        return -1;
    int value = -1;
    std::from_chars(name.data() + prefix.size(), name.data() + name.size(), value);
    return value;
}

} // namespace

at::Tensor pooledFeatures(const EncoderOutput& e, const ModelConfig& config) {
    std::vector<at::Tensor> parts{pooled(e.interval), pooled(e.event), rhythmProfile(e.interval, config.rhythmLags())};
    if (config.poolsBeats())
        parts.push_back(meanAtBeats(e.interval, e.beats));
    return at::cat(parts, 1);
}

int blocksAbove(const std::string& name, const ModelConfig& config) {
    const auto temporal = static_cast<int>(config.temporalDepth), channel = static_cast<int>(config.channelDepth);
    if (name.starts_with("encoder.temporal.")) {
        const int block = numberAfter(name, "encoder.temporal.blocks.");
        return block < 0 ? 0 : temporal - 1 - block;
    }
    for (const char* stack : {"encoder.channel.blocks.", "encoder.transformer.blocks."}) // the rivals have one stack
        if (const int block = numberAfter(name, stack); block >= 0)
            return temporal + channel - 1 - block;
    if (name.starts_with("encoder.transformer."))
        return 0;
    if (name.starts_with("encoder.channel.") || name.starts_with("encoder.aggregate") ||
        name.starts_with("encoder.event"))
        return temporal;
    return temporal + channel; // patches, leads
}

LinearHead::LinearHead(std::int64_t features, std::int64_t classes)
    : tensors_{{"head.mean", at::zeros({features}, at::kFloat)},
               {"head.deviation", at::ones({features}, at::kFloat)},
               {"head.weight", at::zeros({classes, features}, at::kFloat).set_requires_grad(true)},
               {"head.bias", at::zeros({classes}, at::kFloat).set_requires_grad(true)}} {}

Result<LinearHead> LinearHead::fromTensors(const NamedTensors& tensors, std::int64_t features, std::int64_t classes) {
    LinearHead head(features, classes);
    for (auto& [name, own] : head.tensors_) {
        const auto found =
            std::find_if(tensors.begin(), tensors.end(), [&name = name](const auto& t) { return t.first == name; });
        if (found == tensors.end())
            return makeError(ErrorCode::ModelInvalid, "the tensor " + name + " is not there");
        if (found->second.sizes() != own.sizes() || !found->second.is_floating_point())
            return makeError(ErrorCode::ModelInvalid, "the tensor " + name + " has another shape or type");
        if (!found->second.isfinite().all().item<bool>())
            return makeError(ErrorCode::ModelInvalid, "the tensor " + name + " holds numbers that are not finite");
        own.detach().copy_(found->second);
    }
    return head;
}

void LinearHead::standardiseBy(const at::Tensor& features) {
    tensors_[0].second.copy_(features.mean(0));
    tensors_[1].second.copy_(features.std(at::IntArrayRef{0}, /*unbiased=*/false).clamp_min(1e-4));
}

at::Tensor LinearHead::operator()(const at::Tensor& features, Dropout* dropout) const {
    const auto x = drop((features - tensors_[0].second) / tensors_[1].second, dropout);
    return at::linear(x, tensors_[2].second, tensors_[3].second);
}

FineTuneLearner::FineTuneLearner(const LoadedModel& model, const HeadWindows& windows, const at::Tensor& features,
                                 const HeadSplit& split, const HeadJob& job)
    : windows_(windows)
    , head_(features.size(1), job.targets.classes) {
    fitLayer(features, split, job);
    const auto& config = model.jepa->config();
    auto copied = Parameters::fromTensors(config, model.jepa->parameters().all()); // cannot fail: it is a model
    auto& parameters = copied.value();
    std::map<int, NamedTensors> byDepth;
    for (const auto& [name, tensor] : parameters.all())
        if (name.starts_with("encoder.") && tensor.requires_grad())
            byDepth[blocksAbove(name, config)].emplace_back(name, tensor);
    trained_.emplace_back(head_.trainable(), 1.0, 0.0);
    for (auto& [above, tensors] : byDepth)
        trained_.emplace_back(std::move(tensors), std::pow(job.training.layerDecay, above), job.training.weightDecay);
    jepa_ = JepaModel::make(config, parameters);
}

void FineTuneLearner::fitLayer(const at::Tensor& features, const HeadSplit& split, const HeadJob& job) {
    const auto train = features.index_select(0, indexOf(split.train));
    head_.standardiseBy(train);
    const auto weights = classWeightsOf(job.request, job.targets, split.train);
    double bestLoss = std::numeric_limits<double>::infinity();
    std::optional<LinearHead> best;
    const std::vector<double> candidates = split.validation.empty()
                                               ? std::vector<double>{kLayerL2Unseen}
                                               : std::vector<double>(kLayerL2.begin(), kLayerL2.end());
    for (const double l2 : candidates) {
        LinearHead head(features.size(1), job.targets.classes);
        head.standardiseBy(train);
        AdamW optimiser(head.trainable(), {0.9, 0.999}, 0.0);
        TrainConfig schedule;
        schedule.learningRate = kLayerRate, schedule.warmup = 0, schedule.finalRate = 0;
        for (int i = 0; i < kLayerSteps; ++i) {
            optimiser.zeroGradient();
            const auto loss =
                headLoss(head(train), job.targets, split.train, weights) + head.weight().square().sum() * (l2 / 2);
            loss.backward();
            optimiser.step(learningRateAt(schedule, i, kLayerSteps));
        }
        const at::NoGradGuard noGrad;
        const double loss = split.validation.empty()
                                ? 0
                                : headLoss(head(features.index_select(0, indexOf(split.validation))), job.targets,
                                           split.validation, weights)
                                      .item<double>();
        if (!best || loss < bestLoss) {
            bestLoss = loss;
            l2_ = l2;
            best.emplace(std::move(head));
        }
    }
    const at::NoGradGuard noGrad;
    for (std::size_t i = 0; i < head_.all().size(); ++i)
        head_.all()[i].second.detach().copy_(best->all()[i].second);
}

at::Tensor FineTuneLearner::logits(const std::vector<int>& rows, Dropout* dropout) const {
    const auto& config = jepa_->config();
    const auto features = forRows(windows_, config, rows, [&](const at::Tensor& x, const at::Tensor& leads) {
        auto encoded = jepa_->forward(x, leads, dropout);
        encoded.beats = jepa_->beats(x);
        return pooledFeatures(encoded, config);
    });
    // Every window was read and found good before; what comes now is a source that changed.
    if (!features)
        throw std::runtime_error(failureText(features));
    return head_(*features, dropout);
}

at::Tensor FineTuneLearner::penalty() const {
    return head_.weight().square().sum() * (l2_ / 2);
}

} // namespace precordia
