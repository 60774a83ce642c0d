// SPDX-License-Identifier: GPL-3.0-or-later
// Marks of the median beat under a hand: dragged, moved by key, undone, kept with who and when. PRECORDIA_PICTURES
// names a folder for pictures of it.
#include "core/ecg/synthesis.h"
#include "core/io/wfdb_writer.h"
#include "core/report/recording_report.h"
#include "core/study/fiducial_edits.h"
#include "core/study/import.h"
#include "core/study/measure_study.h"
#include "tests/ui/ui_fixture.h"
#include "ui/beat/beat_canvas.h"
#include "ui/beat/beat_marks.h"
#include "ui/beat/beat_view.h"
#include "ui/shell/appearance.h"
#include "ui/shell/main_window.h"
#include "ui/worklist/details_panel.h"
#include "ui/worklist/worklist_model.h"
#include "ui/worklist/worklist_panel.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QTest>
#include <QUndoStack>

#include <cmath>

using namespace precordia;

namespace {

void picture(QWidget& widget, const char* name) {
    const QString folder = qEnvironmentVariable("PRECORDIA_PICTURES");
    if (!folder.isEmpty())
        widget.grab().save(folder + QLatin1Char('/') + QLatin1String(name) + QStringLiteral(".png"));
}

struct Desk {
    MainWindow window{MainWindow::Memory::None};
    BeatView* view = nullptr;
    Session& session = window.session();
    bool open(const StudyFixture& study, int recording) {
        session.setSight({"Reader A", false});
        window.resize(1280, 800);
        window.show();
        view = window.findChild<BeatView*>();
        window.showView(QStringLiteral("beat"));
        return openAndWait(session, study.path()) && goTo(recording);
    }
    bool goTo(int recording) {
        session.selection().setCurrent(RecordingId(recording));
        return QTest::qWaitFor(
            [&] {
                return session.idle() && view->marks()->ecg() && view->marks()->recording() == RecordingId(recording);
            },
            kPatience);
    }
    bool settle() {
        return QTest::qWaitFor([&] { return session.idle() && !view->store().busy(); }, kPatience);
    }
    // From a mark in a cell, by so many seconds.
    void drag(MedianMark mark, double by, std::size_t cell = 4) {
        auto& canvas = *view->canvas();
        canvas.grab();
        const double from = *view->marks()->marks().at(mark);
        const int y = static_cast<int>(canvas.page().cells[cell].rect.center().y() * canvas.pixelsPerMm());
        const QPoint start(static_cast<int>(std::lround(canvas.xOf(from, cell))), y);
        const QPointF to(start.x() + by * 50 * canvas.pixelsPerMm(), y + 3);
        QTest::mousePress(&canvas, Qt::LeftButton, {}, start);
        QMouseEvent move(QEvent::MouseMove, to, canvas.mapToGlobal(to), Qt::NoButton, Qt::LeftButton, {});
        QCoreApplication::sendEvent(&canvas, &move);
        QTest::mouseRelease(&canvas, Qt::LeftButton, {}, to.toPoint());
    }
    QString cell(const QString& name, int column) const {
        for (int row = 0; row < view->table()->rowCount(); ++row)
            if (view->table()->item(row, 0)->text() == name)
                return view->table()->item(row, column)->text();
        return {};
    }
};

} // namespace

