// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/window_batch.h"

#include "core/train/batch_loader.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <map>

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

std::vector<LeadGroup> readGroups(const WindowSource& windows, const std::vector<std::int64_t>& which) {
    const auto shape = windows.shape();
    const auto leads = static_cast<std::size_t>(shape.leads);
    const auto length = leads * static_cast<std::size_t>(shape.samples);
    const auto count = static_cast<std::int64_t>(which.size());
    auto all = at::empty({count, shape.leads, shape.samples}, at::kFloat);
    std::map<std::vector<std::uint8_t>, std::vector<std::int64_t>> rowsByLeads;
    std::vector<std::uint8_t> present(leads);
    for (std::int64_t i = 0; i < count; ++i) {
        windows.read(which[static_cast<std::size_t>(i)],
                     {all.data_ptr<float>() + static_cast<std::size_t>(i) * length, length}, present);
        for (auto& flag : present)
            flag = flag != 0 ? 1 : 0;
        rowsByLeads[present].push_back(i);
    }
    std::vector<LeadGroup> groups;
    for (const auto& [flags, rows] : rowsByLeads) {
        LeadGroup group;
        group.rows = rows;
        for (std::size_t l = 0; l < leads; ++l)
            if (flags[l] != 0)
                group.leads.push_back(static_cast<std::int64_t>(l));
        group.microvolts = all;
        if (rowsByLeads.size() > 1)
            group.microvolts = group.microvolts.index_select(0, at::tensor(rows));
        if (group.leads.size() < leads)
            group.microvolts = group.microvolts.index_select(1, at::tensor(group.leads));
        groups.push_back(std::move(group));
    }
    return groups;
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

} // namespace precordia
