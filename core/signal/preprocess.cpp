// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/preprocess.h"

#include "core/base/hash.h"
#include "core/signal/ecg_leads.h"
#include "core/signal/filter.h"
#include "core/signal/preprocess_steps.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <span>

namespace precordia {
namespace {

// Raise it when the same configuration gives other samples than before: caches and models depend on it.
constexpr int algorithmVersion = 1;

// Shortest text that reads back as the same number, the same in every locale.
std::string number(double value) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    return {text, end};
}

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        if (static_cast<unsigned char>(c) >= 0x20)
            out += c;
    }
    return out + '"';
}

// A rate that cannot hold the corner needs no low-pass there: nothing lies above it.
double usableCorner(double corner, double rate) {
    return corner > 0 && corner < rate / 2 ? corner : 0;
}

} // namespace

namespace signal {

Result<PreparedLeads> prepareLeads(const Recording& recording, const PreprocessingConfig& config) {
    PreparedLeads out;
    out.leads.resize(config.leads.size());
    for (std::size_t l = 0; l < config.leads.size(); ++l) {
        const LeadIndex index = recording.find(config.leads[l]);
        if (!index.valid())
            continue;
        const std::vector<float>& raw = recording.leads[static_cast<std::size_t>(index.value)].samples;
        if (std::none_of(raw.begin(), raw.end(), [](float v) { return std::isfinite(v); }))
            continue; // a lead of nothing but gaps is an absent lead
        auto filtered = bandPass(raw, recording.samplingRate, usableCorner(config.lowHz, recording.samplingRate),
                                 usableCorner(config.highHz, recording.samplingRate));
        if (!filtered.ok())
            return filtered.as<PreparedLeads>();
        auto resampled = resample(*filtered, recording.samplingRate, config.samplingRate);
        if (!resampled.ok())
            return resampled.as<PreparedLeads>();
        out.samples = std::max(out.samples, resampled->size());
        out.leads[l] = std::move(*resampled);
    }
    return out;
}

ModelWindow cutWindow(const PreparedLeads& prepared, std::size_t start, std::size_t length, double rate) {
    ModelWindow window;
    window.startSeconds = static_cast<double>(start) / rate;
    window.samples.assign(prepared.leads.size() * length, 0.0F);
    window.leadPresent.assign(prepared.leads.size(), 0);
    std::size_t missing = 0;
    std::size_t wanted = 0;
    for (std::size_t l = 0; l < prepared.leads.size(); ++l) {
        const std::vector<float>& lead = prepared.leads[l];
        if (lead.empty())
            continue;
        window.leadPresent[l] = 1;
        wanted += length;
        for (std::size_t i = 0; i < length; ++i) {
            const bool there = start + i < lead.size() && std::isfinite(lead[start + i]);
            if (there)
                window.samples[l * length + i] = lead[start + i];
            else
                ++missing;
        }
    }
    window.missingShare = wanted > 0 ? static_cast<double>(missing) / static_cast<double>(wanted) : 1.0;
    return window;
}

Recording completeLeads(const Recording& recording) {
    Recording complete;
    complete.name = recording.name;
    complete.samplingRate = recording.samplingRate;
    complete.leads = recording.leads;
    deriveLimbLeads(complete);
    return complete;
}

Result<Done> checkPreprocessing(const PreprocessingConfig& config, double rate, const std::string& where) {
    if (!(config.samplingRate > 0) || config.windowSamples() < 1)
        return makeError(ErrorCode::ConfigInvalid, "the preprocessing needs a sampling rate and a window above 0");
    if (!(rate > 0))
        return makeError(ErrorCode::ValueOutOfRange, "the recording has no sampling rate", where);
    return Done{};
}

Error noLeadKnown(const Recording& recording) {
    return makeError(ErrorCode::LeadMissing,
                     ecgLeads(recording).empty() ? "it has no ECG leads, and none that the model knows"
                                                 : "none of the leads that the model knows is there",
                     recording.name);
}

Error tooShort(double seconds, const PreprocessingConfig& config, const std::string& where) {
    return makeError(ErrorCode::SignalTooShort,
                     number(seconds) + " s, at least " + number(config.windowSeconds / 2) + " s are needed", where);
}

} // namespace signal

std::string PreprocessingConfig::json() const {
    std::string text = R"({"high_hz":)" + number(highHz) + R"(,"leads":[)";
    for (std::size_t i = 0; i < leads.size(); ++i)
        text += (i > 0 ? "," : "") + quoted(leads[i]);
    return text + R"(],"low_hz":)" + number(lowHz) + R"(,"sampling_rate_hz":)" + number(samplingRate) +
           R"(,"version":)" + std::to_string(algorithmVersion) + R"(,"window_s":)" + number(windowSeconds) + "}";
}

std::string PreprocessingConfig::hash() const {
    return sha256Hex(json()).substr(0, 16);
}

Result<std::vector<ModelWindow>> preprocess(const Recording& recording, const PreprocessingConfig& config) {
    if (const auto checked = signal::checkPreprocessing(config, recording.samplingRate, recording.name); !checked)
        return checked.as<std::vector<ModelWindow>>();
    const auto length = static_cast<std::size_t>(config.windowSamples());

    // Derived leads are added to a copy of the leads only; the caller's recording stays as it was.
    auto prepared = signal::prepareLeads(signal::completeLeads(recording), config);
    if (!prepared.ok()) {
        if (prepared.failed()) {
            Error error = prepared.error();
            error.where = recording.name;
            return error;
        }
        return Cancelled{};
    }
    if (prepared->samples == 0 && recording.samples() > 0)
        return signal::noLeadKnown(recording);
    if (prepared->samples * 2 < length)
        return signal::tooShort(recording.seconds(), config, recording.name);

    // A rest of at least half a window is a window too; shorter ends are dropped.
    std::vector<ModelWindow> windows;
    for (std::size_t start = 0; start < prepared->samples && (prepared->samples - start) * 2 >= length; start += length)
        windows.push_back(signal::cutWindow(*prepared, start, length, config.samplingRate));
    return windows;
}

} // namespace precordia
