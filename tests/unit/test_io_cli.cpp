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

    // What was written is said: where, and what is in it.
    void whatIsWrittenIsTold() {
        const auto at = [&](const char* name) { return QString::fromStdString(folder_.path(name).string()); };
        const auto lineOf = [](const QStringList& command) {
            const auto run = cli(command);
            return run.exit == 0 ? QString::fromUtf8(run.out) : QStringLiteral("failed: ") + run.err;
        };
        QCOMPARE(lineOf({"convert", good_, at("told.csv")}),
                 at("told.csv") + ": csv, 2 leads, 2 samples at 250 Hz, 0.008 s\n");
        QCOMPARE(lineOf({"convert", good_, at("told"), "--to", "wfdb"}),
                 at("told.hea") + ", " + at("told.dat") + ": wfdb, 2 leads, 2 samples at 250 Hz, 0.008 s\n");
        const auto converted = QJsonDocument::fromJson(cli({"convert", good_, at("told.edf"), "--json"}).out).object();
        QCOMPARE(converted["files"].toArray(), QJsonArray{at("told.edf")});
        QCOMPARE(converted["format"].toString(), QString("edf"));
        QCOMPARE(converted["leads"].toArray(), (QJsonArray{"aVR", "V1"}));
        QCOMPARE(converted["samples"].toInt(), 2);
        QCOMPARE(converted["duration_s"].toDouble(), 0.008);
        QCOMPARE(converted["warnings"].toArray().at(0).toObject()["code"].toString(), QString("checksum"));

        std::vector<int> samples;
        for (int i = 0; i < 2 * 1000; ++i)
            samples.push_back(i * 37 % 900);
        folder_.write("page.dat", words16(samples));
        folder_.write(
            "page.hea",
            std::string("page 2 250 1000\npage.dat 16 1000/mV 16 0 0 0 0 II\npage.dat 16 1000/mV 16 0 37 0 0 V1\n"));
        QCOMPARE(lineOf({"render", at("page.hea"), at("page.SVG"), "--seconds", "2"}),
                 at("page.SVG") + ": svg, 2 leads, layout 3x4+1, 0 to 2 s of 4 s, 25 mm/s 10 mm/mV\n");
        const auto drawn =
            QJsonDocument::fromJson(cli({"render", at("page.hea"), at("page.png"), "--start", "1", "--json"}).out)
                .object();
        QCOMPARE(drawn["file"].toString(), at("page.png"));
        QCOMPARE(drawn["format"].toString(), QString("png"));
        QCOMPARE(drawn["leads"].toArray(), (QJsonArray{"II", "V1"}));
        QCOMPARE(drawn["start_s"].toDouble(), 1.0);
        QCOMPARE(drawn["seconds"].toDouble(), 3.0);
        QVERIFY(drawn["width_mm"].toDouble() > 75);

        const auto report = lineOf({"import", at("told"), at("page.hea"), "--report", at("import.csv")});
        QVERIFY2(report.endsWith(at("import.csv") + ": csv, 0 failures and 2 warnings\n"), qPrintable(report));
        const auto again =
            QJsonDocument::fromJson(cli({"import", at("told"), at("page.hea"), "--report", at("i2.csv"), "--json"}).out)
                .object();
        QCOMPARE(again["report"].toString(), at("i2.csv"));
        QCOMPARE(lineOf({"report", at("told"), at("pages.html")}), at("pages.html") + ": html, 1 page\n");
        const auto pages = QJsonDocument::fromJson(cli({"report", at("told"), at("pages.pdf"), "--json"}).out).object();
        QCOMPARE(pages["file"].toString(), at("pages.pdf"));
        QCOMPARE(pages["format"].toString(), QString("pdf"));
        QCOMPARE(pages["recordings"].toInt(), 1);
        // A failure says nothing of a file.
        const auto refused = cli({"convert", good_, at("told.csv"), "--json"});
        QVERIFY(refused.exit == 1 && refused.out.isEmpty());
    }

    // Ages in whole years, and an error's reason is a sentence beside the place.
    void agesAndErrorsInWords() {
        const auto info = cli({"info", good_});
        QVERIFY2(info.out.contains("  age          61 years\n"), info.out.constData());
        folder_.write("child.hea", std::string("child 1 250 2\na.dat 16 1000/mV 16 0 0 0 0 II\n#Age: 5 mo\n"));
        const auto child = cli({"info", QString::fromStdString(folder_.path("child.hea").string())});
        QVERIFY2(child.out.contains("  age          5 months\n"), child.out.constData());
        const auto nowhere = QString::fromStdString(folder_.path("nowhere").string());
        const auto study = cli({"splits", nowhere});
        QCOMPARE(study.exit, 1);
        QCOMPARE(QString::fromUtf8(study.err),
                 "precordia-cli: " + nowhere + ": there is no study in this folder (no study.sqlite)\n");
    }

    // Columns whose unit nobody says are named, with what they were taken for.
    void unitsThatAreTakenAreTold() {
        const auto table =
            QString::fromStdString(folder_.write("u.csv", std::string("time_s,II,V1\n0,1,2\n0.004,3,4\n")).string());
        for (const auto& command : {QStringList{"info", table}, QStringList{"measure", table}}) {
            const auto run = cli(command);
            QVERIFY2(run.out.contains("columns II, V1: the heading gives no unit; uV is taken"), run.out.constData());
        }
        QVERIFY(!cli({"info", table, "--unit", "mV"}).out.contains("is taken"));
        const auto study = QString::fromStdString(folder_.path("units").string());
        const auto document = QJsonDocument::fromJson(cli({"import", study, table, "--json"}).out).object();
        QCOMPARE(document["warnings"].toObject()["gain-missing"].toInt(), 1);
    }

    // Nothing that is there is written over, unless it is said; an input never is.
    void nothingIsOverwritten() {
        const auto at = [&](const char* name) { return QString::fromStdString(folder_.path(name).string()); };
        const auto read = [](const QString& name) {
            QFile file(name);
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("not there");
        };
        folder_.write("there.csv", std::string("mine"));
        for (const auto& command :
             {QStringList{"convert", good_, at("there.csv")}, QStringList{"render", good_, at("there.csv")},
              QStringList{"deidentify", good_, at("there.csv"), "--key", at("key")},
              QStringList{"report", "study", at("there.csv")},
              QStringList{"export", "study", at("there.csv"), "--level", "recording", "--to", "csv"}}) {
            const auto run = cli(command);
            QVERIFY2(run.exit == 1, qPrintable(command.join(' ')));
            QVERIFY2(run.err.contains("there.csv") && run.err.contains("--force"), run.err.constData());
            QCOMPARE(read(at("there.csv")), QByteArray("mine"));
        }
        QCOMPARE(cli({"convert", good_, at("there.csv"), "--force"}).exit, 0);
        QVERIFY(read(at("there.csv")).startsWith("time_s"));
        // A record is its three files.
        folder_.write("r.dat", std::string("mine"));
        QCOMPARE(cli({"convert", good_, at("r"), "--to", "wfdb"}).exit, 1);
        QVERIFY(!QFile::exists(at("r.hea")));
        folder_.write("r.atr", std::string("marks of another record"));
        QCOMPARE(cli({"convert", good_, at("r"), "--to", "wfdb", "--force"}).exit, 0);
        QVERIFY(QFile::exists(at("r.hea")) && !QFile::exists(at("r.atr")));
        // The signal file of the input is an input.
        const auto samples = read(at("a.dat"));
        folder_.write("other.hea", std::string("other 1 250 4\na.dat 16 1000/mV 16 0 0 0 0 II\n"));
        QCOMPARE(cli({"convert", at("other.hea"), at("a"), "--to", "wfdb", "--force"}).exit, 2);
        QCOMPARE(read(at("a.dat")), samples);
        QCOMPARE(cli({"deidentify", good_, good_, "--force", "--key", at("key")}).exit, 2);
    }

    // What went of the diagnoses is counted and not said.
    void deidentifyTellsWhatWent() {
        const auto at = [&](const char* name) { return QString::fromStdString(folder_.path(name).string()); };
        folder_.write("d.hea",
                      std::string("d 2 250 2\na.dat 16 1000/mV 16 0 1000 0 0 I\na.dat 16 1000/mV 16 0 3 0 0 II\n"
                                  "#Diagnosis: Sinus rhythm\n#Reason for admission: asked by Zebrafink\n"));
        const QStringList command{"deidentify", at("d.hea"), at("free.hea"), "--key", at("key")};
        auto run = cli(command);
        QVERIFY2(run.exit == 0, run.err.constData());
        QVERIFY2(run.out.contains("diagnoses and statements in words: 1 of 2 lost words, 3 of 5 words in all"),
                 run.out.constData());
        QVERIFY(!run.out.contains("Zebrafink"));
        QCOMPARE(cli(command).exit, 1);
        run = cli(command + QStringList{"--force", "--json"});
        QVERIFY2(run.exit == 0, run.err.constData());
        const auto document = QJsonDocument::fromJson(run.out).object();
        QCOMPARE(document["diagnoses"].toObject()["texts_cut"].toInt(), 1);
        QCOMPARE(document["diagnoses"].toObject()["words_cut"].toInt(), 3);
        QCOMPARE(document["written"].toArray().at(0).toString(), at("free.hea"));
        QVERIFY(cli({"info", at("free.hea")}).out.contains("Sinus rhythm"));
        QVERIFY(QDir(QString::fromStdString(folder_.path(".").string()))
                    .entryList({".precordia-*"}, QDir::AllEntries | QDir::Hidden)
                    .isEmpty());
    }

    // Labels and what was left out are told, of what would come in and of what came.
    void importTellsLabels() {
        const auto at = [&](const char* name) { return QString::fromStdString(folder_.path(name).string()); };
        std::vector<int> samples;
        for (int i = 0; i < 2 * 1000; ++i)
            samples.push_back(i * 37 % 900);
        QVERIFY(QDir().mkpath(at("in")));
        folder_.write("in/s.dat", words16(samples));
        folder_.write(
            "in/s.hea",
            std::string("s 2 250 1000\ns.dat 16 1000/mV 16 0 0 0 0 EEG Cz\ns.dat 16 1000/mV 16 0 37 0 0 PLETH\n"
                        "#Diagnosis: Inferior infarct, acute (Zebrafink)\n#Dx: 164889003\n"));
        auto run = cli({"import", at("study"), at("in"), "--preview", "--json"});
        auto document = QJsonDocument::fromJson(run.out).object();
        QCOMPARE(document["without_ecg_leads"].toInt(), 1);
        QCOMPARE(document["diagnoses_left_out"].toObject()["words"].toInt(), 1);
        QVERIFY(document["labels"].toObject().contains("Inferior infarct, acute"));
        run = cli({"import", at("study"), at("in"), "--preview"});
        QVERIFY(run.out.contains("no ECG leads: 1 recording\n") && run.out.contains("2 labels of 1 recording\n"));
        QVERIFY(run.out.contains("left out of the diagnoses of 1 recording: 1 word "));
        run = cli({"import", at("study"), at("in"), "--json"});
        document = QJsonDocument::fromJson(run.out).object();
        QCOMPARE(document["labels"].toObject()["added"].toInt(), 2);
        QCOMPARE(document["labels"].toObject()["recordings"].toInt(), 1);
        QCOMPARE(document["diagnoses_left_out"].toObject()["words"].toInt(), 1);
        QCOMPARE(document["without_ecg_leads"].toInt(), 1);
        QVERIFY(!run.out.contains("Zebrafink"));
        run = cli({"import", at("study"), at("in")});
        QVERIFY(run.out.contains("0 labels came in"));
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
