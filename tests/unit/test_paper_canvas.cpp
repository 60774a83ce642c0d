// SPDX-License-Identifier: GPL-3.0-or-later
// The ECG view's canvas under a hand: zoom, pan, cursor, and what stays when the recording changes.
#include "tests/unit/paper_fixture.h"
#include "ui/ecg/interval_ribbons.h"
#include "ui/ecg/paper_canvas.h"
#include "ui/ecg/screen_scale.h"
#include "ui/settings/settings.h"

#include <QGuiApplication>
#include <QMouseEvent>
#include <QScreen>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <QWheelEvent>

#include <cmath>

using namespace precordia;
using namespace precordia::test;

namespace {

std::shared_ptr<const LoadedRecording> loaded(std::int64_t id, double seconds = 10) {
    auto made = std::make_shared<LoadedRecording>();
    made->row.id = RecordingId(id);
    made->row.name = "P" + std::to_string(id);
    made->recording = measurable(standardLeads(), 500, seconds);
    return made;
}

std::shared_ptr<const LoadedEncodings> encodings(std::int64_t id) {
    auto made = std::make_shared<LoadedEncodings>();
    made->id = RecordingId(id);
    made->encodings.intervals = 50;
    made->encodings.width = 4;
    for (int i = 0; i < 50; ++i)
        for (int d = 0; d < 4; ++d)
            made->encodings.interval.push_back(std::sin(static_cast<float>((i + 1) * (d + 2))));
    made->surprisePerInterval.assign(50, 0.1F);
    made->surprisePerInterval[7] = 0.31F;
    return made;
}

void turnWheel(QWidget& widget, QPointF at, int delta, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
    QWheelEvent event(at, widget.mapToGlobal(at), {}, {0, delta}, Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(&widget, &event);
}

// QTest::mouseMove needs a window on the screen.
void hover(QWidget& widget, QPointF at) {
    QMouseEvent event(QEvent::MouseMove, at, widget.mapToGlobal(at), Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&widget, &event);
}

} // namespace

class TestPaperCanvas : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void fitsTheWholeRecording();
    void wheelZoomsAtTheCursor();
    void shiftWheelChangesTheGain();
    void dragPansWithinTheRecording();
    void doubleClickResets();
    void zoomStaysWithTheNextRecording();
    void hoverTellsTheTime();
    void cursorRepaintsAStripe();
    void ribbonsNeedTheirOwnRecording();
    void ribbonsSayHowFarTheyGo();
    void footTellsTheSecondsShown();
    void trueSizeIsTrue();
    void screenIsMeasured();
};

// At 4.2 pixels a mm, a second is 25 mm = 105 px at every size of the window, and a step of 1 mV 42 px.
void TestPaperCanvas::trueSizeIsTrue() {
    PaperCanvas canvas;
    canvas.setTrueSize(4.2);
    for (const QSize size : {QSize(1000, 600), QSize(500, 900), QSize(1800, 400)}) {
        canvas.resize(size);
        canvas.setRecording(loaded(1));
        canvas.grab();
        QVERIFY2(std::abs(canvas.xOf(2) - canvas.xOf(1) - 105) < 1e-6,
                 qPrintable(QString::number(canvas.pixelsPerMm())));
    }
    canvas.setTrueSize({});
    canvas.grab();
    QVERIFY(std::abs(canvas.xOf(2) - canvas.xOf(1) - 105) > 1);
}

void TestPaperCanvas::screenIsMeasured() {
    Settings settings(false);
    const QScreen& screen = *QGuiApplication::primaryScreen();
    QVERIFY(screenPixelsPerMm(settings, screen) > 1);
    ScreenScaleDialog dialog(screenPixelsPerMm(settings, screen));
    auto* slider = dialog.findChild<QSlider*>();
    slider->setValue(523);
    QCOMPARE(dialog.pixelsPerMm(), 5.23);
    setScreenPixelsPerMm(settings, screen, dialog.pixelsPerMm());
    QCOMPARE(screenPixelsPerMm(settings, screen), 5.23);
    // The card on the dialog is 85.60 mm wide.
    const QImage image = dialog.grab().toImage();
    QVERIFY(image.width() > 85.6 * 5.23);
    setScreenPixelsPerMm(settings, screen, 1000); // nonsense is not believed
    QVERIFY(screenPixelsPerMm(settings, screen) < 20);
}

