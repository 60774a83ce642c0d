// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/quiet_qt.h"

#include <QString>
#include <QtGlobal>

namespace precordia {

namespace {

QtMessageHandler before = nullptr;

void handle(QtMsgType type, const QMessageLogContext& context, const QString& message) {
    // Said without a login session, and by the display-less platform.
    if (message.startsWith(QLatin1String("QStandardPaths: XDG_RUNTIME_DIR not set")) ||
        message.startsWith(QLatin1String("This plugin does not support ")))
        return;
    if (before != nullptr)
        before(type, context, message);
}

} // namespace

void quietQt() {
    if (const auto previous = qInstallMessageHandler(handle); previous != handle)
        before = previous;
}

} // namespace precordia
