// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/optimiser.h"

#include "core/jepa/flat_update.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

constexpr double kEpsilon = 1e-8;
constexpr std::int64_t kElementsAtOnce = 1 << 16; // a thread's

at::Tensor part(const at::Tensor& flat, std::int64_t offset, const at::Tensor& like) {
    return flat.narrow(0, offset, like.numel()).view(like.sizes());
}

} // namespace

AdamW::AdamW(NamedTensors parameters, std::array<double, 2> betas, double weightDecay)
    : parameters_(std::move(parameters))
    , betas_(betas)
    , weightDecay_(weightDecay) {
    std::stable_partition(parameters_.begin(), parameters_.end(), [](const auto& p) { return p.second.dim() > 1; });
    std::int64_t total = 0;
    for (const auto& [name, tensor] : parameters_) {
        total += tensor.numel();
        if (tensor.dim() > 1)
            decayed_ = total;
    }
    const at::NoGradGuard noGrad;
    const auto options = parameters_.front().second.options().requires_grad(false);
    value_ = at::empty({total}, options);
    gradient_ = at::zeros({total}, options);
    first_ = at::zeros({total}, options);
    second_ = at::zeros({total}, options);
    std::int64_t offset = 0;
    for (auto& [name, tensor] : parameters_) {
        auto place = part(value_, offset, tensor);
        place.copy_(tensor.detach());
        tensor.set_data(place);
        // Backward adds into a gradient that is there, so it is written straight into the flat buffer.
        tensor.mutable_grad() = part(gradient_, offset, tensor);
        offset += tensor.numel();
    }
}

void AdamW::zeroGradient() {
    gradient_.zero_();
}

at::Tensor AdamW::clipGradient(double maxNorm) {
    const at::NoGradGuard noGrad;
    auto norm = gradient_.norm();
    // On the CPU the norm is known here, and most steps need no pass over memory more.
    if (maxNorm > 0 && !(norm.device().is_cpu() && norm.item<double>() <= maxNorm))
        gradient_.mul_((maxNorm / (norm + 1e-6)).clamp_max(1.0));
    return norm;
}

void AdamW::step(double learningRate) {
    const at::NoGradGuard noGrad;
    ++steps_;
    const double correction1 = 1 - std::pow(betas_[0], static_cast<double>(steps_));
    const double correction2 = 1 - std::pow(betas_[1], static_cast<double>(steps_));
    if (value_.device().is_cpu() && value_.scalar_type() == at::kFloat) {
        onePass(0, decayed_, 1 - learningRate * weightDecay_, learningRate / correction1, correction2);
        onePass(decayed_, value_.numel(), 1, learningRate / correction1, correction2);
        return;
    }
    if (decayed_ > 0)
        value_.narrow(0, 0, decayed_).mul_(1 - learningRate * weightDecay_);
    first_.mul_(betas_[0]).add_(gradient_, 1 - betas_[0]);
    second_.mul_(betas_[1]).addcmul_(gradient_, gradient_, 1 - betas_[1]);
    const auto scale = second_.sqrt().div_(std::sqrt(correction2)).add_(kEpsilon);
    value_.addcdiv_(first_, scale, -learningRate / correction1);
}

void AdamW::onePass(std::int64_t first, std::int64_t last, double decay, double rate, double correction2) {
    const auto number = [](double x) { return static_cast<float>(x); };
    const AdamwStep step{
        number(betas_[0]), number(betas_[1]), number(decay), number(rate), number(1 / std::sqrt(correction2)),
        number(kEpsilon)};
    at::parallel_for(first, last, kElementsAtOnce, [&](std::int64_t from, std::int64_t to) {
        adamwUpdate(step, to - from, value_.data_ptr<float>() + from, gradient_.data_ptr<float>() + from,
                    first_.data_ptr<float>() + from, second_.data_ptr<float>() + from);
    });
}

NamedTensors AdamW::state() const {
    NamedTensors out;
    std::int64_t offset = 0;
    for (const auto& [name, tensor] : parameters_) {
        out.emplace_back("optimiser.first." + name, part(first_, offset, tensor));
        out.emplace_back("optimiser.second." + name, part(second_, offset, tensor));
        offset += tensor.numel();
    }
    return out;
}

Result<Done> AdamW::restore(const TensorFile& file, std::int64_t steps) {
    const at::NoGradGuard noGrad;
    for (auto& [name, place] : state()) {
        const auto* kept = file.find(name);
        if (kept == nullptr)
            return makeError(ErrorCode::ModelInvalid, "tensor \"" + name + "\" is absent");
        if (kept->sizes() != place.sizes() || kept->scalar_type() != place.scalar_type())
            return makeError(ErrorCode::ModelInvalid, "tensor \"" + name + "\" has another shape or type");
        place.copy_(*kept);
    }
    steps_ = steps;
    return Done{};
}

} // namespace precordia
