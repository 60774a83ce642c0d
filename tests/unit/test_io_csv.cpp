// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/csv_writer.h"
#include "core/io/reader.h"
#include "core/io/wfdb_writer.h"
#include "tests/unit/io_fixture.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace precordia;
using namespace precordia::test;

namespace {

const float kGap = std::numeric_limits<float>::quiet_NaN();

Recording sample(double rate) {
    Recording r;
    r.samplingRate = rate;
    Lead one;
    one.name = "I";
    one.samples = {0.5F, -1234.25F, kGap, 1e-3F, 3.3333333F};
    Lead two = one;
    two.name = "V1";
    two.samples = {1, 2, 3, 4, kGap};
    Lead pressure = one;
    pressure.name = "ABP, left";
    pressure.unit = "mmHg";
    pressure.samples = {80, 81, 82.5F, 83, 84};
    r.leads = {one, two, pressure};
    return r;
}

bool same(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](float x, float y) {
               return x == y || (std::isnan(x) && std::isnan(y));
           });
}

QString textOf(const std::filesystem::path& path) {
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

} // namespace

class TestIoCsv : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writtenAsTheContractSays() {
        const Folder folder;
        Recording r;
        r.samplingRate = 360;
        Lead lead;
        lead.name = "II";
        lead.samples = {1.5F, kGap, -20};
        r.leads = {lead};
        QVERIFY(writeCsv(r, folder.path("o.csv")).ok());
        QCOMPARE(textOf(folder.path("o.csv")), QString("time_s,II\n0,1.5\n0.002777778,\n0.005555556,-20\n"));
    }

    void roundTrip_data() {
        QTest::addColumn<double>("rate");
        for (const double rate : {100.0, 257.0, 360.0, 500.0, 977.0, 1000.0, 128.5, 15.5})
            QTest::addRow("%g Hz", rate) << rate;
    }
    void roundTrip() {
        QFETCH(double, rate);
        const Folder folder;
        const auto original = sample(rate);
        QVERIFY(writeCsv(original, folder.path("o.csv")).ok());
        const auto r = Registry::standard().read(folder.path("o.csv"));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samplingRate, rate); // exactly: the rounding of the time column is undone
        QCOMPARE(r->leads.size(), 3U);
        for (std::size_t l = 0; l < 3; ++l) {
            QVERIFY(same(r->leads[l].samples, original.leads[l].samples));
            QCOMPARE(r->leads[l].unit, original.leads[l].unit);
            QCOMPARE(r->leads[l].name, original.leads[l].name);
        }
    }

    void otherHands_data() {
        QTest::addColumn<QByteArray>("table");
        QTest::newRow("millivolts") << QByteArray("time (s),II (mV),avr [mV]\n0.000,0.5,-1\n0.002,,2\n0.004,1,nan\n");
        QTest::newRow("comma in numbers")
            << QByteArray("time_s;II_mV;aVR_mV\r\n0,000;0,5;-1\r\n0,002;;2\r\n0,004;1;\r\n");
        QTest::newRow("tabs, time last") << QByteArray(
            "ECG II (mV)\tLead aVR (mV)\tTime (ms)\n0.5\t-1\t0\n\t2\t2\n1\tNA\t4\n");
        QTest::newRow("mark, quotes, micro sign")
            << QByteArray("\xEF\xBB\xBF# Age: 40\n\"time_ms\",\"II (\xC2\xB5V)\",\"aVR "
                          "(\xCE\xBCV)\"\n0,500,-1000\n2,,2000\n4,1000,\n\n");
        QTest::newRow("Latin-1") << QByteArray("t,II (\xB5V),aVR (uV),\n0,500,-1000,\n0.002,,2000,\n0.004,1000,,\n")
                                        .replace("aVR (uV),\n", "aVR (uV)\n");
    }
    void otherHands() {
        QFETCH(QByteArray, table);
        const Folder folder;
        const auto r = Registry::standard().read(folder.write("o.csv", table));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samplingRate, 500.0);
        QCOMPARE(r->leads[0].name, std::string("II"));
        QCOMPARE(r->leads[1].name, std::string("aVR"));
        QVERIFY(same(r->leads[0].samples, {500, kGap, 1000}));
        QVERIFY(same(r->leads[1].samples, {-1000, 2000, kGap}));
        QCOMPARE(r->leads[0].unit, std::string("uV"));
    }

    // Our own heading without units means uV; another program's may look the same, so what was taken is told.
    void unitsThatAreTakenAreTold_data() {
        QTest::addColumn<QByteArray>("table");
        QTest::addColumn<QString>("columns"); // "": nothing was taken
        QTest::newRow("two") << QByteArray("time_s,II,lead V1\n0,1,2\n0.002,3,4\n") << "columns II, lead V1";
        QTest::newRow("one of two") << QByteArray("time_s,II (mV),V1\n0,1,2\n0.002,3,4\n") << "column V1";
        QTest::newRow("headings") << QByteArray("time_s,II (mV),V1_uV\n0,1,2\n0.002,3,4\n") << "";
        QTest::newRow("a comment") << QByteArray("# unit: mV\ntime_s,II,V1\n0,1,2\n0.002,3,4\n") << "";
        QTest::newRow("other signals") << QByteArray("time_s,P (mmHg)\n0,1\n0.002,3\n") << "";
    }
    void unitsThatAreTakenAreTold() {
        QFETCH(QByteArray, table);
        QFETCH(QString, columns);
        const Folder folder;
        ReadOptions header;
        header.metadataOnly = true;
        for (const ReadOptions& options : {ReadOptions{}, header}) {
            const auto r = Registry::standard().read(folder.write("o.csv", table), options);
            QVERIFY2(r.ok(), failureText(r).c_str());
            QString told;
            for (const auto& warning : r->warnings)
                if (warning.code == WarningCode::GainMissing) {
                    QVERIFY(warning.message.find("uV is taken") != std::string::npos);
                    told += QString::fromStdString(warning.where);
                }
            QCOMPARE(told, columns);
        }
        // Who says the unit is not told of another.
        ReadOptions said;
        said.tableLayout = TableLayout{};
        said.tableLayout->unit = "mV";
        const auto r = Registry::standard().read(folder.write("o.csv", table), said);
        QVERIFY2(r.ok(), failureText(r).c_str());
        for (const auto& warning : r->warnings)
            QVERIFY(warning.code != WarningCode::GainMissing);
    }

    void refused_data() {
        QTest::addColumn<QByteArray>("table");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("where");
        const auto row = [](const char* tag, const QByteArray& table, ErrorCode code, const char* where) {
            QTest::newRow(tag) << table << static_cast<int>(code) << where;
        };
        row("no time", "I,II\n1,2\n3,4\n", ErrorCode::FormatUnsupported, "line 1");
        row("labels", "record_path,age\na/b,5\n", ErrorCode::FormatUnsupported, "line 1");
        row("time alone", "time_s\n0\n1\n", ErrorCode::FormatInvalid, "line 1");
        row("a word", "time_s,I\n0,1\n0.1,abc\n", ErrorCode::FormatInvalid, "line 3");
        row("a gap in time", "time_s,I\n0.000,1\n0.100,1\n0.500,1\n0.600,1\n", ErrorCode::FormatInvalid, "line 3");
        row("a row left out", "time_s,I\n0.000,1\n0.002,1\n0.006,1\n0.008,1\n0.010,1\n", ErrorCode::FormatInvalid,
            "line 4");
        row("time stands", "time_s,I\n1,1\n1,1\n", ErrorCode::FormatInvalid, "line 3");
        row("time missing", "time_s,I\n0,1\n,1\n", ErrorCode::FormatInvalid, "line 3");
        row("ragged", "time_s,I\n0,1\n0.1,1,5\n", ErrorCode::FormatInvalid, "line 3");
        row("infinite", "time_s,I\n0,inf\n0.1,1\n", ErrorCode::FormatInvalid, "line 2");
        row("beyond a float", "time_s,I\n0,1e60\n0.1,1\n", ErrorCode::FormatInvalid, "line 2");
        row("one sample", "time_s,I\n0,1\n", ErrorCode::SignalTooShort, "o.csv");
        row("beyond any rate", "time_s,I\n0,1\n1e-9,1\n", ErrorCode::ValueOutOfRange, "o.csv");
    }
    void refused() {
        QFETCH(QByteArray, table);
        QFETCH(int, code);
        QFETCH(QString, where);
        const Folder folder;
        const auto r = Registry::standard().read(folder.write("o.csv", table));
        QVERIFY(r.failed());
        QCOMPARE(static_cast<int>(r.error().code), code);
        QVERIFY2(QString::fromStdString(r.error().where).endsWith(where), r.error().text().c_str());
    }

    void mutations() {
        const QByteArray good("# Sex: F\ntime_s,I (mV),V1\n0,1,2\n0.002,,3\n0.004,-1.5,4\n0.006,1e2,5\n");
        const Folder folder;
        Dice dice(3);
        int readable = 0;
        for (int i = 0; i < 400; ++i) {
            const auto r = Registry::standard().read(folder.write("o.csv", mutated(good, dice)));
            QVERIFY(r.ok() || r.failed());
            readable += r.ok() ? 1 : 0;
        }
        QVERIFY(readable > 20);
    }

    // What the WFDB writer makes, the WFDB reader finds again to half a step; the sums fit (no warning).
    void wfdbRoundTrip() {
        const Folder folder;
        auto original = sample(500);
        original.metadata.comments = {" Source: synthetic"};
        original.metadata.ageYears = 44;
        original.metadata.sex = "male";
        original.metadata.diagnosisCodes = {"164889003", "59118001"};
        QVERIFY(writeWfdb(original, folder.path("w.hea"), 0.5).ok());
        const auto r = Registry::standard().read(folder.path("w.hea"));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->warnings.size(), 0U);
        QCOMPARE(r->leads[0].quantum, 0.5);
        QCOMPARE(r->leads[2].unit, std::string("mmHg"));
        for (std::size_t l = 0; l < 3; ++l)
            for (std::size_t i = 0; i < 5; ++i) {
                const float a = original.leads[l].samples[i];
                const float b = r->leads[l].samples[i];
                QVERIFY(std::isnan(a) ? std::isnan(b) : std::abs(a - b) <= r->leads[l].quantum / 2 * 1.001);
            }
        QCOMPARE(r->metadata.ageYears.value_or(0), 44.0);
        QCOMPARE(r->metadata.sex, std::string("male"));
        QCOMPARE(r->metadata.diagnosisCodes, original.metadata.diagnosisCodes);
        QCOMPARE(r->metadata.comments.front(), std::string(" Source: synthetic"));
        // written again, nothing is said twice
        QVERIFY(writeWfdb(*r, folder.path("w2.hea"), 0.5).ok());
        QCOMPARE(Registry::standard().read(folder.path("w2.hea"))->metadata.comments, r->metadata.comments);
    }

    void wfdbRefuses() {
        const Folder folder;
        auto r = sample(500);
        QCOMPARE(writeWfdb(r, folder.path("w.hea"), 0.01).error().code, ErrorCode::ValueOutOfRange); // 123425 steps
        QCOMPARE(writeWfdb(r, folder.path("bad name.hea"), 1).error().code, ErrorCode::WrongUse);
        r.leads[1].samples.pop_back();
        QCOMPARE(writeWfdb(r, folder.path("w.hea"), 1).error().code, ErrorCode::WrongUse);
        QCOMPARE(writeWfdb(Recording{}, folder.path("w.hea"), 1).error().code, ErrorCode::WrongUse);
        QVERIFY(!QFile::exists(QString::fromStdString(folder.path("w.hea").string())));
    }
};

QTEST_APPLESS_MAIN(TestIoCsv)
#include "test_io_csv.moc"