class TestUiBeat : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        QVERIFY(study_.valid());
        applyTheme(QStringLiteral("light"));
    }

    // Of one lead or two the lettering is as large as of twelve, and all of it is there.
    void fewLeads() {
        QTemporaryDir temporary;
        const std::filesystem::path folder(temporary.path().toStdString());
        std::filesystem::create_directories(folder / "files");
        SynthesisOptions options;
        options.seconds = 10;
        auto recording = synthesise(options, 3).recording;
        for (const std::size_t leads : {12U, 2U, 1U}) {
            if (leads == 2)
                recording.leads = {recording.leads[1], recording.leads[10]}; // of which no other can be derived
            recording.leads.resize(leads);
            const auto file = folder / "files" / ("with" + std::to_string(leads) + ".hea");
            QVERIFY(writeWfdb(recording, file).ok());
        }
        ImportRequest request;
        request.paths = {folder / "files"};
        Progress progress;
        QVERIFY(importInto(folder / "study", request, {}, progress).ok());
        Desk desk;
        desk.window.resize(1280, 800);
        desk.window.show();
        desk.view = desk.window.findChild<BeatView*>();
        desk.window.showView(QStringLiteral("beat"));
        QVERIFY(openAndWait(desk.session, temporary.filePath(QStringLiteral("study"))));
        const auto rows = desk.session.rows();
        const auto scaleOf = [&](const char* name) {
            const auto at = std::find_if(rows->begin(), rows->end(), [&](const auto& r) { return r.name == name; });
            if (at == rows->end() || !desk.goTo(static_cast<int>(at->id.value)))
                return 0.0;
            for (const char* theme : {"light", "contrast"}) {
                applyTheme(QLatin1String(theme));
                QTest::qWait(1);
                picture(desk.window, qPrintable(QStringLiteral("beat-%1-%2").arg(QLatin1String(name), theme)));
            }
            applyTheme(QStringLiteral("light"));
            desk.view->canvas()->grab();
            return desk.view->canvas()->pixelsPerMm();
        };
        const double twelve = scaleOf("with12");
        QVERIFY(twelve > 0.5);
        for (const char* name : {"with2", "with1"}) {
            const double scale = scaleOf(name);
            QVERIFY2(scale > 0.75 * twelve && scale < 1.25 * twelve, qPrintable(QString::number(scale / twelve)));
            const auto& canvas = *desk.view->canvas();
            const QSizeF page = canvas.page().sizeMm;
            QVERIFY(page.width() * scale <= canvas.width() + 1 && page.height() * scale <= canvas.height() + 1);
            const double footer =
                paperTextWidth(QStringLiteral("50 mm/s  10 mm/mV · median beat · Research use only"), 2.1);
            QVERIFY2(page.width() >= footer + 10, qPrintable(QString::number(page.width() - footer)));
        }
    }

    // The QT of the table is the distance between the marks, and it is in the study with who and when.
    void draggedMeasuredKept() {
        Desk desk;
        QVERIFY(desk.open(study_, 1));
        auto* marks = desk.view->marks();
        const MedianMarks was = marks->marks();
        QVERIFY(was.tOff && was.qrsOn);
        QCOMPARE(desk.cell(QStringLiteral("QT, ms"), 1), desk.cell(QStringLiteral("QT, ms"), 2));
        desk.drag(MedianMark::TOff, 0.040);
        QVERIFY2(std::abs(*marks->marks().tOff - *was.tOff - 0.040) < 0.003,
                 qPrintable(QString::number(*marks->marks().tOff - *was.tOff)));
        QCOMPARE(marks->marks().qrsOn, was.qrsOn);
        QCOMPARE(desk.cell(QStringLiteral("QT, ms"), 2),
                 QString::number(std::lround(1000 * (*marks->marks().tOff - *was.qrsOn))));
        picture(desk.window, "beat-light");
        desk.drag(MedianMark::QrsOn, -0.010, 0);
        QCOMPARE(desk.session.undoStack().count(), 2);
        const MedianMarks moved = marks->marks();
        QVERIFY(desk.settle());
        auto edits = *fiducialEdits(*desk.session.study(), RecordingId(1));
        QCOMPARE(edits.size(), std::size_t(2));
        QVERIFY(*edits.back().marks == moved);
        QCOMPARE(edits.back().reader, std::string("Reader A"));
        // Undone, redone, undone twice: as computed, and the journal tells all of it.
        QVERIFY(desk.session.undoStack().undoText().contains(QStringLiteral("QRS onset")));
        desk.session.undoStack().undo();
        QCOMPARE(marks->marks().qrsOn, was.qrsOn);
        desk.session.undoStack().redo();
        QVERIFY(marks->marks() == moved);
        desk.session.undoStack().undo();
        desk.session.undoStack().undo();
        QVERIFY(!marks->isEdited());
        QVERIFY(desk.settle());
        edits = *fiducialEdits(*desk.session.study(), RecordingId(1));
        QCOMPARE(edits.size(), std::size_t(6));
        QVERIFY(!edits.back().marks);
        desk.session.undoStack().redo();
        QVERIFY(desk.settle());
    }

    // What was kept is there when the recording comes back, in another window too; an undo goes where it belongs.
    void comesBack() {
        MedianMarks moved;
        {
            Desk desk;
            QVERIFY(desk.open(study_, 2));
            desk.drag(MedianMark::QrsOff, 0.016);
            moved = desk.view->marks()->marks();
            QVERIFY(moved != desk.view->marks()->computed());
            QVERIFY(desk.goTo(3));
            QVERIFY(!desk.view->marks()->isEdited());
            QVERIFY(desk.goTo(2));
            QVERIFY(desk.view->marks()->marks() == moved);
            QVERIFY(desk.goTo(3));
            desk.session.undoStack().undo();
            QVERIFY(QTest::qWaitFor([&] { return desk.view->marks()->recording() == RecordingId(2); }, kPatience));
            QVERIFY(!desk.view->marks()->isEdited());
            desk.session.undoStack().redo();
            QVERIFY(desk.view->marks()->marks() == moved);
            QVERIFY(desk.settle());
        }
        Desk desk;
        QVERIFY(desk.open(study_, 2));
        QVERIFY(desk.view->marks()->marks() == moved);
        picture(desk.window, "beat-again-light");
        applyTheme(QStringLiteral("dark"));
        QTest::qWait(20);
        picture(desk.window, "beat-dark");
        applyTheme(QStringLiteral("light"));
        QVERIFY(desk.settle());
    }

    // A blinded reader begins with the computed marks, whatever another one did.
    void blindedToTheMarksOfAnother() {
        Desk desk;
        QVERIFY(desk.open(study_, 2));
        QVERIFY(desk.view->marks()->isEdited());
        desk.session.setSight({"Reader B", true});
        QVERIFY(QTest::qWaitFor([&] { return desk.session.idle() && desk.view->marks()->ecg(); }, kPatience));
        QVERIFY(!desk.view->marks()->isEdited());
        for (const auto* label : desk.view->findChildren<QLabel*>())
            QVERIFY(!label->text().contains(QStringLiteral("Reader A")));
        desk.session.setSight({"Reader B", false});
        QVERIFY(QTest::qWaitFor([&] { return desk.session.idle() && desk.view->marks()->ecg(); }, kPatience));
        QVERIFY(desk.view->marks()->isEdited());
    }

    // A single beat by its number: its own marks, its own journal; an undo finds its way back to it.
    void singleBeats() {
        Desk desk;
        QVERIFY(desk.open(study_, 3));
        auto* marks = desk.view->marks();
        auto* which = desk.view->which();
        QCOMPARE(which->maximum(), static_cast<int>(marks->ecg()->delineation.beats.size()));
        QVERIFY(which->maximum() > 4);
        const MedianMarks median = marks->marks();
        const auto peak = marks->ecg()->delineation.beats[2].peak;
        QTest::keyClick(desk.view->canvas(), Qt::Key_PageDown);
        QCOMPARE(which->value(), 1);
        which->setValue(3);
        QVERIFY(marks->beat() == peak);
        QCOMPARE(marks->ecg()->medianBeat.beats, std::size_t(1));
        const MedianMarks was = marks->marks();
        desk.drag(MedianMark::TOff, 0.030);
        const MedianMarks moved = marks->marks();
        QVERIFY2(std::abs(*moved.tOff - *was.tOff - 0.030) < 0.003, qPrintable(QString::number(*moved.tOff)));
        picture(desk.window, "beat-single-light");
        QVERIFY(desk.settle());
        const auto edits = *fiducialEdits(*desk.session.study(), RecordingId(3));
        QCOMPARE(edits.size(), std::size_t(1));
        QVERIFY(edits[0].beat == peak && *edits[0].marks == moved);
        QVERIFY(desk.session.moved().empty());
        which->setValue(0);
        QVERIFY(!marks->beat() && marks->marks() == median);
        which->setValue(4);
        QVERIFY(!marks->isEdited());
        which->setValue(3);
        QVERIFY(marks->marks() == moved);
        QVERIFY(desk.goTo(2));
        desk.session.undoStack().undo();
        QVERIFY(QTest::qWaitFor([&] { return marks->recording() == RecordingId(3) && marks->ecg(); }, kPatience));
        QCOMPARE(which->value(), 3);
        QVERIFY(marks->marks() == was);
        QVERIFY(desk.settle());
    }

    // What was moved on the median beat is told wherever measurements are.
    void toldElsewhere() {
        Desk desk;
        QVERIFY(desk.open(study_, 3));
        const auto texts = [&] {
            QStringList all;
            for (const auto* label : desk.window.findChild<DetailsPanel*>()->findChildren<QLabel*>())
                all << label->text();
            return all;
        };
        QVERIFY(!texts().contains(QStringLiteral("moved")));
        desk.drag(MedianMark::TOff, 0.040);
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.moved().contains("qt_ms"), kPatience); // kept, and told to the session
        const double qt = desk.session.moved().at("qt_ms");
        QCOMPARE(desk.cell(QStringLiteral("QT, ms"), 2), QString::number(std::lround(qt)));
        QVERIFY(QTest::qWaitFor([&] { return texts().contains(QStringLiteral("moved")); }, kPatience));
        QVERIFY(texts().filter(QString::number(std::lround(qt))).size() > 0);
        const auto report = collectReport(*desk.session.study(), RecordingId(3));
        QVERIFY(report.ok());
        QCOMPARE(report->moved.at("qt_ms"), qt);
        QCOMPARE(report->movedBy, std::string("Reader A"));
        auto numbers = measurementNumbers(*desk.session.study(), *desk.session.rows(), "moved/qt_ms");
        QCOMPARE(numbers->at(2), static_cast<float>(qt));
        QVERIFY(std::isnan(numbers->at(3)));
        // The column that is shown follows without being read again.
        auto& worklist = desk.window.worklist();
        WorklistView view = worklist.view();
        view.layout.columns.push_back({"moved/qt_ms", 60});
        worklist.applyView(view);
        const auto* model = worklist.findChild<WorklistModel*>();
        const auto shown = [&] {
            const auto* column = model->index().numbers("moved/qt_ms");
            return column != nullptr ? column->at(2) : -1.0F;
        };
        QVERIFY(QTest::qWaitFor([&] { return shown() == static_cast<float>(qt); }, kPatience));
        desk.session.undoStack().undo();
        QVERIFY(QTest::qWaitFor([&] { return std::isnan(shown()); }, kPatience));
        QTRY_VERIFY_WITH_TIMEOUT(desk.session.moved().empty(), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(!texts().contains(QStringLiteral("moved")), kPatience);
    }

    void keysMoveBySamples() {
        Desk desk;
        QVERIFY(desk.open(study_, 4));
        auto& canvas = *desk.view->canvas();
        auto* marks = desk.view->marks();
        canvas.setFocus();
        canvas.grab();
        QVERIFY(!canvas.chosen());
        QTest::keyClick(&canvas, Qt::Key_X);
        QVERIFY(canvas.chosen());
        while (canvas.chosen() != MedianMark::TOff)
            QTest::keyClick(&canvas, Qt::Key_X);
        const double was = *marks->marks().tOff;
        for (int i = 0; i < 8; ++i) {
            QKeyEvent event(QEvent::KeyPress, Qt::Key_Right, Qt::NoModifier, QString(), i > 0);
            QCoreApplication::sendEvent(&canvas, &event);
        }
        const double first = std::round(was / 0.002) * 0.002; // a computed mark may lie between samples
        QVERIFY(std::abs(*marks->marks().tOff - first - 0.016) < 0.0021);
        QCOMPARE(desk.session.undoStack().count(), 1);
        // The journal has the press and where the key came to rest, not every repeat.
        const MedianMarks rested = marks->marks();
        QVERIFY(desk.settle());
        const auto edits = *fiducialEdits(*desk.session.study(), RecordingId(4));
        QVERIFY2(edits.size() <= 3, qPrintable(QString::number(edits.size())));
        QVERIFY(*edits.back().marks == rested);
        QTest::keyClick(&canvas, Qt::Key_Left, Qt::ShiftModifier);
        QCOMPARE(desk.session.undoStack().count(), 2);
        desk.session.undoStack().undo();
        desk.session.undoStack().undo();
        QVERIFY(!marks->isEdited());
        QVERIFY(desk.settle());
    }

    // Edits of the last moment are written before the window is gone.
    void closingLosesNothing() {
        MedianMarks moved;
        {
            Desk desk;
            QVERIFY(desk.open(study_, 5));
            desk.drag(MedianMark::TOff, -0.020);
            moved = desk.view->marks()->marks();
        }
        const auto study = Study::open(study_.folder());
        const auto edits = fiducialEdits(**study, RecordingId(5));
        QCOMPARE(edits->size(), std::size_t(1));
        QVERIFY(*edits->back().marks == moved);
    }

private:
    StudyFixture study_{5};
};

QTEST_MAIN(TestUiBeat)
#include "test_ui_beat.moc"
