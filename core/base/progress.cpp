// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/progress.h"

namespace precordia {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

std::string durationText(milliseconds duration) {
    const auto seconds = (duration.count() + 500) / 1000;
    if (seconds >= 3600)
        return std::to_string(seconds / 3600) + " h " + std::to_string(seconds % 3600 / 60) + " min";
    if (seconds >= 60)
        return std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
    return std::to_string(seconds) + " s";
}

Progress::Progress(Sink sink, milliseconds interval, std::function<Clock::time_point()> now)
    : sink_(std::move(sink))
    , interval_(interval)
    , now_(std::move(now)) {}

void Progress::begin(std::string phase, std::int64_t total) {
    const std::lock_guard lock(mutex_);
    started_ = now_();
    state_ = ProgressState{0, total, std::move(phase), milliseconds(0), std::nullopt};
    report(true);
}

void Progress::update(std::int64_t done) {
    const std::lock_guard lock(mutex_);
    state_.done = done;
    report(state_.total > 0 && done >= state_.total);
}

void Progress::advance(std::int64_t by) {
    const std::lock_guard lock(mutex_);
    state_.done += by;
    report(state_.total > 0 && state_.done >= state_.total);
}

void Progress::report(bool always) {
    if (!sink_)
        return;
    const auto now = now_();
    if (!always && now - reported_ < interval_)
        return;
    reported_ = now;
    state_.spent = duration_cast<milliseconds>(now - started_);
    // A guess from less than a second's work or 1 % of it would jump about.
    const bool grounded = state_.spent >= milliseconds(1000) && state_.fraction() >= 0.01;
    state_.left.reset();
    if (grounded)
        state_.left = milliseconds(
            static_cast<std::int64_t>(static_cast<double>(state_.spent.count()) * (1.0 / state_.fraction() - 1.0)));
    sink_(state_);
}

} // namespace precordia
