// SPDX-License-Identifier: GPL-3.0-or-later
// Is the paper calibrated, on every device and at every scale? Measured in the pictures, not in the code.
#include "core/io/wfdb_writer.h"
#include "core/paper/paper.h"
#include "tests/unit/paper_fixture.h"

#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>

#include <limits>
#include <set>

using namespace precordia;
using namespace precordia::test;

namespace {

PaperOptions plain() {
    PaperOptions options;
    options.grid = false;
    options.lettering = false; // would count as ink
    return options;
}

const PaperStrip& rhythmOf(const PaperPage& page) {
    return page.strips.back();
}

const PaperStrip* stripOf(const PaperPage& page, const std::string& name) {
    for (const PaperStrip& strip : page.strips)
        if (strip.name == name)
            return &strip;
    return nullptr;
}

QImage paint(const Recording& recording, const PaperOptions& options, const PaperPage& page, double pixelsPerMm,
             double ratio = 1) {
    QImage image((page.sizeMm * pixelsPerMm * ratio).toSize(), QImage::Format_RGB32);
    image.setDevicePixelRatio(ratio);
    image.fill(options.colours.ground);
    QPainter painter(&image);
    painter.scale(pixelsPerMm, pixelsPerMm);
    drawPaper(painter, recording, options, page);
    return image;
}

std::filesystem::path pathIn(const QTemporaryDir& folder, const char* name) {
    return folder.filePath(QString::fromLatin1(name)).toStdString();
}

// 1 s = 25 mm and 1 mV = 10 mm in a picture of the measurable recording, within 0.5 %.
void checkCalibration(const QImage& image, double dpi, const PaperPage& page, const PaperOptions& options) {
    const double scale = dpi / 25.4;
    const QColor ground = options.colours.ground, ink = options.colours.trace;
    const PaperStrip& strip = rhythmOf(page);
    const auto px = [&](double mm) { return static_cast<int>(std::lround(mm * scale)); };

    // The spikes at 1, 2, ... 9 s: half-way up only they and the steps' flanks have ink.
    const int row = px(strip.baselineY - 0.5 * options.gain);
    const auto marks = inkCentresX(image, row, px(strip.rect.left()), px(strip.rect.right()), ground, ink);
    QCOMPARE(marks.size(), std::size_t(9 + 2 * 10));
    // marks: up, down | spike, up, down | ...
    const double second = marks[5] - marks[2];
    QVERIFY2(std::abs(second / (25 * scale) - 1) < 0.005, qPrintable(QString::number(second / scale)));
    const double eight = marks[26] - marks[2];
    QVERIFY2(std::abs(eight / (200 * scale) - 1) < 0.001, qPrintable(QString::number(eight / scale)));
    QVERIFY(std::abs(marks[2] - strip.xOf(1, options.speed) * scale) < 1);

    // The step of 1 mV, in the middle of its plateau and beside it.
    const auto yAt = [&](double seconds) {
        return inkCentreY(image, px(strip.xOf(seconds, options.speed)), px(strip.rect.top()), px(strip.rect.bottom()),
                          ground, ink);
    };
    const double step = yAt(3.3) - yAt(3.6);
    QVERIFY2(std::abs(step / (10 * scale) - 1) < 0.005, qPrintable(QString::number(step / scale)));

    // The pulse: 1 mV high, 5 mm wide.
    const int zoneLeft = px(strip.rect.left() - 9.5), zoneRight = px(strip.rect.left() - 0.5);
    const auto flanks = inkCentresX(image, row, zoneLeft, zoneRight, ground, ink);
    QCOMPARE(flanks.size(), std::size_t(2));
    QVERIFY(std::abs((flanks[1] - flanks[0]) / (5 * scale) - 1) < 0.005);
    const int middle = static_cast<int>((flanks[0] + flanks[1]) / 2);
    const double top = inkCentreY(image, middle, px(strip.rect.top()), px(strip.rect.bottom()), ground, ink);
    const double foot = inkCentreY(image, static_cast<int>(flanks[1] + scale), px(strip.rect.top()),
                                   px(strip.rect.bottom()), ground, ink);
    QVERIFY2(std::abs((foot - top) / (10 * scale) - 1) < 0.005, qPrintable(QString::number((foot - top) / scale)));
}

} // namespace

