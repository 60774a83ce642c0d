// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <unistd.h>

namespace precordia::cli {

namespace {

// The shortest text that says the same: of a float that went through a double the float's (0.1, not
// 0.10000000149011612); of a double without the last bits, in which only rounding to a step shows (7.8, not
// 7.800000000000001).
double withoutNoise(double value) {
    if (!std::isfinite(value) || value == std::trunc(value))
        return value;
    char text[40];
    const auto narrow = static_cast<float>(value);
    const auto end = static_cast<double>(narrow) == value
                         ? std::to_chars(text, text + sizeof text, narrow).ptr
                         : std::to_chars(text, text + sizeof text, value, std::chars_format::general, 15).ptr;
    double out = value;
    return std::from_chars(text, end, out).ec == std::errc() ? out : value;
}

void takeNoise(nlohmann::json& value) {
    if (value.is_structured())
        for (auto& part : value)
            takeNoise(part);
    else if (value.is_number_float())
        value = withoutNoise(value.get<double>());
}

} // namespace

Progress Context::progress() const {
    const bool terminal = ::isatty(STDERR_FILENO) != 0;
    const auto sink = [terminal](const ProgressState& state) {
        std::string line = state.phase;
        if (state.total > 0)
            line += "  " + std::to_string(state.done) + " of " + std::to_string(state.total);
        if (state.left)
            line += ", " + durationText(*state.left) + " left";
        if (!terminal) {
            std::cerr << line << '\n';
            return;
        }
        constexpr int kWidth = 30;
        const int filled = static_cast<int>(state.fraction() * kWidth);
        std::cerr << "\r\033[K[" << std::string(static_cast<std::size_t>(filled), '#')
                  << std::string(static_cast<std::size_t>(kWidth - filled), ' ') << "] " << line;
        if (state.total > 0 && state.done >= state.total)
            std::cerr << '\n';
        std::cerr.flush();
    };
    return Progress(sink, std::chrono::milliseconds(terminal ? 200 : 5000));
}

void Context::fail(const Error& error) {
    std::cerr << "precordia-cli: " << error.text() << '\n';
    exit = error.code == ErrorCode::WrongUse ? WrongUse : Failed;
}

void Context::someFailed(const Error& error) {
    someFailed(error.text());
}

void Context::someFailed(const std::string& text) {
    std::cerr << "precordia-cli: " << text << '\n';
    exit = SomeFailed;
}

void Context::stopped() {
    std::cerr << "precordia-cli: stopped; everything confirmed is kept\n";
    exit = Stopped;
}

void Context::print(const nlohmann::json& document) const {
    auto clean = document;
    takeNoise(clean);
    std::cout << clean.dump(2) << std::endl;
}

} // namespace precordia::cli
