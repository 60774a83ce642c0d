// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/signal_summary.h"

#include "core/base/hash.h"
#include "core/signal/calibration_pulse.h"
#include "core/signal/r_peaks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace precordia {

namespace {

constexpr double kChunkSeconds = kMeasuredSeconds; // the first one is measured
constexpr double kOverlapSeconds = 5;              // on either side, for the R peaks at a chunk's ends
constexpr double kSignatureRate = 25;
constexpr double kLeastSeconds = 2;
constexpr std::size_t kRows = 2;

void addSamples(Sha256& hash, const Lead& lead, std::size_t from, std::size_t to) {
    const auto samples = std::span(lead.samples).subspan(from, to - from);
    if (lead.unit != "uV") {
        hash.update(std::as_bytes(samples));
        return;
    }
    // In steps of 0.01 uV: readers of two formats may differ in a float's last bit.
    std::vector<std::int32_t> steps(samples.size());
    std::transform(samples.begin(), samples.end(), steps.begin(), [](float uv) {
        constexpr double kLimit = 2e9;
        return std::isnan(uv)
                   ? std::numeric_limits<std::int32_t>::min()
                   : static_cast<std::int32_t>(std::lround(std::clamp(static_cast<double>(uv) * 100, -kLimit, kLimit)));
    });
    hash.update(std::as_bytes(std::span(steps)));
}

template <typename T>
void addNumber(Sha256& hash, T value) {
    hash.update(std::as_bytes(std::span(&value, 1)));
}

// One hash a lead, so that they can grow chunk by chunk, and one over all.
class LongHash {
public:
    void add(const Recording& recording, std::size_t from, std::size_t to) {
        std::size_t k = 0;
        for (const auto& lead : recording.leads) {
            if (lead.derived)
                continue;
            if (k == leads_.size())
                leads_.emplace_back(lead.name + "\n" + lead.unit + "\n", Sha256());
            addSamples(leads_[k++].second, lead, from, to);
        }
    }
    std::string hex(double rate, std::int64_t samples) {
        Sha256 hash;
        hash.update("long\n");
        addNumber(hash, rate);
        addNumber(hash, samples);
        for (auto& [name, lead] : leads_)
            hash.update(name + lead.hex() + "\n");
        return hash.hex();
    }

private:
    std::vector<std::pair<std::string, Sha256>> leads_;
};

// Mean voltage of each 40 ms, a sample counting from half a step before to half a step after its time: the same at
// every sampling rate. Bins without a sample repeat the one before.
std::vector<double> coarse(const Lead& lead, double rate) {
    std::vector<double> sum(kSignatureBins, 0), weight(kSignatureBins, 0);
    const double binsAStep = kSignatureRate / rate;
    for (std::size_t i = 0; i < lead.samples.size(); ++i) {
        const double begin = (static_cast<double>(i) - 0.5) * binsAStep;
        if (begin >= static_cast<double>(kSignatureBins))
            break;
        if (std::isnan(lead.samples[i]))
            continue;
        const double end = begin + binsAStep;
        const auto last = std::min(static_cast<std::size_t>(end), kSignatureBins - 1);
        for (auto bin = static_cast<std::size_t>(std::max(begin, 0.0)); bin <= last; ++bin) {
            const double share =
                std::min(end, static_cast<double>(bin + 1)) - std::max(begin, static_cast<double>(bin));
            if (share <= 0)
                continue;
            sum[bin] += share * static_cast<double>(lead.samples[i]);
            weight[bin] += share;
        }
    }
    double before = 0;
    for (std::size_t bin = 0; bin < kSignatureBins; ++bin)
        before = sum[bin] = weight[bin] > 0 ? sum[bin] / weight[bin] : before;
    return sum;
}

Measurements rhythmOf(const std::vector<SampleIndex>& peaks, double rate) {
    const auto rhythm = measureRhythm(peaks, rate);
    Measurements out;
    if (rhythm.heartRateBpm)
        out["heart_rate_bpm"] = *rhythm.heartRateBpm;
    if (rhythm.rrSdMs)
        out["rr_sd_ms"] = *rhythm.rrSdMs;
    return out;
}

void addRow(const Lead& lead, double rate, std::int8_t* row) {
    const auto values = coarse(lead, rate);
    const auto used = std::min(
        kSignatureBins, static_cast<std::size_t>(static_cast<double>(lead.samples.size()) * kSignatureRate / rate));
    constexpr std::size_t kHalf = 12; // half a second: what is slower is baseline
    std::vector<double> fast(used);
    double most = 0;
    for (std::size_t i = 0; i < used; ++i) {
        const auto from = i > kHalf ? i - kHalf : 0;
        const auto to = std::min(used, i + kHalf + 1);
        double mean = 0;
        for (auto k = from; k < to; ++k)
            mean += values[k];
        fast[i] = values[i] - mean / static_cast<double>(to - from);
        most = std::max(most, std::abs(fast[i]));
    }
    constexpr double kLeastMicrovolts = 5;
    if (most < kLeastMicrovolts)
        return;
    for (std::size_t i = 0; i < used; ++i)
        row[i] = static_cast<std::int8_t>(std::lround(fast[i] / most * 127));
}

} // namespace

