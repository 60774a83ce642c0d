// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/run_line.h"

#include "core/base/progress.h"

#include <cstdio>
#include <iostream>
#include <unistd.h>

namespace precordia::cli {

namespace {

std::string number(double value, int digits) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

std::string verdictLines(const std::string& text, const std::string& advice) {
    return text + (advice.empty() ? "\n" : "\nWhat to change: " + advice + '\n');
}

} // namespace

RunLine::RunLine() : terminal_(::isatty(STDERR_FILENO) != 0) {}

void RunLine::operator()(const TrainUpdate& u) {
    if (!u.verdict.empty()) {
        verdict_ = u.verdict;
        verdictText_ = u.verdictText;
        advice_ = u.advice;
    }
    const auto now = std::chrono::steady_clock::now();
    const bool due = now - shown_ > std::chrono::milliseconds(terminal_ ? 200 : 10'000);
    if (due || u.step >= u.steps || (!terminal_ && !u.verdict.empty())) {
        shown_ = now;
        std::string line = "step " + std::to_string(u.step) + " of " + std::to_string(u.steps);
        if (u.step > 0)
            line += "  channel " + number(u.channel, 4) + "  temporal " + number(u.temporal, 4) + "  " +
                    number(u.recordingsPerSecond, 0) + " rec/s  " +
                    durationText(std::chrono::milliseconds(static_cast<std::int64_t>(u.secondsLeft * 1000))) + " left";
        std::cerr << (terminal_ ? "\r\033[K" : "") << line << "  " << verdict_
                  << (terminal_ && u.step < u.steps ? "" : "\n");
        std::cerr.flush();
    }
    warn(u);
}

void RunLine::warn(const TrainUpdate& u) {
    std::string text;
    if (!u.alarm.empty())
        text += u.alarm + '\n';
    if (news_.isNews(u))
        text += verdictLines(u.verdictText, u.advice);
    if (!u.earlyTest.empty())
        text += u.earlyTestText + '\n';
    if (!text.empty())
        std::cerr << (terminal_ ? "\n" : "") << text << std::flush;
}

void RunLine::tellVerdict() const {
    if (!advice_.empty())
        std::cerr << (terminal_ ? "\n" : "") << verdictLines(verdictText_, advice_) << std::flush;
}

} // namespace precordia::cli
