// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/synthetic_holter.h"

#include "core/base/file.h"
#include "core/ecg/synthesis.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <unistd.h>
#include <vector>

namespace precordia::cli {

namespace {

constexpr int kHearts = 12;
constexpr double kMinute = 60, kHour = 3600;
constexpr double kPauseAt = 1200, kPauseSeconds = 4; // s of every hour
constexpr double kGapAt = 2400, kGapSeconds = 1;
constexpr std::int16_t kMissing = std::numeric_limits<std::int16_t>::min(); // WFDB format 16

// One minute, the leads interleaved, 1 uV a step.
std::vector<std::int16_t> minuteOf(const HolterRequest& request, int heart) {
    SynthesisOptions options;
    options.seconds = kMinute;
    options.samplingRate = request.samplingRate;
    options.heartRate = 45 + 9.5 * heart;
    options.prematureVentricular = heart % 4 == 3 ? 3 : 0;
    const auto made = synthesise(options, request.seed * kHearts + static_cast<std::uint64_t>(heart)).recording;
    const auto leads = static_cast<std::size_t>(request.leads);
    std::vector<std::int16_t> out(made.samples() * leads);
    for (std::size_t l = 0; l < leads; ++l) {
        const auto& samples = made.leads[l % made.leads.size()].samples;
        for (std::size_t i = 0; i < samples.size(); ++i)
            out[i * leads + l] = static_cast<std::int16_t>(std::lround(std::clamp(samples[i], -32000.0F, 32000.0F)));
    }
    return out;
}

// Which heart beats in this minute: slow at night, faster by day.
int heartOf(std::int64_t minute, double minutes) {
    const double day = std::sin(static_cast<double>(minute) / minutes * 3.14159265358979);
    const double wander = std::sin(static_cast<double>(minute) * 0.37);
    return static_cast<int>(std::clamp(std::lround(day * 6 + wander * 2 + 1), 0L, static_cast<long>(kHearts - 1)));
}

std::string headerText(const HolterRequest& request, std::int64_t samples) {
    std::string text = "holter " + std::to_string(request.leads) + " " +
                       std::to_string(std::llround(request.samplingRate)) + " " + std::to_string(samples) + "\n";
    const auto& names = standardLeads();
    for (int l = 0; l < request.leads; ++l) {
        const auto k = static_cast<std::size_t>(l);
        text +=
            "holter.dat 16 1000(0)/mV 16 0 0 0 0 " + (k < names.size() ? names[k] : "X" + std::to_string(l + 1)) + "\n";
    }
    return text;
}

class SignalFile {
public:
    explicit SignalFile(const std::filesystem::path& path)
        : path_(path)
        , fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {}
    ~SignalFile() {
        if (fd_ >= 0)
            ::close(fd_);
    }
    SignalFile(const SignalFile&) = delete;
    SignalFile& operator=(const SignalFile&) = delete;

    Result<Done> write(std::span<const std::int16_t> samples) {
        auto bytes = std::as_bytes(samples);
        while (!bytes.empty() || fd_ < 0) {
            const auto put = fd_ < 0 ? -1 : ::write(fd_, bytes.data(), bytes.size());
            if (put < 0 && fd_ >= 0 && errno == EINTR)
                continue;
            if (put < 0)
                return makeError(ErrorCode::FileUnwritable, std::strerror(errno), path_.string());
            bytes = bytes.subspan(static_cast<std::size_t>(put));
            written_ += static_cast<std::uint64_t>(put);
        }
        return Done{};
    }
    // What was written is on the disk and no longer in memory: the next who reads it waits for the disk.
    void forget() const {
        ::fsync(fd_);
        ::posix_fadvise(fd_, 0, 0, POSIX_FADV_DONTNEED);
    }
    std::uint64_t written() const { return written_; }

private:
    std::filesystem::path path_;
    int fd_;
    std::uint64_t written_ = 0;
};

} // namespace

Result<HolterFile> writeHolter(const HolterRequest& request, const std::filesystem::path& folder, const StopToken& stop,
                               Progress& progress) {
    const auto total = std::llround(request.hours * kHour * request.samplingRate);
    const auto leads = static_cast<std::size_t>(request.leads);
    std::vector<std::vector<std::int16_t>> hearts(kHearts);
    SignalFile file(folder / "holter.dat");
    progress.begin("writing a recording", std::llround(request.hours * kHour / kMinute));
    const double minutes = std::max(1.0, request.hours * kHour / kMinute);
    for (std::int64_t at = 0, minute = 0; at < total; ++minute) {
        if (stop.stop_requested())
            return Cancelled{};
        const int heart = heartOf(minute, minutes);
        auto& beats = hearts[static_cast<std::size_t>(heart)];
        if (beats.empty())
            beats = minuteOf(request, heart);
        const auto length = std::min<std::int64_t>(total - at, static_cast<std::int64_t>(beats.size() / leads));
        auto part = std::span<const std::int16_t>(beats).first(static_cast<std::size_t>(length) * leads);
        std::vector<std::int16_t> changed;
        const double within = std::fmod(static_cast<double>(minute) * kMinute, kHour);
        const bool pause = within == kPauseAt, gap = within == kGapAt;
        if (pause || gap) {
            changed.assign(part.begin(), part.end());
            const auto count = std::min<std::size_t>(
                changed.size(),
                static_cast<std::size_t>((pause ? kPauseSeconds : kGapSeconds) * request.samplingRate) * leads);
            std::fill_n(changed.begin(), count, pause ? std::int16_t{0} : kMissing);
            part = changed;
        }
        if (auto done = file.write(part); !done)
            return done.as<HolterFile>();
        at += length;
        progress.advance();
    }
    file.forget();
    HolterFile out{folder / "holter.hea", file.written()};
    if (auto done = writeFileAtomically(out.header, headerText(request, total)); !done)
        return done.as<HolterFile>();
    return out;
}

} // namespace precordia::cli