class TestPaper : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void timesAreReadable() {
        QCOMPARE(readableTime("2011-03-24T15:35:30"), QStringLiteral("2011-03-24 15:35"));
        QCOMPARE(readableTime("2011-03-24"), QStringLiteral("2011-03-24"));
        QCOMPARE(readableTime("2011-03-24T99:00:00"), QStringLiteral("2011-03-24T99:00:00"));
    }

    void layoutNames();
    void stripsCoverTheLeads();
    void timeIsContinuous();
    void otherLayouts();
    void missingLeadsAreDerivedAndMarked();
    void absentLeadsAreNamed();
    void fewLeadsGetARowEach();
    void pngIsCalibrated_data();
    void pngIsCalibrated();
    void svgIsCalibrated();
    void pdfHasTrueSize();
    void pdfIsCalibrated();
    void gridSurvivesEveryRatio_data();
    void gridSurvivesEveryRatio();
    void minorGridFadesOut();
    void gapIsNotDrawn();
    void decimationKeepsPeaks();
    void tallFirstRowGetsHeadroom();
    void headroomIsForWhatIsDrawn();
    void namesAreReadOverTraces();
    void cutTraceIsMarked();
    void neighboursAreNotOverrun();
    void offsetIsCentred();
    void overlayLiesOnTheTrace();
    void wrongUse();
    void partOfARecordingIsNamed();
    void commandLineSaysWhatIsShown();
};

void TestPaper::layoutNames() {
    for (const char* name : {"3x4", "3x4+1", "6x2", "12x1", "1"}) {
        QVERIFY(paperLayout(name).has_value());
        QCOMPARE(paperLayoutName(*paperLayout(name)), std::string_view(name));
    }
    QVERIFY(!paperLayout("4x3").has_value());
}

void TestPaper::stripsCoverTheLeads() {
    const PaperPage page = layoutPaper(measurable(), {});
    QCOMPARE(page.strips.size(), std::size_t(13));
    std::set<std::string> names;
    for (std::size_t i = 0; i < 12; ++i)
        names.insert(page.strips[i].name);
    QCOMPARE(names.size(), std::size_t(12));
    QCOMPARE(rhythmOf(page).name, std::string("II"));
    QVERIFY(rhythmOf(page).rhythm);
    // By hand: margins 5 + 5, pulse 10, 10 s at 25 mm/s; without a header 5 above, rows of 30, 10 below.
    QCOMPARE(page.sizeMm, QSizeF(270, 135));
    // V1 heads the third column.
    const PaperStrip* v1 = stripOf(page, "V1");
    QCOMPARE(v1->rect, QRectF(15 + 125, 5, 62.5, 30));
    QCOMPARE(v1->baselineY, 20.0);
    QVERIFY(page.notShown.empty());
}

void TestPaper::timeIsContinuous() {
    PaperOptions options;
    options.startSeconds = 1;
    const PaperPage page = layoutPaper(measurable(), options, 120);
    QCOMPARE(page.sizeMm.width(), 120.0);
    for (const PaperStrip& strip : page.strips)
        QVERIFY(std::abs(strip.xOf(2.0, options.speed) - (15 + 25)) < 1e-9); // the same x for a time in every strip
    QCOMPARE(stripOf(page, "aVR")->startSeconds, stripOf(page, "I")->endSeconds);
    QCOMPARE(stripOf(page, "V4")->endSeconds, rhythmOf(page).endSeconds);
}

