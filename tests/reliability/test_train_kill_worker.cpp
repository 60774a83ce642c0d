// SPDX-License-Identifier: GPL-3.0-or-later
// pretrain --processes 2 as a person starts it: a worker that is killed ends the run cleanly, and it can be resumed.
#include "core/base/result.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QProcessEnvironment>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

class TestTrainKillWorker : public QObject {
    Q_OBJECT

    QTemporaryDir dir_;
    QString study_ = dir_.filePath("study");
    const QStringList model_ = {
        "intervals=50", "width=24",           "heads=3",           "channel_depth=1", "temporal_depth=1",
        "batch=6",      "predictor_width=12", "predictor_heads=3", "threads=1",       "decoder_steps=0"};

    static QString program() { return qEnvironmentVariable("PRECORDIA_CLI"); }
    int command(const QStringList& arguments, QString* errors = nullptr) const;
    QStringList pretrain(const QStringList& more) const;
    QString run() const;
    static QStringList childrenOf(qint64 process);

private Q_SLOTS:
    void initTestCase();
    void aKilledWorkerStopsTheRunWithACheckpoint();
    void aStopReachesAllAndOneGoesOn();
    void variablesThatMakeNoSenseAreRefused();
};

int TestTrainKillWorker::command(const QStringList& arguments, QString* errors) const {
    QProcess process;
    process.start(program(), arguments);
    if (!process.waitForFinished(300'000))
        return -1;
    const auto text = QString::fromUtf8(process.readAllStandardError());
    if (errors != nullptr)
        *errors = text;
    else if (process.exitCode() != 0)
        qWarning("%s", qPrintable(text));
    return process.exitCode();
}

QStringList TestTrainKillWorker::pretrain(const QStringList& more) const {
    QStringList arguments = {"pretrain", study_};
    for (const auto& setting : model_)
        arguments << "--set" << setting;
    return arguments + more;
}

QString TestTrainKillWorker::run() const {
    const auto names = QDir(study_ + "/runs").entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
    return names.isEmpty() ? QString() : study_ + "/runs/" + names.last();
}

QStringList TestTrainKillWorker::childrenOf(qint64 process) {
    QStringList out;
    const auto tasks = QString("/proc/%1/task").arg(process);
    for (const auto& task : QDir(tasks).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile file(tasks + '/' + task + "/children");
        if (file.open(QIODevice::ReadOnly))
            out += QString::fromLatin1(file.readAll()).split(' ', Qt::SkipEmptyParts);
    }
    return out;
}

void TestTrainKillWorker::initTestCase() {
    QVERIFY(!program().isEmpty());
    QCOMPARE(command({"demo", study_, "--recordings", "12"}), 0);
}

void TestTrainKillWorker::aKilledWorkerStopsTheRunWithACheckpoint() {
    QProcess process;
    process.start(program(), pretrain({"--steps", "100000", "--processes", "2", "--set", "checkpoint_every=50"}));
    QVERIFY(process.waitForStarted());
    QTRY_VERIFY_WITH_TIMEOUT(!run().isEmpty() && QDir(run() + "/checkpoints").exists("step-50.json"), 240'000);
    const auto children = childrenOf(process.processId());
    QCOMPARE(children.size(), 1);
    QElapsedTimer clock;
    clock.start();
    QCOMPARE(::kill(children.first().toInt(), SIGKILL), 0);
    QVERIFY(process.waitForFinished(120'000));
    qInfo("ended %lld ms after the worker", static_cast<long long>(clock.elapsed()));
    const auto errors = QString::fromUtf8(process.readAllStandardError());
    QVERIFY2(process.exitStatus() == QProcess::NormalExit && process.exitCode() == 1, qPrintable(errors));
    QVERIFY2(errors.contains("process 1 was killed"), qPrintable(errors));
    QVERIFY2(errors.contains("is kept in"), qPrintable(errors));
    QVERIFY(QDir(run() + "/checkpoints").entryList({"*.json"}).size() >= 1);
    QVERIFY(!QFile::exists(run() + "/model.safetensors"));
}

void TestTrainKillWorker::aStopReachesAllAndOneGoesOn() {
    for (const auto& processes : {"1", "2"}) {
        QProcess process; // goes on where the killed run stood
        process.start(program(), {"pretrain", study_, "--resume", run(), "--processes", processes});
        QVERIFY(process.waitForStarted());
        const auto before = QDir(run() + "/checkpoints").entryList({"*.json"});
        QTRY_VERIFY_WITH_TIMEOUT(QDir(run() + "/checkpoints").entryList({"*.json"}) != before, 240'000);
        const auto children = childrenOf(process.processId());
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(120'000));
        QCOMPARE(process.exitCode(), 130);
        for (const auto& child : children)
            QVERIFY(::kill(child.toInt(), 0) != 0);
    }
}

void TestTrainKillWorker::variablesThatMakeNoSenseAreRefused() {
    const auto with = [this](const QString& rank, const QString& size, const QString& address) {
        QProcess process;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("RANK", rank);
        environment.insert("WORLD_SIZE", size);
        environment.insert("MASTER_ADDR", address);
        environment.insert("MASTER_PORT", "29999");
        process.setProcessEnvironment(environment);
        process.start(program(), pretrain({"--steps", "1"}));
        return process.waitForFinished(120'000) ? process.exitCode() : -1;
    };
    QCOMPARE(with("2", "2", "127.0.0.1"), 2);
    QCOMPARE(with("zero", "2", "127.0.0.1"), 2);
    QCOMPARE(with("0", "2", "192.0.2.1"), 2);
}

QTEST_GUILESS_MAIN(TestTrainKillWorker)
#include "test_train_kill_worker.moc"
