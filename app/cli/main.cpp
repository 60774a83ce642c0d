// SPDX-License-Identifier: GPL-3.0-or-later
// precordia-cli: the same core as the window, without a display.
#include "app/cli/command.h"

#include <QCoreApplication>

#include <csignal>
#include <pthread.h>
#include <stop_token>
#include <thread>

namespace {

// Ctrl-C asks the running command to stop at its next safe point; a second one ends the program at once.
// The signal is taken by a thread of its own, so that nothing runs in a signal handler.
std::jthread watchInterrupt(std::stop_source stop) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    return std::jthread([stop, set](const std::stop_token& quit) mutable {
        const timespec wait{0, 200'000'000};
        while (!quit.stop_requested()) {
            if (sigtimedwait(&set, nullptr, &wait) <= 0)
                continue;
            if (stop.stop_requested())
                std::_Exit(precordia::cli::Stopped);
            stop.request_stop();
        }
    });
}

} // namespace

int main(int argc, char** argv) {
    using namespace precordia::cli;
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
        return app.exit(error) == 0 ? Done_ : WrongUse;
    }
    return context.exit;
}
