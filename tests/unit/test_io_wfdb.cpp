// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/result.h" // before <compare>: moc 6.4 trips over it when nothing of libstdc++ came before
#include "core/ecg/synthesis.h"
#include "core/io/dicom_writer.h"
#include "core/io/edf_writer.h"
#include "core/io/reader.h"
#include "core/io/wfdb_signal.h"
#include "tests/unit/io_fixture.h"

#include <QTest>

#include <cmath>

using namespace precordia;
using namespace precordia::test;

namespace {

std::vector<std::int32_t> decoded(int format, const QByteArray& data) {
    const auto span = std::as_bytes(std::span(data.constData(), static_cast<std::size_t>(data.size())));
    return wfdb::decode(format, span, static_cast<std::size_t>(wfdb::samplesIn(format, span.size())));
}

Result<Recording> read(const std::filesystem::path& path) {
    return Registry::standard().read(path);
}

// type, rows, columns, imaginary part, length of the name, the name: a MAT v4 matrix of 16-bit integers
QByteArray matrixHeader(std::int64_t rows, std::int64_t columns) {
    return words32({30, rows, columns, 0, 4}) + QByteArray("val\0", 4);
}

} // namespace

class TestIoWfdb : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // Each by hand from signal(5).
    void formats() {
        using V = std::vector<std::int32_t>;
        QCOMPARE(decoded(16, bytes({0x01, 0x00, 0xFF, 0xFF, 0x00, 0x80})), (V{1, -1, -32768}));
        QCOMPARE(decoded(61, bytes({0x00, 0x01, 0xFF, 0xFE})), (V{1, -2}));
        QCOMPARE(decoded(160, bytes({0x00, 0x80, 0x01, 0x80, 0x00, 0x00})), (V{0, 1, -32768}));
        QCOMPARE(decoded(80, bytes({128, 0, 255})), (V{0, -128, 127}));
        QCOMPARE(decoded(8, bytes({1, 255})), (V{1, -1}));
        QCOMPARE(decoded(24, bytes({0x01, 0x00, 0x00, 0xFF, 0xFF, 0xFF})), (V{1, -1}));
        QCOMPARE(decoded(32, bytes({0x00, 0x00, 0x00, 0x80, 0x02, 0x00, 0x00, 0x00})), (V{-2147483648, 2}));
        // 212: 0x123 and 0xFFF share three bytes: 23, F1, FF; then half a group: -2048 = 0x800
        QCOMPARE(decoded(212, bytes({0x23, 0xF1, 0xFF, 0x00, 0x08})), (V{0x123, -1, -2048}));
        // 311: 5, -1 (0x3FF), 256 in bits 0-9, 10-19, 20-29 of 0x100FFC05
        QCOMPARE(decoded(311, bytes({0x05, 0xFC, 0x0F, 0x10})), (V{5, -1, 256}));
        // 310: words 0x1806 and 0x0FFE: bits 1-10 are 3 and -1 (0x3FF wraps); the third of 5 + 5 upper bits: 3 | 1 << 5
        QCOMPARE(decoded(310, bytes({0x06, 0x18, 0xFE, 0x0F})), (V{3, -1, 3 | 1 << 5}));
    }

    void samplesInBytes() {
        QCOMPARE(wfdb::samplesIn(212, 749), 499U); // the test record binformats has these lengths
        QCOMPARE(wfdb::samplesIn(310, 666), 499U);
        QCOMPARE(wfdb::samplesIn(311, 1359), 1019U);
        QCOMPARE(wfdb::samplesIn(311, 1358), 1018U);
        QCOMPARE(wfdb::samplesIn(212, 1), 0U);
        QVERIFY(!wfdb::formatInfo(0));
        QVERIFY(wfdb::formatInfo(508)->flac());
    }

    // gain 200/mV is 5 uV a step; baseline from the ADC zero; the sum of each signal verified.
    void gainBaselineAndChecksum() {
        const Folder folder;
        folder.write("a.dat", words16({1024, 10, 1224, 30, 824, -32768, 1023, 20}));
        // 1024 + 1224 + 824 + 1023 = 4095; 10 + 30 - 32768 + 20 = -32708
        const auto path = folder.write("a.hea", std::string("# before\na 2 500 4 12:30:05 01/02/2003\n"
                                                            "a.dat 16 200 11 1024 1024 4095 0 MLII\n\n"
                                                            "a.dat 16 0.5(10)/uV 16 0 10 -32708 0 avr\n# 69 M 1085\n"));
        const auto r = read(path);
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samplingRate, 500.0);
        QCOMPARE(r->leads[0].name, std::string("MLII"));
        QCOMPARE(r->leads[0].samples, (std::vector<float>{0, 1000, -1000, -5}));
        QCOMPARE(r->leads[0].quantum, 5.0);
        QCOMPARE(r->leads[0].fileUnit, std::string("mV"));
        QCOMPARE(r->leads[1].name, std::string("aVR"));
        QCOMPARE(r->leads[1].samples[1], 40.F); // (30 - 10) / 0.5
        QVERIFY(std::isnan(r->leads[1].samples[2]));
        QCOMPARE(r->metadata.recordedAt, std::string("2003-02-01T12:30:05"));
        QCOMPARE(r->metadata.ageYears.value_or(0), 69.0);
        QCOMPARE(warnings(*r, WarningCode::Checksum), 0U);

        const auto wrong = folder.write("b.hea", std::string("b 2 500 4\na.dat 16 200 11 1024 1024 4096 0 I\n"
                                                             "a.dat 16 200 11 0 11 -32708 0 II\n"));
        const auto s = read(wrong);
        QVERIFY(s.ok());
        QCOMPARE(warnings(*s, WarningCode::Checksum), 1U); // the initial value means something for differences alone
        QCOMPARE(s->warnings[0].where, std::string("lead I"));
    }

    void matrixOfTheChallenge() {
        const Folder folder;
        folder.write("A1.mat", matrixHeader(2, 3) + words16({100, -100, 200, -200, 300, -300}));
        const std::string lines = "A1.mat 16+24 1000/mV 16 0 100 600 0 I\nA1.mat 16+24 500/mv 16 0 -100 -600 0 II\n";
        const auto r =
            read(folder.write("A1.hea", "A1.mat 2 500 3 05-May-2020 14:50:55\n" + lines +
                                            "#Age: 82\n#Sex: Female\n#Dx: 164889003,59118001\n#Rx: Unknown\n"));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads[0].samples, (std::vector<float>{100, 200, 300}));
        QCOMPARE(r->leads[1].samples, (std::vector<float>{-200, -400, -600}));
        QCOMPARE(r->metadata.diagnosisCodes, (std::vector<std::string>{"164889003", "59118001"}));
        QCOMPARE(r->metadata.sex, std::string("female"));
        QCOMPARE(r->metadata.recordedAt, std::string("2020-05-05T14:50:55"));
        QCOMPARE(r->warnings.size(), 0U);

        folder.write("A1.mat", matrixHeader(12, 3) + words16({100, -100, 200, -200, 300, -300}));
        const auto rows = read(folder.path("A1.hea"));
        QVERIFY(rows.failed());
        QCOMPARE(rows.error().code, ErrorCode::FormatInvalid);
        folder.write("A1.mat", QByteArray("MATLAB 5.0 MAT-file, Platform: GLNXA64    "));
        QVERIFY(read(folder.path("A1.hea")).failed());
    }

    void severalFilesAndNoExtension() {
        const Folder folder;
        folder.write("s.dat", words16({1, 2, 3, 4}));
        folder.write("s.xyz", bytes({128, 129, 130}));
        folder.write("s.hea", std::string("s 3 100 2\ns.dat 16 1/uV 16 0 1 4 0 V1\ns.dat 16 1/uV 16 0 2 6 0 V2\n"
                                          "s.xyz 80 1/uV 8 0 0 1 0 vx\n"));
        const auto r = read(folder.path("s"));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads[1].samples, (std::vector<float>{2, 4}));
        QCOMPARE(r->leads[2].samples, (std::vector<float>{0, 1}));
    }

    // header(5): the samples that skew counts come before sample 0.
    void skewMovesASignal() {
        const Folder folder;
        folder.write("k.dat", words16({1, 10, 2, 20, 3, 30, 4, 40}));
        const auto r = read(folder.write("k.hea", std::string("k 2 100 4\nk.dat 16 1/uV\nk.dat 16:1 1/uV\n")));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads[0].samples, (std::vector<float>{1, 2, 3, 4}));
        QCOMPARE(r->leads[1].samples[0], 20.F);
        QCOMPARE(r->leads[1].samples[2], 40.F);
        QVERIFY(std::isnan(r->leads[1].samples[3]));
        QCOMPARE(warnings(*r, WarningCode::Skew), 1U);
    }

    void firstDifferences() {
        const Folder folder;
        folder.write("d.dat", bytes({1, 255, 2, 254}));
        // from 10: 11, 13; from 20: 19, 17. Sums 24 and 36.
        const auto r = read(folder.write(
            "d.hea", std::string("d 2 100 2\nd.dat 8 1/uV 12 0 10 24 0 I\nd.dat 8 1/uV 12 0 20 36 0 II\n")));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads[0].samples, (std::vector<float>{11, 13}));
        QCOMPARE(r->leads[1].samples, (std::vector<float>{19, 17}));
        QCOMPARE(r->warnings.size(), 0U);
    }

    // All signals twice a frame: one rate, twice the frame rate.
    void equalSamplesAFrame() {
        const Folder folder;
        folder.write("f.dat", words16({1, 2, 10, 20, 3, 4, 30, 40}));
        const auto r = read(folder.write("f.hea", std::string("f 2 250 2\nf.dat 16x2 1/uV\nf.dat 16x2 1/uV\n")));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samplingRate, 500.0);
        QCOMPARE(r->leads[0].samples, (std::vector<float>{1, 2, 3, 4}));
        QCOMPARE(r->leads[1].samples, (std::vector<float>{10, 20, 30, 40}));
    }

    void lengths() {
        const Folder folder;
        folder.write("l.dat", words16({1, 2, 3, 4}));
        const auto shorter = read(folder.write("l.hea", std::string("l 1 100 9\nl.dat 16 1/uV 16 0 1 77 0 I\n")));
        QVERIFY(shorter.ok());
        QCOMPARE(shorter->samples(), 4U);
        QCOMPARE(shorter->samplesPromised, std::int64_t{9});
        QCOMPARE(warnings(*shorter, WarningCode::ShortFile), 1U);
        QCOMPARE(warnings(*shorter, WarningCode::Checksum), 0U); // no ground to judge it
        const auto unknown = read(folder.write("l.hea", std::string("l 1 100\nl.dat 16 1/uV\n")));
        QVERIFY(unknown.ok());
        QCOMPARE(unknown->samples(), 4U);
        QCOMPARE(warnings(*unknown, WarningCode::LengthUnknown), 1U);
        const auto longer = read(folder.write("l.hea", std::string("l 1 100 2\nl.dat 16 1/uV\n")));
        QVERIFY(longer.ok());
        QCOMPARE(longer->samples(), 2U);
        QCOMPARE(warnings(*longer, WarningCode::Repaired), 1U);
        // Of several signal files one may hold nothing; of them all together something must be there.
        folder.write("e.dat", QByteArray());
        const auto half = read(folder.write("h.hea", std::string("h 2 100 4\nl.dat 16 1/uV\ne.dat 16 1/uV\n")));
        QVERIFY2(half.ok(), failureText(half).c_str());
        QCOMPARE(half->leads[0].samples, (std::vector<float>{1, 2, 3, 4}));
        QVERIFY(std::isnan(half->leads[1].samples[0]) && std::isnan(half->leads[1].samples[3]));
        QCOMPARE(warnings(*half, WarningCode::ShortFile), 1U);
        const auto empty = read(folder.write("e.hea", std::string("e 1 100 4\ne.dat 16 1/uV\n")));
        QCOMPARE(empty.error().code, ErrorCode::FileTruncated);
        folder.write("l.dat", QByteArray("x"));
        const auto none = read(folder.path("l.hea"));
        QVERIFY(none.failed());
        QCOMPARE(none.error().code, ErrorCode::FileTruncated);
    }

    void gainMissingAndUnits() {
        const Folder folder;
        folder.write("g.dat", words16({200, 5, 7}));
        const auto r = read(folder.write("g.hea", std::string("g 3 100 1\ng.dat 16\ng.dat 16 10/mmHg 16 0 5 5 0 ABP\n"
                                                              "g.dat 16 10/NU 16 0 7 7 0 V1\n")));
        QVERIFY(r.ok());
        QCOMPARE(r->leads[0].samples[0], 1000.F); // 200 steps a mV
        QCOMPARE(r->leads[0].name, std::string("signal 1"));
        QCOMPARE(warnings(*r, WarningCode::GainMissing), 1U);
        QCOMPARE(r->leads[1].unit, std::string("mmHg"));
        QCOMPARE(r->leads[1].samples[0], 0.5F);
        QCOMPARE(warnings(*r, WarningCode::UnknownUnit), 1U); // V1 in NU; a pressure is no surprise
    }

    void clippedAndImplausible() {
        const Folder folder;
        std::vector<int> samples;
        for (int i = 0; i < 40; ++i)
            samples.push_back(i % 10 < 4 ? 32767 : i % 10 * 100); // four runs of four
        folder.write("c.dat", words16(samples));
        const auto r = read(folder.write("c.hea", std::string("c 1 100 40\nc.dat 16 100/mV 16 0 32767 0 0 I\n")));
        QVERIFY(r.ok());
        QCOMPARE(warnings(*r, WarningCode::ClippedSamples), 1U);
        QVERIFY(r->warnings[1].message.starts_with("16 samples"));
        QCOMPARE(warnings(*r, WarningCode::ImplausibleUnit), 1U); // 327 mV
        // the same integers at 1 uV a step and an 8-bit converter: neither
        const auto s = read(folder.write("c.hea", std::string("c 1 100 40\nc.dat 16 1000/mV 8 0 32767 0 0 I\n")));
        QCOMPARE(warnings(*s, WarningCode::ImplausibleUnit), 0U);
        QCOMPARE(warnings(*s, WarningCode::ClippedSamples), 0U);
    }

    void refused_data() {
        QTest::addColumn<QString>("header");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("where");
        const auto row = [](const char* tag, const char* header, ErrorCode code, const char* where) {
            QTest::newRow(tag) << header << static_cast<int>(code) << where;
        };
        row("no flac", "x 1 250 4\nx.dat 508 200\n", ErrorCode::FormatInvalid, "x.dat");
        row("flac rates", "x 2 250 4\nx.dat 508x2 200\nx.dat 508 200\n", ErrorCode::FormatInvalid, "line 3");
        row("unknown format", "x 1 250 4\nx.dat 17 200\n", ErrorCode::FormatUnsupported, "line 2");
        row("layout", "x 1 250 4\n~ 0 200\n", ErrorCode::FormatUnsupported, "line 2");
        row("no signals", "x 0 250 4\n", ErrorCode::FormatUnsupported, "line 1");
        row("too few lines", "x 2 250 4\nx.dat 16 200\n", ErrorCode::FormatInvalid, "line 1");
        row("rate", "x 1 -250 4\nx.dat 16 200\n", ErrorCode::ValueOutOfRange, "line 1");
        row("rate nan", "x 1 nan 4\nx.dat 16 200\n", ErrorCode::FormatInvalid, "line 1");
        row("many signals", "x 99999999999 250 4\nx.dat 16 200\n", ErrorCode::ValueOutOfRange, "line 1");
        row("huge length", "x 1 250 99999999999999999999\nx.dat 16 200\n", ErrorCode::FormatInvalid, "line 1");
        row("gain", "x 1 250 4\nx.dat 16 1e-300/mV\n", ErrorCode::FormatInvalid, "line 2");
        row("gain word", "x 1 250 4\nx.dat 16 abc\n", ErrorCode::FormatInvalid, "line 2");
        row("zero", "x 1 250 4\nx.dat 16 200 16 zero\n", ErrorCode::FormatInvalid, "line 2");
        row("other folder", "x 1 250 4\n../x.dat 16 200\n", ErrorCode::FormatInvalid, "line 2");
        row("absolute", "x 1 250 4\n/etc/passwd 16 200\n", ErrorCode::FormatInvalid, "line 2");
        row("two formats", "x 2 250 4\nx.dat 16 200\nx.dat 80 200\n", ErrorCode::FormatInvalid, "line 3");
        row("torn group", "x 3 250 1\nx.dat 16 200\ny.dat 16 200\nx.dat 16 200\n", ErrorCode::FormatInvalid, "line 4");
        row("no file", "x 1 250 4\ngone.dat 16 200\n", ErrorCode::FileNotFound, "line 2");
        row("offset", "x 1 250 4\nx.dat 16+999999999999 200\n", ErrorCode::FileTruncated, "x.dat");
        row("comments only", "# nothing\n", ErrorCode::FormatInvalid, "x.hea");
    }
    void refused() {
        QFETCH(QString, header);
        QFETCH(int, code);
        QFETCH(QString, where);
        const Folder folder;
        folder.write("x.dat", words16({1, 2, 3, 4}));
        const auto r = read(folder.write("x.hea", header.toStdString()));
        QVERIFY(r.failed());
        QCOMPARE(static_cast<int>(r.error().code), code);
        QVERIFY2(QString::fromStdString(r.error().where).endsWith(where), r.error().text().c_str());
        QVERIFY(!r.error().message.empty());
    }

    void companions() {
        const Folder folder;
        folder.write("p.hea", std::string("p 2 100 1\np.dat 16 1/uV\np.xyz 16 1/uV\n"));
        const auto& registry = Registry::standard();
        QVERIFY(registry.isCompanion(folder.write("p.dat", words16({1}))));
        QVERIFY(registry.isCompanion(folder.write("p.xyz", words16({1}))));
        QVERIFY(registry.isCompanion(folder.write("p.atr", words16({0x0405, 0}))));
        QVERIFY(registry.isCompanion(folder.write("p.mine", words16({0x0405, 0})))); // any annotator's name
        QVERIFY(!registry.isCompanion(folder.path("p.hea")));
        QVERIFY(registry.isCompanion(folder.write("lay.hea", std::string("lay 1 100 0\n~ 0 1/uV 16 0 0 0 0 I\n"))));
        QVERIFY(!registry.isCompanion(folder.write("seg.hea", std::string("seg/2 1 100 4\n~ 2\np 2\n"))));
        QVERIFY(!registry.isCompanion(folder.write("p.csv", std::string("time_s,I\n0,1\n1,2\n"))));
        QVERIFY(!registry.isCompanion(folder.write("q.dat", words16({1})))); // no header of its name
        // A recording of another format beside a record of its name, even if its bytes read as annotations.
        Recording other = synthesise({}, 3).recording;
        other.metadata.recordedAt = "2024-05-06T07:08:09";
        QVERIFY(writeEdf(other, folder.path("p.edf")).ok());
        QVERIFY(!registry.isCompanion(folder.path("p.edf")));
        QVERIFY(writeDicom(other, folder.path("p.dcm")).ok());
        QVERIFY(!registry.isCompanion(folder.path("p.dcm")));
    }

    void metadataAlone() {
        const Folder folder;
        ReadOptions options;
        options.metadataOnly = true;
        const auto r = Registry::standard().read(
            folder.write("m.hea", std::string("m 1 500 5000\nm.dat 16 200\n#Age: 5\n")), options);
        QVERIFY(r.ok()); // no signal file needed
        QCOMPARE(r->samples(), 0U);
        QCOMPARE(r->samplesPromised, std::int64_t{5000});
        QCOMPARE(r->metadata.ageYears.value_or(0), 5.0);
    }

    void stopped() {
        const Folder folder;
        folder.write("z.dat", words16({1, 2}));
        std::stop_source stop;
        stop.request_stop();
        ReadOptions options;
        options.stop = stop.get_token();
        const auto r =
            Registry::standard().read(folder.write("z.hea", std::string("z 1 500 2\nz.dat 16 200\n")), options);
        QVERIFY(r.cancelled());
    }

    // Whatever a header says, reading ends in a recording or an error; run under the sanitizers too.
    void mutatedHeaders() {
        const Folder folder;
        folder.write("u.dat", words16(std::vector<int>(300, 5)));
        const QByteArray good(
            "u 3 250/12.5 50 12:00:00 01/02/2003\nu.dat 16x1:2+4 200(10)/mV 12 1024 5 77 0 ECG II\n"
            "u.dat 16 1e2(-3)/uV 16 0 5 250 0 V1\nu.dat 16 200 11 1024 5 250 0 V2\n#Age: 30\n#Dx: 164889003\n");
        Dice dice(20240607);
        int readable = 0;
        for (int i = 0; i < 600; ++i) {
            const auto r = read(folder.write("u.hea", mutated(good, dice)));
            QVERIFY(r.ok() || (r.failed() && !r.error().text().empty()));
            if (!r.ok())
                continue;
            ++readable;
            for (const auto& lead : r->leads)
                QCOMPARE(lead.samples.size(), r->samples());
            QVERIFY(std::isfinite(r->samplingRate) && r->samplingRate > 0);
        }
        QVERIFY(readable > 50); // the mutations are not all refused at the first word
    }
};

QTEST_APPLESS_MAIN(TestIoWfdb)
#include "test_io_wfdb.moc"
