// SPDX-License-Identifier: GPL-3.0-or-later
// Calipers under a hand: laid, snapped, moved by key, marched out, undone, kept with their recording.
#include "tests/ui/ui_fixture.h"
#include "tests/unit/paper_fixture.h"
#include "ui/ecg/calipers.h"
#include "ui/ecg/ecg_view.h"
#include "ui/ecg/filter_button.h"
#include "ui/ecg/lead_menu.h"
#include "ui/ecg/paper_canvas.h"
#include "ui/shell/main_window.h"

#include <QAction>
#include <QMenu>
#include <QTest>
#include <QUndoStack>

#include <cmath>

using namespace precordia;
using namespace precordia::test;

namespace {

// A lead a row: 0 mV with steps of 1 mV from k + 0.5 to k + 0.7 s.
struct Desk {
    QUndoStack undo;
    Calipers calipers{undo};
    PaperCanvas canvas;

    Desk() {
        auto made = std::make_shared<LoadedRecording>();
        made->row.id = RecordingId(1);
        made->recording = measurable();
        canvas.setCalipers(&calipers);
        canvas.resize(1200, 900);
        canvas.setPaperLayout(PaperLayout::Single);
        canvas.setRhythmLead(QStringLiteral("II"));
        canvas.setRecording(made);
        calipers.set(RecordingId(1), {});
        canvas.setCaliperMode(true);
        canvas.grab(); // laid out
    }
    double baseline() const { // px: the middle of the only row
        const auto page = layoutPaper(canvas.shown(), canvas.options(), canvas.width() / scale());
        return page.strips.front().baselineY * scale();
    }
    double scale() const { return (canvas.xOf(2) - canvas.xOf(1)) / canvas.speed(); }
    QPoint at(double seconds, double mv) const {
        return QPointF(canvas.xOf(seconds), baseline() - mv * canvas.gain() * scale()).toPoint();
    }
    void drag(double fromS, double fromMv, double toS, double toMv) {
        QTest::mousePress(&canvas, Qt::LeftButton, {}, at(fromS, fromMv));
        QMouseEvent move(QEvent::MouseMove, QPointF(at(toS, toMv)), canvas.mapToGlobal(QPointF(at(toS, toMv))),
                         Qt::NoButton, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&canvas, &move);
        QTest::mouseRelease(&canvas, Qt::LeftButton, {}, at(toS, toMv));
    }
};

bool onSample(double seconds, double rate = 500) {
    return std::abs(seconds * rate - std::round(seconds * rate)) < 1e-9;
}

} // namespace

