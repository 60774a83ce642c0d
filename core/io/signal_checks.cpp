// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/signal_checks.h"

#include "core/io/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace precordia {

namespace {

constexpr double kLargestSwingUv = 50'000;
constexpr double kSmallestSwingUv = 20;
constexpr std::size_t kLookedAt = 100'000; // samples a lead: enough to tell a unit

// Between the 0.5 and the 99.5 percentile: single artefacts do not make a unit wrong.
std::optional<double> swing(const Lead& lead) {
    const auto step = std::max<std::size_t>(1, lead.samples.size() / kLookedAt);
    std::vector<float> values;
    for (std::size_t i = 0; i < lead.samples.size(); i += step)
        if (std::isfinite(lead.samples[i]))
            values.push_back(lead.samples[i]);
    if (values.size() < 10)
        return std::nullopt;
    const auto edge = values.size() / 200;
    const auto low = values.begin() + static_cast<std::ptrdiff_t>(edge);
    std::nth_element(values.begin(), low, values.end());
    const double lowest = *low;
    const auto high = values.end() - 1 - static_cast<std::ptrdiff_t>(edge);
    std::nth_element(values.begin(), high, values.end());
    return *high - lowest;
}

struct Extremes {
    float lowest = std::numeric_limits<float>::infinity();
    float highest = -std::numeric_limits<float>::infinity();
};

// Eight at a time, for the vectoriser; NaN takes part in nothing.
Extremes extremes(std::span<const float> values) {
    constexpr std::size_t kLanes = 8;
    std::array<float, kLanes> lowest, highest; // NOLINT(cppcoreguidelines-pro-type-member-init)
    lowest.fill(std::numeric_limits<float>::infinity());
    highest.fill(-std::numeric_limits<float>::infinity());
    const auto whole = values.size() / kLanes * kLanes;
    for (std::size_t i = 0; i < whole; i += kLanes)
        for (std::size_t k = 0; k < kLanes; ++k) {
            lowest[k] = values[i + k] < lowest[k] ? values[i + k] : lowest[k];
            highest[k] = values[i + k] > highest[k] ? values[i + k] : highest[k];
        }
    for (std::size_t i = whole; i < values.size(); ++i) {
        lowest[0] = std::min(lowest[0], values[i]);
        highest[0] = std::max(highest[0], values[i]);
    }
    return {*std::min_element(lowest.begin(), lowest.end()), *std::max_element(highest.begin(), highest.end())};
}

// True when the percentiles of swing() are surely further apart than `span`: more values lie beyond either end of the
// middle `span` of what the lead reaches than the percentiles leave out. False: not known, swing() tells.
bool surelySwings(const Lead& lead, const Extremes& reach, float span) {
    const auto step = std::max<std::size_t>(1, lead.samples.size() / kLookedAt);
    if (step != 1 || !(reach.highest - reach.lowest > span))
        return false;
    const auto enough = lead.samples.size() / 200 + 1;
    // Baselines are not in the middle of what a lead reaches: try three places.
    for (const float part : {0.5F, 0.25F, 0.75F}) {
        const float middle = reach.lowest + part * (reach.highest - reach.lowest);
        std::uint32_t below = 0;
        std::uint32_t above = 0;
        for (const float v : lead.samples) {
            below += v <= middle - span / 2 ? 1 : 0;
            above += v >= middle + span / 2 ? 1 : 0;
        }
        if (below >= enough && above >= enough)
            return true;
    }
    return false;
}

} // namespace

std::size_t clippedSamples(std::span<const std::int32_t> raw, std::int64_t lowest, std::int64_t highest) {
    ClipCounter counter(lowest, highest);
    for (const auto value : raw)
        counter.add(value);
    return counter.clipped();
}

void warnClipped(Recording& recording, const Lead& lead, std::size_t clipped) {
    if (clipped > 0)
        recording.warnings.push_back(
            {WarningCode::ClippedSamples,
             std::to_string(clipped) + " samples stand in runs at the limit of the file's range", "lead " + lead.name});
}

void warnImplausibleUnits(Recording& recording, std::span<const double> reachOf) {
    double largest = 0;
    bool voltage = false;
    for (std::size_t l = 0; l < recording.leads.size(); ++l) {
        const auto& lead = recording.leads[l];
        if (lead.unit != "uV")
            continue;
        if (largest > kSmallestSwingUv && l < reachOf.size() && reachOf[l] <= kLargestSwingUv)
            continue;
        const auto reach = extremes(lead.samples);
        if (reach.highest - reach.lowest <= kLargestSwingUv &&
            (largest > kSmallestSwingUv || surelySwings(lead, reach, 2 * kSmallestSwingUv))) {
            voltage = true; // the percentiles, which cost a hundred times as much, would tell nothing new
            largest = std::max<double>(largest, 2 * kSmallestSwingUv);
            continue;
        }
        const auto range = swing(lead);
        if (!range)
            continue;
        voltage = true;
        largest = std::max(largest, *range);
        if (*range > kLargestSwingUv)
            recording.warnings.push_back({WarningCode::ImplausibleUnit,
                                          "it swings over " + text::shortest(std::round(*range / 1000)) +
                                              " mV: the unit '" + lead.fileUnit + "' or the gain is doubtful",
                                          "lead " + lead.name});
    }
    if (voltage && largest > 0 && largest < kSmallestSwingUv)
        recording.warnings.push_back({WarningCode::ImplausibleUnit,
                                      "no lead swings over more than " + text::shortest(std::ceil(largest)) +
                                          " uV: the unit '" + recording.leads.front().fileUnit + "' is doubtful",
                                      "all leads"});
}

void makeLeadNamesUnique(Recording& recording) {
    std::set<std::string> seen;
    std::map<std::string, int> copies; // so that many leads of one name do not try every number again
    for (auto& lead : recording.leads) {
        const auto original = lead.name;
        while (!seen.insert(lead.name).second)
            lead.name = original + " (" + std::to_string(++copies.try_emplace(original, 1).first->second) + ")";
        if (lead.name != original)
            recording.warnings.push_back(
                {WarningCode::Repaired, "two leads are called " + original, "lead " + lead.name});
    }
}

} // namespace precordia
