// SPDX-License-Identifier: GPL-3.0-or-later
// MAT files as scipy writes them, and by hand where it does not (big-endian, small elements, bombs); real ones where
// they are.
#include "core/io/reader.h"
#include "tests/unit/io_fixture.h"
#include "tests/unit/test_io_array_golden.h"

#include <QTest>

#include <cmath>

using namespace precordia;
using namespace precordia::test;

namespace {

// (l + 1) * 0.1 mV + i uV, as the golden files have it
bool asMade(const Recording& r, std::size_t leads, std::size_t samples, double factor = 1) {
    if (r.leads.size() != leads || r.samples() != samples)
        return false;
    for (std::size_t l = 0; l < leads; ++l)
        for (std::size_t i = 0; i < samples; ++i)
            if (std::abs(r.leads[l].samples[i] - factor * (static_cast<double>(l + 1) * 100 + static_cast<double>(i))) >
                0.51)
                return false;
    return true;
}

QByteArray big32(std::initializer_list<unsigned> words) {
    QByteArray out;
    for (const auto w : words)
        for (int shift = 24; shift >= 0; shift -= 8)
            out.append(static_cast<char>(w >> shift & 0xFFU));
    return out;
}

// A big-endian file by hand: `ecg`, 2 x 4 of class double stored as bytes.
QByteArray bigEndian() {
    QByteArray head(124, ' ');
    head.replace(0, 10, "MATLAB 5.0");
    head += bytes({1, 0, 'M', 'I'});
    QByteArray body = big32({6, 8, 6, 0}) +                          // flags: class double
                      big32({5, 8, 2, 4}) +                          // dimensions
                      big32({3U << 16U | 1U}) + "ecg" + bytes({0}) + // small element: name
                      big32({2, 8}) + bytes({1, 2, 3, 4, 5, 6, 7, 8});
    return head + big32({14, static_cast<unsigned>(body.size())}) + body;
}

TableLayout given(double rate, const char* unit) {
    TableLayout out;
    out.samplingRate = rate;
    out.unit = unit;
    return out;
}

} // namespace

