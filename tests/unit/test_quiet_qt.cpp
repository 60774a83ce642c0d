// SPDX-License-Identifier: GPL-3.0-or-later
// The programs drop two of Qt's remarks and nothing else.
#include "app/quiet_qt.h"

#include <QTest>

namespace {
QStringList heard;
void listen(QtMsgType /*type*/, const QMessageLogContext& /*context*/, const QString& message) {
    heard << message;
}
} // namespace

class TestQuietQt : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void onlyTheTwoRemarksAreDropped() {
        const auto usual = qInstallMessageHandler(listen);
        precordia::quietQt();
        precordia::quietQt(); // twice is once
        qWarning("QStandardPaths: XDG_RUNTIME_DIR not set, defaulting to '/tmp/runtime-x'");
        qWarning("This plugin does not support propagateSizeHints()");
        qWarning("QStandardPaths: wrong permissions on runtime directory");
        qWarning("the disk is full");
        qInstallMessageHandler(usual);
        QCOMPARE(heard, (QStringList{"QStandardPaths: wrong permissions on runtime directory", "the disk is full"}));
    }
};

QTEST_GUILESS_MAIN(TestQuietQt)
#include "test_quiet_qt.moc"
