// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/parameters.h"

#include "core/jepa/lenepa.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/exp.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <stdexcept>

namespace precordia {

namespace {

using Shape = std::vector<std::int64_t>;
using NamedShape = std::pair<std::string, Shape>;

std::string shapeText(at::IntArrayRef shape) {
    std::string out = "[";
    for (const auto n : shape)
        out += (out.size() > 1 ? ", " : "") + std::to_string(n);
    return out + "]";
}

void addLinear(std::vector<NamedShape>& out, const std::string& name, std::int64_t from, std::int64_t to) {
    out.push_back({name + ".weight", {to, from}});
    out.push_back({name + ".bias", {to}});
}

void addNorm(std::vector<NamedShape>& out, const std::string& name, std::int64_t width) {
    out.push_back({name + ".weight", {width}});
    out.push_back({name + ".bias", {width}});
}

void addTransformer(std::vector<NamedShape>& out, const std::string& name, std::int64_t width, std::int64_t depth,
                    std::int64_t ratio) {
    for (std::int64_t i = 0; i < depth; ++i) {
        const std::string block = name + ".blocks." + std::to_string(i);
        addNorm(out, block + ".norm1", width);
        addLinear(out, block + ".attn.qkv", width, 3 * width);
        addLinear(out, block + ".attn.proj", width, width);
        addNorm(out, block + ".norm2", width);
        addLinear(out, block + ".fc1", width, ratio * width);
        addLinear(out, block + ".fc2", ratio * width, width);
    }
    addNorm(out, name + ".norm", width);
}

void addEncoder(std::vector<NamedShape>& out, const std::string& name, const ModelConfig& c) {
    if (c.tokenizer == Tokenizer::Leadwise)
        out.push_back({name + ".patch_weight", {c.leadCount(), c.intervalSamples, c.width}});
    out.push_back({name + ".lead", {c.leadCount(), c.width}});
    if (c.aggregation == Aggregation::LeadLinear)
        out.push_back({name + ".aggregate", {c.leadCount(), c.width, c.width}});
    if (c.aggregation == Aggregation::Attention) {
        out.push_back({name + ".aggregate_query", {c.heads, c.width}});
        addLinear(out, name + ".aggregate_value", c.width, c.width);
    }
    if (c.tokenizer == Tokenizer::Shared)
        addLinear(out, name + ".patch", c.intervalSamples, c.width);
    addTransformer(out, name + ".channel", c.width, c.channelDepth, c.mlpRatio);
    addLinear(out, name + ".event", c.width, c.width);
    addTransformer(out, name + ".temporal", c.width, c.temporalDepth, c.mlpRatio);
}

// The single-stage rivals: all layers in one transformer.
void addSingleStage(std::vector<NamedShape>& out, const std::string& name, const ModelConfig& c) {
    if (c.architecture == Architecture::EcgJepa) {
        addLinear(out, name + ".patch", c.intervalSamples, c.width);
    } else { // the leads fused in the tokenizer
        out.push_back({name + ".patch_weight", {c.leadCount(), c.intervalSamples, c.width}});
        out.push_back({name + ".patch_bias", {c.width}});
    }
    addTransformer(out, name + ".transformer", c.width, c.channelDepth + c.temporalDepth, c.mlpRatio);
}

void addPredictor(std::vector<NamedShape>& out, const std::string& name, const ModelConfig& c, std::int64_t depth,
                  std::int64_t places, std::int64_t outputs) {
    const std::int64_t w = c.predictorWidth;
    out.push_back({name + ".mask", {w}});
    out.push_back({name + ".place", {places, w}});
    addLinear(out, name + ".embed", c.width, w);
    addTransformer(out, name + ".blocks", w, depth, c.mlpRatio);
    addLinear(out, name + ".out", w, outputs);
}

// What a hidden token takes from the visible ones on its two sides (core/jepa/predictor.h).
void addNeighbours(std::vector<NamedShape>& out, const std::string& name, const ModelConfig& c) {
    for (const char* side : {".left", ".right"}) {
        addLinear(out, name + side, c.width, c.predictorWidth);
        out.push_back({name + side + "_offset", {c.intervals, c.predictorWidth}});
    }
}

bool endsWith(const std::string& name, std::string_view end) {
    return name.ends_with(end);
}

// Other names are those of what stands beside a model: an event decoder, an optimiser, a head.
bool isOfAModel(std::string_view name) {
    for (const char* prefix : {"encoder.", "target.", "channel_predictor.", "temporal_predictor.", "projector."})
        if (name.starts_with(prefix))
            return true;
    return false;
}

bool isTrainable(const std::string& name) {
    return !name.starts_with("target.") && name != "temporal_predictor.place";
}

// Cut at +-2 as torch.nn.init.trunc_normal_ does by default: of the values and not of their deviations.
at::Tensor truncatedNormal(const Shape& shape, double std, at::Generator& generator) {
    const auto cdf = [std](double x) { return (1 + std::erf(x / std / std::sqrt(2.0))) / 2; };
    at::Tensor t = at::empty(shape, at::kFloat);
    t.uniform_(2 * cdf(-2) - 1, 2 * cdf(2) - 1, generator);
    return t.erfinv_().mul_(std * std::sqrt(2.0)).clamp_(-2, 2);
}

at::Tensor initialValue(const ModelConfig& c, const std::string& name, const Shape& shape, at::Generator& generator) {
    if (name == "temporal_predictor.place")
        return sinusoids(c.intervals, c.predictorWidth);
    if (endsWith(name, "patch_weight") || endsWith(name, "patch.weight"))
        return truncatedNormal(shape, 1 / std::sqrt(static_cast<double>(c.intervalSamples)), generator);
    if (endsWith(name, ".aggregate"))
        return at::empty(shape, at::kFloat)
            .normal_(0, 1 / std::sqrt(static_cast<double>(c.leadCount() * c.width)), generator);
    if (endsWith(name, ".aggregate_value.weight")) // as wide at the start as the mean of the other aggregations
        return at::empty(shape, at::kFloat).normal_(0, 1 / std::sqrt(static_cast<double>(c.width)), generator);
    if (endsWith(name, ".bias") || endsWith(name, ".patch_bias"))
        return at::zeros(shape, at::kFloat);
    if (endsWith(name, "norm.weight") || endsWith(name, "norm1.weight") || endsWith(name, "norm2.weight"))
        return at::ones(shape, at::kFloat);
    return truncatedNormal(shape, 0.02, generator);
}

} // namespace

std::vector<NamedShape> parameterShapes(const ModelConfig& config) {
    const bool twoStages = config.isErJepa();
    const auto add = twoStages ? addEncoder : addSingleStage;
    std::vector<NamedShape> out;
    add(out, "encoder", config);
    if (config.hasChannelJepa())
        addPredictor(out, "channel_predictor", config, config.channelPredictorDepth, config.leadCount(), config.width);
    if (config.architecture == Architecture::LeNepa) {
        const std::int64_t hidden = LeNepa::kProjectorRatio * config.width;
        addLinear(out, "projector.fc1", config.width, hidden);
        addNorm(out, "projector.norm", hidden);
        addLinear(out, "projector.fc2", hidden, LeNepa::kProjected);
    } else {
        const std::int64_t levels = config.targetLevel == TargetLevel::Both ? 2 : 1;
        addPredictor(out, "temporal_predictor", config, config.temporalPredictorDepth, config.intervals,
                     levels * config.width);
        if (config.predictorQuery == PredictorQuery::Neighbours)
            addNeighbours(out, "temporal_predictor", config);
    }
    if (config.hasTeacher())
        add(out, "target", config);
    return out;
}

at::Tensor sinusoids(std::int64_t n, std::int64_t width) {
    const at::Tensor frequency =
        at::exp(at::arange(0, width, 2, at::kFloat) * (-std::log(10000.0) / static_cast<double>(width)));
    const at::Tensor phase = frequency.unsqueeze(0) * at::arange(n, at::kFloat).unsqueeze(1);
    return at::cat({phase.sin(), phase.cos()}, 1);
}

void Parameters::add(std::string name, at::Tensor tensor, bool trainable) {
    tensor.set_requires_grad(trainable);
    byName_.emplace(name, tensors_.size());
    tensors_.emplace_back(std::move(name), std::move(tensor));
}

Parameters Parameters::initialise(const ModelConfig& config, std::uint64_t seed) {
    at::Generator generator = at::detail::createCPUGenerator(seed);
    Parameters out;
    for (const auto& [name, shape] : parameterShapes(config)) {
        if (name.starts_with("target."))
            out.add(name, out["encoder." + name.substr(7)].detach().clone(), false);
        else
            out.add(name, initialValue(config, name, shape, generator), isTrainable(name));
    }
    return out;
}

Result<Parameters> Parameters::fromTensors(const ModelConfig& config, const NamedTensors& tensors) {
    std::unordered_map<std::string_view, const at::Tensor*> given;
    for (const auto& [name, tensor] : tensors)
        given.emplace(name, &tensor);
    Parameters out;
    for (const auto& [name, shape] : parameterShapes(config)) {
        const auto it = given.find(name);
        if (it == given.end())
            return makeError(ErrorCode::ModelInvalid, "the tensor " + name + " is not there");
        const at::Tensor& tensor = *it->second;
        if (tensor.scalar_type() != at::kFloat)
            return makeError(ErrorCode::ModelInvalid, "the tensor " + name + " is not of type F32");
        if (tensor.sizes() != at::IntArrayRef(shape))
            return makeError(ErrorCode::ModelInvalid, "the tensor " + name + " has the shape " +
                                                          shapeText(tensor.sizes()) + " in place of " +
                                                          shapeText(shape));
        if (!at::isfinite(tensor).all().item<bool>())
            return makeError(ErrorCode::ModelInvalid, "the tensor " + name + " holds numbers that are not finite");
        out.add(name, tensor.detach().clone(), isTrainable(name));
    }
    for (const auto& [name, tensor] : tensors)
        if (isOfAModel(name) && !out.contains(name))
            return makeError(ErrorCode::ModelInvalid, "the tensor " + name + " belongs to another configuration");
    return out;
}

const at::Tensor& Parameters::operator[](std::string_view name) const {
    const auto it = byName_.find(std::string(name));
    if (it == byName_.end())
        throw std::out_of_range("no parameter " + std::string(name));
    return tensors_[it->second].second;
}

bool Parameters::contains(std::string_view name) const {
    return byName_.contains(std::string(name));
}

NamedTensors Parameters::trainable() const {
    NamedTensors out;
    for (const auto& named : tensors_)
        if (named.second.requires_grad())
            out.push_back(named);
    return out;
}

std::vector<at::Tensor> Parameters::encoder() const {
    std::vector<at::Tensor> out;
    for (const auto& [name, tensor] : tensors_)
        if (name.starts_with("encoder."))
            out.push_back(tensor);
    return out;
}

std::vector<at::Tensor> Parameters::target() const {
    std::vector<at::Tensor> out;
    for (const auto& [name, tensor] : tensors_)
        if (name.starts_with("target."))
            out.push_back(tensor);
    return out;
}

Parameters Parameters::to(const at::TensorOptions& options) const {
    Parameters out;
    for (const auto& [name, tensor] : tensors_)
        out.add(name, tensor.detach().to(options), tensor.requires_grad());
    return out;
}

} // namespace precordia
