// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/sierra_leads.h"

#include "core/ecg/annotation_texts.h"
#include "core/io/text.h"

#include <array>
#include <cmath>
#include <initializer_list>
#include <limits>

namespace precordia::sierra {

namespace {

std::vector<std::string> names(std::string_view labels) {
    std::vector<std::string> out;
    for (const auto word : text::words(labels))
        out.push_back(standardLeadName(word));
    return out;
}

// What I and II predict, in whole steps; halves are cut off towards zero, as the recorder does: then the lead differs
// from the exact value by less than a step.
struct Prediction {
    const Samples& one;
    const Samples& two;
    const Samples* three;

    std::int64_t at(std::string_view lead, std::size_t i) const {
        const std::int64_t a = one[i];
        const std::int64_t b = two[i];
        const std::int64_t c = three != nullptr ? (*three)[i] : b - a;
        if (lead == "III")
            return b - a;
        if (lead == "aVR")
            return -((a + b) / 2);
        return lead == "aVL" ? (a - c) / 2 : (b + c) / 2;
    }
};

constexpr std::array<std::string_view, 4> kPredicted{"III", "aVR", "aVL", "aVF"};

// Not compressed files store these leads as such or as differences: what is nearer to the prediction tells.
bool storesDifferences(Channels& channels, const Samples& one, const Samples& two) {
    const Prediction prediction{one, two, nullptr};
    double asLead = 0;
    double asDifference = 0;
    for (const auto name : kPredicted)
        if (const auto* lead = channels.find(name))
            for (std::size_t i = 0; i < std::min({lead->size(), one.size(), two.size()}); ++i) {
                asLead += std::abs(static_cast<double>((*lead)[i] - prediction.at(name, i)));
                asDifference += std::abs(static_cast<double>((*lead)[i]));
            }
    return asDifference < asLead;
}

} // namespace

std::vector<std::string> channelNames(const xml::Element& root, const xml::Element& waveform) {
    const auto acquisition = root.path("dataacquisition/signalcharacteristics");
    const auto count = [&](std::string_view digits) {
        const auto value = text::integer(digits).value_or(0);
        return static_cast<std::size_t>(std::clamp<std::int64_t>(value, 0, kMostLeads));
    };
    auto out = names(waveform.attribute("leadlabels"));
    if (out.empty()) {
        const auto shown = names(root.textOf("reportinfo/reportformat/waveformformat/mainwaveformformat"));
        const auto set = text::lower(acquisition.textOf("leadset") + acquisition.textOf("acquisitiontype"));
        const auto valid = acquisition.textOf("numberchannelsvalid");
        const auto said = count(valid.empty() ? acquisition.textOf("numberchannelsallocated") : valid);
        const bool standard =
            set.empty() || set.find("12") != std::string::npos || set.find("10-wire") != std::string::npos;
        out = standard || shown.size() != said ? standardLeads() : shown;
        if (said > 0 && (said < out.size() || !standard))
            out.resize(said);
    }
    if (const auto said = count(waveform.attribute("numberofleads")); said > 0)
        out.resize(said);
    if (out.size() > kMostLeads)
        out.resize(kMostLeads);
    for (std::size_t l = 0; l < out.size(); ++l)
        if (out[l].empty())
            out[l] = "channel " + std::to_string(l + 1);
    return out;
}

std::string reconstruct(Channels& channels, bool compressed) {
    const auto* one = channels.find("I");
    const auto* two = channels.find("II");
    std::string done;
    if (one == nullptr || two == nullptr || (!compressed && !storesDifferences(channels, *one, *two)))
        return {};
    for (const auto name : kPredicted) {
        auto* lead = channels.find(name);
        if (lead == nullptr)
            continue;
        const auto* three = name == "III" ? nullptr : channels.find("III");
        const auto count =
            std::min({lead->size(), one->size(), two->size(), three != nullptr ? three->size() : lead->size()});
        lead->resize(count);
        const Prediction prediction{*one, *two, three};
        for (std::size_t i = 0; i < count; ++i)
            (*lead)[i] = static_cast<std::int32_t>(std::clamp<std::int64_t>(prediction.at(name, i) - (*lead)[i],
                                                                            std::numeric_limits<std::int32_t>::min(),
                                                                            std::numeric_limits<std::int32_t>::max()));
        done += (done.empty() ? "" : ", ") + std::string(name);
    }
    return done;
}

void warnCalibrationPulse(Recording& recording) {
    constexpr double kPulseUv = 1000;
    constexpr double kLeastSeconds = 0.05;
    if (recording.leads.size() < 2)
        return;
    const auto length = recording.samples();
    auto start = length; // of the tail in which all leads are the same
    std::size_t high = 0;
    const auto& first = recording.leads.front();
    const auto same = [&](std::size_t i) {
        return std::all_of(recording.leads.begin(), recording.leads.end(),
                           [&](const Lead& l) { return std::abs(l.samples[i] - first.samples[i]) <= first.quantum; });
    };
    while (start > 0 && same(start - 1)) {
        --start;
        high += std::abs(first.samples[start] - kPulseUv) <= 2 * first.quantum ? 1 : 0;
    }
    if (static_cast<double>(high) < kLeastSeconds * recording.samplingRate)
        return;
    const auto seconds = [&](std::size_t i) {
        return text::shortest(std::round(static_cast<double>(i) / recording.samplingRate * 1000) / 1000);
    };
    Annotation mark;
    mark.sample = SampleIndex(static_cast<std::int64_t>(start));
    mark.symbol = "\"";
    mark.text = std::string(kCalibrationPulse);
    mark.source = "file";
    recording.annotations.push_back(std::move(mark));
    recording.warnings.push_back({WarningCode::CalibrationPulse,
                                  "from " + seconds(start) + " s to " + seconds(length) +
                                      " s every lead carries the same pulse of 1 mV and not the heart; it is kept",
                                  "all leads"});
}

} // namespace precordia::sierra
