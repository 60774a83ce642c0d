// SPDX-License-Identifier: GPL-3.0-or-later
// Tables and NPY arrays of other hands: what they say is used, what they leave out is asked for, never guessed.
#include "core/io/npy_reader.h"
#include "core/io/reader.h"
#include "tests/unit/io_fixture.h"
#include "tests/unit/test_io_array_golden.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace precordia;
using namespace precordia::test;

namespace {

const float kGap = std::numeric_limits<float>::quiet_NaN();

bool same(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](float x, float y) {
               return std::abs(x - y) < 0.01F || (std::isnan(x) && std::isnan(y));
           });
}

ReadOptions with(double rate, const char* unit, std::vector<std::string> leads = {}) {
    ReadOptions out;
    out.tableLayout = TableLayout{};
    out.tableLayout->samplingRate = rate;
    out.tableLayout->unit = unit;
    out.tableLayout->leads = std::move(leads);
    return out;
}

} // namespace

class TestIoTable : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // Three samples of II and aVR at 500 Hz: 500, missing, 1000 and -1000, 2000, missing uV.
    void sayEverything_data() {
        QTest::addColumn<QByteArray>("table");
        QTest::newRow("unit row") << QByteArray("time;II;aVR\ns;mV;mV\n0;0,5;-1\n0,002;;2\n0,004;1;\n");
        QTest::newRow("unit row in brackets")
            << QByteArray("Time\tII\taVR\n(ms)\t(mV)\t(uV)\n0\t0.5\t-1000\n2\tNaN\t2000\n4\t1\tNaN\n");
        QTest::newRow("preamble") << QByteArray(
            "Recorder;X\nSampling rate;500 Hz\nUnit;mV\n\nII;aVR\n0,5;-1\n;2\n1;\n");
        QTest::newRow("comments") << QByteArray("# fs: 500\n# unit: mV\nII,aVR\n0.5,-1\n,2\n1,\n");
        QTest::newRow("counter") << QByteArray(
            "# sampling_rate_hz = 500\n'sample #',II (mV),aVR (mV)\n0,0.5,-1\n1,,2\n2,1,\n");
        QTest::newRow("bars") << QByteArray("t|II (mV)|aVR (mV)\n0.000|0.5|-1\n0.002||2\n0.004|1|nan\n");
        QTest::newRow("blanks") << QByteArray("t  II_mV  aVR_mV\n0.000  0.5  -1\n0.002  nan   2\n0.004   1  nan\n");
    }
    void sayEverything() {
        QFETCH(QByteArray, table);
        const Folder folder;
        const auto r = Registry::standard().read(folder.write("o.csv", table));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samplingRate, 500.0);
        QCOMPARE(r->leads.size(), 2U);
        QCOMPARE(r->leads[0].name, std::string("II"));
        QCOMPARE(r->leads[1].name, std::string("aVR"));
        QVERIFY(same(r->leads[0].samples, {500, kGap, 1000}));
        QVERIFY(same(r->leads[1].samples, {-1000, 2000, kGap}));
    }

    // Silent on something: an error that names the option, and with the layout the same samples.
    void silent_data() {
        QTest::addColumn<QByteArray>("table");
        QTest::addColumn<double>("rate");
        QTest::addColumn<QString>("unit");
        QTest::newRow("rate") << QByteArray("II (mV),aVR (mV)\n0.5,-1\n,2\n1,\n") << 500.0 << "";
        QTest::newRow("unit") << QByteArray("t,II,aVR\n0,0.5,-1\n0.002,,2\n0.004,1,\n") << 0.0 << "mV";
        QTest::newRow("both") << QByteArray("II\taVR\n0,5\t-1\n\t2\n1\t\n") << 500.0 << "mV";
        QTest::newRow("headings too") << QByteArray("0.5;-1\nNA;2\n1;NA\n") << 500.0 << "mV";
    }
    void silent() {
        QFETCH(QByteArray, table);
        QFETCH(double, rate);
        QFETCH(QString, unit);
        const Folder folder;
        const auto path = folder.write("o.csv", table);
        const auto refused = Registry::standard().read(path);
        QVERIFY(refused.failed());
        QCOMPARE(refused.error().code, ErrorCode::FormatUnsupported);
        QCOMPARE(refused.error().message.find("--rate") != std::string::npos, rate > 0);
        QCOMPARE(refused.error().message.find("--unit") != std::string::npos, !unit.isEmpty());
        const auto r = Registry::standard().read(path, with(rate, unit.toLatin1().constData(), {"II", "aVR"}));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samplingRate, 500.0);
        QCOMPARE(r->leads[1].name, std::string("aVR"));
        QVERIFY(same(r->leads[0].samples, {500, kGap, 1000}));
        QVERIFY(same(r->leads[1].samples, {-1000, 2000, kGap}));
    }

    void leadsInRows() {
        const Folder folder;
        auto options = with(250, "uV");
        options.tableLayout->orientation = TableOrientation::LeadsInRows;
        const auto r = Registry::standard().read(folder.write("o.csv", std::string("II,1,2,3\nV1,4,,6\n")), options);
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads[1].name, std::string("V1"));
        QVERIFY(same(r->leads[1].samples, {4, kGap, 6}));
    }

    void leftOut() {
        const Folder folder;
        const auto path = folder.write("o.csv", std::string("a,b,c\n1,2,3\n4,5,6\n"));
        const auto r = Registry::standard().read(path, with(100, "mV", {"-", "V1", "-"}));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads.size(), 1U);
        QVERIFY(same(r->leads[0].samples, {2000, 5000}));
        QCOMPARE(Registry::standard().read(path, with(100, "mV", {"I"})).error().code, ErrorCode::WrongUse);
    }

    void layoutAsJson() {
        TableLayout layout;
        layout.delimiter = '\t';
        layout.decimalMark = ',';
        layout.headerRows = 2;
        layout.timeColumn = -1;
        layout.samplingRate = 360;
        layout.unit = "mV";
        layout.leads = {"II", "-", "V5"};
        layout.orientation = TableOrientation::LeadsInRows;
        const auto back = layoutFromJson(toJson(layout), "x");
        QVERIFY2(back.ok(), failureText(back).c_str());
        QVERIFY(*back == layout);
        QVERIFY(*layoutFromJson(toJson({}), "x") == TableLayout{});
        for (const char* bad : {"", "[]", "{\"rate\": 5}", "{\"sampling_rate_hz\": -1}", "{\"delimiter\": \"ab\"}",
                                "{\"leads\": [1]}", "{\"header_rows\": 1e99}", "{\"time_column\": 99999999999}"})
            QVERIFY2(layoutFromJson(bad, "x").failed(), bad);
    }

    void proposals() {
        const Folder folder;
        auto p = proposeLayout(folder.write(
            "a.tsv", std::string("0,000\t0,5\t-1\n0,002\t0,1\t2\n0,004\t1\t3\n0,006\t1\t3\n0,008\t1\t3\n")));
        QVERIFY2(p.ok(), failureText(p).c_str());
        QCOMPARE(p->layout.delimiter, '\t');
        QCOMPARE(p->layout.decimalMark, ',');
        QCOMPARE(p->layout.headerRows, 0);
        QCOMPARE(p->layout.timeColumn.value_or(-1), 0); // it rises evenly: a proposal, with its evidence
        QVERIFY(p->rateUnknown && p->unitUnknown);
        QCOMPARE(p->layout.leads.size(), 2U);
        QVERIFY(p->evidence.size() >= 3);
        p = proposeLayout(folder.write("b.csv", std::string("time_s,II\n0,1\n0.1,2\n")));
        QVERIFY(!p->rateUnknown && !p->unitUnknown);
        QCOMPARE(p->layout.unit, std::string("uV"));
        p = proposeLayout(folder.write("c.npy", golden::npyF4()));
        QCOMPARE(p->layout.orientation, TableOrientation::LeadsInRows);
        QCOMPARE(p->layout.leads.size(), 3U);
        QVERIFY(p->rateUnknown);
        QVERIFY(proposeLayout(folder.write("d", bytes({1, 0, 2}))).failed());
    }

    void arrays_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<int>("leads");
        QTest::addColumn<QString>("unit");
        QTest::newRow("<f4") << golden::npyF4() << 3 << "mV";
        QTest::newRow(">f8 in Fortran's order, version 2") << golden::npyF8Fortran() << 3 << "mV";
        QTest::newRow("<i2, samples in rows, version 3") << golden::npyI2() << 2 << "uV";
        QTest::newRow(">i4") << golden::npyI4() << 2 << "uV";
        QTest::newRow("one lead") << golden::npyOne() << 1 << "mV";
    }
    void arrays() {
        QFETCH(QByteArray, file);
        QFETCH(int, leads);
        QFETCH(QString, unit);
        const Folder folder;
        const auto path = folder.write("a.bin", file);
        QCOMPARE(Registry::standard().read(path).error().code, ErrorCode::FormatUnsupported);
        const auto r = Registry::standard().read(path, with(250, unit.toLatin1().constData()));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads.size(), static_cast<std::size_t>(leads));
        QCOMPARE(r->samples(), 20U);
        for (std::size_t l = 0; l < r->leads.size(); ++l)
            for (std::size_t i = 0; i < 20; ++i)
                QVERIFY(std::abs(r->leads[l].samples[i] - static_cast<float>((l + 1) * 100 + i)) < 0.51F);
    }

    void arrayOfRecordings() {
        const Folder folder;
        const auto path = folder.write("a.npy", golden::npyThree());
        auto options = with(250, "mV");
        options.item = 1;
        const auto r = Registry::standard().read(path, options);
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->items, 2);
        QVERIFY(std::abs(r->leads[2].samples[19] - 638) < 0.1F);
        options.item = 2;
        QCOMPARE(Registry::standard().read(path, options).error().code, ErrorCode::ValueOutOfRange);
        options.item = 1; // also where there is but one
        QCOMPARE(NpyReader().read(folder.write("one.npy", golden::npyF4()), options).error().code,
                 ErrorCode::ValueOutOfRange);
        auto liar = golden::npyF4();
        liar.replace("(3, 20)", "(9, 90)");
        QCOMPARE(Registry::standard().read(folder.write("l.npy", liar), with(250, "mV")).error().code,
                 ErrorCode::FileTruncated);
    }

    void mutations() {
        const Folder folder;
        Dice dice(29);
        const std::vector<QByteArray> seeds{
            golden::npyF4(), golden::npyF8Fortran(),
            QByteArray("# fs: 500\ntime;II;aVR\ns;mV;mV\n0;0,5;-1\n0,002;;2\n0,004;1;\n")};
        int readable = 0;
        for (std::size_t i = 0; i < 600; ++i) {
            const auto path = folder.write("m.csv", mutated(seeds[i % seeds.size()], dice));
            const auto r = Registry::standard().read(path, with(250, "mV"));
            readable += r.ok() ? 1 : 0;
            QVERIFY(r.ok() || !r.error().message.empty());
            static_cast<void>(proposeLayout(path).ok());
        }
        QVERIFY(readable > 100);
    }
};

QTEST_APPLESS_MAIN(TestIoTable)
#include "test_io_table.moc"
