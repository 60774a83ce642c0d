// SPDX-License-Identifier: GPL-3.0-or-later
// Real files, where they are: PRECORDIA_DATA, else ../shared/data beside the source. Nothing of them is kept here: each
// truth is decoded from the file's own bytes by the few lines below, or is in the header's checksums.
#include "core/io/csv_writer.h"
#include "core/io/reader.h"
#include "tests/unit/io_fixture.h"

#include <QDirIterator>
#include <QTest>

#include <cmath>
#include <map>

using namespace precordia;
using namespace precordia::test;

namespace {

QString dataFolder() {
    const auto given = qEnvironmentVariable("PRECORDIA_DATA");
    return given.isEmpty() ? qEnvironmentVariable("PRECORDIA_SOURCE_DIR") + "/../shared/data" : given;
}

QStringList filesOf(const QString& folder, const QStringList& patterns) {
    QStringList out;
    QDirIterator it(dataFolder() + folder, patterns, QDir::Files, QDirIterator::Subdirectories);
    while (it.hasNext())
        out << it.next();
    out.sort();
    return out;
}

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

int word16(const QByteArray& b, qsizetype at) {
    return static_cast<std::int16_t>(static_cast<unsigned char>(b[at]) | static_cast<unsigned char>(b[at + 1]) << 8);
}

} // namespace

class TestIoData : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        if (!QDir(dataFolder()).exists())
            QSKIP("no real ECGs here: set PRECORDIA_DATA to a folder with them");
    }

    // Every file is read or refused with a reason, and the refusals of record headers are the known ones.
    void everyFile() {
        std::map<std::string, int> read;
        int refused = 0;
        for (const auto& path : filesOf({}, {"*"})) {
            const auto r = Registry::standard().read(path.toStdString());
            if (r.ok()) {
                ++read[r->metadata.format];
                QVERIFY(r->samples() > 0);
                for (const auto& lead : r->leads)
                    QCOMPARE(lead.samples.size(), r->samples());
                QCOMPARE(warnings(*r, WarningCode::Checksum), 0U); // 15,000 sums, all formats
                QCOMPARE(warnings(*r, WarningCode::Annotation), 0U);
                continue;
            }
            ++refused;
            QVERIFY2(!r.error().message.empty() && !r.error().where.empty(), qPrintable(path));
            QVERIFY(r.error().code != ErrorCode::Bug);
            if (path.endsWith(".hea"))
                QVERIFY2(r.error().code == ErrorCode::FormatUnsupported || r.error().code == ErrorCode::FileNotFound,
                         r.error().text().c_str());
        }
        QVERIFY(read["wfdb"] > 0);
        QVERIFY(refused > 0);
    }

    // The CinC records: int16 from byte 24, twelve a frame, by the gain alone.
    void challengeRecords() {
        const auto files = filesOf("/cinc2021-b", {"*.mat"});
        QVERIFY(!files.isEmpty());
        for (qsizetype f = 0; f < files.size(); f += 5) {
            auto header = files[f];
            header.replace(".mat", ".hea");
            const auto r = Registry::standard().read(header.toStdString());
            QVERIFY2(r.ok(), failureText(r).c_str());
            const auto data = contents(files[f]);
            const auto lines = contents(header).split('\n');
            for (std::size_t l = 0; l < r->leads.size(); ++l) {
                const auto gain =
                    lines[static_cast<qsizetype>(l) + 1].split(' ')[2].split('/')[0].split('(')[0].toDouble();
                double worst = 0;
                for (std::size_t i = 0; i < r->samples(); ++i) {
                    const int raw = word16(data, 24 + static_cast<qsizetype>(2 * (i * r->leads.size() + l)));
                    if (raw != -32768)
                        worst = std::max(worst, std::abs(r->leads[l].samples[i] - raw * 1000.0 / gain));
                }
                QVERIFY(worst < 0.5 * r->leads[l].quantum);
            }
            QVERIFY(!r->metadata.diagnosisCodes.empty());
        }
    }

    void annotationsOfLudb() {
        const auto files = filesOf("/ludb", {"*.hea"});
        QVERIFY(!files.isEmpty());
        for (qsizetype f = 0; f < files.size(); f += 20) {
            const auto r = Registry::standard().read(files[f].toStdString());
            QVERIFY(r.ok());
            QVERIFY(!r->metadata.diagnosisTexts.empty());
            int open = 0;
            std::map<std::int32_t, int> perLead;
            for (const auto& mark : r->annotations) {
                QVERIFY(mark.lead.valid() && static_cast<std::size_t>(mark.lead.value) < r->leads.size());
                QVERIFY(mark.sample.value >= 0 && static_cast<std::size_t>(mark.sample.value) < r->samples());
                QVERIFY(QString("( ) p N t").contains(QString::fromStdString(mark.symbol)));
                open += mark.symbol == "(" ? 1 : mark.symbol == ")" ? -1 : 0;
                ++perLead[mark.lead.value];
            }
            QCOMPARE(open, 0);
            QCOMPARE(perLead.size(), 12U);
        }
    }

    void dicomWithMedianBeat() {
        const auto path = dataFolder() + "/formats/dicom/Example.dcm";
        if (!QFile::exists(path))
            QSKIP("no DICOM sample here");
        const auto r = Registry::standard().read(path.toStdString());
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samples(), 5000U);
        QCOMPARE(r->leads.size(), 12U);
        QCOMPARE(r->medianBeats.size(), 1U);
        QCOMPARE(warnings(*r, WarningCode::InvalidIdentifier), 3U);
        QCOMPARE(r->fileMeasurements.at("qrs_ms"), 120.0);
        // Einthoven holds to a step of each lead: the leads have their right names
        const auto& lead = [&](const char* name) -> const std::vector<float>& {
            return r->leads.at(static_cast<std::size_t>(r->find(name).value)).samples;
        };
        for (std::size_t i = 0; i < r->samples(); ++i)
            QVERIFY(std::abs(lead("II")[i] - lead("I")[i] - lead("III")[i]) <= 5.F);
    }

    void throughCsvAndBack() {
        const auto files = filesOf("/ptbxl", {"*.hea"});
        QVERIFY(!files.isEmpty());
        const auto r = Registry::standard().read(files.first().toStdString());
        QVERIFY(r.ok());
        const Folder folder;
        QVERIFY(writeCsv(*r, folder.path("o.csv")).ok());
        const auto back = Registry::standard().read(folder.path("o.csv"));
        QVERIFY(back.ok());
        QCOMPARE(back->samplingRate, r->samplingRate);
        for (std::size_t l = 0; l < r->leads.size(); ++l)
            QCOMPARE(back->leads[l].samples, r->leads[l].samples);
    }
};

QTEST_APPLESS_MAIN(TestIoData)
#include "test_io_data.moc"