void TestPaper::otherLayouts() {
    PaperOptions options;
    options.layout = PaperLayout::TwelveByOne;
    QCOMPARE(layoutPaper(measurable(), options).strips.size(), std::size_t(12));
    QCOMPARE(layoutPaper(measurable(), options).strips.back().endSeconds, 10.0);
    options.layout = PaperLayout::SixByTwo;
    const PaperPage six = layoutPaper(measurable(), options);
    QCOMPARE(stripOf(six, "V1")->startSeconds, 5.0);
    QCOMPARE(stripOf(six, "V1")->rect.top(), stripOf(six, "I")->rect.top());
    options.layout = PaperLayout::Single;
    options.rhythmLead = "V5";
    const PaperPage single = layoutPaper(measurable(), options);
    QCOMPARE(single.strips.size(), std::size_t(1));
    QCOMPARE(single.strips.front().name, std::string("V5"));
    // An hour does not make a page of 90 m.
    QCOMPARE(layoutPaper(measurable({"I", "II"}, 10, 3600), {}).sizeMm.width(), 1520.0);
    QVERIFY(layoutPaper(Recording{}, {}).strips.empty());
}

void TestPaper::missingLeadsAreDerivedAndMarked() {
    const Recording recording = measurable({"I", "II", "V1", "V2", "V3", "V4", "V5", "V6"});
    PaperOptions options = plain();
    const PaperPage page = layoutPaper(recording, options);
    QVERIFY(stripOf(page, "aVF")->derived);
    QVERIFY(!stripOf(page, "aVF")->lead.valid());
    QVERIFY(!stripOf(page, "II")->derived);
    // aVF = II - I / 2 = 0.5 mV where both are 1 mV: 5 mm above the baseline.
    const double scale = 8;
    const QImage image = paint(recording, options, page, scale);
    const PaperStrip& strip = *stripOf(page, "aVF");
    const auto yAt = [&](double t) {
        return inkCentreY(image, static_cast<int>(strip.xOf(t, 25) * scale), static_cast<int>(strip.rect.top() * scale),
                          static_cast<int>(strip.rect.bottom() * scale), options.colours.ground, options.colours.trace);
    };
    QVERIFY(std::abs((yAt(3.3) - yAt(3.6)) / scale - 5) < 0.05);
    // The word beside the name is ink that vanishes when there is none.
    options.lettering = true;
    const QImage marked = paint(recording, options, page, scale);
    options.derivedText.clear();
    QVERIFY(marked != paint(recording, options, page, scale));
}

void TestPaper::absentLeadsAreNamed() {
    Recording recording = measurable({"I", "II", "III", "aVR", "aVL", "aVF", "V1", "vx"});
    const PaperPage page = layoutPaper(recording, {});
    QVERIFY(!stripOf(page, "V6")->lead.valid());
    QVERIFY(!stripOf(page, "V6")->derived);
    QCOMPARE(page.notShown, std::vector<std::string>{"vx"});
}

void TestPaper::fewLeadsGetARowEach() {
    const PaperPage page = layoutPaper(measurable({"MLII", "V1"}), {});
    QCOMPARE(page.strips.size(), std::size_t(2));
    QCOMPARE(page.strips[0].name, std::string("MLII"));
    QCOMPARE(page.strips[1].endSeconds, 10.0);
}

void TestPaper::pngIsCalibrated_data() {
    QTest::addColumn<double>("dpi");
    QTest::newRow("96") << 96.0;
    QTest::newRow("300") << 300.0;
}

void TestPaper::pngIsCalibrated() {
    QFETCH(double, dpi);
    QTemporaryDir folder;
    const auto out = pathIn(folder, "page.png");
    const PaperOptions options = plain();
    const auto written = renderPaper(measurable(), options, out, dpi);
    QVERIFY2(written.ok(), failureText(written).c_str());
    const QImage image(QString::fromStdString(out.string()));
    QVERIFY(!image.isNull());
    QVERIFY(std::abs(image.dotsPerMeterX() - dpi / 0.0254) < 1);
    checkCalibration(image, dpi, layoutPaper(measurable(), options), options);
}

void TestPaper::svgIsCalibrated() {
    QTemporaryDir folder;
    const auto out = pathIn(folder, "page.svg");
    const PaperOptions options = plain();
    QVERIFY(renderPaper(measurable(), options, out).ok());
    QFile file(QString::fromStdString(out.string()));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(file.readAll());
    QVERIFY2(text.contains(QLatin1String("width=\"270mm\" height=\"135mm\"")), qPrintable(text.left(400)));
    QSvgRenderer renderer(text.toUtf8());
    const PaperPage page = layoutPaper(measurable(), options);
    QImage image((page.sizeMm * 300 / 25.4).toSize(), QImage::Format_RGB32);
    image.fill(options.colours.ground);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    renderer.render(&painter, QRectF(QPointF(0, 0), page.sizeMm * 300 / 25.4));
    painter.end();
    checkCalibration(image, 300, page, options);
}

