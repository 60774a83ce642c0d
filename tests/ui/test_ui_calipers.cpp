// SPDX-License-Identifier: GPL-3.0-or-later
// Calipers under a hand: laid, snapped, moved by key, marched out, undone, kept with their recording.
#include "tests/ui/ui_fixture.h"
#include "tests/unit/paper_fixture.h"
#include "ui/ecg/caliper_store.h"
#include "ui/ecg/calipers.h"
#include "ui/ecg/ecg_view.h"
#include "ui/ecg/filter_button.h"
#include "ui/ecg/lead_menu.h"
#include "ui/ecg/paper_canvas.h"
#include "ui/ecg/screen_scale.h"
#include "ui/shell/main_window.h"

#include <QAction>
#include <QKeyEvent>
#include <QMenu>
#include <QScreen>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTest>
#include <QUndoStack>
#include <QWindow>

#include <cmath>
#include <utility>

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

// Another program that writes to the study: nobody else can until it is through.
class Lock {
public:
    explicit Lock(const std::filesystem::path& folder) {
        auto database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name_);
        database.setDatabaseName(QString::fromStdString((folder / "study.sqlite").string()));
        held_ = database.open() && QSqlQuery(database).exec(QStringLiteral("BEGIN IMMEDIATE"));
    }
    ~Lock() { release(); }
    bool held() const { return held_; }
    void release() {
        if (std::exchange(held_, false))
            QSqlQuery(QSqlDatabase::database(name_)).exec(QStringLiteral("COMMIT"));
        QSqlDatabase::removeDatabase(name_);
    }

private:
    const QString name_ = QStringLiteral("lock");
    bool held_ = false;
};

std::vector<Caliper> keptIn(const StudyFixture& study, RecordingId id) {
    const auto opened = Study::open(study.folder());
    return opened ? calipersFromJson((*opened)->value("calipers/" + std::to_string(id.value)))
                  : std::vector<Caliper>(99);
}

