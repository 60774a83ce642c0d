// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/display_filter.h"

#include "core/signal/filter.h"

#include <algorithm>
#include <charconv>

namespace precordia {

namespace {

template <std::size_t N>
bool offers(const std::array<double, N>& choices, double hz) {
    return std::find(choices.begin(), choices.end(), hz) != choices.end();
}

Result<std::vector<float>> filtered(const std::vector<float>& samples, double rate, const DisplayFilters& filters) {
    const auto below = [rate](double hz) { return hz > 0 && hz < rate / 2 ? hz : 0; };
    auto out = bandPass(samples, rate, below(filters.baselineHz), below(filters.muscleHz));
    if (out && below(filters.mainsHz) > 0)
        return notch(*out, rate, filters.mainsHz);
    return out;
}

} // namespace

std::optional<DisplayFilters> parseDisplayFilters(std::string_view text) {
    DisplayFilters filters;
    if (text.empty() || text == "off")
        return filters;
    while (true) {
        const auto end = std::min(text.find(','), text.size());
        double hz = 0;
        const auto [rest, error] = std::from_chars(text.data(), text.data() + end, hz);
        if (error != std::errc() || rest != text.data() + end)
            return std::nullopt;
        double& which = offers(DisplayFilters::kBaseline, hz) ? filters.baselineHz
                        : offers(DisplayFilters::kMains, hz)  ? filters.mainsHz
                                                              : filters.muscleHz;
        if ((&which == &filters.muscleHz && !offers(DisplayFilters::kMuscle, hz)) || which != 0)
            return std::nullopt;
        which = hz;
        if (end == text.size())
            return filters;
        text.remove_prefix(end + 1);
    }
}

Result<Recording> withDisplayFilters(const Recording& recording, const DisplayFilters& filters) {
    Recording out = recording;
    for (auto& lead : out.leads) {
        if (lead.unit != "uV")
            continue;
        auto samples = filtered(lead.samples, recording.samplingRate, filters);
        if (!samples)
            return samples.as<Recording>();
        lead.samples = std::move(*samples);
    }
    return out;
}

} // namespace precordia