void TestPaper::pdfHasTrueSize() {
    QTemporaryDir folder;
    const auto out = pathIn(folder, "page.pdf");
    QVERIFY(renderPaper(measurable(), {}, out).ok());
    QFile file(QString::fromStdString(out.string()));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    const auto box =
        QRegularExpression(QStringLiteral("/MediaBox \\[0 0 ([0-9.]+) ([0-9.]+)\\]")).match(QString::fromLatin1(bytes));
    QVERIFY(box.hasMatch());
    // 270 x 135 mm = 765.35 x 382.68 points, whole points upwards.
    QCOMPARE(box.captured(1).toDouble(), 766.0);
    QCOMPARE(box.captured(2).toDouble(), 383.0);
    const auto unit = QRegularExpression(QStringLiteral("/UserUnit ([0-9.]+)")).match(QString::fromLatin1(bytes));
    QVERIFY(!unit.hasMatch() || unit.captured(1).toDouble() == 1.0);
}

void TestPaper::pdfIsCalibrated() {
    const QString tool = QStandardPaths::findExecutable(QStringLiteral("pdftoppm"));
    if (tool.isEmpty())
        QSKIP("pdftoppm (poppler-utils) is not installed");
    QTemporaryDir folder;
    const PaperOptions options = plain();
    QVERIFY(renderPaper(measurable(), options, pathIn(folder, "page.pdf")).ok());
    QCOMPARE(QProcess::execute(tool, {QStringLiteral("-r"), QStringLiteral("300"), QStringLiteral("-png"),
                                      QStringLiteral("-singlefile"), folder.filePath(QStringLiteral("page.pdf")),
                                      folder.filePath(QStringLiteral("page"))}),
             0);
    const QImage image(folder.filePath(QStringLiteral("page.png")));
    QVERIFY(!image.isNull());
    checkCalibration(image, 300, layoutPaper(measurable(), options), options);
}

void TestPaper::gridSurvivesEveryRatio_data() {
    QTest::addColumn<double>("ratio");
    QTest::addColumn<double>("scale");
    for (const double ratio : {1.0, 1.25, 1.5, 2.0})
        for (const double scale : {3.0, 3.78, 4.3})
            QTest::addRow("%g x %g", ratio, scale) << ratio << scale;
}

void TestPaper::gridSurvivesEveryRatio() {
    QFETCH(double, ratio);
    QFETCH(double, scale);
    PaperOptions options;
    options.lettering = false;
    Recording recording = measurable({"I"}, 100, 4);
    recording.leads.front().samples.assign(400, std::numeric_limits<float>::quiet_NaN());
    options.calibrationPulse = false;
    const PaperPage page = layoutPaper(recording, options);
    const QImage image = paint(recording, options, page, scale, ratio);
    std::set<QRgb> colours;
    for (int x = 0; x < image.width(); ++x)
        for (int y = 0; y < image.height(); ++y)
            colours.insert(image.pixel(x, y));
    // Nothing is blended: every pixel is ground, minor or major.
    const std::set<QRgb> expected{options.colours.ground.rgb(), options.colours.minorGrid.rgb(),
                                  options.colours.majorGrid.rgb()};
    QVERIFY(colours == expected);
    // Every line is there: along a row without a horizontal line, runs of one colour alternate with ground.
    const double deviceScale = scale * ratio;
    const int row = static_cast<int>(2.5 * deviceScale);
    int minor = 0, major = 0;
    QRgb before = 0;
    for (int x = 0; x < image.width(); ++x) {
        const QRgb pixel = image.pixel(x, row);
        if (pixel != before) {
            minor += pixel == options.colours.minorGrid.rgb() ? 1 : 0;
            major += pixel == options.colours.majorGrid.rgb() ? 1 : 0;
        }
        before = pixel;
    }
    // 110 mm: major at 0, 5, ... 110 = 23, minor at the other 88.
    QCOMPARE(page.sizeMm.width(), 110.0);
    QCOMPARE(major, 23);
    QCOMPARE(minor, 88);
}

