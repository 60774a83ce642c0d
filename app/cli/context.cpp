// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <iostream>
#include <unistd.h>

namespace precordia::cli {

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
    std::cerr << "precordia-cli: " << error.text() << '\n';
    exit = SomeFailed;
}

void Context::stopped() {
    std::cerr << "precordia-cli: stopped; everything confirmed is kept\n";
    exit = Stopped;
}

void Context::print(const nlohmann::json& document) const {
    std::cout << document.dump(2) << std::endl;
}

} // namespace precordia::cli