class TestUiCalipers : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readout() {
        // 60 / 0.412 = 145.6
        QCOMPARE(caliperText({"II", 1.0, 1.412, 0, 1200, false, false}), QStringLiteral("412 ms · 146 bpm · 1.20 mV"));
        QCOMPARE(caliperText({"II", 1.0, 1.0, 100, -400, false, false}), QStringLiteral("0 ms · -0.50 mV"));
    }

    void keptAsText() {
        const std::vector<Caliper> some{{"V1", 0.5, 1.25, -100, 250, true, false}, {"II", 2, 3, 0, 0, false, true}};
        QCOMPARE(calipersFromJson(calipersToJson(some)).size(), some.size());
        QVERIFY(calipersFromJson(calipersToJson(some)) == some);
        for (const char* wrong : {"", "{}", "[{}]", "[1]", "nonsense", R"([{"lead":1}])"})
            QVERIFY2(calipersFromJson(wrong).empty(), wrong);
    }

    // From the foot of one step to the next: one second, one millivolt, whatever the hand's tremor.
    void dragMeasures() {
        Desk desk;
        desk.drag(1.3, 0, 2.6, 1);
        QCOMPARE(desk.calipers.all().size(), std::size_t(1));
        const Caliper c = desk.calipers.all().front();
        QCOMPARE(c.lead, std::string("II"));
        QVERIFY(onSample(c.fromSeconds) && onSample(c.toSeconds));
        QVERIFY(std::abs(c.toSeconds - c.fromSeconds - 1.3) < 0.02);
        QCOMPARE(c.fromUv, 0.0); // laid on the trace
        QCOMPARE(c.toUv, 1000.0);
        QVERIFY(desk.undo.canUndo());
        desk.undo.undo();
        QVERIFY(desk.calipers.all().empty());
        desk.undo.redo();
        QVERIFY(desk.calipers.all().front() == c);
    }

    void clickBesideLetsGo() {
        Desk desk;
        desk.drag(1.3, 0, 2.6, 1);
        QCOMPARE(desk.calipers.chosen(), 0);
        QTest::mouseClick(&desk.canvas, Qt::LeftButton, {}, desk.at(5.2, 0));
        QCOMPARE(desk.calipers.all().size(), std::size_t(1));
        QCOMPARE(desk.calipers.chosen(), -1);
        QCOMPARE(desk.undo.count(), 1);
    }

    void keysMoveByOneSample() {
        Desk desk;
        desk.drag(1.3, 0, 2.6, 1);
        const Caliper before = desk.calipers.all().front();
        QTest::keyClick(&desk.canvas, Qt::Key_Right);
        Caliper now = desk.calipers.all().front();
        QVERIFY(std::abs(now.toSeconds - before.toSeconds - 0.002) < 1e-9);
        QCOMPARE(now.fromSeconds, before.fromSeconds);
        QTest::keyClick(&desk.canvas, Qt::Key_X);
        QTest::keyClick(&desk.canvas, Qt::Key_Left);
        now = desk.calipers.all().front();
        QVERIFY(std::abs(now.fromSeconds - before.fromSeconds + 0.002) < 1e-9);
        QTest::keyClick(&desk.canvas, Qt::Key_Left, Qt::ShiftModifier);
        now = desk.calipers.all().front();
        QVERIFY(std::abs(now.fromSeconds - before.fromSeconds + 0.004) < 1e-9);
        QVERIFY(std::abs(now.toSeconds - before.toSeconds) < 1e-9);
        QTest::keyClick(&desk.canvas, Qt::Key_M);
        QTest::keyClick(&desk.canvas, Qt::Key_A);
        QVERIFY(desk.calipers.all().front().marchOut && desk.calipers.all().front().allLeads);
        QTest::keyClick(&desk.canvas, Qt::Key_Delete);
        QVERIFY(desk.calipers.all().empty());
        while (desk.undo.canUndo())
            desk.undo.undo();
        QVERIFY(desk.calipers.all().empty());
        desk.undo.redo();
        QVERIFY(desk.calipers.all().front() == before);
    }

    // The marks of a march-out stand where the distance repeats.
    void marchOutIsDrawn() {
        Desk desk;
        desk.calipers.set(RecordingId(1), {{"II", 3.0, 4.0, 0, 0, true, false}});
        const QImage image = desk.canvas.grab().toImage();
        desk.calipers.set(RecordingId(1), {});
        const QImage bare = desk.canvas.grab().toImage();
        const auto differs = [&](double seconds) { // along the whole row: the line is dashed
            const int x = static_cast<int>(std::lround(desk.canvas.xOf(seconds)));
            for (int dx = -1; dx <= 1; ++dx)
                for (int y = 0; y < image.height(); ++y)
                    if (image.pixel(x + dx, y) != bare.pixel(x + dx, y))
                        return true;
            return false;
        };
        for (const double seconds : {1.0, 2.0, 3.0, 4.0, 5.0, 9.0})
            QVERIFY2(differs(seconds), qPrintable(QString::number(seconds)));
        QVERIFY(!differs(6.5));
    }

    // In the window: kept in the study, back with the recording, an undo goes to the recording that it concerns.
    void stayWithTheirRecording() {
        StudyFixture study(3);
        QVERIFY(study.valid());
        MainWindow window(MainWindow::Memory::None);
        window.resize(1280, 800);
        window.show();
        QVERIFY(openAndWait(window.session(), study.path()));
        auto* view = window.findChild<EcgView*>();
        QVERIFY(view != nullptr);
        const auto rows = window.session().rows();
        const auto laid = [&] { return view->calipers()->all().size(); };
        view->canvas()->setFocus();
        QTest::keyClick(view->canvas(), Qt::Key_C);
        QVERIFY(view->canvas()->caliperMode());
        QTest::keyClick(view->canvas(), Qt::Key_G); // an action that only toggles
        QVERIFY(!view->canvas()->options().grid);
        QTest::keyClick(view->canvas(), Qt::Key_G);
        const QPoint from = view->canvas()->rect().center() - QPoint(150, 0);
        QTest::mousePress(view->canvas(), Qt::LeftButton, {}, from);
        QMouseEvent move(QEvent::MouseMove, QPointF(from + QPoint(70, -8)),
                         view->canvas()->mapToGlobal(QPointF(from + QPoint(70, -8))), Qt::NoButton, Qt::LeftButton, {});
        QCoreApplication::sendEvent(view->canvas(), &move);
        QTest::mouseRelease(view->canvas(), Qt::LeftButton, {}, from + QPoint(70, -8));
        QCOMPARE(laid(), std::size_t(1));
        const auto go = [&](std::size_t i) {
            window.session().selection().setCurrent((*rows)[i].id);
            return QTest::qWaitFor(
                [&] { return window.session().recording() && window.session().recording()->row.id == (*rows)[i].id; },
                kPatience);
        };
        QVERIFY(go(1));
        QCOMPARE(laid(), std::size_t(0));
        QVERIFY(go(0));
        QCOMPARE(laid(), std::size_t(1));
        QVERIFY(go(2));
        window.session().undoStack().undo();
        QCOMPARE(window.session().selection().current(), (*rows)[0].id);
        QVERIFY(QTest::qWaitFor([&] { return window.session().recording()->row.id == (*rows)[0].id; }, kPatience));
        QCOMPARE(laid(), std::size_t(0));
        QVERIFY(QTest::qWaitFor([&] { return window.session().idle(); }, kPatience));
    }

    void filtersAreSeenAndRawIsOneKeyAway() {
        StudyFixture study(2);
        QVERIFY(study.valid());
        MainWindow window(MainWindow::Memory::None);
        window.show();
        QVERIFY(openAndWait(window.session(), study.path()));
        auto* view = window.findChild<EcgView*>();
        const auto raw = window.session().recording()->recording.leads[1].samples;
        const auto shown = [&] { return view->canvas()->shown().leads[1].samples; };
        QCOMPARE(shown(), raw);
        QVERIFY(view->canvas()->options().filters.isEmpty());
        view->filters()->choose({0.5, 50, 40});
        QVERIFY(QTest::qWaitFor([&] { return !view->canvas()->options().filters.isEmpty(); }, kPatience));
        QCOMPARE(view->canvas()->options().filters, QStringLiteral("0.5 Hz, 50 Hz, 40 Hz"));
        QVERIFY(shown() != raw);
        QVERIFY(view->filters()->text().contains(QStringLiteral("50 Hz")));
        view->canvas()->setFocus();
        QTest::keyClick(view->canvas(), Qt::Key_R);
        QCOMPARE(shown(), raw);
        QVERIFY(view->canvas()->options().filters.isEmpty());
        QTest::keyClick(view->canvas(), Qt::Key_R);
        QVERIFY(QTest::qWaitFor([&] { return shown() != raw; }, kPatience));
        // The next recording is filtered too, and never shown under the wrong words.
        window.session().selection().setCurrent((*window.session().rows())[1].id);
        QVERIFY(QTest::qWaitFor([&] { return window.session().idle() && !view->canvas()->options().filters.isEmpty(); },
                                kPatience));
        QVERIFY(shown() != window.session().recording()->recording.leads[1].samples);
    }

    void leadsMayBeHidden() {
        LeadMenu menu;
        menu.setStyles({{"II", {2, false, false}}, {"V1", {}}});
        QCOMPARE(menu.styles().size(), std::size_t(1)); // the plain style is no style
        menu.setStyles({});
        Q_EMIT menu.menu()->aboutToShow();
        menu.menu()->actions()[1]->trigger(); // limb leads
        QVERIFY(menu.styles().at("V3").hidden);
        QVERIFY(!menu.styles().contains("aVF"));
    }
};

QTEST_MAIN(TestUiCalipers)
#include "test_ui_calipers.moc"