class TestIoMat : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void challengeStruct() {
        const Folder folder;
        const auto r = Registry::standard().read(folder.write("a.mat", golden::matChallenge()));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QVERIFY(asMade(*r, 12, 40));
        QCOMPARE(r->samplingRate, 500.0);
        QCOMPARE(r->metadata.format, std::string("mat"));
        QCOMPARE(r->metadata.sex, std::string("female"));
        QCOMPARE(r->metadata.ageYears.value_or(0), 61.0);
        QCOMPARE(r->leads[3].name, std::string("aVR"));
        QCOMPARE(warnings(*r, WarningCode::Repaired), 3U); // rate, unit and order are the data set's, and it says so
        ReadOptions options;
        options.tableLayout = given(1000, "uV"); // a person knows better
        const auto other = Registry::standard().read(folder.path("a.mat"), options);
        QVERIFY(asMade(*other, 12, 40, 0.001));
        QCOMPARE(other->samplingRate, 1000.0);
    }

    void feats() {
        const Folder folder;
        const auto r = Registry::standard().read(folder.write("a.mat", golden::matPlain()));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QVERIFY(asMade(*r, 12, 40));
        QCOMPARE(r->samplingRate, 400.0);
    }

    void nothingGuessed() {
        const Folder folder;
        const auto path = folder.write("a.mat", golden::matOne());
        auto r = Registry::standard().read(path);
        QVERIFY(r.failed());
        QCOMPARE(r.error().code, ErrorCode::FormatUnsupported);
        QVERIFY(r.error().message.find("--rate") != std::string::npos &&
                r.error().message.find("--unit") != std::string::npos);
        ReadOptions options;
        options.tableLayout = given(250, "uV");
        options.tableLayout->leads = {"II", "-"};
        r = Registry::standard().read(path, options);
        QVERIFY2(r.ok(), failureText(r).c_str());
        QVERIFY(asMade(*r, 1, 40));
        QCOMPARE(r->leads[0].name, std::string("II"));
        // a file beside it says it too
        folder.write("table-layout.json", std::string(R"({"sampling_rate_hz": 300, "unit": "uV"})"));
        r = Registry::standard().read(path);
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samplingRate, 300.0);
        folder.write("table-layout.json", std::string(R"({"sampling_rate_hz": "fast"})"));
        QCOMPARE(Registry::standard().read(path).error().code, ErrorCode::ConfigInvalid);
    }

    void scalarsBesideIt() {
        const Folder folder;
        const auto r = Registry::standard().read(folder.write("a.mat", golden::matCell()));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QVERIFY(asMade(*r, 2, 40));
        QCOMPARE(r->samplingRate, 125.0);
        QCOMPARE(r->leads[1].name, std::string("V1"));
        QCOMPARE(r->warnings.size(), 0U);
    }

    void severalRecordings() {
        const Folder folder;
        const auto path = folder.write("a.mat", golden::matThree());
        ReadOptions options;
        for (int item = 0; item < 2; ++item) {
            options.item = item;
            const auto r = Registry::standard().read(path, options);
            QVERIFY2(r.ok(), failureText(r).c_str());
            QCOMPARE(r->items, 2);
            QVERIFY(asMade(*r, 3, 40, item + 1));
        }
        options.item = 2;
        QCOMPARE(Registry::standard().read(path, options).error().code, ErrorCode::ValueOutOfRange);
    }

    void versionFour() {
        const Folder folder;
        ReadOptions options;
        options.tableLayout = given(250, "uV");
        const auto path = folder.write("a.mat", golden::matFour());
        QVERIFY(Registry::standard().read(path).failed());
        const auto r = Registry::standard().read(path, options);
        QVERIFY2(r.ok(), failureText(r).c_str());
        QVERIFY(asMade(*r, 2, 30));
        folder.write(
            "a.hea",
            std::string("a 2 250 30\na.mat 16+24 1000/mV 16 0 100 0 0 I\na.mat 16+24 1000/mV 16 0 200 0 0 II\n"));
        QVERIFY(Registry::standard().isCompanion(path)); // then it is the record's
    }

    void byHand() {
        const Folder folder;
        ReadOptions options;
        options.tableLayout = given(250, "uV");
        const auto r = Registry::standard().read(folder.write("a.mat", bigEndian()), options);
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads.size(), 2U);
        QCOMPARE(r->leads[0].samples, (std::vector<float>{1, 3, 5, 7})); // columns first
        QCOMPARE(r->leads[1].samples, (std::vector<float>{2, 4, 6, 8}));
    }

    void refused() {
        const Folder folder;
        QByteArray seven(600, '\0');
        seven.replace(0, 10, "MATLAB 7.3");
        auto r = Registry::standard().read(folder.write("a.mat", seven));
        QCOMPARE(r.error().code, ErrorCode::FormatUnsupported);
        QVERIFY(r.error().message.find("-v7") != std::string::npos);
        // a compressed element that becomes a thousand times as large, and then is no array
        auto bomb = bigEndian().left(124) + bytes({0, 1, 'I', 'M'});
        const auto packed = qCompress(QByteArray(50'000'000, '\0'), 9).mid(4);
        bomb += words32({15, packed.size()}) + packed;
        r = Registry::standard().read(folder.write("a.mat", bomb));
        QVERIFY(r.failed());
        // dimensions that promise more than is there
        auto liar = bigEndian();
        liar.replace(big32({5, 8, 2, 4}), big32({5, 8, 2, 0x7FFFFFFF}));
        QCOMPARE(Registry::standard().read(folder.write("a.mat", liar)).error().code, ErrorCode::FileTruncated);
    }

    void mutations() {
        const Folder folder;
        Dice dice(17);
        ReadOptions options;
        options.tableLayout = given(250, "uV");
        int readable = 0;
        const std::vector<QByteArray> seeds{golden::matChallenge(), golden::matCell(), golden::matFour(), bigEndian()};
        for (std::size_t i = 0; i < 800; ++i) {
            const auto r =
                Registry::standard().read(folder.write("m.mat", mutated(seeds[i % seeds.size()], dice)), options);
            readable += r.ok() ? 1 : 0;
            QVERIFY(r.ok() || (!r.error().message.empty() && r.error().code != ErrorCode::Bug));
        }
        QVERIFY(readable > 50);
    }

    void realFiles() {
        const auto root =
            qEnvironmentVariable("PRECORDIA_DATA", qEnvironmentVariable("PRECORDIA_SOURCE_DIR") + "/../shared/data");
        if (!QDir(root + "/cpsc2018-mat").exists())
            QSKIP("no real MAT files here: set PRECORDIA_DATA to a folder with cpsc2018-mat");
        for (const auto& [folder, rate] :
             {std::pair{"/cpsc2018-mat", 500.0}, {"/code15-mat/org", 400.0}, {"/formats/mat", 250.0}})
            for (const auto& file : QDir(root + folder).entryInfoList({"*.mat"}, QDir::Files)) {
                const auto r = Registry::standard().read(file.filePath().toStdString());
                QVERIFY2(r.ok(), failureText(r).c_str());
                QCOMPARE(r->samplingRate, rate);
                QCOMPARE(warnings(*r, WarningCode::ImplausibleUnit), 0U);
                QVERIFY(r->samples() > 1000);
                const auto ii = r->find("II"), i = r->find("I"), iii = r->find("III");
                double sum = 0, largest = 0; // Einthoven, but for artefacts: the leads have their right names
                for (std::size_t s = 0; ii.valid() && s < r->samples(); ++s) {
                    const auto at = [&](LeadIndex l) { return r->leads[static_cast<std::size_t>(l.value)].samples[s]; };
                    sum += static_cast<double>(std::abs(at(ii) - at(i) - at(iii)));
                    largest = std::max(largest, static_cast<double>(std::abs(at(ii))));
                }
                QVERIFY2(sum / static_cast<double>(r->samples()) <= 0.001 * largest, qPrintable(file.fileName()));
            }
    }
};

QTEST_APPLESS_MAIN(TestIoMat)
#include "test_io_mat.moc"
