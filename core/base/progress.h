// SPDX-License-Identifier: GPL-3.0-or-later
// Throttled progress with time spent and time left. Cheap to call from an inner loop.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

namespace precordia {

using StopToken = std::stop_token;

struct ProgressState {
    std::int64_t done = 0;
    std::int64_t total = 0; // 0: not known
    std::string phase;      // what is going on, in words for a person
    std::chrono::milliseconds spent{0};
    std::optional<std::chrono::milliseconds> left; // empty until there is ground for a guess

    // 0 to 1, also when more was done than announced.
    double fraction() const {
        return total > 0 ? std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0) : 0.0;
    }
};

// "1 h 10 min", "3 min 20 s", "12 s"
std::string durationText(std::chrono::milliseconds duration);

class Progress {
public:
    using Clock = std::chrono::steady_clock;
    using Sink = std::function<void(const ProgressState&)>;

    Progress() = default; // goes nowhere
    explicit Progress(Sink sink, std::chrono::milliseconds interval = std::chrono::milliseconds(100),
                      std::function<Clock::time_point()> now = &Clock::now);

    // A new phase restarts the clock of the estimate; always reported.
    void begin(std::string phase, std::int64_t total);
    // Reported at most once an interval, and at the end. Safe from several threads.
    void update(std::int64_t done);
    void advance(std::int64_t by = 1);

private:
    void report(bool always);

    Sink sink_;
    std::chrono::milliseconds interval_{100};
    std::function<Clock::time_point()> now_ = &Clock::now;
    std::mutex mutex_;
    Clock::time_point started_{};
    Clock::time_point reported_{};
    ProgressState state_;
};

} // namespace precordia