void TestPaper::minorGridFadesOut() {
    PaperOptions options;
    const PaperPage page = layoutPaper(measurable(), options);
    const QImage image = paint(measurable(), options, page, 1.5);
    for (int x = 0; x < image.width(); ++x)
        for (int y = 0; y < image.height(); ++y)
            QVERIFY(image.pixel(x, y) != options.colours.minorGrid.rgb());
}

void TestPaper::gapIsNotDrawn() {
    Recording recording = measurable();
    for (Lead& lead : recording.leads)
        std::fill(lead.samples.begin() + 2000, lead.samples.begin() + 2500, std::numeric_limits<float>::quiet_NaN());
    const PaperOptions options = plain();
    const PaperPage page = layoutPaper(recording, options);
    const double scale = 6;
    const QImage image = paint(recording, options, page, scale);
    const PaperStrip& strip = rhythmOf(page);
    const auto yAt = [&](double t) {
        return inkCentreY(image, static_cast<int>(strip.xOf(t, 25) * scale), static_cast<int>(strip.rect.top() * scale),
                          static_cast<int>(strip.rect.bottom() * scale), options.colours.ground, options.colours.trace);
    };
    for (double t = 4.02; t < 4.98; t += 0.02)
        QVERIFY2(std::isnan(yAt(t)), qPrintable(QString::number(t)));
    QVERIFY(!std::isnan(yAt(3.95)));
    QVERIFY(!std::isnan(yAt(5.03)));
}

void TestPaper::decimationKeepsPeaks() {
    // 1,000 Hz at one pixel a millimetre: 40 samples share a column, the spike is one of them.
    const Recording recording = measurable(standardLeads(), 1000);
    const PaperOptions options = plain();
    const PaperPage page = layoutPaper(recording, options);
    const QImage image = paint(recording, options, page, 1);
    const PaperStrip& strip = rhythmOf(page);
    for (int second = 1; second < 10; ++second) {
        const int x = static_cast<int>(strip.xOf(second, 25));
        double ink = 0;
        for (int dx = -1; dx <= 1; ++dx)
            ink = std::max(ink, inkAt(image, x + dx, static_cast<int>(strip.baselineY - 9), options.colours.ground,
                                      options.colours.trace));
        QVERIFY2(ink > 0.3, qPrintable(QString::number(ink)));
    }
}

void TestPaper::tallFirstRowGetsHeadroom() {
    Recording recording = measurable();
    for (float& v : recording.leads[static_cast<std::size_t>(recording.find("V4").value)].samples)
        v *= 2.6F; // 26 mm
    PaperOptions options = plain();
    options.rowHeight = 25;
    // By hand: 26 + 1.5 mm needed, 5 + 12.5 there: 10 more, and the page grows by as much.
    const PaperPage grown = layoutPaper(recording, options);
    QCOMPARE(grown.sizeMm.height(), 5 + 100 + 10 + 10.0);
    options.headroomFromRows = true;
    const PaperPage kept = layoutPaper(recording, options);
    QCOMPARE(kept.sizeMm.height(), 115.0);
    // 26 mm fit above the baseline in both, with ink at their top, and it costs no other row its order.
    for (const PaperPage& page : {grown, kept}) {
        const PaperStrip& v4 = *stripOf(page, "V4");
        QVERIFY2(v4.baselineY > 26.5, qPrintable(QString::number(v4.baselineY)));
        const QImage image = paint(recording, options, page, 8);
        const double top =
            inkCentreY(image, static_cast<int>(v4.xOf(8.6, 25) * 8), 0, static_cast<int>((v4.baselineY - 20) * 8),
                       options.colours.ground, options.colours.trace);
        QVERIFY2(std::abs(top / 8 - (v4.baselineY - 26)) < 0.1, qPrintable(QString::number(top / 8)));
        QVERIFY(page.traceArea.bottom() <= page.sizeMm.height() - 10 + 1e-9);
    }
    // Never more than 12 mm, and nothing for one sample that is wrong.
    options.gain = 40;
    QCOMPARE(layoutPaper(recording, options).traceArea.top(), 5 + 12.0);
    options.gain = 10;
    Recording spike = measurable();
    spike.leads.front().samples[100] = 50000.0F;
    QCOMPARE(layoutPaper(spike, options).traceArea.top(), 5.0);
}

