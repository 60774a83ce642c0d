// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/wfdb_leads.h"

#include "core/io/signal_checks.h"
#include "core/io/text.h"
#include "core/io/units.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

namespace precordia::wfdb {

namespace {

constexpr std::uint64_t kFreeSamples = 16U << 20U;
constexpr std::uint64_t kSamplesPerByte = 256;
constexpr std::uint64_t kMaxSamples = 1'200'000'000; // 24 h of 12 leads at 1 kHz: 4.1 GB in memory

} // namespace

bool namesEcg(const std::string& lead) {
    const auto& standard = standardLeads();
    if (std::find(standard.begin(), standard.end(), lead) != standard.end())
        return true;
    const auto name = text::lower(lead);
    static constexpr std::array<std::string_view, 14> kNames{"v",  "vx", "vy", "vz", "x",   "y",   "z",
                                                             "mv", "d2", "d3", "d4", "cm5", "cc5", "a-i"};
    if (std::find(kNames.begin(), kNames.end(), name) != kNames.end())
        return true;
    return name.find("ecg") != std::string::npos || name.find("ekg") != std::string::npos || name.starts_with("ml") ||
           name.starts_with("mcl") || name.starts_with("mod") || name.starts_with("mv") || name.starts_with("v1") ||
           name.starts_with("v2") || name.starts_with("v5");
}

void SignalSet::allocate(std::uint64_t frames) {
    for (std::size_t i = 0; i < leads.size(); ++i)
        leads[i].samples.resize(static_cast<std::size_t>(frames) * perFrame[i]);
    lowest.assign(leads.size(), 0);
    highest.assign(leads.size(), 0);
}

void SignalSet::saw(std::size_t signal, const SignalFacts& facts) {
    lowest[signal] = std::min(lowest[signal], facts.lowest);
    highest[signal] = std::max(highest[signal], facts.highest);
}

Step stepOf(const SignalSpec& signal) {
    const auto factor = microvoltsPer(signal.unit);
    return {factor ? "uV" : signal.unit, factor.value_or(1) / signal.gain};
}

SignalSet describe(const std::vector<SignalSpec>& signals, std::vector<Warning>& warnings) {
    Recording named; // for the check of names
    SignalSet out;
    named.leads.reserve(signals.size());
    for (std::size_t i = 0; i < signals.size(); ++i) {
        const auto& signal = signals[i];
        Lead lead;
        lead.name = standardLeadName(signal.description);
        if (lead.name.empty())
            lead.name = "signal " + std::to_string(i + 1);
        lead.fileUnit = signal.unit;
        auto step = stepOf(signal);
        lead.unit = std::move(step.unit);
        lead.quantum = std::abs(step.size);
        const auto where = [&] { return "lead " + lead.name; };
        if (!signal.gainGiven)
            warnings.push_back({WarningCode::GainMissing,
                                "the header gives no gain; 200 steps a mV, the format's default, was used", where()});
        const auto& standard = standardLeads();
        if (lead.unit != "uV" && std::find(standard.begin(), standard.end(), lead.name) != standard.end())
            warnings.push_back({WarningCode::UnknownUnit,
                                "'" + signal.unit + "' is no voltage we know; the values stay as they are", where()});
        named.leads.push_back(std::move(lead));
        out.perFrame.push_back(static_cast<std::size_t>(signal.samplesPerFrame));
        out.samplesPerFrame += out.perFrame.back();
    }
    makeLeadNamesUnique(named);
    warnings.insert(warnings.end(), named.warnings.begin(), named.warnings.end());
    out.leads = std::move(named.leads);
    return out;
}

void judge(const SignalSpec& signal, const SignalFacts& facts, bool whole, const std::string& where,
           std::vector<Warning>& warnings) {
    const auto as16 = [](std::uint32_t sum) { return std::to_string(static_cast<std::int16_t>(sum & 0xFFFFU)); };
    // header(5): when all is read and the header gives the length. The initial value is for differences alone: where
    // the sum is right, the samples are those that were written.
    if (whole && signal.checksum && (facts.sum & 0xFFFFU) != static_cast<std::uint32_t>(*signal.checksum))
        warnings.push_back({WarningCode::Checksum,
                            "the samples sum up to " + as16(facts.sum) + ", the header says " +
                                as16(static_cast<std::uint32_t>(*signal.checksum)),
                            where});
    if (facts.clipped > 0)
        warnings.push_back({WarningCode::ClippedSamples,
                            std::to_string(facts.clipped) + " samples stand in runs at the limit of the file's range",
                            where});
    if (signal.skew > 0)
        warnings.push_back({WarningCode::Skew,
                            "moved by " + std::to_string(signal.skew) +
                                (signal.samplesPerFrame > 1 ? " frames" : " samples") + ", as the header says",
                            where});
}

Result<Done> affordable(std::uint64_t frames, std::size_t samplesPerFrame, std::uint64_t bytesThere,
                        const std::string& where) {
    if (samplesPerFrame == 0 || frames == 0)
        return Done{};
    const auto allowed = std::min(kMaxSamples, kFreeSamples + std::min(bytesThere, kMaxSamples) * kSamplesPerByte);
    if (frames <= allowed / samplesPerFrame)
        return Done{};
    return makeError(ErrorCode::ValueOutOfRange,
                     std::to_string(frames) + " frames of " + std::to_string(samplesPerFrame) +
                         " samples are too many to hold, or out of proportion to files of " +
                         std::to_string(bytesThere) + " bytes; read a part of it",
                     where);
}

std::vector<RateGroup> byRate(const SignalSet& signals) {
    std::map<std::size_t, RateGroup> groups;
    for (std::size_t i = 0; i < signals.leads.size(); ++i) {
        auto& group = groups[signals.perFrame[i]];
        group.perFrame = signals.perFrame[i];
        group.signals.push_back(i);
    }
    const auto score = [&](const RateGroup& group) {
        std::array<std::size_t, 3> points{0, 0, group.perFrame};
        for (const auto i : group.signals) {
            points[0] += signals.leads[i].unit == "uV" && namesEcg(signals.leads[i].name) ? 1 : 0;
            points[1] += signals.leads[i].unit == "uV" ? 1 : 0;
        }
        return points;
    };
    std::vector<std::pair<std::array<std::size_t, 3>, RateGroup>> scored;
    scored.reserve(groups.size());
    for (auto& [perFrame, group] : groups)
        scored.emplace_back(score(group), std::move(group));
    std::sort(scored.begin(), scored.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<RateGroup> out;
    out.reserve(scored.size());
    for (auto& [points, group] : scored)
        out.push_back(std::move(group));
    return out;
}

FrameRange framesOf(const ReadOptions& options, std::size_t perFrame) {
    constexpr auto kAll = std::uint64_t{1} << 47; // more than any header may promise
    if (!options.range)
        return {0, kAll};
    const auto most = kAll * perFrame;
    const auto first = std::min(static_cast<std::uint64_t>(std::max<std::int64_t>(0, options.range->first)), most);
    const auto count = std::min(static_cast<std::uint64_t>(std::max<std::int64_t>(0, options.range->count)), most);
    const auto begin = first / perFrame;
    return {begin, count == 0 ? 0 : (first + count + perFrame - 1) / perFrame - begin};
}

void partByRate(SignalSet signals, const std::vector<RateGroup>& groups, double frameRate, const FrameRange& read,
                std::uint64_t frames, const ReadOptions& options, Recording& out) {
    const auto fill = [&](const RateGroup& group, Recording& to) {
        to.samplingRate = frameRate * static_cast<double>(group.perFrame);
        to.firstSample = static_cast<std::int64_t>(read.first * group.perFrame);
        to.samplesPromised = static_cast<std::int64_t>(frames * group.perFrame);
        to.leads.reserve(group.signals.size());
        for (const auto i : group.signals)
            to.leads.push_back(std::move(signals.leads[i]));
    };
    fill(groups.front(), out);
    for (std::size_t g = 1; g < groups.size(); ++g) {
        Recording other;
        other.name = out.name;
        other.metadata.format = "wfdb";
        fill(groups[g], other);
        out.otherGroups.push_back(std::move(other));
    }
    if (groups.size() > 1) {
        std::string rates;
        for (const auto& other : out.otherGroups)
            for (const auto& lead : other.leads)
                rates += (rates.empty() ? "" : ", ") + lead.name + " at " + text::shortest(other.samplingRate) + " Hz";
        out.warnings.push_back({WarningCode::OtherRates, "kept apart, sampled at another rate: " + rates, {}});
    }
    if (!options.range || options.metadataOnly)
        return;
    // Frames are whole, the range need not be.
    const auto length = static_cast<std::int64_t>(frames * groups.front().perFrame);
    const auto first = std::clamp<std::int64_t>(options.range->first, 0, length);
    const auto count = std::clamp<std::int64_t>(options.range->count, 0, length - first);
    for (auto& lead : out.leads) {
        lead.samples.erase(lead.samples.begin(),
                           lead.samples.begin() +
                               std::min<std::int64_t>(first - out.firstSample, std::ssize(lead.samples)));
        lead.samples.resize(static_cast<std::size_t>(count), std::numeric_limits<float>::quiet_NaN());
    }
    out.firstSample = first;
}

} // namespace precordia::wfdb
