// SPDX-License-Identifier: GPL-3.0-or-later
// pretrain as a person at the command line meets it: a run that was stopped says how to go on, two at once do not get
// in each other's way, a verdict is told once.
#include "core/base/result.h"

#include <QDir>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace {

constexpr int kPatience = 300'000; // ms; a busy machine is no failure

struct Run {
    int exit = -1;
    QByteArray out, err;
    QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
};

} // namespace

class TestPretrainCli : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        QVERIFY(!qEnvironmentVariable("PRECORDIA_CLI").isEmpty());
        const auto made = finished(start({"demo", study(), "--recordings", "12"}));
        QVERIFY2(made.exit == 0, made.err.constData());
    }

    void aStoppedFirstRunSaysHowToGoOn() {
        auto first = stopped({"--steps", "1000000"});
        QCOMPARE(first.exit, 130);
        const QString name = QDir(study() + "/runs").entryList(QDir::Dirs | QDir::NoDotAndDotDot).value(0);
        QVERIFY(!name.isEmpty());
        const QString resume = "precordia-cli pretrain " + study() + " --resume " + name;
        const auto said = QString::fromUtf8(first.err);
        QVERIFY2(said.contains("The run " + name + " was stopped before its end and has no model yet."),
                 qPrintable(said));
        QVERIFY2(said.contains("The study has no model of its own yet."), qPrintable(said));
        QVERIFY2(said.contains("To go on: " + resume + "\n"), qPrintable(said));
        QVERIFY(first.out.isEmpty());
        // That is what to type, and scripts are told the same.
        const auto again = stopped({"--resume", name, "--json"}, false);
        QCOMPARE(again.exit, 130);
        const auto json = again.json();
        QCOMPARE(json["stopped"].toBool(), true);
        QCOMPARE(json["run"].toString(), name);
        QVERIFY(json["model_file"].isNull() && json["current_model"].isNull());
        QCOMPARE(json["resume"].toString(), resume);
    }

    void twoAtOnceHaveRunsOfTheirOwn() {
        const QStringList arguments = pretrain({"--steps", "1", "--json"});
        auto one = start(arguments), other = start(arguments);
        const auto a = finished(std::move(one)), b = finished(std::move(other));
        QVERIFY2(a.exit == 0, a.err.constData());
        QVERIFY2(b.exit == 0, b.err.constData());
        const auto first = a.json()["run"].toString(), second = b.json()["run"].toString();
        QVERIFY(first != second);
        for (const auto& name : {first, second})
            QVERIFY2(QFile::exists(study() + "/runs/" + name + "/model.safetensors"), qPrintable(name));
    }

    void theStudysModelIsUnchanged() {
        const auto whole = finished(start(pretrain({"--steps", "1", "--json"})));
        QVERIFY2(whole.exit == 0, whole.err.constData());
        const auto own = whole.json()["model"].toString();
        const auto run = stopped({"--steps", "1000000", "--json"});
        QCOMPARE(run.exit, 130);
        QVERIFY2(run.err.contains("The study's own model, " + own.toUtf8() + ", is unchanged."), run.err.constData());
        QCOMPARE(run.json()["current_model"].toString(), own);
    }

    // What is refused leaves no folder.
    void noRunNoFolder() {
        const auto before = QDir(study() + "/runs").count();
        const auto refused = finished(start(pretrain({"--steps", "1", "--device", "nonesuch"})));
        QVERIFY(refused.exit != 0);
        QCOMPARE(QDir(study() + "/runs").count(), before);
    }

    // A teacher that follows at once and nothing that holds the encodings apart: they are lost, and every diagnosis
    // says so with other figures.
    void aVerdictIsToldOnce() {
        const auto run =
            finished(start(pretrain({"--steps", "150", "--set", "ema=[0.1,0.1]", "--set", "regulariser=none", "--set",
                                     "learning_rate=0.1", "--set", "warmup=0", "--set", "diagnose_every=5"})));
        QVERIFY2(run.exit == 0, run.err.constData());
        int losing = 0, told = 0;
        QString last;
        const QRegularExpression figure("[0-9.]+(e-[0-9]+)?");
        for (const auto& bytes : run.err.split('\n')) {
            auto line = QString::fromUtf8(bytes);
            if (line.startsWith("step ") && line.contains("  collaps"))
                ++losing;
            if (!line.startsWith("Encodings "))
                continue;
            QVERIFY(line.replace(figure, "#") != last);
            last = line;
            ++told;
        }
        QVERIFY2(losing > 10, run.err.constData());
        QVERIFY2(told > 0 && told < losing, run.err.constData());
        QVERIFY2(run.out.contains("Encodings "), run.out.constData()); // and at the end
    }

private:
    using Process = std::unique_ptr<QProcess>;

    QString study() const { return folder_.filePath("study"); }

    QStringList pretrain(const QStringList& more) const {
        QStringList out{"pretrain", study()};
        for (const char* setting : {"threads=1", "width=12", "heads=3", "channel_depth=1", "temporal_depth=1",
                                    "predictor_width=6", "predictor_heads=3", "temporal_predictor_depth=1",
                                    "channel_predictor_depth=1", "batch=4", "decoder_steps=0"})
            out << "--set" << setting;
        return out + more;
    }

    static Process start(const QStringList& arguments) {
        auto process = std::make_unique<QProcess>();
        process->start(qEnvironmentVariable("PRECORDIA_CLI"), arguments);
        return process;
    }
    static Run finished(Process process) {
        if (!process->waitForFinished(kPatience))
            return {};
        return {process->exitCode(), process->readAllStandardOutput(), process->readAllStandardError()};
    }
    // SIGTERM once the first step is made.
    Run stopped(const QStringList& more, bool fresh = true) const {
        auto process = start(fresh ? pretrain(more) : QStringList{"pretrain", study()} + more);
        QByteArray err;
        QElapsedTimer timer;
        timer.start();
        while (!err.contains("step ") && timer.elapsed() < kPatience && process->state() != QProcess::NotRunning) {
            process->waitForReadyRead(1000);
            err += process->readAllStandardError();
        }
        process->terminate();
        auto run = finished(std::move(process));
        run.err.prepend(err);
        return run;
    }

    QTemporaryDir folder_;
};

QTEST_GUILESS_MAIN(TestPretrainCli)
#include "test_pretrain_cli.moc"
