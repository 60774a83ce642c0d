// SPDX-License-Identifier: GPL-3.0-or-later
// What differs between two ECGs: on beats made by hand whose difference is known, on the synthesis' truth, and in the
// picture.
#include "core/base/result.h" // before <compare>: moc 6.4 trips over it when nothing of libstdc++ came before
#include "core/ecg/synthesis.h"
#include "core/io/wfdb_writer.h"
#include "core/paper/beat_page.h"
#include "core/signal/serial_comparison.h"

#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPainter>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>

using namespace precordia;

namespace {

constexpr double kRate = 500;
constexpr std::size_t kPeak = 250, kLength = 600;

// A beat whose QRS, in every lead, is a Gaussian of 12 ms and whose T lies 300 ms behind it; moved by so many samples.
EcgAnalysis handMade(double moved, double gain = 1, const std::vector<std::string>& leads = standardLeads()) {
    EcgAnalysis ecg;
    ecg.medianBeat.samplingRate = kRate;
    ecg.medianBeat.rPeak = kPeak;
    ecg.medianBeat.beats = 9;
    ecg.medianBeat.qrs = {true, -0.04, 0, 0.04};
    ecg.medianBeat.t = {true, 0.2, 0.3, 0.4};
    for (std::size_t l = 0; l < leads.size(); ++l) {
        MedianLead lead;
        lead.lead = leads[l];
        for (std::size_t i = 0; i < kLength; ++i) {
            const double t = (static_cast<double>(i) - static_cast<double>(kPeak) - moved) / kRate;
            const double size = l % 2 == 0 ? 1000 : -600;
            lead.samples.push_back(static_cast<float>(gain * (size * std::exp(-0.5 * std::pow(t / 0.012, 2)) +
                                                              200 * std::exp(-0.5 * std::pow((t - 0.3) / 0.04, 2)))));
        }
        ecg.medianBeat.leads.push_back(std::move(lead));
    }
    return ecg;
}

double largest(const std::vector<float>& values) {
    double most = 0;
    for (const float v : values)
        if (std::isfinite(v))
            most = std::max(most, std::abs(static_cast<double>(v)));
    return most;
}

const ComparedValue& value(const SerialComparison& c, const std::string& key) {
    static const ComparedValue none;
    for (const auto& v : c.values)
        if (v.key == key)
            return v;
    return none;
}

Recording quiet(Finding finding, std::uint64_t seed = 11) {
    SynthesisOptions o;
    o.noise = 0;
    o.heartRate = 70;
    o.subjectVariation = false;
    o.finding = finding;
    return synthesise(o, seed).recording;
}

} // namespace

