// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/signal_checks.h"

#include "core/io/text.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace precordia {

namespace {

constexpr std::size_t kShortestRun = 3;
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

} // namespace

std::size_t clippedSamples(std::span<const std::int32_t> raw, std::int64_t lowest, std::int64_t highest) {
    std::size_t clipped = 0;
    std::size_t run = 0;
    for (std::size_t i = 0; i <= raw.size(); ++i) {
        const bool atLimit = i < raw.size() && (raw[i] == lowest || raw[i] == highest);
        if (atLimit && (run == 0 || raw[i] == raw[i - 1])) {
            ++run;
            continue;
        }
        clipped += run >= kShortestRun ? run : 0;
        run = atLimit ? 1 : 0;
    }
    return clipped;
}

void warnClipped(Recording& recording, const Lead& lead, std::size_t clipped) {
    if (clipped > 0)
        recording.warnings.push_back(
            {WarningCode::ClippedSamples,
             std::to_string(clipped) + " samples stand in runs at the limit of the file's range", "lead " + lead.name});
}

void warnImplausibleUnits(Recording& recording) {
    double largest = 0;
    bool voltage = false;
    for (const auto& lead : recording.leads) {
        if (lead.unit != "uV")
            continue;
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