// By hand, rows of 25 mm: 17.5 mm lie above the first baseline, 1.5 mm stay clear.
void TestPaper::headroomIsForWhatIsDrawn() {
    Recording recording = measurable();
    auto& samples = recording.leads[static_cast<std::size_t>(recording.find("V4").value)].samples;
    PaperOptions options = plain();
    options.rowHeight = 25;
    const auto headroom = [&] { return layoutPaper(recording, options).traceArea.top() - 5; };
    QCOMPARE(headroom(), 0.0); // 10 mm
    options.leadStyles["V4"].gain = 2;
    QCOMPARE(headroom(), 4.0); // 20 mm
    for (float& v : samples)
        v *= -2; // 20 mm downwards
    options.leadStyles.clear();
    QCOMPARE(headroom(), 0.0);
    options.leadStyles["V4"].inverted = true;
    QCOMPARE(headroom(), 4.0);
    options.leadStyles["V4"].hidden = true;
    QCOMPARE(headroom(), 0.0);
}

// A trace as thick as a wall behind the name of V1: the name stands on the ground's colour, its ink is whole.
void TestPaper::namesAreReadOverTraces() {
    Recording recording = measurable();
    Lead& v1 = recording.leads[static_cast<std::size_t>(recording.find("V1").value)];
    for (std::size_t i = 0; i < v1.samples.size(); ++i)
        v1.samples[i] = i % 2 == 0 ? 1200.0F : -1200.0F;
    PaperOptions options = plain();
    options.rowHeight = 25;
    options.lettering = true;
    options.colours.text = QColor(255, 0, 0); // to be told from the trace
    const PaperPage page = layoutPaper(recording, options);
    const double scale = 8;
    const QImage image = paint(recording, options, page, scale);
    const PaperStrip& strip = *stripOf(page, "V1");
    // The name's place: 1 mm right of the strip's left end, capitals of 2.5 mm from 2 mm under its top.
    int ink = 0, ground = 0, wall = 0;
    const auto right = strip.rect.left() + 1 + paperTextWidth(QStringLiteral("V1"), 2.5, true);
    for (int x = static_cast<int>((strip.rect.left() + 1) * scale); x < right * scale; ++x)
        for (int y = static_cast<int>((strip.rect.top() + 2) * scale); y < (strip.rect.top() + 4.5) * scale; ++y) {
            const QColor pixel(image.pixel(x, y));
            ink += pixel.red() > 230 && pixel.green() < 60 ? 1 : 0;
            ground += pixel.green() > 180 ? 1 : 0;
            wall += pixel.red() < 60 ? 1 : 0;
        }
    const auto seen = QStringLiteral("ink %1, ground %2, wall %3").arg(ink).arg(ground).arg(wall);
    QVERIFY2(ink > 100 && ground > ink / 2 && wall < ground / 4, qPrintable(seen));
}

void TestPaper::cutTraceIsMarked() {
    Recording recording = measurable();
    Lead& v1 = recording.leads[static_cast<std::size_t>(recording.find("V1").value)];
    for (float& v : v1.samples)
        v *= 6; // 60 mm: more than any headroom
    const PaperOptions options = plain();
    const PaperPage page = layoutPaper(recording, options);
    const double scale = 8;
    const QImage image = paint(recording, options, page, scale);
    // V1 shows 5 to 7.5 s: it is cut at 5.5 to 5.7 s (from its first sample on); beside the flank the head is wide.
    const PaperStrip& strip = *stripOf(page, "V1");
    int inked = 0;
    const int y = static_cast<int>(1.5 * scale);
    for (int x = static_cast<int>((strip.xOf(5.5, 25) - 2) * scale); x < (strip.xOf(5.5, 25) + 2) * scale; ++x)
        inked += inkAt(image, x, y, options.colours.ground, options.colours.trace) > 0.5 ? 1 : 0;
    QVERIFY2(inked > 1.3 * scale, qPrintable(QString::number(inked / scale))); // the trace alone is 0.3 mm
    // A trace that stays on the paper has none.
    const QImage whole = paint(measurable(), options, layoutPaper(measurable(), options), scale);
    for (int x = 0; x < whole.width(); ++x)
        QVERIFY(inkAt(whole, x, y, options.colours.ground, options.colours.trace) < 0.05);
}