void TestPaperCanvas::fitsTheWholeRecording() {
    PaperCanvas canvas;
    for (const QSize size : {QSize(1000, 600), QSize(700, 900), QSize(1800, 400)}) {
        canvas.resize(size);
        canvas.setRecording(loaded(1));
        QVERIFY(canvas.grab().size() == size);
        QVERIFY2(canvas.shownSeconds() >= 10 - 1e-9, qPrintable(QString::number(canvas.shownSeconds())));
        QVERIFY(canvas.xOf(0) > 0 && canvas.xOf(10) < size.width());
    }
}

void TestPaperCanvas::wheelZoomsAtTheCursor() {
    PaperCanvas canvas;
    canvas.resize(1000, 600);
    canvas.setRecording(loaded(1));
    canvas.grab();
    const QPointF at(620, 200);
    const double time = canvas.timeAt(at.x());
    for (int notch = 0; notch < 3; ++notch)
        turnWheel(canvas, at, 120);
    QVERIFY(std::abs(canvas.speed() - 25 * 1.2 * 1.2 * 1.2) < 1e-9);
    canvas.grab();
    QVERIFY(std::abs(canvas.timeAt(at.x()) - time) < 1e-9);
    for (int notch = 0; notch < 40; ++notch)
        turnWheel(canvas, at, 120);
    QCOMPARE(canvas.speed(), PaperCanvas::kFastest);
    for (int notch = 0; notch < 40; ++notch)
        turnWheel(canvas, at, -120);
    QCOMPARE(canvas.speed(), PaperCanvas::kSlowest);
    QCOMPARE(canvas.startSeconds(), 0.0);
}

void TestPaperCanvas::shiftWheelChangesTheGain() {
    PaperCanvas canvas;
    canvas.resize(1000, 600);
    canvas.setRecording(loaded(1));
    turnWheel(canvas, {500, 300}, 120, Qt::ShiftModifier);
    QCOMPARE(canvas.gain(), 12.0);
    QCOMPARE(canvas.speed(), 25.0);
}

void TestPaperCanvas::dragPansWithinTheRecording() {
    PaperCanvas canvas;
    canvas.resize(1000, 600);
    canvas.setRecording(loaded(1));
    canvas.setSpeed(100);
    canvas.pan(-100);
    QCOMPARE(canvas.startSeconds(), 0.0);
    canvas.grab();
    const double before = canvas.timeAt(700);
    QTest::mousePress(&canvas, Qt::LeftButton, {}, {700, 300});
    hover(canvas, QPointF(600, 300));
    QTest::mouseRelease(&canvas, Qt::LeftButton, {}, {600, 300});
    canvas.grab();
    QVERIFY(std::abs(canvas.timeAt(600) - before) < 1e-6); // what was under the hand is still under it
    canvas.pan(100);
    QVERIFY(std::abs(canvas.startSeconds() + canvas.shownSeconds() - 10) < 1e-9);
}

void TestPaperCanvas::doubleClickResets() {
    PaperCanvas canvas;
    canvas.resize(1000, 600);
    canvas.setRecording(loaded(1));
    canvas.setSpeed(70);
    canvas.setGain(33);
    canvas.pan(2);
    QSignalSpy told(&canvas, &PaperCanvas::viewChanged);
    QTest::mouseDClick(&canvas, Qt::LeftButton, {}, {500, 300});
    QCOMPARE(canvas.speed(), 25.0);
    QCOMPARE(canvas.gain(), 10.0);
    QCOMPARE(canvas.startSeconds(), 0.0);
    QCOMPARE(told.count(), 1);
}

void TestPaperCanvas::zoomStaysWithTheNextRecording() {
    PaperCanvas canvas;
    canvas.resize(1000, 600);
    canvas.setRecording(loaded(1));
    canvas.setPaperLayout(PaperLayout::TwelveByOne);
    canvas.setSpeed(100);
    canvas.pan(10);
    const double start = canvas.startSeconds();
    canvas.setRecording(loaded(2));
    QCOMPARE(canvas.speed(), 100.0);
    QCOMPARE(canvas.startSeconds(), start);
    QCOMPARE(canvas.options().layout, PaperLayout::TwelveByOne);
    canvas.setRecording(loaded(3, 4)); // shorter: as far right as it goes
    QVERIFY(canvas.startSeconds() <= 4);
    QVERIFY(canvas.startSeconds() < start);
}