void holdKey(QWidget& widget, int key, int times) {
    for (int i = 0; i < times; ++i) {
        QKeyEvent event(QEvent::KeyPress, key, Qt::NoModifier, QString(), i > 0);
        QCoreApplication::sendEvent(&widget, &event);
    }
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

    void aHeldKeyIsOneStep() {
        Desk desk;
        desk.drag(1.3, 0, 2.6, 1);
        const Caliper before = desk.calipers.all().front();
        holdKey(desk.canvas, Qt::Key_Right, 20);
        QVERIFY(std::abs(desk.calipers.all().front().toSeconds - before.toSeconds - 0.04) < 1e-9);
        QCOMPARE(desk.undo.count(), 2);
        holdKey(desk.canvas, Qt::Key_Right, 5); // pressed again: another step
        QCOMPARE(desk.undo.count(), 3);
        desk.undo.undo();
        QVERIFY(std::abs(desk.calipers.all().front().toSeconds - before.toSeconds - 0.04) < 1e-9);
        desk.undo.undo();
        QVERIFY(desk.calipers.all().front() == before);
        desk.undo.redo();
        QVERIFY(std::abs(desk.calipers.all().front().toSeconds - before.toSeconds - 0.04) < 1e-9);
    }

    // 10 s at 500 Hz: the last sample lies at 9.998 s.
    void keysStayOnTheRecording() {
        Desk desk;
        const Caliper near{"II", 9.5, 9.99, 0, 0, false, false};
        desk.calipers.set(RecordingId(1), {near});
        QTest::mouseClick(&desk.canvas, Qt::LeftButton, {}, desk.at(9.99, 0.5)); // its second end
        QCOMPARE(desk.calipers.chosen(), 0);
        holdKey(desk.canvas, Qt::Key_Right, 30);
        QVERIFY(std::abs(desk.calipers.all().front().toSeconds - 9.998) < 1e-9);
        for (int i = 0; i < 5; ++i) // both: the distance stays
            QTest::keyClick(&desk.canvas, Qt::Key_Right, Qt::ShiftModifier);
        QVERIFY(std::abs(desk.calipers.all().front().fromSeconds - 9.5) < 1e-9);
        QVERIFY(std::abs(desk.calipers.all().front().toSeconds - 9.998) < 1e-9);
        desk.calipers.set(RecordingId(1), {{"II", 0.004, 0.504, 0, 0, false, false}});
        QTest::mouseClick(&desk.canvas, Qt::LeftButton, {}, desk.at(0.504, 0.5));
        QCOMPARE(desk.calipers.chosen(), 0);
        for (int i = 0; i < 5; ++i)
            QTest::keyClick(&desk.canvas, Qt::Key_Left, Qt::ShiftModifier);
        QCOMPARE(desk.calipers.all().front().fromSeconds, 0.0);
        QVERIFY(std::abs(desk.calipers.all().front().toSeconds - 0.5) < 1e-9);
    }

    // Where a caliper through all leads crosses another lead, the hand's height is not its lead's.
    void onAnotherLeadOnlyTheTimeMoves() {
        Desk desk;
        desk.canvas.setPaperLayout(PaperLayout::TwelveByOne);
        desk.canvas.grab();
        desk.calipers.set(RecordingId(1), {{"II", 3.0, 4.0, 0, 1000, false, true}});
        const auto page = layoutPaper(desk.canvas.shown(), desk.canvas.options(), desk.canvas.width() / desk.scale());
        const auto row = [&](double seconds, const std::string& lead) {
            for (const auto& strip : page.strips)
                if (strip.name == lead)
                    return QPointF(desk.canvas.xOf(seconds), strip.baselineY * desk.scale()).toPoint();
            return QPoint();
        };
        const auto drag = [&](QPoint from, QPoint to) {
            QTest::mousePress(&desk.canvas, Qt::LeftButton, {}, from);
            QMouseEvent move(QEvent::MouseMove, QPointF(to), desk.canvas.mapToGlobal(QPointF(to)), Qt::NoButton,
                             Qt::LeftButton, {});
            QCoreApplication::sendEvent(&desk.canvas, &move);
            QTest::mouseRelease(&desk.canvas, Qt::LeftButton, {}, to);
        };
        drag(row(4.0, "V5"), row(4.3, "V5"));
        Caliper c = desk.calipers.all().front();
        QCOMPARE(desk.calipers.all().size(), std::size_t(1));
        QVERIFY2(std::abs(c.toSeconds - 4.3) < 0.02, qPrintable(QString::number(c.toSeconds)));
        QCOMPARE(c.toUv, 1000.0);
        drag(row(4.3, "II"), row(4.4, "II")); // on its own: the trace's 0 mV
        c = desk.calipers.all().front();
        QVERIFY(std::abs(c.toSeconds - 4.4) < 0.02);
        QCOMPARE(c.toUv, 0.0);
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

    // Another program holds the study: the window goes on, the latest change is written when it may, and what is known
    // here is shown meanwhile.
    void aLockedStudyHoldsNothingUp() {
        StudyFixture study(2);
        QVERIFY(study.valid());
        const auto opened = Study::open(study.folder());
        QVERIFY(opened.ok());
        const RecordingId id(1), other(2);
        const Caliper a{"II", 1, 2, 0, 0, false, false}, b{"V1", 3, 4, 0, 0, false, false};
        CaliperStore store;
        Lock lock(study.folder());
        QVERIFY(lock.held());
        store.keep(study.folder(), id, {a});
        store.keep(study.folder(), other, {a});
        store.keep(study.folder(), id, {a, b});
        QVERIFY(store.pending());
        QVERIFY(keptIn(study, id).empty());
        QCOMPARE(store.load(**opened, study.folder(), id).size(), std::size_t(2));
        lock.release();
        QVERIFY(QTest::qWaitFor([&] { return !store.pending(); }, kPatience));
        QCOMPARE(keptIn(study, id), (std::vector<Caliper>{a, b}));
        QCOMPARE(keptIn(study, other), std::vector<Caliper>{a});
        QCOMPARE(store.load(**opened, study.folder(), id).size(), std::size_t(2));
    }

    void whatIsPendingIsWrittenAtTheEnd() {
        StudyFixture study(2);
        QVERIFY(study.valid());
        const Caliper c{"II", 1, 2, 0, 0, false, false};
        {
            CaliperStore store;
            for (int i = 0; i < 20; ++i)
                store.keep(study.folder(), RecordingId(1 + i % 2),
                           std::vector<Caliper>(static_cast<std::size_t>(i + 1), c));
        }
        QCOMPARE(keptIn(study, RecordingId(1)).size(), std::size_t(19));
        QCOMPARE(keptIn(study, RecordingId(2)).size(), std::size_t(20));
    }

    // What cannot be written is told, kept, and tried again with the next change.
    void aFailureIsToldAndTriedAgain() {
        StudyFixture study(1);
        QVERIFY(study.valid());
        const auto away = study.folder().parent_path() / "away";
        std::filesystem::rename(study.folder(), away);
        CaliperStore store;
        QStringList told;
        connect(&store, &CaliperStore::failed, this, [&](const QString& reason) { told << reason; });
        const Caliper c{"II", 1, 2, 0, 0, false, false};
        store.keep(study.folder(), RecordingId(1), {c});
        QVERIFY(QTest::qWaitFor([&] { return !told.isEmpty(); }, kPatience));
        QVERIFY(store.pending());
        std::filesystem::rename(away, study.folder());
        store.keep(study.folder(), RecordingId(7), {});
        QVERIFY(QTest::qWaitFor([&] { return !store.pending(); }, kPatience));
        QCOMPARE(keptIn(study, RecordingId(1)), std::vector<Caliper>{c});
    }

    // A trace that is filtered for a recording that is no longer shown never comes onto the paper.
    void afterAFailureNothingComesLate() {
        StudyFixture study(2);
        QVERIFY(study.valid());
        MainWindow window(MainWindow::Memory::None);
        window.show();
        Session& session = window.session();
        QVERIFY(openAndWait(session, study.path()));
        auto* view = window.findChild<EcgView*>();
        view->filters()->choose({0.5, 50, 40}); // its job comes back with the events
        Q_EMIT session.recordingFailed(QStringLiteral("gone"));
        QVERIFY(QTest::qWaitFor([&] { return session.idle(); }, kPatience));
        QTest::qWait(20);
        QVERIFY(view->canvas()->shown().leads.empty());
        QVERIFY(view->canvas()->options().filters.isEmpty());
        // And a newer choice stops the job of the one before: it is asked, whether it runs or waits.
        int asked = 0;
        for (int tried = 0; tried < 5 && asked == 0; ++tried) { // a busy machine may finish the first in between
            view->filters()->choose({0.5, 0, 0});
            view->filters()->choose({0, 50, 0});
            for (const auto& job : session.jobs().jobs())
                asked += job.title == "Filtering" && job.stopRequested ? 1 : 0;
        }
        QVERIFY2(asked >= 1, "no job was asked to stop");
        QVERIFY(QTest::qWaitFor([&] { return session.idle(); }, kPatience));
    }

    void filteringStopsBetweenLeads() {
        const auto recording = measurable();
        const DisplayFilters filters{0.5, 50, 40};
        std::stop_source stop;
        const auto whole = filteredForDisplay(recording, filters, stop.get_token());
        QVERIFY(whole.ok());
        const auto expected = withDisplayFilters(recording, filters);
        for (std::size_t i = 0; i < recording.leads.size(); ++i) {
            QCOMPARE((*whole)->leads[i].samples, expected->leads[i].samples);
            QCOMPARE((*whole)->leads[i].name, recording.leads[i].name);
        }
        stop.request_stop();
        QVERIFY(filteredForDisplay(recording, filters, stop.get_token()).cancelled());
    }

    // Another screen, another size of a millimetre; and what was measured stays in the memory of a window that
    // remembers nothing.
    void trueSizeFollowsTheScreen() {
        StudyFixture study(1);
        QVERIFY(study.valid());
        MainWindow window(MainWindow::Memory::None);
        window.show();
        QVERIFY(openAndWait(window.session(), study.path()));
        auto* view = window.findChild<EcgView*>();
        QCOMPARE(&window.session().settings(), &window.settings());
        setScreenPixelsPerMm(window.settings(), *window.screen(), 5.5);
        view->canvas()->setFocus();
        QTest::keyClick(view->canvas(), Qt::Key_T);
        view->canvas()->grab();
        QCOMPARE(view->canvas()->pixelsPerMm(), 5.5);
        setScreenPixelsPerMm(window.settings(), *window.screen(), 7.5);
        Q_EMIT window.windowHandle()->screenChanged(window.screen());
        view->canvas()->grab();
        QCOMPARE(view->canvas()->pixelsPerMm(), 7.5);
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
        QCOMPARE(view->canvas()->options().filters, QStringLiteral("0.5\u201340 Hz, notch 50 Hz"));
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
