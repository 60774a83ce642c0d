// SPDX-License-Identifier: GPL-3.0-or-later
// info and convert as scripts see them: exit codes, JSON keys, the table.
#include "tests/unit/io_fixture.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

using namespace precordia::test;

namespace {

struct Run {
    int exit = -1;
    QByteArray out;
    QByteArray err;
};

Run cli(const QStringList& arguments) {
    QProcess process;
    process.start(qEnvironmentVariable("PRECORDIA_CLI"), arguments);
    if (!process.waitForFinished(60'000))
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

} // namespace

class TestIoCli : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        QVERIFY(!qEnvironmentVariable("PRECORDIA_CLI").isEmpty());
        folder_.write("a.dat", words16({1000, 3, -1000, -3}));
        good_ = QString::fromStdString(
            folder_
                .write("a.hea",
                       std::string("a 2 250 2\na.dat 16 1000/mV 16 0 1000 0 0 avr\na.dat 16 1000/mV 16 0 3 1 0 V1\n"
                                   "#Age: 61\n#Dx: 164889003\n"))
                .string());
        bad_ = QString::fromStdString(folder_.write("b.bin", bytes({1, 0, 2})).string());
    }

    void infoAsJson() {
        const auto run = cli({"info", "--json", good_, bad_});
        QCOMPARE(run.exit, 3);
        const auto document = QJsonDocument::fromJson(run.out).object();
        const auto files = document["files"].toArray();
        QCOMPARE(files.size(), 1);
        const auto file = files[0].toObject();
        QCOMPARE(file["path"].toString(), good_);
        QCOMPARE(file["format"].toString(), QString("wfdb"));
        QCOMPARE(file["sampling_rate_hz"].toDouble(), 250.0);
        QCOMPARE(file["samples"].toInt(), 2);
        QCOMPARE(file["duration_s"].toDouble(), 0.008);
        const auto lead = file["leads"].toArray().at(0).toObject();
        QCOMPARE(lead["name"].toString(), QString("aVR"));
        QCOMPARE(lead["unit"].toString(), QString("uV"));
        QCOMPARE(lead["derived"].toBool(true), false);
        const auto warning = file["warnings"].toArray().at(0).toObject();
        QCOMPARE(warning["code"].toString(), QString("checksum"));
        QCOMPARE(warning["where"].toString(), QString("lead V1"));
        QVERIFY(!warning["message"].toString().isEmpty());
        QCOMPARE(document["failed"].toArray().at(0).toObject()["path"].toString(), bad_);
        QVERIFY(run.err.contains("b.bin"));
        QCOMPARE(run.err.count('\n'), 1); // a refusal is one line
    }

    void exitCodes() {
        QCOMPARE(cli({"info", good_}).exit, 0);
        QCOMPARE(cli({"info", bad_}).exit, 1);
        QCOMPARE(cli({"info"}).exit, 2);
        const auto out = QString::fromStdString(folder_.path("o.dcm").string());
        QCOMPARE(cli({"convert", good_, out, "--class", "12-lead"}).exit, 2); // two leads are not twelve
        QVERIFY(!QFile::exists(out));
        const auto unknown = QString::fromStdString(folder_.path("o.foo").string());
        const auto refused = cli({"convert", good_, unknown});
        QCOMPARE(refused.exit, 2);
        QVERIFY(refused.err.contains(".csv") && refused.err.contains("--to wfdb"));
        QVERIFY(!QFile::exists(unknown));
        const auto contradiction = cli({"export", "study", "x.npy", "--level", "recording", "--to", "csv"});
        QCOMPARE(contradiction.exit, 2);
        QVERIFY(contradiction.err.contains("x.npy"));
        const auto bogus = cli({"bogus"});
        QCOMPARE(bogus.exit, 2);
        QVERIFY(bogus.err.contains("\"bogus\""));
        QCOMPARE(cli({"convert", bad_, out, "--to", "csv"}).exit, 1);
        QCOMPARE(cli({"convert", good_, good_, "--to", "csv"}).exit, 2); // never over its own input
        QVERIFY(QFile::exists(good_));
    }

    void convert() {
        const auto out = QString::fromStdString(folder_.path("o.csv").string());
        QCOMPARE(cli({"convert", good_, out}).exit, 0);
        QFile file(out);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("time_s,aVR,V1\n0,1000,3\n0.004,-1000,-3\n"));
        const auto record = QString::fromStdString(folder_.path("w").string());
        QCOMPARE(cli({"convert", out, record, "--to", "wfdb"}).exit, 0);
        QVERIFY(cli({"info", record}).out.contains("250.0 Hz"));
        const auto wide = QString::fromStdString(folder_.path("w24").string());
        QCOMPARE(cli({"convert", good_, wide, "--to", "wfdb", "--format", "24"}).exit, 0);
        QFile header(wide + ".hea");
        QVERIFY(header.open(QIODevice::ReadOnly));
        QVERIFY(header.readAll().contains("\nw24.dat 24 1000(0)/mV 24 0 1000 0 0 aVR\n"));
        QCOMPARE(cli({"convert", good_, wide, "--to", "wfdb", "--format", "212"}).exit, 2);
        const auto edf = QString::fromStdString(folder_.path("e.edf").string());
        QCOMPARE(cli({"convert", out, edf}).exit, 0);
        QVERIFY(cli({"info", edf}).out.contains("edf"));
    }

    // What a table does not say is said on the command line, or in a file.
    void saidByHand() {
        const auto table = QString::fromStdString(folder_.write("t.tsv", std::string("1\t2\n3\t4\n5\t6\n")).string());
        const auto silent = cli({"info", table});
        QCOMPARE(silent.exit, 1);
        QVERIFY(silent.err.contains("--rate and --unit"));
        const auto run = cli({"info", "--json", "--rate", "250", "--unit", "mV", "--leads", "II,V1", table});
        QCOMPARE(run.exit, 0);
        const auto file = QJsonDocument::fromJson(run.out).object()["files"].toArray().at(0).toObject();
        QCOMPARE(file["sampling_rate_hz"].toDouble(), 250.0);
        QCOMPARE(file["leads"].toArray().at(1).toObject()["name"].toString(), QString("V1"));
        const auto layout = QString::fromStdString(
            folder_.write("l.json", std::string(R"({"sampling_rate_hz": 100, "unit": "uV"})")).string());
        QVERIFY(cli({"info", "--layout", layout, table}).out.contains("100.0 Hz"));
        QCOMPARE(cli({"info", "--layout", good_, table}).exit, 1);
        QVERIFY(cli({"info", "--item", "1", "--layout", layout, table}).err.contains("it holds 1"));
    }

private:
    Folder folder_;
    QString good_;
    QString bad_;
};

QTEST_GUILESS_MAIN(TestIoCli)
#include "test_io_cli.moc"
