// SPDX-License-Identifier: GPL-3.0-or-later
// Real records of every signal format, where they are (PRECORDIA_DATA): decoded here a second time, another way.
#include "core/io/reader.h"
#include "tests/unit/io_fixture.h"

#include <QDirIterator>
#include <QTest>

#include <cmath>
#include <functional>

using namespace precordia;
using namespace precordia::test;

namespace {

QString dataFolder() {
    const auto given = qEnvironmentVariable("PRECORDIA_DATA");
    return given.isEmpty() ? qEnvironmentVariable("PRECORDIA_SOURCE_DIR") + "/../shared/data" : given;
}

QString wfdb(const QString& name) {
    return dataFolder() + "/formats/wfdb/" + name;
}

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Result<Recording> read(const QString& name) {
    return Registry::standard().read(wfdb(name).toStdString());
}

// Sample i of a file of format 212, after the picture in signal(5).
int of212(const QByteArray& data, qint64 i) {
    const auto byte = [&](qint64 at) { return static_cast<int>(static_cast<unsigned char>(data[at])); };
    const auto at = i / 2 * 3;
    const int value = i % 2 == 0 ? byte(at) + 256 * (byte(at + 1) % 16) : byte(at + 2) + 256 * (byte(at + 1) / 16);
    return value > 2047 ? value - 4096 : value;
}

void compare(const Lead& lead, double gain, double baseline, const std::function<int(qint64)>& raw) {
    for (std::size_t i = 0; i < lead.samples.size(); ++i) {
        const int integer = raw(static_cast<qint64>(i));
        if (integer == -2048) { // the format's code of a missing sample
            QVERIFY(std::isnan(lead.samples[i]));
            continue;
        }
        const double expected = (integer - baseline) * 1000 / gain;
        QVERIFY2(std::abs(lead.samples[i] - expected) < 1e-3 * 1000 / gain,
                 qPrintable(QString("%1 at %2").arg(lead.name.c_str()).arg(i)));
    }
}

} // namespace

