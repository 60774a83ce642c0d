// SPDX-License-Identifier: GPL-3.0-or-later
// An import killed at random moments and begun again gives the study that an undisturbed one gives: bench import does
// both, a few hundred kills by hand are `bench import --files 2000 --kills 300`.
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

class TestImportKill : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theStudyIsTheSame() {
        const QTemporaryDir config; // the key for pseudonyms is this test's own
        QProcess process;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("XDG_CONFIG_HOME"), config.path());
        process.setProcessEnvironment(environment);
        process.start(qEnvironmentVariable("PRECORDIA_CLI"),
                      {"bench", "import", "--files", "2000", "--length", "1", "--kills", "8", "--json"});
        QVERIFY(process.waitForFinished(-1));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
        const auto bench = QJsonDocument::fromJson(process.readAllStandardOutput()).object()["import"].toObject();
        QCOMPARE(bench["imported"].toInt(), 2000);
        QVERIFY(bench["kills"].toInt() > 0);
        QVERIFY(bench["same_after_kills"].toBool());
    }
};

QTEST_GUILESS_MAIN(TestImportKill)
#include "test_import_kill.moc"
