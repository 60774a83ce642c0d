// SPDX-License-Identifier: GPL-3.0-or-later
// Every encoding of SCP-ECG, as the writer scp_encode.py makes it: the reader must find what went in, bit for bit where
// the encoding loses nothing, else what the standard's own rule gives.
#include "core/io/scp_reader.h"
#include "tests/unit/io_fixture.h"

#include <QDirIterator>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

#include <cmath>

using namespace precordia;
using namespace precordia::test;

namespace {

QJsonObject truthOf(const QString& path) {
    QFile file(QString(path).replace(".scp", ".json"));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no truth beside the file");
    return QJsonDocument::fromJson(file.readAll()).object();
}

const Lead& leadOf(const Recording& recording, const QString& name) {
    const auto index = recording.find(name.toStdString());
    if (!index.valid())
        qFatal("the lead is not there");
    return recording.leads[static_cast<std::size_t>(index.value)];
}

// The largest distance; a sample is missing in both or in none.
double distance(const Lead& lead, const QJsonArray& truth) {
    if (static_cast<qsizetype>(lead.samples.size()) != truth.size())
        return INFINITY;
    double worst = 0;
    for (qsizetype i = 0; i < truth.size(); ++i) {
        const double found = lead.samples[static_cast<std::size_t>(i)];
        if (truth[i].isNull() != std::isnan(found))
            return INFINITY;
        if (!truth[i].isNull())
            worst = std::max(worst, std::abs(found - truth[i].toDouble()));
    }
    return worst;
}

} // namespace

