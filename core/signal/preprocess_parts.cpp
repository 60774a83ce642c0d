// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/preprocess_parts.h"

#include "core/signal/preprocess_steps.h"

#include <algorithm>
#include <cmath>

namespace precordia {
namespace {

constexpr double partSeconds = 600;
constexpr double longestMargin = 600; // s; for corners below 0.02 Hz

// Seconds beside a part after which nothing of what lies beyond is felt: a second-order Butterworth falls by
// exp(-sqrt(2) pi f t), to 2^-53 in 8.3 / f; and the taps of the resampler.
double marginSeconds(const PreprocessingConfig& config, double rate) {
    const double slowest = config.lowHz > 0 ? config.lowHz : config.highHz;
    const double filter = slowest > 0 ? std::min(10 / slowest, longestMargin) : 0;
    const double taps = rate == config.samplingRate ? 0 : 400 / std::min(rate, config.samplingRate);
    return filter + taps;
}

// The last sample at or before `wanted` that a resampled one falls on.
std::int64_t alignedStart(std::int64_t wanted, double ratio) {
    constexpr std::int64_t searched = 20000;
    std::int64_t best = 0;
    double least = 1;
    for (auto at = std::max<std::int64_t>(0, wanted); at >= std::max<std::int64_t>(0, wanted - searched); --at) {
        const double there = static_cast<double>(at) * ratio;
        const double error = std::abs(there - std::round(there));
        if (error < least) {
            least = error;
            best = at;
        }
        if (least < 1e-6)
            break;
    }
    return best;
}

class Parts {
public:
    Parts(const LongRecording& recording, const PreprocessingConfig& config)
        : recording_(recording)
        , config_(config)
        , ratio_(config.samplingRate / recording.samplingRate)
        , margin_(static_cast<std::int64_t>(
              std::ceil(marginSeconds(config, recording.samplingRate) * recording.samplingRate)))
        , length_(config.windowSamples())
        , total_(std::llround(static_cast<double>(recording.samples) * ratio_))
        , present_(config.leads.size(), 0) {}

    Result<std::vector<std::uint8_t>> run(const std::function<Result<Done>(const ModelWindow&)>& use) {
        const auto windows = (total_ + length_ - (length_ + 1) / 2) / length_; // a rest of half a window is one, too
        const auto atOnce = std::max<std::int64_t>(1, static_cast<std::int64_t>(partSeconds / config_.windowSeconds));
        for (std::int64_t from = 0; from < windows; from += atOnce)
            if (const auto done = part(from, std::min(windows, from + atOnce), use); !done)
                return done.as<std::vector<std::uint8_t>>();
        if (std::none_of(present_.begin(), present_.end(), [](std::uint8_t there) { return there != 0; }))
            return signal::noLeadKnown(head_);
        return std::move(present_);
    }

private:
    Result<Done> part(std::int64_t from, std::int64_t to, const std::function<Result<Done>(const ModelWindow&)>& use) {
        const auto sampleOf = [&](std::int64_t window) { return static_cast<double>(window * length_) / ratio_; };
        const auto first = alignedStart(static_cast<std::int64_t>(sampleOf(from)) - margin_, ratio_);
        const auto end = std::min(recording_.samples, static_cast<std::int64_t>(std::ceil(sampleOf(to))) + margin_);
        const auto read = recording_.read(first, end - first);
        if (!read)
            return read.as<Done>();
        const auto complete = signal::completeLeads(*read);
        if (from == 0) {
            head_ = *read;
            const bool any = std::any_of(config_.leads.begin(), config_.leads.end(),
                                         [&](const std::string& lead) { return complete.find(lead).valid(); });
            if (!any)
                return signal::noLeadKnown(head_);
            for (auto& lead : head_.leads)
                lead.samples = {};
        }
        const auto prepared = signal::prepareLeads(complete, config_);
        if (!prepared)
            return prepared.as<Done>();
        const auto offset = std::llround(static_cast<double>(first) * ratio_);
        for (auto window = from; window < to; ++window) {
            const auto start = static_cast<std::size_t>(window * length_ - offset);
            auto cut = signal::cutWindow(*prepared, start, static_cast<std::size_t>(length_), config_.samplingRate);
            cut.startSeconds = static_cast<double>(window * length_) / config_.samplingRate;
            for (std::size_t l = 0; l < present_.size(); ++l)
                present_[l] = present_[l] != 0 || cut.leadPresent[l] != 0 ? 1 : 0;
            if (const auto done = use(cut); !done)
                return done;
        }
        return Done{};
    }

    const LongRecording& recording_;
    const PreprocessingConfig& config_;
    double ratio_;
    std::int64_t margin_, length_, total_; // in samples: of the file; of the result
    std::vector<std::uint8_t> present_;
    Recording head_; // without samples
};

} // namespace

Result<std::vector<std::uint8_t>> preprocessInParts(const LongRecording& recording, const PreprocessingConfig& config,
                                                    const std::function<Result<Done>(const ModelWindow&)>& use) {
    using Present = std::vector<std::uint8_t>;
    if (const auto checked = signal::checkPreprocessing(config, recording.samplingRate, recording.name); !checked)
        return checked.as<Present>();
    const double seconds = static_cast<double>(recording.samples) / recording.samplingRate;
    if (seconds * 2 < config.windowSeconds)
        return signal::tooShort(seconds, config, recording.name);
    return Parts(recording, config).run(use);
}

} // namespace precordia
