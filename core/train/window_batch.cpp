// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/window_batch.h"

#include "core/train/batch_loader.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <span>

namespace precordia {

Result<Done> checkShape(const ModelConfig& model, const WindowSource& windows) {
    const auto shape = windows.shape();
    const auto describe = [](std::int64_t leads, std::int64_t samples, double rate) {
        return std::to_string(leads) + " leads of " + std::to_string(samples) + " samples at " + std::to_string(rate) +
               " Hz";
    };
    if (shape.leads != model.leadCount() || shape.samples != model.samples() ||
        shape.samplingRate != model.samplingRate)
        return makeError(ErrorCode::ConfigInvalid,
                         "the model takes " + describe(model.leadCount(), model.samples(), model.samplingRate) +
                             ", the data have " + describe(shape.leads, shape.samples, shape.samplingRate));
    return Done{};
}

at::Tensor LeadGroup::leadTensor(std::int64_t count) const {
    return static_cast<std::int64_t>(leads.size()) == count ? at::Tensor() : at::tensor(leads);
}

std::vector<LeadGroup> groupByLeads(const at::Tensor& microvolts, const std::vector<std::uint8_t>& present) {
    const auto leads = microvolts.size(1);
    std::map<std::vector<std::uint8_t>, std::vector<std::int64_t>> rowsByLeads;
    for (std::int64_t i = 0; i < microvolts.size(0); ++i) {
        std::vector<std::uint8_t> flags(static_cast<std::size_t>(leads), 1);
        if (!present.empty())
            for (std::int64_t l = 0; l < leads; ++l)
                flags[static_cast<std::size_t>(l)] = present[static_cast<std::size_t>(i * leads + l)] != 0 ? 1 : 0;
        rowsByLeads[flags].push_back(i);
    }
    std::vector<LeadGroup> groups;
    for (const auto& [flags, rows] : rowsByLeads) {
        LeadGroup group;
        group.rows = rows;
        for (std::int64_t l = 0; l < leads; ++l)
            if (flags[static_cast<std::size_t>(l)] != 0)
                group.leads.push_back(l);
        group.microvolts = microvolts;
        if (rowsByLeads.size() > 1)
            group.microvolts = group.microvolts.index_select(0, at::tensor(rows));
        if (static_cast<std::int64_t>(group.leads.size()) < leads)
            group.microvolts = group.microvolts.index_select(1, at::tensor(group.leads));
        groups.push_back(std::move(group));
    }
    return groups;
}

std::vector<LeadGroup> readGroups(const WindowSource& windows, const std::vector<std::int64_t>& which) {
    const auto shape = windows.shape();
    const auto leads = static_cast<std::size_t>(shape.leads);
    const auto length = leads * static_cast<std::size_t>(shape.samples);
    auto all = at::empty({static_cast<std::int64_t>(which.size()), shape.leads, shape.samples}, at::kFloat);
    std::vector<std::uint8_t> present(which.size() * leads);
    for (std::size_t i = 0; i < which.size(); ++i)
        windows.read(which[i], {all.data_ptr<float>() + i * length, length},
                     std::span(present).subspan(i * leads, leads));
    return groupByLeads(all, present);
}

at::Tensor drawWindows(const WindowSource& windows, std::int64_t count, std::uint64_t seed) {
    const auto shape = windows.shape();
    const auto length = static_cast<std::size_t>(shape.leads) * static_cast<std::size_t>(shape.samples);
    auto out = at::empty({std::min(count, windows.size()), shape.leads, shape.samples}, at::kFloat);
    std::vector<std::uint8_t> present(static_cast<std::size_t>(shape.leads));
    Sampler order(windows.size(), seed);
    std::int64_t drawn = 0;
    for (std::int64_t i = 0; i < windows.size() && drawn < out.size(0); ++i) {
        const std::span<float> place(out.data_ptr<float>() + static_cast<std::size_t>(drawn) * length, length);
        windows.read(order.at(i), place, present);
        if (std::find(present.begin(), present.end(), 0) == present.end() &&
            std::all_of(place.begin(), place.end(), [](float v) { return std::isfinite(v); }))
            ++drawn;
    }
    return out.narrow(0, 0, drawn);
}

LeadGroup drawProbe(const WindowSource& windows, std::int64_t count, std::uint64_t seed) {
    constexpr std::int64_t kSample = 512;
    LeadGroup all;
    all.microvolts = drawWindows(windows, count, seed);
    all.leads.resize(static_cast<std::size_t>(windows.shape().leads));
    std::iota(all.leads.begin(), all.leads.end(), 0);
    if (all.microvolts.size(0) > 0)
        return all;
    std::vector<std::int64_t> which;
    Sampler order(windows.size(), seed);
    for (std::int64_t i = 0; i < std::min(windows.size(), kSample); ++i)
        which.push_back(order.at(i));
    LeadGroup most;
    most.microvolts = all.microvolts;
    for (auto& group : readGroups(windows, which))
        if (!group.leads.empty() && group.rows.size() > most.rows.size())
            most = std::move(group);
    const auto finite = most.microvolts.isfinite().flatten(1).all(1).nonzero().flatten();
    most.microvolts = most.microvolts.index_select(0, finite.slice(0, 0, count));
    return most;
}

} // namespace precordia