class TestIoScpModes : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        const auto script = qEnvironmentVariable("PRECORDIA_SOURCE_DIR") + "/tests/unit/scp_encode.py";
        QProcess python;
        python.start("/usr/bin/python3", {"-B", script, folder_.path()});
        python.waitForFinished(60'000);
        if (python.error() == QProcess::FailedToStart)
            QSKIP("no python3 here to make the files");
        QVERIFY2(python.exitStatus() == QProcess::NormalExit && python.exitCode() == 0,
                 python.readAllStandardError().constData());
    }

    void encodings_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<double>("tolerance");
        for (QDirIterator it(folder_.path(), {"*.scp"}, QDir::Files); it.hasNext();) {
            const QFileInfo file(it.next());
            // Interpolated values are no whole steps: single precision is the limit.
            QTest::newRow(qPrintable(file.baseName())) << file.filePath() << (lossy(file.baseName()) ? 1e-3 : 0.0);
        }
    }

    void encodings() {
        QFETCH(QString, path);
        QFETCH(double, tolerance);
        const auto r = ScpReader().read(path.toStdString(), {});
        QVERIFY2(r.ok(), failureText(r).c_str());
        const auto truth = truthOf(path);
        QCOMPARE(r->samplingRate, truth["rate"].toDouble());
        const auto leads = truth["leads"].toObject();
        for (const auto& name : leads.keys()) {
            QVERIFY(!leadOf(*r, name).derived);
            const auto worst = distance(leadOf(*r, name), leads[name].toArray());
            QVERIFY2(worst <= tolerance, qPrintable(name + ": " + QString::number(worst)));
        }
        QCOMPARE(warnings(*r, WarningCode::Checksum), 0U);
        QCOMPARE(warnings(*r, WarningCode::ShortFile), 0U);
        const auto base = QFileInfo(path).baseName();
        QCOMPARE(warnings(*r, WarningCode::LossyCompression), lossy(base) ? 1U : 0U);
        const auto reference = truth["reference"].toObject();
        QCOMPARE(r->medianBeats.size(), reference.isEmpty() ? 0U : 1U);
        for (const auto& name : reference.keys())
            QCOMPARE(distance(leadOf(r->medianBeats[0], name), reference[name].toArray()), 0.0);
    }

    // What is lost is within the standard's limits (EN 1064, 6.5): 15 uV rms, 100 uV at one sample, nothing in the
    // protected areas.
    void loss() {
        for (const auto* name : {"bimodal", "bimodal_2", "bimodal_alone", "bimodal_subtracted"}) {
            const auto path = folder_.path() + "/" + name + ".scp";
            const auto r = ScpReader().read(path.toStdString(), {});
            QVERIFY2(r.ok(), failureText(r).c_str());
            const auto original = truthOf(path)["original"].toObject();
            for (const auto& lead : original.keys()) {
                const auto values = original[lead].toArray();
                const auto& found = leadOf(*r, lead).samples;
                double worst = 0, squares = 0;
                for (qsizetype i = 0; i < values.size(); ++i) {
                    const double error = found[static_cast<std::size_t>(i)] - values[i].toDouble();
                    worst = std::max(worst, std::abs(error));
                    squares += error * error;
                }
                QVERIFY2(worst < 100 && std::sqrt(squares / static_cast<double>(values.size())) < 15,
                         qPrintable(QString("%1 %2: %3").arg(name, lead).arg(worst)));
                for (int peak : {401, 851, 1290, 1733, 2204}) // its area is peak - 25 to peak + 30, from sample 1
                    for (int n = peak - 25; n <= peak + 30; ++n)
                        QCOMPARE(found[static_cast<std::size_t>(n) - 1], static_cast<float>(values[n - 1].toDouble()));
            }
        }
    }

    void derivedLeads() {
        const auto r = ScpReader().read((folder_.path() + "/own_2.scp").toStdString(), {});
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->leads.size(), 8U);
        const auto &one = leadOf(*r, "I").samples, &two = leadOf(*r, "II").samples;
        for (std::size_t i = 0; i < r->samples(); ++i) {
            QCOMPARE(leadOf(*r, "III").samples[i], two[i] - one[i]);
            QCOMPARE(leadOf(*r, "aVR").samples[i], -(one[i] + two[i]) / 2);
        }
        QVERIFY(leadOf(*r, "III").derived);
        // I and II of different times make no III.
        const auto apart = ScpReader().read((folder_.path() + "/sequential.scp").toStdString(), {});
        QVERIFY(apart.ok());
        QCOMPARE(apart->leads.size(), 4U);
        QCOMPARE(warnings(*apart, WarningCode::Gap), 1U);
        QCOMPARE(apart->samplesPromised, 2000);
    }

    void beatsAndMetadataOnly() {
        ReadOptions options;
        options.metadataOnly = true;
        const auto r = ScpReader().read((folder_.path() + "/bimodal.scp").toStdString(), options);
        QVERIFY2(r.ok(), failureText(r).c_str());
        QCOMPARE(r->samples(), 0U);
        QCOMPARE(r->samplesPromised, 2503);
        QCOMPARE(r->samplingRate, 500.0);
        QCOMPARE(r->annotations.size(), 5U);
        QCOMPARE(r->annotations[2].sample.value, 1289); // the file counts from 1
        QCOMPARE(r->annotations[2].text, "type 1");
    }

    // Bytes that are cut off shorten the recording, and it says so.
    void cut() {
        QFile file(folder_.path() + "/subtracted_default.scp");
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto whole = file.readAll();
        const auto cut = whole.left(whole.size() - 100);
        const auto r =
            readScp(std::as_bytes(std::span(cut.constData(), static_cast<std::size_t>(cut.size()))), "cut", {});
        QVERIFY2(r.ok(), failureText(r).c_str());
        QVERIFY(warnings(*r, WarningCode::ShortFile) >= 2);
        QCOMPARE(r->samples(), 2503U);
        const auto truth = truthOf(folder_.path() + "/subtracted_default.scp")["leads"].toObject();
        QCOMPARE(distance(leadOf(*r, "I"), truth["I"].toArray()), 0.0);
        const auto& last = leadOf(*r, "V5").samples;
        QVERIFY(!std::isnan(last.front()) && std::isnan(last.back()));
    }

    void mutations() {
        Dice dice(64);
        for (QDirIterator it(folder_.path(), {"*.scp"}, QDir::Files); it.hasNext();) {
            QFile file(it.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const auto whole = file.readAll();
            for (int n = 0; n < 60; ++n) {
                const auto bytes = mutated(whole, dice);
                const auto r = readScp(
                    std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size()))), "m", {});
                if (r.failed())
                    QVERIFY(!r.error().message.empty() && r.error().code != ErrorCode::Bug);
                else
                    for (const auto& lead : r->leads)
                        QCOMPARE(lead.samples.size(), r->samples());
            }
        }
    }

private:
    static bool lossy(const QString& name) { return name.startsWith("bimodal"); }

    QTemporaryDir folder_;
};

QTEST_GUILESS_MAIN(TestIoScpModes)
#include "test_io_scp_modes.moc"
