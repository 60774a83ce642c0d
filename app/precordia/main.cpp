// SPDX-License-Identifier: GPL-3.0-or-later
// The window's program: reads its arguments, puts the window up, and leaves the rest to it.
#include "app/precordia/worklist_times.h"
#include "app/quiet_qt.h"
#include "ui/settings/settings.h"
#include "ui/shell/appearance.h"
#include "ui/shell/main_window.h"
#include "ui/shell/screenshot_tour.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFile>
#include <QTextStream>

#include <algorithm>
#include <clocale>
#include <ctime>
#include <unistd.h>

namespace {

// Since the process was made, so that loading the libraries counts too; the kernel tells it in 10 ms steps.
double millisecondsSinceStart() {
    QFile stat(QStringLiteral("/proc/self/stat"));
    if (!stat.open(QIODevice::ReadOnly))
        return -1;
    const QByteArray line = stat.readAll();
    const QList<QByteArray> fields = line.mid(line.lastIndexOf(')') + 2).split(' '); // field 3 comes first now
    timespec now{};
    if (fields.size() < 20 || ::clock_gettime(CLOCK_BOOTTIME, &now) != 0)
        return -1;
    const double started = fields[19].toDouble() / static_cast<double>(::sysconf(_SC_CLK_TCK));
    return (static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9 - started) * 1000;
}

// Pictures are made and help is given without a display. False, with a message: there is none for a window.
bool chooseDisplay(int argc, char** argv) {
    const auto set = [](const char* name) { return !qEnvironmentVariableIsEmpty(name); };
    if (set("QT_QPA_PLATFORM") || std::any_of(argv + 1, argv + argc, [](const char* argument) {
            return QByteArray(argument).startsWith("-platform");
        }))
        return true;
    const bool without = std::any_of(argv + 1, argv + argc, [](const char* argument) {
        const QByteArray word(argument);
        return word.startsWith("--screenshot-tour") || word == "--help" || word == "-h" || word == "--help-all" ||
               word == "--version" || word == "-v";
    });
    if (without) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
    } else if (!set("DISPLAY") && !set("WAYLAND_DISPLAY")) {
        QTextStream(stderr) << "precordia: there is no display for a window; precordia-cli does the same without one\n";
        return false;
    }
    return true;
}

} // namespace

int main(int argc, char** argv) {
    using namespace precordia;
    quietQt();
    if (!chooseDisplay(argc, argv))
        return 1;
    QApplication application(argc, argv);
    // QApplication takes the locale of the environment: with a decimal comma, run folders and model hashes would be
    // others.
    std::setlocale(LC_NUMERIC, "C");
    QApplication::setApplicationName(QStringLiteral("Precordia"));
    QApplication::setOrganizationName(QStringLiteral("Precordia"));
    QApplication::setApplicationVersion(QStringLiteral(PRECORDIA_VERSION));

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Reads ECGs, pretrains ER-JEPA on this machine, shows what it learned. Research use only."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("study"), QStringLiteral("The study's folder."),
                                 QStringLiteral("[STUDY]"));
    const QCommandLineOption theme(QStringLiteral("theme"), QStringLiteral("system, light, dark or contrast"),
                                   QStringLiteral("name"));
    const QCommandLineOption language(QStringLiteral("language"), QStringLiteral("system, en or de"),
                                      QStringLiteral("name"));
    const QCommandLineOption startup(
        QStringLiteral("startup-time"),
        QStringLiteral("Print the milliseconds until the window was first painted, and exit."));
    const QCommandLineOption tour(QStringLiteral("screenshot-tour"),
                                  QStringLiteral("Save a picture of every view in its states, and exit."),
                                  QStringLiteral("folder"));
    const QCommandLineOption study(QStringLiteral("study"),
                                   QStringLiteral("The tour's study; else a small demo study is made."),
                                   QStringLiteral("folder"));
    QCommandLineOption times(QStringLiteral("worklist-times"),
                             QStringLiteral("Print how quickly the worklist of a study is shown, filtered and sorted."),
                             QStringLiteral("folder"));
    times.setFlags(QCommandLineOption::HiddenFromHelp); // of precordia-cli bench worklist
    parser.addOptions({theme, language, startup, tour, study, times});
    parser.process(application);

    const bool measured = parser.isSet(startup) || parser.isSet(tour) || parser.isSet(times);
    {
        const Settings settings(!measured);
        const auto choice = [&](const QCommandLineOption& option, const char* key) {
            return parser.isSet(option) ? parser.value(option)
                                        : settings.value(QLatin1String(key), QStringLiteral("system")).toString();
        };
        installLanguage(application, choice(language, "view/language"));
        applyTheme(choice(theme, "view/theme"));
    }
    if (parser.isSet(tour))
        return ScreenshotTour(parser.value(tour), parser.value(study)).run();
    if (parser.isSet(times))
        return printWorklistTimes(parser.value(times));
    MainWindow window(measured ? MainWindow::Memory::None : MainWindow::Memory::Kept);
    if (measured)
        QObject::connect(&window, &MainWindow::firstPainted, &application, [] {
            QTextStream(stdout) << qRound(millisecondsSinceStart()) << Qt::endl;
            QApplication::exit(0);
        });
    window.show();
    if (const QStringList arguments = parser.positionalArguments(); !arguments.isEmpty())
        window.session().openStudy(arguments.front());
    return QApplication::exec();
}
