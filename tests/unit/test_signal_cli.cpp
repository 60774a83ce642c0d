// SPDX-License-Identifier: GPL-3.0-or-later
// measure and bench delineation as scripts see them: exit codes, JSON keys, null where something is absent.
#include "core/base/result.h" // before <compare>: moc 6.4 trips over it when nothing of libstdc++ came before
#include "core/ecg/synthesis.h"
#include "core/io/wfdb_writer.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace precordia;

namespace {

struct Run {
    int exit = -1;
    QJsonObject out;
};

Run cli(const QStringList& arguments) {
    QProcess process;
    process.start(qEnvironmentVariable("PRECORDIA_CLI"), arguments);
    if (!process.waitForFinished(60'000))
        return {};
    return {process.exitCode(), QJsonDocument::fromJson(process.readAllStandardOutput()).object()};
}

QString textOf(const QStringList& arguments) {
    QProcess process;
    process.start(qEnvironmentVariable("PRECORDIA_CLI"), arguments);
    return process.waitForFinished(60'000) ? QString::fromUtf8(process.readAllStandardOutput()) : QString();
}

} // namespace

class TestSignalCli : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        QVERIFY(!qEnvironmentVariable("PRECORDIA_CLI").isEmpty());
        for (const auto& [name, rhythm] : {std::pair{"sinus", Rhythm::Sinus}, {"fib", Rhythm::AtrialFibrillation}}) {
            SynthesisOptions o;
            o.rhythm = rhythm;
            auto ecg = synthesise(o, 1006);
            ecg.recording.name = name;
            truth_.push_back(ecg.truth);
            const auto done = writeWfdb(ecg.recording, folder_.filePath(QString(name) + ".hea").toStdString());
            QVERIFY2(done.ok(), failureText(done).c_str());
        }
    }

    // Into a study: not what the import measured, and again when asked; only what can be read.
    void measureIntoAStudy() {
        const QString study = folder_.filePath("study");
        QCOMPARE(cli({"import", study, path("sinus"), path("fib")}).exit, 0);
        auto run = cli({"measure", study, "--store", "--json"});
        QCOMPARE(run.exit, 0);
        QCOMPARE(run.out["measured"].toInt(), 0);
        QCOMPARE(run.out["up_to_date"].toInt(), 2);
        run = cli({"measure", study, "--store", "--again", "--json"});
        QCOMPARE(run.out["measured"].toInt(), 2);
        QCOMPARE(run.out["failed"].toArray().size(), 0);
        QVERIFY(QFile::rename(folder_.filePath("fib.dat"), folder_.filePath("fib.away")));
        run = cli({"measure", study, "--store", "--again", "--threads", "2", "--json"});
        QVERIFY(QFile::rename(folder_.filePath("fib.away"), folder_.filePath("fib.dat")));
        QCOMPARE(run.exit, 3);
        QCOMPARE(run.out["measured"].toInt(), 1);
        QCOMPARE(run.out["failed"].toArray().size(), 1);
        QCOMPARE(cli({"measure", study, path("sinus"), "--store"}).exit, 2);
        QCOMPARE(cli({"measure", folder_.filePath("nowhere"), "--store"}).exit, 1);
        QVERIFY(cli({"measure", path("sinus"), "--again"}).exit != 0);
    }

    void measureAsText() {
        const QString text = textOf({"measure", path("sinus")});
        const double st =
            cli({"measure", path("sinus"), "--json"}).out["files"][0]["amplitudes"]["II"]["st_j60_uv"].toDouble();
        QVERIFY2(text.contains("ST at J + 60 ms"), qPrintable(text));
        QVERIFY2(text.contains(QStringLiteral(" II %1,").arg(std::lround(st))), qPrintable(text));
    }

    // A file that was cut short is measured as far as it goes, and says so.
    void aFileCutShortSaysSo() {
        QVERIFY(QDir(folder_.path()).mkpath("short"));
        QVERIFY(QFile::copy(folder_.filePath("sinus.hea"), folder_.filePath("short/sinus.hea")));
        QFile whole(folder_.filePath("sinus.dat")), half(folder_.filePath("short/sinus.dat"));
        QVERIFY(whole.open(QIODevice::ReadOnly) && half.open(QIODevice::WriteOnly));
        half.write(whole.readAll().left(static_cast<int>(whole.size() / 2)));
        half.close();
        const auto warnings = cli({"measure", path("short/sinus"), "--json"}).out["files"][0]["warnings"].toArray();
        QVERIFY(!warnings.isEmpty());
        QCOMPARE(warnings[0].toObject()["code"].toString(), QString("short-file"));
        const QString text = textOf({"measure", path("short/sinus")});
        QVERIFY2(text.contains("warning") && text.contains("short-file"), qPrintable(text));
        QVERIFY(!textOf({"measure", path("sinus")}).contains("short-file"));
    }

    // Names and units as measure has them, and which recording is which.
    void serialAsText() {
        const QString text = textOf({"serial", path("sinus"), path("fib")});
        for (const char* said : {"reference   ", "current     ", "sinus", "fib", "heart rate", " bpm", "QTc (Bazett)",
                                 "ST II at J + 60 ms", " uV", "lead V5"})
            QVERIFY2(text.contains(said), qPrintable(QString(said) + " is not in\n" + text));
        QVERIFY2(!text.contains("_bpm") && !text.contains("_ms") && !text.contains("_uv"), qPrintable(text));
        QVERIFY(cli({"serial", path("sinus"), path("fib"), "--json"})
                    .out["measurements"]
                    .toObject()
                    .contains("heart_rate_bpm"));
    }

    // Numbers are rounded to what they mean: no 7.800000000000001.
    void numbersWithoutNoise() {
        const QRegularExpression noise("\\d\\.\\d*(?:0{6,}|9{6,})\\d");
        for (const QStringList& command :
             {QStringList{"measure", path("sinus"), "--json", "--median"}, QStringList{"info", path("sinus"), "--json"},
              QStringList{"serial", path("sinus"), path("fib"), "--json"}}) {
            const auto found = noise.match(textOf(command));
            QVERIFY2(!found.hasMatch(), qPrintable(command.join(' ') + ": " + found.captured()));
        }
    }

    // A name that is another recording's number is refused; the number alone can be said.
    void namesThatAreNumbers() {
        SynthesisOptions o;
        for (const char* name : {"2", "x"}) {
            auto ecg = synthesise(o, name[0]);
            ecg.recording.name = name;
            QVERIFY(QDir(folder_.path()).mkpath("named"));
            QVERIFY(writeWfdb(ecg.recording, folder_.filePath("named/" + QString(name) + ".hea").toStdString()).ok());
        }
        const QString study = folder_.filePath("names");
        QCOMPARE(cli({"import", study, folder_.filePath("named")}).exit, 0);
        const auto report = [&](const char* which, const char* out) {
            return cli({"report", study, "--recording", which, folder_.filePath(out)}).exit;
        };
        QCOMPARE(report("2", "a.html"), 2);
        QVERIFY(!QFile::exists(folder_.filePath("a.html")));
        QCOMPARE(report("#2", "b.html"), 0);
        QCOMPARE(report("x", "c.html"), 0);
        QCOMPARE(report("1", "d.html"), 0);
        QFile file(folder_.filePath("b.html"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().contains("<h1>x</h1>"));
    }

    void measureAsJson() {
        const auto run = cli({"measure", "--json", "--median", path("sinus"), path("fib"), path("none")});
        QCOMPARE(run.exit, 3);
        const auto files = run.out["files"].toArray();
        QCOMPARE(files.size(), 2);
        const auto sinus = files[0].toObject(), fib = files[1].toObject();
        const auto& truth = truth_[0].measurements;
        QVERIFY(std::abs(sinus["heart_rate_bpm"].toDouble() - truth.at("heart_rate_bpm")) < 2);
        QVERIFY(std::abs(sinus["qt_ms"].toDouble() - truth.at("qt_ms")) < 50);
        QVERIFY(sinus["pr_ms"].isDouble() && sinus["qrs_ms"].isDouble());
        for (const char* key : {"bazett", "fridericia", "framingham", "hodges"})
            QVERIFY(sinus["qtc_ms"].toObject()[key].isDouble());
        for (const char* key : {"p", "qrs", "t"})
            QVERIFY(sinus["axes_deg"].toObject().contains(key));
        QVERIFY(std::abs(sinus["r_peaks_s"].toArray().size() - static_cast<int>(truth_[0].beats.size())) <= 1);
        const auto two = sinus["leads"].toObject()["II"].toObject();
        const auto p = two["p"].toArray().at(1).toArray(), qrs = two["qrs"].toArray().at(1).toArray();
        QCOMPARE(p.size(), 3);
        QVERIFY(p[0].toDouble() < p[1].toDouble() && p[1].toDouble() < p[2].toDouble());
        QVERIFY(qrs[0].toDouble() < qrs[2].toDouble());
        QCOMPARE(sinus["median_beat"].toObject()["leads"].toObject().size(), 12);

        QVERIFY(fib["pr_ms"].isNull() && fib["axes_deg"].toObject()["p"].isNull());
        QVERIFY(fib["reasons"].toObject()["pr_ms"].toString().contains("fibrillation"));
        QVERIFY(fib["leads"].toObject()["II"].toObject()["p"].toArray().isEmpty());
        QVERIFY(fib["qrs_ms"].isDouble());
    }

    // Names of channels as an old device wrote them, in Latin-1.
    void namesThatAreNoUtf8() {
        auto recording = synthesise({}, 12).recording;
        recording.leads[0].name = "Kan\xe4l";
        recording.leads[1].name = "EEG R\xfc"
                                  "ck";
        recording.name = "latin";
        QVERIFY(writeWfdb(recording, folder_.filePath("latin.hea").toStdString()).ok());
        const auto run = cli({"measure", "--json", "--median", path("latin")});
        QCOMPARE(run.exit, 0);
        const auto file = run.out["files"].toArray().at(0).toObject();
        QCOMPARE(file["left_out"].toArray().size(), 1);
        QCOMPARE(file["leads"].toObject().size(), 11);
    }

    void exitCodes() {
        QCOMPARE(cli({"measure", path("sinus")}).exit, 0);
        QCOMPARE(cli({"measure", path("none")}).exit, 1);
        QCOMPARE(cli({"measure"}).exit, 2);
        QCOMPARE(cli({"bench", "delineation", folder_.filePath("nowhere")}).exit, 1);
    }

    void boundaryTermsAreWrittenOrTheErrorIsSaid() {
        SynthesisOptions o;
        auto ecg = synthesise(o, 12);
        ecg.recording.name = "1";
        QVERIFY(QDir(folder_.path()).mkdir("marked"));
        QVERIFY(writeWfdb(ecg.recording, folder_.filePath("marked/1.hea").toStdString()).ok());
        // The R peaks of lead II, as a MIT annotation file: 6 bits of code (1: N), 10 of samples since the last.
        QByteArray marks;
        std::int64_t last = 0;
        for (const BeatTruth& beat : ecg.truth.beats) {
            const auto at = static_cast<std::int64_t>(std::lround(beat.rPeak * 500));
            const auto word = static_cast<unsigned>(1 << 10 | (at - last));
            marks.append(static_cast<char>(word & 255)).append(static_cast<char>(word >> 8));
            last = at;
        }
        QFile file(folder_.filePath("marked/1.ii"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(marks.append(2, 0)) == marks.size());
        file.close();
        const auto terms = folder_.filePath("terms.csv");
        QCOMPARE(cli({"bench", "delineation", folder_.filePath("marked"), "--terms", terms}).exit, 0);
        QFile written(terms);
        QVERIFY(written.open(QIODevice::ReadOnly));
        const auto columns = written.readLine().split(',');
        QCOMPARE(columns.size(), 5 + 17);
        QCOMPARE(columns[0], QByteArray("1"));
        QCOMPARE(columns[1], QByteArray("4")); // the peak of QRS
        QVERIFY(columns[2].toInt() >= 5);      // beats of one shape
        QVERIFY(std::abs(columns[3].toDouble()) < 40 && columns[4].toDouble() >= 0);
        const auto nowhere = folder_.filePath("no/terms.csv");
        QCOMPARE(cli({"bench", "delineation", folder_.filePath("marked"), "--terms", nowhere}).exit, 1);
    }

    void benchOfSpeed() {
        const auto run = cli({"bench", "measure", "--recordings", "3", "--json"});
        QCOMPARE(run.exit, 0);
        QVERIFY(run.out["measure"].toObject()["recordings_per_s"].toDouble() > 0);
    }

private:
    QString path(const char* name) const { return folder_.filePath(QString(name) + ".hea"); }
    QTemporaryDir folder_;
    std::vector<SynthesisTruth> truth_;
};

QTEST_GUILESS_MAIN(TestSignalCli)
#include "test_signal_cli.moc"