class TestSerialComparison : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // An ECG against itself: nothing differs, in no lead and in no measurement.
    void nothingDiffers() {
        const auto ecg = quiet(Finding::None);
        const auto c = compareEcgs(ecg, ecg);
        QVERIFY(c.ok());
        QCOMPARE(c->leads.size(), std::size_t(12));
        QVERIFY(c->notCompared.empty());
        QVERIFY(std::abs(c->shiftSeconds) < 1e-9);
        for (const auto& lead : c->leads) {
            QVERIFY(largest(lead.difference) < 1e-3);
            QVERIFY(lead.rmsUv < 1e-3);
            QVERIFY(lead.correlation && *lead.correlation > 0.9999);
        }
        int known = 0;
        for (const auto& v : c->values)
            if (v.difference) {
                QCOMPARE(*v.difference, 0.0);
                ++known;
            }
        QVERIFY(known > 20);
    }

    // Moved by 7.3 samples, the QRS complexes still meet: the beat comes back by 7.3 samples, 14.6 ms.
    void beatsAreLinedUp_data() {
        QTest::addColumn<double>("moved");
        for (const double moved : {7.3, -4.5, 0.25, 19.0})
            QTest::addRow("%g", moved) << moved;
    }

    void beatsAreLinedUp() {
        QFETCH(double, moved);
        const auto c = compareEcgs(handMade(0), handMade(moved));
        QVERIFY(c.ok());
        QVERIFY2(std::abs(c->shiftSeconds * kRate + moved) < 0.05,
                 qPrintable(QString::number(c->shiftSeconds * kRate)));
        for (const auto& lead : c->leads)
            QVERIFY2(largest(lead.difference) < 12, qPrintable(QString::number(largest(lead.difference))));
        // The waves go with it: R was `moved` behind the peak that the beat was averaged on.
        QVERIFY(std::abs(c->currentWaves[2].off - (0.4 + c->shiftSeconds)) < 1e-9);
        QCOMPARE(c->referenceWaves[2].off, 0.4);
    }

    // Twice as large: the difference is the reference itself.
    void theDifferenceIsWhatWasAdded() {
        const auto c = compareEcgs(handMade(0), handMade(0, 2));
        QVERIFY(c.ok());
        for (const auto& lead : c->leads) {
            double squares = 0;
            int n = 0;
            for (std::size_t i = 0; i < kLength; ++i) {
                QVERIFY(std::abs(lead.difference[i] - lead.reference[i]) < 0.01F);
                if (i >= kPeak - 20 && i < kPeak + 200) { // QRS from -40 ms to the end of T at 400 ms
                    squares += static_cast<double>(lead.reference[i]) * static_cast<double>(lead.reference[i]);
                    ++n;
                }
            }
            QVERIFY(std::abs(lead.rmsUv - std::sqrt(squares / n)) < 0.01);
            QVERIFY(*lead.correlation > 0.99999);
        }
    }

    void axesTurnTheShorterWay() {
        auto reference = handMade(0), current = handMade(0);
        reference.measurements.qrsAxis.value = 170;
        current.measurements.qrsAxis.value = -170;
        reference.measurements.qt.value = 400;
        const auto c = compareEcgs(reference, current);
        QVERIFY(c.ok());
        QCOMPARE(*value(*c, "qrs_axis_deg").difference, 20.0);
        QVERIFY(!value(*c, "qt_ms").difference);
        QCOMPARE(*value(*c, "qt_ms").reference.value, 400.0);
    }

    // The synthesis knows by how much.
    void changesAreFound() {
        SynthesisOptions o;
        o.noise = 0.3;
        o.heartRate = 65;
        o.subjectVariation = false;
        const auto before = synthesise(o, 5);
        o.finding = Finding::LongQt;
        const auto longer = synthesise(o, 5);
        auto c = compareEcgs(before.recording, longer.recording);
        QVERIFY(c.ok());
        const double truth = longer.truth.measurements.at("qt_ms") - before.truth.measurements.at("qt_ms");
        QVERIFY(truth > 40);
        QVERIFY2(std::abs(*value(*c, "qt_ms").difference - truth) < 20,
                 qPrintable(QString::number(*value(*c, "qt_ms").difference - truth)));
        QVERIFY(c->currentWaves[2].off - c->referenceWaves[2].off > 0.03);
        o.finding = Finding::IschaemicSt;
        const auto depressed = synthesise(o, 5);
        c = compareEcgs(before.recording, depressed.recording);
        QVERIFY(c.ok());
        int checked = 0;
        for (const char* key : {"st_V4_uv", "st_V5_uv", "st_V6_uv"}) {
            const double st = depressed.truth.measurements.at(key) - before.truth.measurements.at(key);
            if (std::abs(st) < 60)
                continue;
            QVERIFY2(std::abs(*value(*c, key).difference - st) < 0.3 * std::abs(st), key);
            ++checked;
        }
        QVERIFY(checked > 0);
    }

    void whatCannotBeComparedSaysSo() {
        const auto c = compareEcgs(handMade(0), handMade(0, 1, {"I", "II", "V1", "X"}));
        QVERIFY(c.ok());
        QCOMPARE(c->leads.size(), std::size_t(3));
        QCOMPARE(c->notCompared.size(), std::size_t(10)); // nine of the twelve, and X
        QCOMPARE(compareEcgs(handMade(0, 1, {"I"}), handMade(0, 1, {"X"})).error().code, ErrorCode::LeadMissing);
        QCOMPARE(compareEcgs(handMade(0), EcgAnalysis()).error().code, ErrorCode::SignalTooShort);
        QCOMPARE(compareEcgs(Recording(), quiet(Finding::None)).error().code, ErrorCode::SignalTooShort);
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(compareEcgs(quiet(Finding::None), quiet(Finding::None), stop.get_token()).cancelled());
    }

    // The command says what the library says, of files.
    void theCommandLineComparesFiles() {
        const QString cli = qEnvironmentVariable("PRECORDIA_CLI");
        QVERIFY(!cli.isEmpty());
        const QTemporaryDir folder;
        const auto in = [&](const char* name) { return folder.filePath(QString::fromLatin1(name)); };
        const auto before = quiet(Finding::None), after = quiet(Finding::LongQt);
        QVERIFY(writeWfdb(before, in("before.hea").toStdString()).ok());
        QVERIFY(writeWfdb(after, in("after.hea").toStdString()).ok());
        const auto run = [&](const QStringList& arguments) {
            QProcess process;
            process.start(cli, QStringList{QStringLiteral("serial")} + arguments);
            process.waitForFinished();
            return std::pair(process.exitCode(), process.readAllStandardOutput());
        };
        const auto [code, out] =
            run({in("before.hea"), in("after.hea"), QStringLiteral("--json"), QStringLiteral("--beats")});
        QCOMPARE(code, 0);
        const auto document = QJsonDocument::fromJson(out).object();
        const auto expected = compareEcgs(before, after);
        QVERIFY(expected.ok());
        const auto qt = document[QStringLiteral("measurements")][QStringLiteral("qt_ms")];
        QVERIFY(std::abs(qt[QStringLiteral("difference")].toDouble() - *value(*expected, "qt_ms").difference) < 2.5);
        const auto lead = document[QStringLiteral("leads")][QStringLiteral("V2")];
        const auto wanted = std::find_if(expected->leads.begin(), expected->leads.end(),
                                         [](const ComparedLead& l) { return l.lead == "V2"; });
        QVERIFY(std::abs(lead[QStringLiteral("difference_rms_uv")].toDouble() - wanted->rmsUv) <
                0.05 * wanted->rmsUv + 2);
        QCOMPARE(lead[QStringLiteral("difference_uv")].toArray().size(), qsizetype(wanted->difference.size()));
        QCOMPARE(run({in("before.hea"), in("before.hea")}).first, 0);
        QCOMPARE(run({in("before.hea"), in("nowhere.hea")}).first, 1);
        QCOMPARE(run({in("before.hea")}).first, 2);
    }

    // Measured in the picture: 1 mV is 10 mm for the beats and for their difference, 100 ms are 5 mm.
    void thePageIsCalibrated() {
        auto reference = handMade(0), current = handMade(0);
        // In V6 the current one lies 1 mV lower from 300 to 360 ms: a step that no wave of the reference has there.
        auto& beat = current.medianBeat.leads[11].samples;
        for (std::size_t i = kPeak + 150; i < kPeak + 180; ++i)
            beat[i] -= 1000;
        const auto c = compareEcgs(reference, current);
        QVERIFY(c.ok());
        BeatPageOptions options;
        options.grid = false;
        options.lettering = false;
        const BeatPage page = layoutBeats(*c, options);
        QCOMPARE(page.cells.size(), std::size_t(12));
        const auto v6 = std::find_if(page.cells.begin(), page.cells.end(),
                                     [&](const BeatCell& cell) { return c->leads[cell.lead].lead == "V6"; });
        constexpr double kScale = 10; // px/mm
        QImage image((page.sizeMm * kScale).toSize(), QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        painter.scale(kScale, kScale);
        drawBeats(painter, *c, options, page);
        painter.end();
        const auto inks = BeatPageColours::of(options.colours);
        const auto isInk = [&](double xMm, double yMm, const QColor& ink) {
            for (int dy = -2; dy <= 2; ++dy) {
                const QColor there =
                    image.pixelColor(static_cast<int>(xMm * kScale), static_cast<int>(std::lround(yMm * kScale)) + dy);
                if (std::abs(there.red() - ink.red()) + std::abs(there.green() - ink.green()) +
                        std::abs(there.blue() - ink.blue()) <
                    60)
                    return true;
            }
            return false;
        };
        const double x = v6->rPeakX + 0.33 * 50; // in the middle of the step
        const double mv = 0.2 * std::exp(-0.5 * std::pow(0.03 / 0.04, 2));
        QVERIFY(isInk(x, v6->baselineY - 10 * mv, inks.reference));
        QVERIFY(isInk(x, v6->baselineY - 10 * (mv - 1), inks.current));
        QVERIFY(isInk(x, v6->differenceY + 10, inks.difference));
        QVERIFY(!isInk(x - 0.05 * 50, v6->differenceY + 10, inks.difference)); // before the step
        // V6's QRS points down here: 0.6 mV below the baseline at the R peak.
        QVERIFY(isInk(v6->rPeakX, v6->baselineY + 6, inks.current));
        // Nothing of a cell stands in its neighbour, and all of them on the page.
        for (const BeatCell& cell : page.cells) {
            QVERIFY(QRectF(QPointF(0, 0), page.sizeMm).contains(cell.rect));
            for (const BeatCell& other : page.cells)
                QVERIFY(&cell == &other || !cell.rect.intersects(other.rect));
        }
    }
};

QTEST_MAIN(TestSerialComparison)
#include "test_serial_comparison.moc"
