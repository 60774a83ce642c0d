// SPDX-License-Identifier: GPL-3.0-or-later
// Records beyond one file of one rate: segments, unequal rates, FLAC; and parts of records.
#include "core/io/reader.h"
#include "tests/unit/io_fixture.h"
#include "tests/unit/wfdb_fixture.h"

#include <QFile>
#include <QTest>

#include <cmath>
#include <limits>
#include <sys/resource.h>

using namespace precordia;
using namespace precordia::test;

namespace {

Result<Recording> read(const std::filesystem::path& path) {
    return Registry::standard().read(path);
}

Result<Recording> readPart(const std::filesystem::path& path, std::int64_t first, std::int64_t count) {
    ReadOptions options;
    options.range = SampleRange{first, count};
    return Registry::standard().read(path, options);
}

// NaN is written as -1000 here: QCOMPARE knows no NaN.
std::vector<float> shown(std::vector<float> samples) {
    std::replace_if(
        samples.begin(), samples.end(), [](float v) { return std::isnan(v); }, -1000.F);
    return samples;
}

using V = std::vector<float>;
constexpr float kNone = -1000.F;

// Two ECG leads at 4 a frame, a pressure and a marker once: frames of ten samples.
void writeRates(const Folder& folder) {
    folder.write("r.dat", words16({1, 2, 3, 4, 10, 20, 30, 40, 7, 100, 5, 6, 7, 8, 50, 60, 70, 80, 9, 101}));
    folder.write("r.hea", std::string("r 4 125/1000(50.5) 2\nr.dat 16x4 1/uV 16 0 1 36 0 II\n"
                                      "r.dat 16x4 1/uV 16 0 10 360 0 V\nr.dat 16 1/mmHg 16 0 7 16 0 ABP\n"
                                      "r.dat 16 1/NU 16 0 100 201 0 marker\n"));
}

// Variable layout: II and ABP; II alone, a gap, ABP and II in the other order and with another gain.
void writeSegments(const Folder& folder) {
    folder.write("v.hea", std::string("v/4 2 100 8 1:02:03.5 04/05/2001\nv_layout 0\nv_1 3\n~ 2\nv_2 3\n#Age: 60\n"));
    folder.write("v_layout.hea", std::string("v_layout 2 100 0\n~ 0 10/mV 12 0 0 0 0 II\n~ 0 1/mmHg 9 0 0 0 0 ABP\n"));
    folder.write("v_1.hea", std::string("v_1 1 100 3\nv_1.dat 16 1/uV 16 0 1 6 0 II\n"));
    folder.write("v_1.dat", words16({1, 2, 3}));
    folder.write("v_2.hea",
                 std::string("v_2 2 100 3\nv_2.dat 80 1/mmHg 8 0 90 273 0 ABP\nv_2.dat 80 0.5/uV 8 0 4 15 0 II\n"));
    folder.write("v_2.dat", bytes({218, 132, 219, 133, 220, 134})); // 90 4 91 5 92 6
}

} // namespace