void TestPaper::neighboursAreNotOverrun() {
    Recording recording = measurable();
    for (float& v : recording.leads[static_cast<std::size_t>(recording.find("V1").value)].samples)
        v *= 20; // 20 mV: 200 mm
    const PaperOptions options = plain();
    const PaperPage page = layoutPaper(recording, options);
    const QImage image = paint(recording, options, page, 4);
    const PaperStrip& v1 = *stripOf(page, "V1");
    // Nothing leaves the page, whatever lies above and below it (a report does).
    QImage sheet(page.sizeMm.toSize() * 4 + QSize(0, 400), QImage::Format_RGB32);
    sheet.fill(Qt::white);
    QPainter painter(&sheet);
    painter.scale(4, 4);
    painter.translate(0, 50);
    drawPaper(painter, recording, options, page);
    painter.end();
    for (int column = 0; column < sheet.width(); ++column)
        for (const int y : {190, 196, sheet.height() - 196, sheet.height() - 190})
            QCOMPARE(sheet.pixel(column, y), qRgb(255, 255, 255));
    // V1 stands in the first row; the third row of its column keeps only its own 1 mV.
    const int x = static_cast<int>(v1.xOf(5.6, 25) * 4); // on the plateau
    for (int y = static_cast<int>((v1.rect.bottom() + 16) * 4); y < static_cast<int>((v1.rect.bottom() + 20) * 4); ++y)
        QVERIFY(inkAt(image, x, y, options.colours.ground, options.colours.trace) < 0.05);
}

void TestPaper::offsetIsCentred() {
    Recording offset = measurable();
    for (Lead& lead : offset.leads)
        for (float& v : lead.samples)
            v += 30000.0F; // 30 mV, as electrode potentials are
    PaperOptions options = plain();
    const PaperPage page = layoutPaper(offset, options);
    QVERIFY(paint(offset, options, page, 4) == paint(measurable(), options, page, 4));
    options.centred = false;
    QVERIFY(paint(offset, options, page, 4) != paint(measurable(), options, page, 4));
}

void TestPaper::overlayLiesOnTheTrace() {
    const Recording recording = measurable();
    const PaperOptions options = plain();
    const PaperPage page = layoutPaper(recording, options);
    const double scale = 6;
    QImage image = paint(recording, options, page, scale);
    const PaperStrip& strip = *stripOf(page, "V4"); // shows 7.5 to 10 s
    // 0.5 mV from 8 s to 9 s, at another rate; green has no red in it.
    std::vector<float> half(100, 500.0F);
    half[50] = std::numeric_limits<float>::quiet_NaN();
    QPainter painter(&image);
    painter.scale(scale, scale);
    drawOverlay(painter, strip, options, half, 100, 8, QColor(0, 128, 0), 0.5);
    painter.end();
    const auto greenAt = [&](double t) {
        const int x = static_cast<int>(strip.xOf(t, 25) * scale);
        const int y = static_cast<int>((strip.baselineY - 5) * scale);
        return QColor(image.pixel(x, y)) == QColor(0, 128, 0);
    };
    QVERIFY(greenAt(8.1));
    QVERIFY(greenAt(8.9));
    QVERIFY(!greenAt(7.9));
    QVERIFY(!greenAt(9.1));
    QVERIFY(!greenAt(8.5)); // the gap
}