void TestPaperCanvas::hoverTellsTheTime() {
    PaperCanvas canvas;
    canvas.resize(1000, 600);
    canvas.setRecording(loaded(1));
    canvas.grab();
    std::optional<double> heard = -1.0;
    connect(&canvas, &PaperCanvas::timeHovered, &canvas, [&](std::optional<double> time) { heard = time; });
    const int x = static_cast<int>(std::lround(canvas.xOf(4)));
    hover(canvas, QPointF(x, 300));
    QVERIFY(heard.has_value() && std::abs(*heard - 4) < 0.02);
    hover(canvas, QPointF(2, 300)); // in the margin there is no time
    QVERIFY(!heard.has_value());
}

void TestPaperCanvas::cursorRepaintsAStripe() {
    PaperCanvas canvas;
    canvas.resize(1000, 600);
    canvas.setRecording(loaded(1));
    const QImage without = canvas.grab().toImage();
    canvas.setTimeCursor(5.0);
    const QImage with = canvas.grab().toImage();
    const int x = static_cast<int>(canvas.xOf(5));
    int differing = 0;
    for (int column = 0; column < with.width(); ++column)
        for (int y = 0; y < with.height(); y += 7)
            if (with.pixel(column, y) != without.pixel(column, y)) {
                ++differing;
                QVERIFY2(std::abs(column - x) <= 50, qPrintable(QString::number(column)));
            }
    QVERIFY(differing > 40); // a line down the page
    canvas.setTimeCursor(std::nullopt);
    QVERIFY(canvas.grab().toImage() == without);
}

void TestPaperCanvas::ribbonsNeedTheirOwnRecording() {
    IntervalRibbons ribbons;
    QVERIFY(ribbons.empty());
    QCOMPARE(ribbons.height(), 0);
    ribbons.set(encodings(1), 0, 10);
    QVERIFY(!ribbons.empty());
    QVERIFY(ribbons.describe(1.45).contains(QLatin1String("0.31"))); // interval 7: 1.4 s to 1.6 s
    QVERIFY(ribbons.describe(10.5).isEmpty());

    PaperCanvas canvas;
    canvas.resize(1000, 600);
    canvas.setRecording(loaded(1));
    const QImage without = canvas.grab().toImage();
    canvas.setEncodings(encodings(2)); // of another recording: a late answer
    QVERIFY(canvas.grab().toImage() == without);
    canvas.setEncodings(encodings(1));
    QVERIFY(canvas.grab().toImage() != without);
}

// Of 30 s the model reads 10: what lies behind them says so, on the page and under the pointer.
void TestPaperCanvas::ribbonsSayHowFarTheyGo() {
    IntervalRibbons ribbons;
    ribbons.set(encodings(1), 0, 30);
    QVERIFY(!ribbons.describe(20).isEmpty());
    QVERIFY(ribbons.describe(20).contains(QStringLiteral("first 10 s")));
    QVERIFY(ribbons.describe(30.5).isEmpty());
    const auto ink = [&](double whole, double from) { // px of anything in the bands behind the window
        ribbons.set(encodings(1), 0, whole);
        QImage image(900, ribbons.height(), QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        ribbons.paint(painter, image.rect(), [](double t) { return 30 * t; });
        painter.end();
        int count = 0;
        for (int x = static_cast<int>(30 * from); x < image.width(); ++x)
            for (int y = 0; y < 36; ++y)
                count += image.pixel(x, y) != qRgb(255, 255, 255) ? 1 : 0;
        return count;
    };
    QVERIFY(ink(30, 10.1) > 50);
    QCOMPARE(ink(10, 10.1), 0);
}

void TestPaperCanvas::footTellsTheSecondsShown() {
    PaperCanvas canvas;
    canvas.resize(1000, 600);
    canvas.setRecording(loaded(1, 30));
    canvas.grab();
    QVERIFY2(canvas.options().footer.startsWith(QStringLiteral("0 to ")), qPrintable(canvas.options().footer));
    QVERIFY(canvas.options().footer.contains(QStringLiteral(" s of 30 s  25 mm/s  10 mm/mV")));
    canvas.pan(5);
    canvas.grab();
    QVERIFY2(canvas.options().footer.startsWith(QStringLiteral("5 to ")), qPrintable(canvas.options().footer));
    canvas.setRecording(loaded(2));
    canvas.resetView();
    canvas.grab();
    QVERIFY2(canvas.options().footer.startsWith(QStringLiteral("0 to 10 s of 10 s")),
             qPrintable(canvas.options().footer));
}

QTEST_MAIN(TestPaperCanvas)
#include "test_paper_canvas.moc"
