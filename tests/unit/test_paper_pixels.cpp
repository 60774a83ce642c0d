// SPDX-License-Identifier: GPL-3.0-or-later
// What is written straight into pixels against areas computed by hand, and whole pages against QPainter, which draws
// them where it must (an image whose alpha is not premultiplied).
#include "core/paper/paper.h"
#include "core/paper/pixels.h"

#include <QImage>
#include <QPainter>
#include <QTest>

#include <cmath>
#include <numbers>
#include <vector>

using namespace precordia;

namespace {

constexpr double kRate = 500;

QImage white(int width = 60, int height = 60) {
    QImage image(width, height, QImage::Format_RGB32);
    image.fill(Qt::white);
    return image;
}

paper::Pixels pixelsOf(QImage& image) {
    return {reinterpret_cast<quint32*>(image.bits()), image.bytesPerLine() / 4, image.width(), image.height()};
}

double inkAt(const QImage& image, int x, int y) {
    return (255 - qGray(image.pixel(x, y))) / 255.0;
}

double inkOf(const QImage& image) {
    double sum = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            sum += inkAt(image, x, y);
    return sum;
}

QImage thick(const std::vector<QPointF>& points, double width) {
    QImage image = white();
    paper::strokeThick(pixelsOf(image), points, width, Qt::black);
    return image;
}

bool near(double value, double wanted, double within) {
    if (std::abs(value - wanted) <= within)
        return true;
    qWarning("%g is not %g within %g", value, wanted, within);
    return false;
}

// P, R and T as Gaussians, mV.
Recording made(double seconds) {
    Recording recording;
    recording.samplingRate = kRate;
    for (std::size_t i = 0; i < 12; ++i) {
        Lead lead;
        lead.name = standardLeads()[i];
        for (int k = 0; k < static_cast<int>(seconds * kRate); ++k) {
            const double t = std::fmod(k / kRate, 0.8) - 0.4;
            const auto wave = [t](double mv, double at, double width) {
                return mv * std::exp(-0.5 * std::pow((t - at) / width, 2));
            };
            const double turn = std::cos(static_cast<double>(i) * 0.55);
            lead.samples.push_back(
                static_cast<float>(1000 * (wave(0.1, -0.16, 0.02) + wave(turn, 0, 0.01) + wave(0.3, 0.27, 0.05))));
        }
        recording.leads.push_back(std::move(lead));
    }
    return recording;
}

QImage page(const Recording& recording, const PaperOptions& options, double scale, QImage::Format format,
            QPointF corner) {
    const PaperPage laid = layoutPaper(recording, options, 200);
    QImage image((laid.sizeMm * scale).toSize() + QSize(20, 20), format);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.translate(corner);
    painter.scale(scale, scale);
    drawPaper(painter, recording, options, laid);
    return image;
}

struct Difference {
    int any = 0, loud = 0, dark = 0; // pixels that differ, by more than 48 of 255; that the trace darkens
    double ink = 0;                  // of ours to that of QPainter
};
Difference difference(const QImage& ours, const QImage& theirs) {
    Difference found;
    for (int y = 0; y < ours.height(); ++y)
        for (int x = 0; x < ours.width(); ++x) {
            const int a = qGreen(ours.pixel(x, y)), b = qGreen(theirs.pixel(x, y));
            found.any += a != b ? 1 : 0;
            found.loud += std::abs(a - b) > 48 ? 1 : 0;
            found.dark += b < 110 ? 1 : 0;
        }
    found.ink = inkOf(ours) / inkOf(theirs);
    return found;
}

} // namespace

