// SPDX-License-Identifier: GPL-3.0-or-later
// precordia-cli: the same core as the window, without a display.
#include "app/cli/command.h"
#include "app/quiet_qt.h"

#include <QCoreApplication>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <iostream>
#include <mutex>
#include <stop_token>
#include <thread>

namespace {

// Only a handler catches the signal wherever it lands: libraries (OpenBLAS) start threads of their own.
volatile std::sig_atomic_t interrupts = 0;
void countInterrupt(int) {
    interrupts = interrupts + 1;
}

// Ctrl-C asks the running command to stop at its next safe point; a second one ends the program at once.
std::jthread watchInterrupt(std::stop_source stop) {
    for (const int number : {SIGINT, SIGTERM}) {
        struct sigaction before {};
        sigaction(number, nullptr, &before);
        if (before.sa_handler == SIG_IGN)
            continue; // started in the background by a shell that keeps Ctrl-C to itself
        struct sigaction action {};
        action.sa_handler = countInterrupt;
        action.sa_flags = SA_RESTART;
        sigaction(number, &action, nullptr);
    }
    return std::jthread([stop](const std::stop_token& quit) mutable {
        std::mutex mutex;
        std::condition_variable_any wake;
        std::unique_lock lock(mutex);
        while (!quit.stop_requested()) {
            wake.wait_for(lock, quit, std::chrono::milliseconds(50), [] { return false; });
            if (interrupts > 0)
                stop.request_stop();
            if (interrupts > 1)
                std::_Exit(precordia::cli::Stopped);
        }
    });
}

} // namespace

int main(int argc, char** argv) {
    using namespace precordia::cli;
    precordia::quietQt();
    std::stop_source stop;
    const auto watcher = watchInterrupt(stop);
    // Rendering needs fonts but no display.
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");

    Context context;
    context.stop = stop.get_token();
    CLI::App app{"Precordia: reads ECGs, pretrains ER-JEPA, shows what it learned. Research use only."};
    app.name("precordia-cli");
    app.set_version_flag("--version", PRECORDIA_VERSION);
    app.require_subcommand(1);
    addCommands(app, context);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        // CLI11 would only say that a command is required.
        if (argc > 1 && argv[1][0] != '-' &&
            app.get_subcommands([&](const CLI::App* command) { return command->check_name(argv[1]); }).empty()) {
            std::cerr << "precordia-cli: there is no command \"" << argv[1] << "\"; --help lists them\n";
            return WrongUse;
        }
        return app.exit(error) == 0 ? Done_ : WrongUse;
    }
    return context.exit;
}
