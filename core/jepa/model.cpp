// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jepa/model.h"

#include "core/jepa/ecg_jepa.h"
#include "core/jepa/er_jepa.h"
#include "core/jepa/flat_update.h"
#include "core/jepa/lenepa.h"
#include "core/jepa/losses.h"
#include "core/jepa/one_d_jepa.h"
#include "core/jepa/to_device.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <stdexcept>

namespace precordia {

namespace {

constexpr std::int64_t kSigregDirections = 256;

at::Tensor together(const std::vector<at::Tensor>& parts) {
    return parts.empty() ? at::Tensor() : parts.size() == 1 ? parts.front() : at::cat(parts);
}

at::Tensor penalty(Regulariser kind, const at::Tensor& z, const at::Tensor& directions) {
    return kind == Regulariser::VicReg ? vicreg(z) : sigreg(z, directions);
}

} // namespace

at::Tensor LeadBatch::leadsOfEach() const {
    return leads.defined() ? leads.unsqueeze(0).expand({size(), leads.size(0)}) : leads;
}

at::Tensor LeadBatch::leadNumbers(const at::Tensor& rows) const {
    return leads.defined() ? leads.index_select(0, rows.flatten()).view(rows.sizes()) : rows;
}

std::shared_ptr<const JepaModel> JepaModel::make(const ModelConfig& config, const Parameters& parameters) {
    switch (config.architecture) {
    case Architecture::OneDJepa:
        return std::make_shared<const OneDJepa>(config, parameters);
    case Architecture::EcgJepa:
        return std::make_shared<const EcgJepa>(config, parameters);
    case Architecture::LeNepa:
        return std::make_shared<const LeNepa>(config, parameters);
    case Architecture::ErJepa:
    case Architecture::ErJepaNoChannel:
        break;
    }
    return std::make_shared<const ErJepa>(config, parameters);
}

JepaModel::JepaModel(ModelConfig config, Parameters parameters)
    : config_(std::move(config))
    , parameters_(std::move(parameters)) {}

LossOutput JepaModel::loss(const std::vector<LeadBatch>& groups, std::uint64_t seed, const at::Tensor& directions,
                           Stage stage, const BatchShare* share) const {
    std::int64_t recordings = 0;
    for (const auto& group : groups)
        recordings += group.size();
    LossOutput out;
    const at::TensorOptions scalar = groups.front().x.options();
    at::Tensor channel = at::zeros({}, scalar), temporal = at::zeros({}, scalar);
    std::vector<at::Tensor> z, u, v;
    for (const auto& group : groups) {
        const auto chance = Random(seed + static_cast<std::uint64_t>(group.group) + 1).next();
        Dropout dropout{config_.dropout, at::detail::createCPUGenerator(chance), config_.dropPath, group.part};
        out = terms(group, dropout, stage);
        const double part = static_cast<double>(group.size()) / static_cast<double>(recordings);
        if (out.channel.defined())
            channel = channel + out.channel * part;
        if (out.temporal.defined())
            temporal = temporal + out.temporal * part;
        if (out.lead.defined() && config_.regulariserLead != Regulariser::None)
            z.push_back(out.lead.flatten(0, 2));
        if (out.interval.defined())
            u.push_back(out.interval);
        if (out.event.defined())
            v.push_back(out.event);
    }
    const auto kinds = {config_.regulariserLead, config_.intervalRegulariser(), config_.eventRegulariser()};
    const bool asked = std::find(kinds.begin(), kinds.end(), Regulariser::SigReg) != kinds.end();
    const auto whole = [&](const std::vector<at::Tensor>& parts, Regulariser kind) {
        const auto own = together(parts);
        return share == nullptr || !own.defined() || kind == Regulariser::None ? own : share->whole(own);
    };
    const at::Tensor a = directions.defined() || !asked
                             ? directions
                             : queuedTo(at::randn({regularisedWidth(), kSigregDirections},
                                                  at::detail::createCPUGenerator(seed), at::kFloat),
                                        scalar.device());
    out.channel = channel;
    out.temporal = temporal;
    out.regulariser = regularise(whole(u, config_.intervalRegulariser()), whole(v, config_.eventRegulariser()), a);
    if (const at::Tensor leads = whole(z, config_.regulariserLead); leads.defined())
        out.regulariser = out.regulariser + penalty(config_.regulariserLead, leads, a);
    out.total = out.channel * config_.lossWeights[0] + out.temporal * config_.lossWeights[1] +
                out.regulariser * config_.regulariserWeight;
    return out;
}

at::Tensor JepaModel::regularise(const at::Tensor& u, const at::Tensor& v, const at::Tensor& directions) const {
    at::Tensor out;
    const auto add = [&out](const at::Tensor& term) { out = out.defined() ? out + term : term; };
    if (u.defined() && config_.intervalRegulariser() != Regulariser::None)
        add(penalty(config_.intervalRegulariser(), u.flatten(0, 1), directions));
    if (v.defined() && config_.eventRegulariser() != Regulariser::None)
        add(penalty(config_.eventRegulariser(), v.flatten(0, 1), directions));
    // VICReg also keeps the recordings apart; a single one has no spread.
    if (v.defined() && config_.eventRegulariser() == Regulariser::VicReg && v.size(0) > 1)
        add(vicreg(v.mean(1)));
    return out.defined() ? out : at::zeros({}, parameters_.all().front().second.options().requires_grad(false));
}

void JepaModel::updateTarget(double momentum) const {
    const at::NoGradGuard none;
    const auto target = parameters_.target();
    if (target.empty())
        return;
    const auto student = parameters_.encoder();
    if (target.front().device().is_cpu() && target.front().scalar_type() == at::kFloat) {
        for (std::size_t i = 0; i < target.size(); ++i)
            averageUpdate(static_cast<float>(momentum), target[i].numel(), target[i].data_ptr<float>(),
                          student[i].data_ptr<float>());
        return;
    }
    at::_foreach_mul_(target, momentum);
    at::_foreach_add_(target, student, 1 - momentum);
}

bool JepaModel::trains(const std::string& /*parameter*/, Stage /*stage*/) const {
    return true;
}

EncoderOutput JepaModel::encode(const at::Tensor& x, const at::Tensor& leads) const {
    const at::NoGradGuard none;
    auto out = forward(x, leads);
    out.beats = beats(x);
    return out;
}

at::Tensor JepaModel::beats(const at::Tensor& x) const {
    return config_.poolsBeats() ? slopeShares(x, config_.intervals) : at::Tensor();
}

at::Tensor JepaModel::recordingEmbedding(const EncoderOutput& e) {
    std::vector<at::Tensor> parts{e.interval.mean(1), e.interval.std({1}, /*unbiased=*/true), e.event.mean(1),
                                  e.event.std({1}, /*unbiased=*/true), rhythmProfile(e.interval)};
    if (e.beats.defined())
        parts.push_back(meanAtBeats(e.interval, e.beats));
    return at::cat(parts, 1);
}

at::Tensor JepaModel::predictHidden(const at::Tensor& x, const at::Tensor& visible, const at::Tensor& hidden,
                                    const at::Tensor& leads) const {
    return predictHiddenFrom(intervalEncodings(x, leads), visible, hidden);
}

namespace {

[[noreturn]] at::Tensor predictsNothing() {
    throw std::logic_error("this architecture does not predict hidden intervals");
}

} // namespace

at::Tensor JepaModel::intervalEncodings(const at::Tensor& /*x*/, const at::Tensor& /*leads*/) const {
    predictsNothing();
}

at::Tensor JepaModel::predictHiddenFrom(const at::Tensor& /*u*/, const at::Tensor& /*visible*/,
                                        const at::Tensor& /*hidden*/) const {
    predictsNothing();
}

at::Tensor JepaModel::seenEvents(const at::Tensor& /*u*/, const at::Tensor& /*visible*/) const {
    predictsNothing();
}

at::Tensor JepaModel::eventTargets(const at::Tensor& /*x*/, const at::Tensor& /*leads*/) const {
    predictsNothing();
}

at::Tensor temporalTargets(const std::vector<at::Tensor>& layers, bool centre) {
    at::Tensor out;
    for (const auto& layer : layers)
        out = out.defined() ? out + plainLayerNorm(layer) : plainLayerNorm(layer);
    if (layers.size() > 1)
        out = out / static_cast<double>(layers.size());
    return centre ? out - out.mean({1}, true) : out;
}

at::Tensor slopeShares(const at::Tensor& x, std::int64_t intervals) {
    const auto slope = at::constant_pad_nd(x.slice(2, 1) - x.slice(2, 0, x.size(2) - 1), {1, 0});
    const auto energy = slope.square().sum(1).unflatten(1, {intervals, x.size(2) / intervals}).sum(2);
    return energy / (energy.sum(1, true) + 1e-9);
}

at::Tensor meanAtBeats(const at::Tensor& u, const at::Tensor& shares) {
    return (u * shares.unsqueeze(2)).sum(1);
}

at::Tensor rhythmProfile(const at::Tensor& u, std::int64_t lags) {
    const at::Tensor centred = u - u.mean({1}, true);
    const at::Tensor c = centred / (centred.norm(2, {1, 2}, true) + 1e-6);
    const std::int64_t t = u.size(1);
    std::vector<at::Tensor> out;
    for (std::int64_t k = 1; k <= std::min(lags, t - 1); ++k)
        out.push_back((c.slice(1, k) * c.slice(1, 0, t - k)).sum({1, 2}) *
                      (static_cast<double>(t) / static_cast<double>(t - k)));
    return at::stack(out, 1);
}

} // namespace precordia
