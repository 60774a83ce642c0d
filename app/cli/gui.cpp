// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/gui.h"

#include <QGuiApplication>

#include <clocale>

namespace precordia::cli {

void ensureGui() {
    static int count = 1;
    static char name[] = "precordia-cli";
    static char* arguments[] = {name, nullptr};
    if (QCoreApplication::instance() != nullptr)
        return;
    static QGuiApplication application(count, arguments);
    // Qt takes over the user's locale; files are read and written with a point in every country.
    std::setlocale(LC_NUMERIC, "C");
}

} // namespace precordia::cli