std::string hashSamples(const Recording& recording) {
    if (recording.seconds() > kLongSeconds) {
        LongHash hash;
        hash.add(recording, 0, recording.samples());
        return hash.hex(recording.samplingRate, static_cast<std::int64_t>(recording.samples()));
    }
    Sha256 hash;
    addNumber(hash, recording.samplingRate);
    addNumber(hash, static_cast<std::uint64_t>(recording.samples()));
    for (const auto& lead : recording.leads) {
        if (lead.derived)
            continue;
        hash.update(lead.name + "\n" + lead.unit + "\n");
        addSamples(hash, lead, 0, lead.samples.size());
    }
    return hash.hex();
}

Signature signatureOf(const Recording& recording) {
    if (recording.seconds() < kLeastSeconds)
        return {};
    Signature signature(kRows * kSignatureBins, 0);
    const auto second = recording.find("II");
    const auto chest = recording.find("V2");
    const bool standard = second.valid() || chest.valid();
    const std::array<LeadIndex, kRows> rows = {standard ? second : LeadIndex(0),
                                               standard ? chest : LeadIndex(recording.leads.size() > 1 ? 1 : -1)};
    for (std::size_t row = 0; row < kRows; ++row)
        if (rows[row].valid())
            addRow(recording.leads[static_cast<std::size_t>(rows[row].value)], recording.samplingRate,
                   signature.data() + row * kSignatureBins);
    return signature;
}

double similarity(const Signature& a, const Signature& b) {
    if (a.size() != kRows * kSignatureBins || b.size() != a.size())
        return 0;
    double lowest = 2;
    for (std::size_t row = 0; row < kRows; ++row) {
        const auto at = row * kSignatureBins;
        std::int64_t ab = 0, aa = 0, bb = 0;
        for (auto i = at; i < at + kSignatureBins; ++i) {
            ab += static_cast<int>(a[i]) * b[i];
            aa += static_cast<int>(a[i]) * a[i];
            bb += static_cast<int>(b[i]) * b[i];
        }
        if (aa > 0 && bb > 0)
            lowest = std::min(lowest,
                              static_cast<double>(ab) / std::sqrt(static_cast<double>(aa) * static_cast<double>(bb)));
    }
    return lowest > 1.5 ? 0 : lowest;
}

SignalSummary summarise(const Recording& recording) {
    SignalSummary out;
    out.sampleHash = hashSamples(recording);
    out.signature = signatureOf(recording);
    out.samples = static_cast<std::int64_t>(recording.samples());
    out.measured = measureSignal(recording, recording.seconds());
    if (recording.seconds() > kMeasuredSeconds)
        out.rhythm = rhythmOf(detectRPeaks(recording), recording.samplingRate);
    return out;
}

Result<SignalSummary> summariseInChunks(const Reader& reader, const std::filesystem::path& file,
                                        const ReadOptions& options, std::int64_t samples, double rate,
                                        Recording& first) {
    const auto chunk = std::max<std::int64_t>(1, std::llround(kChunkSeconds * rate));
    const std::int64_t overlap = std::llround(kOverlapSeconds * rate);
    LongHash hash;
    SignalSummary out;
    std::vector<SampleIndex> peaks;
    for (std::int64_t from = 0; from < samples; from += chunk) {
        if (options.stop.stop_requested())
            return Cancelled{};
        const auto begin = std::max<std::int64_t>(0, from - overlap);
        const auto end = std::min(samples, from + chunk + overlap);
        auto part = options;
        part.range = SampleRange{begin, end - begin};
        part.annotations = options.annotations && from == 0;
        auto read = reader.read(file, part);
        if (!read)
            return read.as<SignalSummary>();
        const auto there = static_cast<std::int64_t>(read->samples());
        const auto own = std::clamp<std::int64_t>(there - (from - begin), 0, std::min(chunk, samples - from));
        const auto skip = static_cast<std::size_t>(from - begin);
        if (own > 0)
            hash.add(*read, skip, skip + static_cast<std::size_t>(own));
        out.samples += own;
        if (from > 0)
            copyPulseMarks(first, *read);
        for (const auto peak : detectRPeaks(*read))
            if (const auto at = begin + peak.value; at >= from && at < from + own)
                peaks.emplace_back(at);
        if (from == 0) {
            out.signature = signatureOf(*read);
            out.measured = measureSignal(*read, static_cast<double>(samples) / rate);
            first = std::move(*read);
            for (auto& lead : first.leads)
                lead.samples = {};
        } else {
            for (auto& warning : read->warnings) {
                const bool told = std::any_of(first.warnings.begin(), first.warnings.end(), [&](const Warning& w) {
                    return w.code == warning.code && w.where == warning.where;
                });
                if (!told)
                    first.warnings.push_back(std::move(warning));
            }
        }
        if (own < std::min(chunk, samples - from))
            break; // fewer than promised
    }
    out.sampleHash = hash.hex(rate, out.samples);
    out.rhythm = rhythmOf(peaks, rate);
    return out;
}

} // namespace precordia
