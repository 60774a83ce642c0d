// SPDX-License-Identifier: GPL-3.0-or-later
// HDF5 files as h5py writes them; real ones where they are.
#include "core/io/reader.h"
#include "tests/unit/io_fixture.h"
#include "tests/unit/test_io_array_golden.h"

#include <QFile>
#include <QTest>

#include <cmath>

using namespace precordia;
using namespace precordia::test;

namespace {

// (l + 1) * 0.1 mV + i uV, as the golden files have it
bool asMade(const Recording& r, std::size_t leads, std::size_t samples, double factor, double tolerance) {
    if (r.leads.size() != leads || r.samples() != samples)
        return false;
    for (std::size_t l = 0; l < leads; ++l)
        for (std::size_t i = 0; i < samples; ++i)
            if (const auto truth = factor * (static_cast<double>(l + 1) * 100 + static_cast<double>(i));
                std::abs(r.leads[l].samples[i] - truth) > tolerance * truth)
                return false;
    return true;
}

} // namespace

class TestIoHdf5 : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void severalPadded() {
        const Folder folder;
        const auto path = folder.write("c.bin", golden::hdfCode15());
        ReadOptions options;
        for (int item = 0; item < 3; ++item) {
            options.item = item;
            const auto r = Registry::standard().read(path, options);
            QVERIFY2(r.ok(), failureText(r).c_str());
            QVERIFY(asMade(*r, 12, 32, item + 1, 1e-5)); // the padding is gone
            QCOMPARE(r->items, 3);
            QCOMPARE(r->samplingRate, 400.0);
            QCOMPARE(r->name, std::to_string(11 * (item + 1)));
            QCOMPARE(r->leads[5].name, std::string("aVF"));
            QCOMPARE(warnings(*r, WarningCode::Repaired), 4U); // rate, unit, order, padding
        }
        options.item = 3;
        const auto r = Registry::standard().read(path, options);
        QCOMPARE(r.error().code, ErrorCode::ValueOutOfRange);
        QVERIFY(r.error().message.find("it holds 3") != std::string::npos);
    }

    void stopped() {
        const Folder folder;
        ReadOptions options;
        std::stop_source stop;
        options.stop = stop.get_token();
        stop.request_stop();
        QVERIFY(Registry::standard().read(folder.write("c.h5", golden::hdfCode15()), options).cancelled());
    }

    void oneArray() {
        const Folder folder;
        auto r = Registry::standard().read(folder.write("s.h5", golden::hdfSph()));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QVERIFY(asMade(*r, 12, 40, 1, 1e-3)); // half floats
        QCOMPARE(r->samplingRate, 500.0);
        QCOMPARE(r->items, 1);
        r = Registry::standard().read(folder.write("d.h5", golden::hdfDescribed()));
        QVERIFY2(r.ok(), failureText(r).c_str());
        QVERIFY(asMade(*r, 2, 20, 1, 1e-6));
        QCOMPARE(r->samplingRate, 250.0);
        QCOMPARE(r->leads[1].name, std::string("V5"));
        QCOMPARE(warnings(*r, WarningCode::Repaired), 0U);
    }

    void metadataAndRange() {
        const Folder folder;
        const auto path = folder.write("c.h5", golden::hdfCode15());
        ReadOptions options;
        options.metadataOnly = true;
        auto r = Registry::standard().read(path, options);
        QCOMPARE(r->samples(), 0U);
        QCOMPARE(r->samplesPromised, 32);
        options = {};
        options.range = SampleRange{30, 10};
        r = Registry::standard().read(path, options);
        QCOMPARE(r->samples(), 2U);
        QVERIFY(std::abs(r->leads[0].samples[0] - 130) < 0.01);
    }

    void untrusted_data() {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<int>("code");
        const auto unsupported = static_cast<int>(ErrorCode::FormatUnsupported);
        QTest::newRow("filter") << golden::hdfLzf() << unsupported;
        QTest::newRow("links elsewhere") << golden::hdfSoft() << unsupported;
        QTest::newRow("virtual") << golden::hdfVirtual() << unsupported;
        QTest::newRow("external") << golden::hdfExternal() << unsupported;
        QTest::newRow("promised, not there") << golden::hdfPromised() << static_cast<int>(ErrorCode::FileTruncated);
        QTest::newRow("cut") << golden::hdfCode15().left(1000) << static_cast<int>(ErrorCode::FormatInvalid);
        QTest::newRow("signature alone") << golden::hdfCode15().left(8) << static_cast<int>(ErrorCode::FormatInvalid);
    }
    void untrusted() {
        QFETCH(QByteArray, file);
        QFETCH(int, code);
        const Folder folder;
        const auto r = Registry::standard().read(folder.write("u.h5", file));
        QVERIFY(r.failed());
        QVERIFY2(static_cast<int>(r.error().code) == code, r.error().text().c_str());
    }

    // Found by fuzzing: libhdf5 goes round in it for ever.
    void endless() {
        QFile input(qEnvironmentVariable("PRECORDIA_SOURCE_DIR") + "/tests/fuzz/corpus/hdf5/endless");
        QVERIFY2(input.open(QIODevice::ReadOnly), qPrintable(input.fileName()));
        const Folder folder;
        const auto r = Registry::standard().read(folder.write("u.h5", input.readAll()));
        QVERIFY(r.failed());
        QCOMPARE(r.error().code, ErrorCode::FormatInvalid);
        QVERIFY2(r.error().message.find("does not come to an end") != std::string::npos, r.error().text().c_str());
    }

    void realFiles() {
        const auto root =
            qEnvironmentVariable("PRECORDIA_DATA", qEnvironmentVariable("PRECORDIA_SOURCE_DIR") + "/../shared/data");
        const auto files = QDir(root + "/cinc2021-b/SPH").entryInfoList({"*.h5"}, QDir::Files);
        if (files.isEmpty())
            QSKIP("no real HDF5 files here: set PRECORDIA_DATA to a folder with cinc2021-b/SPH");
        for (const auto& file : files) {
            const auto r = Registry::standard().read(file.filePath().toStdString());
            QVERIFY2(r.ok(), failureText(r).c_str());
            QCOMPARE(r->leads.size(), 12U);
            QVERIFY(r->samples() >= 5000);
            QCOMPARE(warnings(*r, WarningCode::ImplausibleUnit), 0U);
            for (std::size_t s = 0; s < r->samples(); ++s) // Einthoven, in half floats
                QVERIFY(std::abs(r->leads[1].samples[s] - r->leads[0].samples[s] - r->leads[2].samples[s]) < 15);
        }
    }
};

QTEST_APPLESS_MAIN(TestIoHdf5)
#include "test_io_hdf5.moc"