void TestPaper::wrongUse() {
    QTemporaryDir folder;
    const auto asBmp = renderPaper(measurable(), {}, pathIn(folder, "page.bmp"));
    QVERIFY(asBmp.failed());
    QCOMPARE(asBmp.error().code, ErrorCode::WrongUse);
    PaperOptions options;
    options.speed = 0;
    QCOMPARE(renderPaper(measurable(), options, pathIn(folder, "p.png")).error().code, ErrorCode::ValueOutOfRange);
    QCOMPARE(renderPaper(Recording{}, {}, pathIn(folder, "p.png")).error().code, ErrorCode::SignalTooShort);
    QCOMPARE(renderPaper(measurable(), {}, pathIn(folder, "no/such/folder/p.svg")).error().code,
             ErrorCode::FileUnwritable);
}

void TestPaper::partOfARecordingIsNamed() {
    const Recording recording = measurable({"I", "II"}, 20, 100);
    PaperOptions options;
    const auto first = shownPart(recording, options, layoutPaper(recording, options));
    QVERIFY(first.has_value());
    QCOMPARE(*first, std::pair(0.0, 60.0)); // 1500 mm
    options.startSeconds = 70;
    QCOMPARE(*shownPart(recording, options, layoutPaper(recording, options)), std::pair(70.0, 100.0));
    QVERIFY(!shownPart(measurable(), {}, layoutPaper(measurable(), {})).has_value());
    options.startSeconds = 100;
    QTemporaryDir folder;
    QCOMPARE(renderPaper(recording, options, pathIn(folder, "p.svg")).error().code, ErrorCode::ValueOutOfRange);
    // The page itself says it: the same samples on the same paper differ only in the foot.
    options.startSeconds = 0;
    QVERIFY(renderPaper(recording, options, pathIn(folder, "named.png")).ok());
    options.footer = standardFooter(options);
    QVERIFY(renderPaper(recording, options, pathIn(folder, "unnamed.png")).ok());
    QVERIFY(QImage(folder.filePath(QStringLiteral("named.png"))) !=
            QImage(folder.filePath(QStringLiteral("unnamed.png"))));
}

void TestPaper::commandLineSaysWhatIsShown() {
    const QString cli = qEnvironmentVariable("PRECORDIA_CLI");
    QVERIFY(!cli.isEmpty());
    QTemporaryDir folder;
    const auto record = pathIn(folder, "long.hea");
    QVERIFY(writeWfdb(measurable({"I", "II"}, 100, 90), record).ok());
    const auto run = [&](const QStringList& more) {
        QProcess process;
        process.start(cli, QStringList{QStringLiteral("render"), QString::fromStdString(record.string()),
                                       folder.filePath(QStringLiteral("long.svg")), QStringLiteral("--force")} +
                               more);
        process.waitForFinished();
        return std::pair(process.exitCode(), QString::fromUtf8(process.readAllStandardError()));
    };
    const auto whole = run({});
    QCOMPARE(whole.first, 0);
    QVERIFY2(whole.second.contains(QLatin1String("shows 0 to 10 s of 90 s; --start")), qPrintable(whole.second));
    const auto all =
        run({QStringLiteral("--seconds"), QStringLiteral("90"), QStringLiteral("--speed"), QStringLiteral("10")});
    QVERIFY2(all.second.isEmpty(), qPrintable(all.second));
    const auto part =
        run({QStringLiteral("--start"), QStringLiteral("20"), QStringLiteral("--seconds"), QStringLiteral("5.5")});
    QVERIFY2(part.second.contains(QLatin1String("shows 20 to 25.5 s of 90 s")), qPrintable(part.second));
    const auto later = run({QStringLiteral("--start"), QStringLiteral("80")});
    QVERIFY2(later.second.contains(QLatin1String("shows 80 to 90 s of 90 s")), qPrintable(later.second));
    const std::vector<std::pair<const char*, const char*>> wrong{{"--gain", "-5"},    {"--speed", "0"},
                                                                 {"--dpi", "100000"}, {"--start", "-1"},
                                                                 {"--start", "90"},   {"--seconds", "0"}};
    for (const auto& [option, value] : wrong)
        QCOMPARE(run({QString::fromLatin1(option), QString::fromLatin1(value)}).first, 2);
}

QTEST_MAIN(TestPaper)
#include "test_paper.moc"
