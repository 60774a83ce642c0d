// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/event_decoder.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

using Shapes = std::vector<std::pair<std::string, std::vector<std::int64_t>>>;

Shapes decoderShapes(const ModelConfig& c, DecoderKind kind) {
    const std::int64_t d = c.width, out = c.leadCount() * c.intervalSamples;
    const std::int64_t in = kind == DecoderKind::Neighbours ? 3 * d : d, hidden = 2 * d;
    Shapes shapes = {{"event_decoder.norm.weight", {d}}, {"event_decoder.norm.bias", {d}}};
    if (kind == DecoderKind::Linear) {
        shapes.push_back({"event_decoder.direct.weight", {out, in}});
        shapes.push_back({"event_decoder.direct.bias", {out}});
        return shapes;
    }
    shapes.insert(shapes.end(), {{"event_decoder.fc1.weight", {hidden, in}},
                                 {"event_decoder.fc1.bias", {hidden}},
                                 {"event_decoder.fc2.weight", {out, hidden}},
                                 {"event_decoder.fc2.bias", {out}},
                                 {"event_decoder.direct.weight", {out, in}}});
    return shapes;
}

const at::Tensor* find(const NamedTensors& tensors, const std::string& name) {
    const auto it = std::ranges::find(tensors, name, [](const auto& t) { return t.first; });
    return it == tensors.end() ? nullptr : &it->second;
}

DecoderKind kindOf(const ModelConfig& config, const NamedTensors& tensors) {
    const at::Tensor* hidden = find(tensors, "event_decoder.fc1.weight");
    if (hidden == nullptr && find(tensors, "event_decoder.direct.bias") != nullptr)
        return DecoderKind::Linear;
    return hidden != nullptr && hidden->dim() == 2 && hidden->size(1) == 3 * config.width ? DecoderKind::Neighbours
                                                                                          : DecoderKind::Mlp;
}

} // namespace

const char* decoderKindName(DecoderKind kind) {
    return kind == DecoderKind::Linear ? "linear" : kind == DecoderKind::Mlp ? "mlp" : "neighbours";
}

EventDecoder::EventDecoder(const ModelConfig& config, DecoderKind kind, NamedTensors tensors)
    : kind_(kind)
    , leads_(config.leadCount())
    , intervalSamples_(config.intervalSamples)
    , tensors_(std::move(tensors)) {
    for (auto& [name, tensor] : tensors_)
        tensor.set_requires_grad(true);
    bind();
}

void EventDecoder::bind() {
    const auto get = [this](const char* name) {
        const auto* tensor = find(tensors_, std::string("event_decoder.") + name);
        return tensor != nullptr ? *tensor : at::Tensor();
    };
    norm_ = {get("norm.weight"), get("norm.bias")};
    fc1_ = {get("fc1.weight"), get("fc1.bias")};
    fc2_ = {get("fc2.weight"), get("fc2.bias")};
    direct_ = {get("direct.weight"), get("direct.bias")};
}

EventDecoder EventDecoder::initialise(const ModelConfig& config, DecoderKind kind, std::uint64_t seed) {
    at::Generator generator = at::detail::createCPUGenerator(seed);
    NamedTensors tensors;
    for (const auto& [name, shape] : decoderShapes(config, kind)) {
        at::Tensor t;
        if (name.ends_with("norm.weight"))
            t = at::ones(shape, at::kFloat);
        else if (shape.size() == 1 || name.ends_with("fc2.weight")) // fc2 at 0: the linear path learns first
            t = at::zeros(shape, at::kFloat);
        else
            t = at::empty(shape, at::kFloat).normal_(0, 1 / std::sqrt(static_cast<double>(shape[1])), generator);
        tensors.emplace_back(name, t);
    }
    for (auto& [name, tensor] : tensors)
        if (name.ends_with("direct.weight")) // start near silence: most of an ECG is the baseline
            tensor.mul_(0.1);
    return EventDecoder(config, kind, std::move(tensors));
}

Result<EventDecoder> EventDecoder::fromTensors(const ModelConfig& config, const NamedTensors& tensors) {
    const DecoderKind kind = kindOf(config, tensors);
    NamedTensors own;
    for (const auto& [name, shape] : decoderShapes(config, kind)) {
        const at::Tensor* t = find(tensors, name);
        if (t == nullptr)
            return makeError(ErrorCode::ModelInvalid, "the tensor " + name + " is not there");
        if (t->scalar_type() != at::kFloat || t->sizes() != at::IntArrayRef(shape))
            return makeError(ErrorCode::ModelInvalid,
                             "the tensor " + name + " has another type or shape than the model asks");
        if (!at::isfinite(*t).all().item<bool>())
            return makeError(ErrorCode::ModelInvalid, "the tensor " + name + " holds numbers that are not finite");
        own.emplace_back(name, t->detach().clone());
    }
    return EventDecoder(config, kind, std::move(own));
}

EventDecoder EventDecoder::to(const at::TensorOptions& options) const {
    EventDecoder out = *this;
    for (auto& [name, tensor] : out.tensors_)
        tensor = tensor.detach().to(options).set_requires_grad(true);
    out.bind();
    return out;
}

bool EventDecoder::presentIn(const NamedTensors& tensors) {
    return std::ranges::any_of(tensors, [](const auto& t) { return t.first.starts_with("event_decoder."); });
}

at::Tensor EventDecoder::operator()(const at::Tensor& v) const {
    const at::Tensor h = norm_(v).flatten(-2);
    at::Tensor waveform = direct_(h);
    if (kind_ != DecoderKind::Linear)
        waveform = waveform + fc2_(at::gelu(fc1_(h)));
    return waveform.unflatten(-1, {leads_, intervalSamples_});
}

at::Tensor EventDecoder::sequence(const at::Tensor& v) const {
    if (kind_ != DecoderKind::Neighbours)
        return (*this)(v.unsqueeze(1));
    const std::int64_t last = v.size(0) - 1;
    const at::Tensor before = at::cat({v.narrow(0, 0, 1), v.narrow(0, 0, last)});
    const at::Tensor after = at::cat({v.narrow(0, 1, last), v.narrow(0, last, 1)});
    return (*this)(at::stack({before, v, after}, 1));
}

} // namespace precordia
