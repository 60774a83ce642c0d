// SPDX-License-Identifier: GPL-3.0-or-later
// Sheets: what stands on which, at true scale, measured in the PDF that comes through the print path.
#include "core/paper/print.h"
#include "tests/unit/paper_fixture.h"

#include <QFile>
#include <QPageLayout>
#include <QPdfWriter>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace precordia;
using namespace precordia::test;

namespace {

const QSizeF kAcross(277, 190); // A4 with 10 mm of margin
const QSizeF kUpright(190, 277);

PaperOptions with(PaperLayout layout) {
    PaperOptions options;
    options.layout = layout;
    return options;
}

void setSheet(QPdfWriter& writer, QPageLayout::Orientation orientation) {
    writer.setPageLayout(
        QPageLayout(QPageSize(QPageSize::A4), orientation, QMarginsF(10, 10, 10, 10), QPageLayout::Millimeter));
}

} // namespace

class TestPaperPrint : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // 10 s at 25 mm/s are 250 mm, with 15 mm left and 5 mm right of them.
    void tenSecondsFillOneSheet() {
        const auto plan = planPrint(measurable(), {}, kAcross);
        QVERIFY(plan.ok());
        QCOMPARE(plan->startsAt, std::vector<double>{0});
        QCOMPARE(plan->widthMm, 270.0);
        QCOMPARE(plan->secondsPerSheet, 10.0);
        QCOMPARE(plan->options.rowHeight, 0.0); // 4 rows of 30 mm: the layout's own
    }

    // Upright, 190 - 20 = 170 mm are there: 250 mm go on two sheets of 125.
    void timeIsSharedAmongSheets() {
        auto plan = planPrint(measurable(), {}, kUpright);
        QVERIFY(plan.ok());
        QCOMPARE(plan->startsAt, (std::vector<double>{0, 5}));
        QCOMPARE(plan->widthMm, 145.0);
        PaperOptions later;
        later.startSeconds = 2.5;
        later.speed = 50;
        plan = planPrint(measurable(), later, kUpright); // 7.5 s are 375 mm: three sheets
        QVERIFY(plan.ok());
        QCOMPARE(plan->startsAt, (std::vector<double>{2.5, 5, 7.5}));
        // Each second stands on a sheet, whatever the length.
        for (const double seconds : {0.4, 3.0, 11.3, 61.7, 600.02}) {
            const auto recording = measurable({"II"}, 100, seconds);
            plan = planPrint(recording, {}, kAcross);
            QVERIFY(plan.ok());
            QVERIFY(plan->widthMm <= kAcross.width() + 1e-9);
            QVERIFY(plan->startsAt.back() + plan->secondsPerSheet >= recording.seconds() - 1e-9);
            for (std::size_t i = 1; i < plan->startsAt.size(); ++i)
                QVERIFY(std::abs(plan->startsAt[i] - plan->startsAt[i - 1] - plan->secondsPerSheet) < 1e-9);
        }
        plan = planPrint(measurable({"II"}, 100, 600), {}, kAcross, 3);
        QCOMPARE(plan->startsAt.size(), std::size_t(3));
    }

    // 12 rows of 15 mm with their margins are 195 mm: they come closer, speed and gain stay.
    void rowsComeCloserOnALowSheet() {
        const auto plan = planPrint(measurable(), with(PaperLayout::TwelveByOne), kAcross);
        QVERIFY(plan.ok());
        QVERIFY(plan->options.rowHeight > 13 && plan->options.rowHeight < 15);
        QCOMPARE(plan->options.gain, 10.0);
        PaperOptions here = plan->options;
        QVERIFY(layoutPaper(measurable(), here, plan->widthMm).sizeMm.height() <= kAcross.height() + 1e-9);
    }

    void whatCannotBePrintedSaysSo() {
        QCOMPARE(planPrint(Recording(), {}, kAcross).error().code, ErrorCode::SignalTooShort);
        QCOMPARE(planPrint(measurable(), {}, {50, 190}).error().code, ErrorCode::ValueOutOfRange);
        QCOMPARE(planPrint(measurable(), with(PaperLayout::TwelveByOne), {277, 60}).error().code,
                 ErrorCode::ValueOutOfRange);
        PaperOptions late;
        late.startSeconds = 10;
        QCOMPARE(planPrint(measurable(), late, kAcross).error().code, ErrorCode::ValueOutOfRange);
        QPdfWriter nowhere(QStringLiteral("/proc/none/page.pdf"));
        setSheet(nowhere, QPageLayout::Landscape);
        QCOMPARE(printPaper(nowhere, measurable(), {}).error().code, ErrorCode::FileUnwritable);
    }

    void sheetsAreChosen() {
        const QTemporaryDir folder;
        const auto pagesOf = [&](int from, int to) {
            const QString file = folder.filePath(QStringLiteral("sheets.pdf"));
            {
                QPdfWriter writer(file);
                setSheet(writer, QPageLayout::Portrait);
                if (!printPaper(writer, measurable({"II"}, 100, 30), {}, 1000, from, to).ok())
                    return -1;
            }
            QFile pdf(file);
            if (!pdf.open(QIODevice::ReadOnly))
                return -1;
            static const QRegularExpression page(QStringLiteral("/Type /Page\\b[^s]"));
            return static_cast<int>(QString::fromLatin1(pdf.readAll()).count(page));
        };
        QCOMPARE(pagesOf(1, 0), 5); // 750 mm, 170 a sheet
        QCOMPARE(pagesOf(2, 3), 2);
        QCOMPARE(pagesOf(4, 99), 2);
    }

    // In the PDF's own user units: A4, 1/72 inch each; the spikes at 1 and 9 s lie 200 mm apart, the step is 10 mm
    // high, and the sheet begins inside the margin.
    void theSheetHasTrueScale() {
        const QString tool = QStandardPaths::findExecutable(QStringLiteral("pdftoppm"));
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("sheet.pdf"));
        PaperOptions options;
        options.grid = false;
        options.lettering = false;
        {
            QPdfWriter writer(file);
            setSheet(writer, QPageLayout::Landscape);
            QVERIFY(printPaper(writer, measurable(), options).ok());
        }
        QFile pdf(file);
        QVERIFY(pdf.open(QIODevice::ReadOnly));
        const QString bytes = QString::fromLatin1(pdf.readAll());
        const auto box = QRegularExpression(QStringLiteral("/MediaBox \\[0 0 ([0-9.]+) ([0-9.]+)\\]")).match(bytes);
        QVERIFY(box.hasMatch());
        QCOMPARE(box.captured(1).toDouble(), 842.0); // 297 mm
        QCOMPARE(box.captured(2).toDouble(), 595.0); // 210 mm
        QVERIFY(!bytes.contains(QStringLiteral("/UserUnit")));
        if (tool.isEmpty())
            QSKIP("pdftoppm (poppler-utils) is not installed");
        QCOMPARE(
            QProcess::execute(tool, {QStringLiteral("-r"), QStringLiteral("288"), QStringLiteral("-png"),
                                     QStringLiteral("-singlefile"), file, folder.filePath(QStringLiteral("sheet"))}),
            0);
        const QImage image(folder.filePath(QStringLiteral("sheet.png")));
        QVERIFY(!image.isNull());
        const double scale = 288 / 25.4; // 4 px a user unit
        const PaperPage page = layoutPaper(measurable(), options, 270);
        const PaperStrip& strip = page.strips.back();
        const QColor ground = options.colours.ground, ink = options.colours.trace;
        const auto px = [&](double mm) { return static_cast<int>(std::lround((mm + 10) * scale)); };
        const auto marks =
            inkCentresX(image, px(strip.baselineY - 5), px(strip.rect.left()), px(strip.rect.right()), ground, ink);
        QCOMPARE(marks.size(), std::size_t(9 + 2 * 10));
        QVERIFY2(std::abs((marks[26] - marks[2]) / scale - 200) < 0.2, qPrintable(QString::number(marks[26])));
        QVERIFY2(std::abs(marks[2] / scale - 10 - strip.xOf(1, 25)) < 0.2, qPrintable(QString::number(marks[2])));
        const auto yAt = [&](double seconds) {
            return inkCentreY(image, px(strip.xOf(seconds, 25)), px(strip.rect.top()), px(strip.rect.bottom()), ground,
                              ink);
        };
        QVERIFY2(std::abs((yAt(3.3) - yAt(3.6)) / scale - 10) < 0.1, qPrintable(QString::number(yAt(3.3))));
        QVERIFY(std::abs(yAt(3.3) / scale - 10 - strip.baselineY) < 0.2); // Qt's margins are whole points
    }
};

QTEST_MAIN(TestPaperPrint)
#include "test_paper_print.moc"