class TestPaperPixels : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // Width 2 about y = 20.75: rows 19.75 to 21.75.
    void levelLineCoversItsRows() {
        const QImage image = thick({{10, 20.75}, {40, 20.75}}, 2);
        QVERIFY(near(inkAt(image, 25, 18), 0, 0.01));
        QVERIFY(near(inkAt(image, 25, 19), 0.25, 0.01));
        QVERIFY(near(inkAt(image, 25, 20), 1, 0.01));
        QVERIFY(near(inkAt(image, 25, 21), 0.75, 0.01));
        QVERIFY(near(inkAt(image, 25, 22), 0, 0.01));
    }
    void uprightLineCoversItsColumns() {
        const QImage image = thick({{20.5, 10}, {20.5, 40}}, 2);
        QVERIFY(near(inkAt(image, 18, 25), 0, 0.01));
        QVERIFY(near(inkAt(image, 19, 25), 0.5, 0.13)); // in quarters
        QVERIFY(near(inkAt(image, 20, 25), 1, 0.01));
        QVERIFY(near(inkAt(image, 21, 25), 0.5, 0.13));
    }
    // Length times width and a disc for the two ends.
    void areaIsThatOfTheLine() {
        for (const QPointF& to : {QPointF(50, 10), QPointF(50, 31), QPointF(38, 52), QPointF(12, 50)}) {
            const QPointF from(10, 10);
            const double length = std::hypot(to.x() - from.x(), to.y() - from.y());
            for (const double width : {1.2, 2.0, 5.0}) {
                const double area = length * width + std::numbers::pi * width * width / 4;
                QVERIFY(near(inkOf(thick({from, to}, width)), area, 0.015 * area));
            }
        }
    }
    // Cut into many, a line covers what it covers in one.
    void partsAreNotCountedTwice() {
        std::vector<QPointF> many;
        for (int k = 0; k <= 300; ++k)
            many.emplace_back(10 + k * 0.1, 15 + k * 0.07);
        const QImage whole = thick({many.front(), many.back()}, 2), parts = thick(many, 2);
        QVERIFY(near(inkOf(parts), inkOf(whole), 0.005 * inkOf(whole)));
    }
    void onePointIsADot() {
        QVERIFY(near(inkOf(thick({{20.3, 20.6}}, 4)), std::numbers::pi * 4, 0.2));
        QImage image = white();
        const std::vector<QPointF> point{{20.5, 20.5}};
        paper::strokeThin(pixelsOf(image), point, Qt::black);
        QVERIFY(near(inkOf(image), 1, 0.05));
    }
    // A thin line has one pixel's ink a step, and ends half a pixel further.
    void thinLineHasAPixelAStep() {
        QImage image = white();
        const std::vector<QPointF> line{{10.25, 20.25}, {40.25, 28}};
        paper::strokeThin(pixelsOf(image), line, Qt::black);
        QVERIFY(near(inkOf(image), 31, 0.6));
        QVERIFY(near(inkAt(image, 25, 23) + inkAt(image, 25, 24), 1, 0.03)); // y = 24.19 at x = 25.5
    }
    // Nothing is written where there is no picture.
    void linesRunOffThePicture() {
        QImage image = white(20, 20);
        const std::vector<QPointF> lines[] = {
            {{-50, -60}, {70, 90}}, {{5, -1e6}, {6, 1e6}}, {{-1e6, 5}, {1e6, 6}}, {{100, 100}, {200, 100}}, {{-9, 30}}};
        for (const auto& line : lines) {
            paper::strokeThin(pixelsOf(image), line, Qt::black);
            paper::strokeThick(pixelsOf(image), line, 3, Qt::black);
        }
        pixelsOf(image).fill({-5, -5, 7, 7}, Qt::black);
        pixelsOf(image).fill({19, 15, 1, 50}, Qt::black);
        pixelsOf(image).fill({30, 30, 1, 5}, Qt::black);
        QCOMPARE(inkAt(image, 1, 1), 1.0);
        QCOMPARE(inkAt(image, 19, 19), 1.0);
    }
    // Ground, grid, names and the filled columns of a long page: the same pixels, wherever the page lies.
    void longPageIsThePainters() {
        const Recording recording = made(60);
        PaperOptions options;
        options.layout = PaperLayout::TwelveByOne;
        options.speed = 3;
        options.header = QStringLiteral("header");
        for (const double scale : {2.6, 3.78, 5.3})
            for (const QPointF& corner : {QPointF(0, 0), QPointF(7, 9), QPointF(3.4, 5.7)}) {
                const auto found = difference(page(recording, options, scale, QImage::Format_RGB32, corner),
                                              page(recording, options, scale, QImage::Format_ARGB32, corner));
                QCOMPARE(found.loud, 0);
                QVERIFY2(found.any < found.dark / 20, qPrintable(QString::number(found.any)));
            }
    }
    void thinTracesAreThePainters() {
        PaperOptions options;
        options.lettering = false;
        const auto found = difference(page(made(8), options, 3.78, QImage::Format_RGB32, {}),
                                      page(made(8), options, 3.78, QImage::Format_ARGB32, {}));
        QVERIFY(found.dark > 3000);
        QVERIFY2(found.loud < found.dark / 100, qPrintable(QString::number(found.loud)));
        QVERIFY(near(found.ink, 1, 0.01));
    }
    // QPainter counts the edges of short pieces more than once: its line is a little heavier, and lies in the same
    // place.
    void widerTracesLieWhereThePaintersDo() {
        PaperOptions options;
        options.lettering = false;
        const auto found = difference(page(made(8), options, 6, QImage::Format_RGB32, {}),
                                      page(made(8), options, 6, QImage::Format_ARGB32, {}));
        QVERIFY(found.dark > 6000);
        QVERIFY2(found.loud < found.dark / 4, qPrintable(QString::number(found.loud)));
        QVERIFY(near(found.ink, 1, 0.06));
    }
};

QTEST_MAIN(TestPaperPixels)
#include "test_paper_pixels.moc"