class TestIoWfdbRecords : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void otherRates() {
        const Folder folder;
        writeRates(folder);
        const auto r = read(folder.path("r.hea"));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samplingRate, 500.0);
        QCOMPARE(r->leads.size(), 2U);
        QCOMPARE(r->leads[0].samples, (V{1, 2, 3, 4, 5, 6, 7, 8}));
        QCOMPARE(r->leads[1].samples, (V{10, 20, 30, 40, 50, 60, 70, 80}));
        QCOMPARE(r->samplesPromised, std::int64_t{8});
        QCOMPARE(warnings(*r, WarningCode::OtherRates), 1U);
        QCOMPARE(warnings(*r, WarningCode::Checksum), 0U);
        QCOMPARE(r->otherGroups.size(), 1U);
        QCOMPARE(r->otherGroups[0].samplingRate, 125.0);
        QCOMPARE(r->otherGroups[0].leads[0].unit, std::string("mmHg"));
        QCOMPARE(r->otherGroups[0].leads[0].samples, (V{7, 9}));
        QCOMPARE(r->otherGroups[0].leads[1].samples, (V{100, 101}));
    }

    // The ECG is the recording also where it stands last and is slower.
    void ecgBeforeRate() {
        const Folder folder;
        folder.write("e.dat", words16({1, 2, 3, 9, 4, 5, 6, 8}));
        const auto r = read(folder.write("e.hea", std::string("e 2 100 2\ne.dat 16x3 1/mmHg 16 0 1 21 0 ABP\n"
                                                              "e.dat 16 1/uV 16 0 9 17 0 MCL1\n")));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samplingRate, 100.0);
        QCOMPARE(r->leads[0].samples, (V{9, 8}));
        QCOMPARE(r->otherGroups[0].samplingRate, 300.0);
    }

    // A mark's channel counts the signals of the file, not of the group.
    void marksOfGroups() {
        const Folder folder;
        folder.write("e.dat", words16({1, 9, 8, 2, 7, 6}));
        folder.write("e.hea", std::string("e 2 100 2\ne.dat 16 1/mmHg\ne.dat 16x2 1/uV 16 0 9 30 0 V5\n"));
        // beat at frame 1 of channel 1, then one of channel 0
        folder.write("e.atr", words16({1 << 10 | 1, 62 << 10 | 1, 1 << 10, 62 << 10, 0}));
        const auto r = read(folder.path("e.hea"));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->annotations.size(), 2U);
        QCOMPARE(r->annotations[0].sample, SampleIndex{2}); // two samples a frame
        QCOMPARE(r->annotations[0].lead, LeadIndex{0});
        QVERIFY(!r->annotations[1].lead.valid());
    }

    void variableLayout() {
        const Folder folder;
        writeSegments(folder);
        const auto r = read(folder.path("v.hea"));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(shown(r->leads[0].samples), (V{1, 2, 3, kNone, kNone, 8, 10, 12}));
        QCOMPARE(shown(r->leads[1].samples), (V{kNone, kNone, kNone, kNone, kNone, 90, 91, 92}));
        QCOMPARE(r->leads[0].quantum, 1.0); // the finest of its segments
        QCOMPARE(warnings(*r, WarningCode::Gap), 1U);
        QCOMPARE(warnings(*r, WarningCode::MissingLead), 1U); // ABP in v_1
        QCOMPARE(warnings(*r, WarningCode::Checksum), 0U);
        QCOMPARE(r->metadata.recordedAt, std::string("2001-05-04T01:02:03"));
        QCOMPARE(r->metadata.ageYears.value_or(0), 60.0);
        folder.write("v_2.dat", bytes({218, 132, 219, 133, 220, 135}));
        const auto wrong = read(folder.path("v.hea"));
        QCOMPARE(warnings(*wrong, WarningCode::Checksum), 1U);

        ReadOptions options;
        options.metadataOnly = true;
        const auto header = Registry::standard().read(folder.path("v.hea"), options);
        QVERIFY(header.ok());
        QCOMPARE(header->leads.size(), 2U);
        QCOMPARE(header->samplesPromised, std::int64_t{8});
        QCOMPARE(header->samples(), 0U);
        options.range = SampleRange{2, 4};
        QCOMPARE(Registry::standard().read(folder.path("v.hea"), options)->samples(), 0U);
    }

    void fixedLayout() {
        const Folder folder;
        folder.write("f.hea", std::string("f/3 1 100 9\nf_1 4\nf_2 2\nf_1 3\n"));
        folder.write("f_1.hea", std::string("f_1 1 100 4\nf_1.dat 16 1/uV 16 0 1 10 0 I\n"));
        folder.write("f_1.dat", words16({1, 2, 3, 4}));
        folder.write("f_2.hea", std::string("f_2 1 100 2\nf_2.dat 16 0.1/uV 16 0 5 11 0 I\n"));
        folder.write("f_2.dat", words16({5, 6}));
        const auto r = read(folder.path("f.hea"));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads[0].samples, (V{1, 2, 3, 4, 50, 60, 1, 2, 3}));
        QCOMPARE(warnings(*r, WarningCode::LengthContradiction), 1U); // f_1 has 4, and 3 are said the second time
        QCOMPARE(warnings(*r, WarningCode::Checksum), 0U);
        folder.write("f_2.dat", words16({5}));
        const auto shorter = read(folder.path("f.hea"));
        QCOMPARE(shown(shorter->leads[0].samples), (V{1, 2, 3, 4, 50, kNone, 1, 2, 3}));
        QCOMPARE(warnings(*shorter, WarningCode::ShortFile), 1U);
    }

    void refusedSegments_data() {
        QTest::addColumn<QString>("header");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("where");
        const auto row = [](const char* tag, const char* header, ErrorCode code, const char* where) {
            QTest::newRow(tag) << header << static_cast<int>(code) << where;
        };
        row("itself", "x/2 1 100 8\nx 4\nx 4\n", ErrorCode::FormatInvalid, "line 2");
        row("no header", "x/1 1 100 4\ngone 4\n", ErrorCode::FileNotFound, "line 2");
        row("no data", "x/1 1 100 4\nbare 4\n", ErrorCode::FileNotFound, "bare.hea, line 2");
        row("other folder", "x/1 1 100 4\n../s 4\n", ErrorCode::FormatInvalid, "line 2");
        row("other rate", "x/1 1 250 4\ns 4\n", ErrorCode::FormatInvalid, "line 2");
        row("other signals", "x/2 1 100 8\ns 4\nt 4\n", ErrorCode::FormatInvalid, "line 3");
        row("few lines", "x/3 1 100 8\ns 4\n", ErrorCode::FormatInvalid, "line 1");
        row("no length", "x/1 1 100 4\ns\n", ErrorCode::FormatInvalid, "line 2");
        row("gaps alone", "x/1 1 100 4\n~ 4\n", ErrorCode::FormatUnsupported, "line 1");
        row("gap of years", "x/2 1 100 0\ns 4\n~ 9999999999\n", ErrorCode::ValueOutOfRange, "x.hea");
        row("beyond all", "x/2 1 100 0\n~ 70000000000000\n~ 70000000000000\n", ErrorCode::ValueOutOfRange, "line 3");
        row("unit", "x/3 2 100 4\nlay 0\ns 2\nm 2\n", ErrorCode::FormatInvalid, "m.hea, line 2");
    }
    void refusedSegments() {
        QFETCH(QString, header);
        QFETCH(int, code);
        QFETCH(QString, where);
        const Folder folder;
        folder.write("s.dat", words16({1, 2, 3, 4}));
        folder.write("s.hea", std::string("s 1 100 4\ns.dat 16 1/uV 16 0 1 10 0 I\n"));
        folder.write("t.hea", std::string("t 2 100 4\ns.dat 16 1/uV\ns.dat 16 1/uV\n"));
        folder.write("m.hea", std::string("m 1 100 2\ns.dat 16 1/mmHg 16 0 1 10 0 I\n"));
        folder.write("lay.hea", std::string("lay 1 100 0\n~ 0 1/uV 16 0 0 0 0 I\n"));
        folder.write("bare.hea", std::string("bare 1 100 4\nbare.dat 16 1/uV\n"));
        const auto r = read(folder.write("x.hea", header.toStdString()));
        QVERIFY(r.failed());
        QVERIFY2(static_cast<int>(r.error().code) == code, r.error().text().c_str());
        QVERIFY2(QString::fromStdString(r.error().where).endsWith(where), r.error().text().c_str());
    }

    void flac_data() {
        QTest::addColumn<int>("bits");
        QTest::newRow("508") << 8;
        QTest::newRow("516") << 16;
        QTest::newRow("524") << 24;
    }
    void flac() {
        QFETCH(int, bits);
        const Folder folder;
        std::vector<int> a;
        std::vector<int> b;
        int sum = 0;
        for (int i = 0; i < 100; ++i) {
            a.push_back(i - 50);
            b.push_back((i * 7) % 90 - 45);
            sum += i >= 2 ? a.back() : 0;
        }
        b[10] = -(1 << (bits - 1)); // the code of a missing sample
        folder.write("f.dat", flacStream({a, b}, bits, 16));
        const auto format = std::to_string(500 + bits);
        // Two samples a frame, and two before the first: the "byte offset" counts samples here.
        const auto path = folder.write("f.hea", "f 2 250 49\nf.dat " + format + "x2+2 1/uV 12 0 -48 " +
                                                    std::to_string(sum) + " 0 I\nf.dat " + format + "x2+2 1/uV\n");
        const auto r = read(path);
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samplingRate, 500.0); // the record's, not the stream's
        QCOMPARE(r->samples(), 98U);
        QCOMPARE(warnings(*r, WarningCode::Checksum), 0U);
        for (std::size_t i = 0; i < 98; ++i)
            QCOMPARE(r->leads[0].samples[i], static_cast<float>(a[i + 2]));
        QVERIFY(std::isnan(r->leads[1].samples[8]));
        QCOMPARE(r->leads[1].samples[9], static_cast<float>(b[11]));
        const auto part = readPart(path, 41, 20);
        QVERIFY2(part.ok(), failureText(part).c_str());
        QCOMPARE(part->firstSample, std::int64_t{41});
        for (std::size_t i = 0; i < 20; ++i)
            QCOMPARE(part->leads[0].samples[i], static_cast<float>(a[i + 43]));

        auto broken = flacStream({a, b}, bits, 16);
        broken[120] = static_cast<char>(broken[120] + 1);
        folder.write("f.dat", broken);
        QCOMPARE(read(path).error().code, ErrorCode::FormatInvalid);
        folder.write("f.dat", flacStream({a}, bits, 16));
        QVERIFY(read(path).error().message.find("1 channels") != std::string::npos);
        folder.write("f.dat", flacStream({a, b}, bits, 16).left(200)); // cut within a frame
        const auto cut = read(path);
        QVERIFY2(cut.failed() || warnings(*cut, WarningCode::ShortFile) == 1, "a short stream is told");
    }

    // A stream's claim costs no memory: 2^36 samples in 70 bytes.
    void flacClaims() {
        const Folder folder;
        auto stream = flacStream({{1, 2, 3, 4}}, 16, 16);
        stream[21] = static_cast<char>(stream[21] | 0x0F); // the lowest 36 bits of bytes 18 to 25
        for (int i = 22; i < 26; ++i)
            stream[i] = '\xFF';
        folder.write("f.dat", stream);
        const auto r = read(folder.write("f.hea", std::string("f 1 250\nf.dat 516 1/uV\n")));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads[0].samples, (V{1, 2, 3, 4}));
    }

    // Every format: a part is what stands there in the whole.
    void parts_data() {
        QTest::addColumn<int>("format");
        for (const int format : {8, 16, 24, 32, 61, 80, 160, 212, 310, 311})
            QTest::newRow(std::to_string(format).c_str()) << format;
    }
    void parts() {
        QFETCH(int, format);
        const Folder folder;
        QByteArray noise;
        Dice dice(static_cast<std::uint64_t>(format));
        for (int i = 0; i < 40'000; ++i)
            noise.append(static_cast<char>(dice.below(256)));
        folder.write("p.dat", noise);
        const auto f = std::to_string(format);
        const auto path = folder.write("p.hea", "p 3 100\np.dat " + f + "x2+3 1/uV\np.dat " + f + ":5 1/mmHg\np.dat " +
                                                    f + "x2:1 1/uV\n");
        const auto whole = read(path);
        QVERIFY2(whole.ok(), failureText(whole).c_str());
        const auto n = static_cast<std::int64_t>(whole->samples());
        QVERIFY(n > 2000);
        for (const auto& [first, count] : {std::pair<std::int64_t, std::int64_t>{0, 1},
                                           {0, n},
                                           {1, 7},
                                           {n / 2, 1001},
                                           {n - 3, 3},
                                           {n - 3, 99},
                                           {n, 5},
                                           {n + 7, 5},
                                           {5, 0},
                                           {-4, 3}}) {
            const auto part = readPart(path, first, count);
            QVERIFY2(part.ok(), failureText(part).c_str());
            const auto begin = std::clamp<std::int64_t>(first, 0, n);
            QCOMPARE(part->firstSample, begin);
            QCOMPARE(part->samplesPromised, n);
            QCOMPARE(part->samples(), static_cast<std::size_t>(std::min(count, n - begin)));
            for (std::size_t l = 0; l < 2; ++l)
                QCOMPARE(shown(part->leads[l].samples),
                         shown({whole->leads[l].samples.begin() + begin,
                                whole->leads[l].samples.begin() + begin + static_cast<std::int64_t>(part->samples())}));
        }
    }

    void partsOfSegments() {
        const Folder folder;
        writeSegments(folder);
        const auto whole = read(folder.path("v.hea"));
        QVERIFY(whole.ok());
        for (std::int64_t first = 0; first < 8; ++first)
            for (std::int64_t count = 1; first + count <= 8; ++count) {
                const auto part = readPart(folder.path("v.hea"), first, count);
                QVERIFY2(part.ok(), failureText(part).c_str());
                for (std::size_t l = 0; l < 2; ++l)
                    QCOMPARE(shown(part->leads[l].samples), shown({whole->leads[l].samples.begin() + first,
                                                                   whole->leads[l].samples.begin() + first + count}));
            }
        // A segment outside the range need not be there.
        QVERIFY(QFile::remove(QString::fromStdString(folder.path("v_1.dat").string())));
        QVERIFY(read(folder.path("v.hea")).failed());
        QVERIFY(readPart(folder.path("v.hea"), 3, 5).ok());
    }

    void partsOfOtherRates() {
        const Folder folder;
        writeRates(folder);
        const auto part = readPart(folder.path("r.hea"), 5, 2);
        QVERIFY2(part.ok(), failureText(part).c_str());
        QCOMPARE(part->leads[1].samples, (V{60, 70}));
        QCOMPARE(part->otherGroups[0].firstSample, std::int64_t{1}); // its frames are whole
        QCOMPARE(part->otherGroups[0].leads[0].samples, (V{9}));
    }

    // 24 h, 12 leads, 1 kHz in 16 bits: 2 GB that take no room on the disk (a hole), of which ten seconds are read.
    void partOfADay() {
        const Folder folder;
        constexpr std::int64_t kFrames = 86'400'000;
        QFile data(QString::fromStdString(folder.path("day.dat").string()));
        QVERIFY(data.open(QIODevice::WriteOnly));
        if (!data.resize(kFrames * 24))
            QSKIP("no file of 2 GB with a hole can be made here");
        QVERIFY(data.seek(43'200'000LL * 24) && data.write(words16(std::vector<int>(12, 77))) == 24);
        data.close();
        std::string header = "day 12 1000 86400000\n";
        for (int l = 0; l < 12; ++l)
            header += "day.dat 16 1/uV 16 0 0 77 0 V" + std::to_string(l + 1) + "\n";
        const auto path = folder.write("day.hea", header);
        rusage before{};
        ::getrusage(RUSAGE_SELF, &before);
        const auto part = readPart(path, 43'199'995, 10'000);
        rusage after{};
        ::getrusage(RUSAGE_SELF, &after);
        QVERIFY2(part.ok(), failureText(part).c_str());
        QCOMPARE(part->leads[11].samples[5], 77.F);
        QCOMPARE(part->leads[11].samples[4], 0.F);
        QCOMPARE(part->samplesPromised, kFrames);
        QVERIFY2(after.ru_maxrss - before.ru_maxrss < 16 * 1024, "memory in proportion to the part (kB)");
        QVERIFY2(after.ru_inblock - before.ru_inblock < 100'000, "most of the file is not touched");
    }
};

QTEST_APPLESS_MAIN(TestIoWfdbRecords)
#include "test_io_wfdb_records.moc"
