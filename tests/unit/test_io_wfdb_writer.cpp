// SPDX-License-Identifier: GPL-3.0-or-later
// What is written, byte by byte, and read back.
#include "core/io/reader.h"
#include "core/io/wfdb_writer.h"
#include "tests/unit/io_fixture.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace precordia;
using namespace precordia::test;

namespace {

Recording recording(std::size_t samples) {
    Recording made;
    made.samplingRate = 500;
    made.metadata.recordedAt = "2003-02-01T12:30:05";
    made.metadata.comments = {"Age: 51", " kept as it stands"};
    made.metadata.sex = "female";
    made.metadata.diagnosisCodes = {"164889003", "59118001"};
    Dice dice(11);
    for (const auto* name : {"I", "V1"}) {
        Lead lead;
        lead.name = name;
        for (std::size_t i = 0; i < samples; ++i)
            lead.samples.push_back(static_cast<float>(dice.below(60'000)) / 10.F - 3000.F);
        made.leads.push_back(std::move(lead));
    }
    made.leads[1].samples[3] = std::numeric_limits<float>::quiet_NaN();
    return made;
}

Annotation mark(std::int64_t sample, std::string symbol, int lead = -1, std::string text = {}) {
    Annotation made;
    made.sample = SampleIndex{sample};
    if (lead >= 0)
        made.lead = LeadIndex{lead};
    made.symbol = std::move(symbol);
    made.text = std::move(text);
    return made;
}

} // namespace

class TestIoWfdbWriter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void roundTrip_data() {
        QTest::addColumn<int>("format");
        QTest::addColumn<double>("quantum");
        QTest::newRow("16") << 16 << 0.5;
        QTest::newRow("24") << 24 << 0.001;
        QTest::newRow("32") << 32 << 0.0001;
        QTest::newRow("own steps") << 16 << 0.0;
    }
    void roundTrip() {
        QFETCH(int, format);
        QFETCH(double, quantum);
        const Folder folder;
        auto original = recording(300);
        original.leads[0].quantum = 0.25;
        original.leads[1].quantum = 0.1;
        WfdbOptions options;
        options.format = format;
        options.quantumUv = quantum;
        const auto written = writeWfdb(original, folder.path("w.hea"), options);
        QVERIFY2(written.ok(), failureText(written).c_str());
        const auto r = Registry::standard().read(folder.path("w.hea"));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(warnings(*r, WarningCode::Checksum), 0U);
        QCOMPARE(QFile(QString::fromStdString(folder.path("w.dat").string())).size(), qint64{300 * 2 * format / 8});
        for (std::size_t l = 0; l < 2; ++l) {
            const double step = quantum > 0 ? quantum : original.leads[l].quantum;
            QVERIFY(std::abs(r->leads[l].quantum - step) < 1e-9 * step);
            for (std::size_t i = 0; i < 300; ++i)
                if (const float v = original.leads[l].samples[i]; std::isnan(v))
                    QVERIFY(std::isnan(r->leads[l].samples[i]));
                else // half a step, and what a float of 3,000 cannot tell
                    QVERIFY(std::abs(static_cast<double>(r->leads[l].samples[i]) - v) <= 0.5 * step + 2.5e-4);
        }
        QCOMPARE(r->metadata.recordedAt, original.metadata.recordedAt);
        QCOMPARE(r->metadata.ageYears.value_or(0), 51.0);
        QCOMPARE(r->metadata.sex, std::string("female"));
        QCOMPARE(r->metadata.diagnosisCodes, original.metadata.diagnosisCodes);
        QCOMPARE(r->metadata.comments[1], std::string(" kept as it stands"));
    }

    // header(5) and signal(5) by hand: -2, 3 and no sample at 1 uV.
    void bytesOf24() {
        const Folder folder;
        Recording small;
        small.samplingRate = 100;
        Lead lead;
        lead.name = "II";
        lead.samples = {-2, 3, std::numeric_limits<float>::quiet_NaN()};
        small.leads.push_back(lead);
        WfdbOptions options;
        options.format = 24;
        QVERIFY(writeWfdb(small, folder.path("b.hea"), options).ok());
        QFile data(QString::fromStdString(folder.path("b.dat").string()));
        QVERIFY(data.open(QIODevice::ReadOnly));
        QCOMPARE(data.readAll(), bytes({0xFE, 0xFF, 0xFF, 3, 0, 0, 0, 0, 0x80}));
        QFile header(QString::fromStdString(folder.path("b.hea").string()));
        QVERIFY(header.open(QIODevice::ReadOnly));
        // The sum: -2 + 3 - 8388608, of which 16 bits are 1.
        QCOMPARE(header.readAll(), QByteArray("b 1 100 3\nb.dat 24 1000(0)/mV 24 0 -2 1 0 II\n"));
        QVERIFY(!QFile::exists(QString::fromStdString(folder.path("b.atr").string())));
    }

    void annotations() {
        const Folder folder;
        auto original = recording(90'000);
        original.annotations = {mark(10, "N", 0),   mark(5, "+", -1, "(AFIB"),          mark(2000, "V", 1, "odd"),
                                mark(2000, "(", 0), mark(80'000, "spike", 1, "a text"), mark(80'001, "two words")};
        QVERIFY(writeWfdb(original, folder.path("a.hea"), WfdbOptions{}).ok());
        const auto r = Registry::standard().read(folder.path("a.hea"));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->annotations.size(), 6U);
        const auto said = [&](std::size_t i) {
            const auto& a = r->annotations[i];
            return QString("%1 %2 %3 %4")
                .arg(a.sample.value)
                .arg(a.symbol.c_str())
                .arg(a.lead.value)
                .arg(a.text.c_str());
        };
        QCOMPARE(said(0), QString("5 + -1 (AFIB"));
        QCOMPARE(said(1), QString("10 N 0 "));
        QCOMPARE(said(2), QString("2000 ( 0 "));
        QCOMPARE(said(3), QString("2000 V 1 odd"));
        QCOMPARE(said(4), QString("80000 spike 1 a text"));
        QCOMPARE(said(5), QString("80001 \" -1 two words")); // no symbol of one word: a note
        QCOMPARE(warnings(*r, WarningCode::UnknownCode), 0U);
        // annot(5) by hand: "+" at 5 with channel 255 and five characters, then "N" five later in channel 0.
        original.annotations = {mark(5, "+", -1, "(AFIB"), mark(10, "N", 0)};
        QVERIFY(writeWfdb(original, folder.path("a.hea"), WfdbOptions{}).ok());
        QFile file(QString::fromStdString(folder.path("a.atr").string()));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), words16({28 << 10 | 5, 62 << 10 | 255, 63 << 10 | 5}) + QByteArray("(AFIB\0", 6) +
                                     words16({1 << 10 | 5, 62 << 10, 0}));
    }

    void allOrNothing() {
        const Folder folder;
        auto original = recording(10);
        original.annotations = {mark(1, "N")};
        WfdbOptions options;
        options.format = 212;
        QCOMPARE(writeWfdb(original, folder.path("x.hea"), options).error().code, ErrorCode::WrongUse);
        options.format = 16;
        options.quantumUv = 0.001;
        QCOMPARE(writeWfdb(original, folder.path("x.hea"), options).error().code, ErrorCode::ValueOutOfRange);
        // A folder stands where the header should go: the signal file does not stay alone.
        QVERIFY(QDir().mkpath(QString::fromStdString(folder.path("x.hea").string()) + "/full"));
        options.quantumUv = 1;
        QCOMPARE(writeWfdb(original, folder.path("x.hea"), options).error().code, ErrorCode::FileUnwritable);
        QCOMPARE(QDir(QString::fromStdString(folder.path("").string())).entryList(QDir::Files), QStringList());
    }
};

QTEST_APPLESS_MAIN(TestIoWfdbWriter)
#include "test_io_wfdb_writer.moc"