class TestIoWfdbData : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        if (!QDir(wfdb({})).exists())
            QSKIP("no real ECGs here: set PRECORDIA_DATA to a folder with them");
    }

    // Each header of every set is read, or what it needs is truly absent; a layout header alone is no recording.
    void everyHeader() {
        QDirIterator it(dataFolder(), {"*.hea"}, QDir::Files, QDirIterator::Subdirectories);
        int good = 0;
        while (it.hasNext()) {
            const auto path = it.next();
            const auto r = Registry::standard().read(path.toStdString());
            if (r.ok()) {
                ++good;
                QVERIFY(r->samples() > 0);
                for (const auto code : {WarningCode::Checksum, WarningCode::Annotation, WarningCode::ShortFile})
                    QVERIFY2(warnings(*r, code) == 0, qPrintable(path));
                continue;
            }
            if (contents(path).contains("\n~ 0 ")) {
                QCOMPARE(r.error().code, ErrorCode::FormatUnsupported);
                continue;
            }
            QVERIFY2(r.error().code == ErrorCode::FileNotFound, r.error().text().c_str());
            const auto words = QString::fromStdString(r.error().message).split(' ');
            const auto named = words.value(2); // "signal file X"
            QVERIFY2(!named.isEmpty() && !QFile::exists(QFileInfo(path).path() + "/" + named),
                     r.error().text().c_str());
        }
        QVERIFY(good > 400);
    }

    void packed12BitsAndSkew() {
        if (!QFile::exists(wfdb("100.dat")))
            QSKIP("no record 100 here");
        const auto data = contents(wfdb("100.dat"));
        const auto r = read("100.hea");
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samples(), 650'000U);
        compare(r->leads[0], 200, 1024, [&](qint64 i) { return of212(data, 2 * i); });
        compare(r->leads[1], 200, 1024, [&](qint64 i) { return of212(data, 2 * i + 1); });
        QVERIFY(r->annotations.size() > 2000);
        const auto unknown = read("100-no-len.hea");
        QVERIFY(unknown.ok());
        QCOMPARE(unknown->leads[1].samples, r->leads[1].samples);
        const auto moved = read("100skew.hea");
        QVERIFY(moved.ok());
        QCOMPARE(warnings(*moved, WarningCode::Skew), 1U);
        QCOMPARE(moved->leads[0].samples, r->leads[0].samples);
        for (std::size_t i = 0; i + 3 < r->samples(); ++i)
            QCOMPARE(moved->leads[1].samples[i], r->leads[1].samples[i + 3]);
        QVERIFY(std::isnan(moved->leads[1].samples.back()));
        ReadOptions options;
        options.range = SampleRange{360'001, 3600};
        const auto part = Registry::standard().read(wfdb("100.hea").toStdString(), options);
        QVERIFY(part.ok());
        QCOMPARE(part->leads[1].samples,
                 std::vector<float>(r->leads[1].samples.begin() + 360'001, r->leads[1].samples.begin() + 363'601));
        QCOMPARE(part->annotations.size(), r->annotations.size()); // at their times in the whole
    }

    void severalRates() {
        if (!QFile::exists(wfdb("03700181.dat")))
            QSKIP("no record 03700181 here");
        const auto data = contents(wfdb("03700181.dat"));
        const auto r = read("03700181.hea");
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samplingRate, 500.0);
        QCOMPARE(r->leads.size(), 1U);
        QCOMPARE(r->samples(), 300'000U);
        compare(r->leads[0], 2963.77, 0, [&](qint64 i) { return of212(data, i / 4 * 6 + i % 4); });
        QCOMPARE(r->otherGroups.size(), 1U);
        const auto& other = r->otherGroups[0];
        QCOMPARE(other.samplingRate, 125.0);
        QCOMPARE(other.leads.size(), 2U);
        for (std::size_t i = 0; i < 75'000; i += 97) // mmHg, and RESP four frames later
            QVERIFY(std::abs(other.leads[0].samples[i] - (of212(data, static_cast<qint64>(i) * 6 + 4) + 1605) / 12.84) <
                    1e-3);
        for (std::size_t i = 0; i + 4 < 75'000; i += 97)
            QVERIFY(std::abs(other.leads[1].samples[i] - of212(data, static_cast<qint64>(i + 4) * 6 + 5) / 2.0) < 1e-3);
    }

    void fixedSegments() {
        const QString folder = "multi-segment/041s/";
        if (!QFile::exists(wfdb(folder + "041s.hea")))
            QSKIP("no record 041s here");
        const auto r = read(folder + "041s.hea");
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samplingRate, 500.0);
        QCOMPARE(r->samples(), 8000U);
        QCOMPARE(r->leads.size(), 3U);
        QCOMPARE(r->otherGroups[0].leads.size(), 4U);
        const QByteArray data[] = {contents(wfdb(folder + "041s01.dat")), contents(wfdb(folder + "041s02.dat"))};
        for (int l = 0; l < 3; ++l) // frames of 16: three times four and four
            compare(r->leads[static_cast<std::size_t>(l)], 2000, 0,
                    [&](qint64 i) { return of212(data[i / 4000], i % 4000 / 4 * 16 + 4 * l + i % 4); });
        const auto thrice = read("multi-segment/fixed1/v102s.hea");
        QVERIFY(thrice.ok());
        QCOMPARE(thrice->samples(), 225'000U);
    }

    // Segments that are there are read although others are not; the gain is each segment's own.
    void variableSegments() {
        const QString folder = "multi-segment/s00001/";
        const auto name = folder + "s00001-2896-10-10-00-31.hea";
        if (!QFile::exists(wfdb(name)))
            QSKIP("no record s00001 here");
        ReadOptions options;
        options.range =
            SampleRange{3'000, 7'500}; // a gap to 3261, 6750 frames of the first, 125 of the second, the third
        const auto r = Registry::standard().read(wfdb(name).toStdString(), options);
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads.size(), 4U);
        QCOMPARE(r->samplesPromised, std::int64_t{14'518'365});
        QCOMPARE(warnings(*r, WarningCode::Gap), 1U);
        QCOMPARE(warnings(*r, WarningCode::MissingLead), 3U); // MCL1, II and ABP each lack in one
        const auto byte = [](const QByteArray& data, qint64 at) {
            return static_cast<int>(static_cast<unsigned char>(data[at])) - 128;
        };
        const auto first = contents(wfdb(folder + "3975656_0001.dat"));
        const auto third = contents(wfdb(folder + "3975656_0003.dat"));
        QVERIFY(std::isnan(r->leads[1].samples[260]));
        for (int i = 0; i < 6750; ++i) {
            const auto at = static_cast<std::size_t>(261 + i);
            const int ii = byte(first, 2 * i);
            QVERIFY(ii == -128 ? std::isnan(r->leads[0].samples[at]) : r->leads[0].samples[at] == 1000.F * ii);
            QVERIFY(std::isnan(r->leads[2].samples[at]));
        }
        const auto at = std::size_t{261 + 6750 + 125};
        for (int i = 0; i < 300; ++i) {
            const int mcl = byte(third, 2 * i);
            QVERIFY(mcl == -128
                        ? std::isnan(r->leads[2].samples[at + static_cast<std::size_t>(i)])
                        : std::abs(r->leads[2].samples[at + static_cast<std::size_t>(i)] - mcl * 1000 / 29.0) < 1e-2);
            QVERIFY(std::isnan(r->leads[0].samples[at + static_cast<std::size_t>(i)]));
        }
    }

    void constantFlac() {
        if (!QFile::exists(wfdb("flac_3_constant.dat")))
            QSKIP("no FLAC record here");
        const auto r = read("flac_3_constant.hea");
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samples(), 5'600'000U);
        for (std::size_t l = 0; l < 3; ++l) // 25, 50 and 75 of 200 a mV
            QVERIFY(std::all_of(r->leads[l].samples.begin(), r->leads[l].samples.end(),
                                [&](float v) { return v == 125.F * static_cast<float>(l + 1); }));
        ReadOptions options;
        options.range = SampleRange{5'000'000, 1000};
        const auto part = Registry::standard().read(wfdb("flac_3_constant.hea").toStdString(), options);
        QVERIFY(part.ok());
        QCOMPARE(part->leads[2].samples, std::vector<float>(1000, 375.F));
    }
};

QTEST_APPLESS_MAIN(TestIoWfdbData)
#include "test_io_wfdb_data.moc"
