// SPDX-License-Identifier: GPL-3.0-or-later
// Two ECGs against each other as a person sees them, twelve rows that scroll, and printing. PRECORDIA_PICTURES names a
// folder for pictures of it.
#include "tests/ui/ui_fixture.h"
#include "ui/compare/compare_view.h"
#include "ui/compare/comparison_canvas.h"
#include "ui/compare/comparison_table.h"
#include "ui/ecg/ecg_view.h"
#include "ui/ecg/paper_canvas.h"
#include "ui/ecg/paper_scroll.h"
#include "ui/ecg/print_ecg.h"
#include "ui/shell/appearance.h"
#include "ui/shell/main_window.h"
#include "ui/widgets.h"
#include "ui/worklist/worklist_model.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QFile>
#include <QLabel>
#include <QPrintPreviewDialog>
#include <QPrintPreviewWidget>
#include <QPrinter>
#include <QRegularExpression>
#include <QScrollBar>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTableView>
#include <QTest>
#include <QTimer>

using namespace precordia;

namespace {

// The first three of the study are one person's, in the order of their dates: 2, 1, 3; the fourth is another's, of the
// others nothing is known.
bool makeOnePatient(const std::filesystem::path& folder) {
    bool done = false;
    {
        auto database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("patient"));
        database.setDatabaseName(QString::fromStdString((folder / "study.sqlite").string()));
        done = database.open();
        QSqlQuery patient(database);
        done = done && patient.exec(QStringLiteral("INSERT INTO patients (pseudonym) VALUES ('S1')"));
        const QVariant id = patient.lastInsertId();
        const char* const dates[] = {"2021-05-02T10:00:00", "2020-01-01T08:30:00", "2022-07-03T12:00:00"};
        for (int i = 0; i < 3; ++i) {
            QSqlQuery query(database);
            query.prepare(QStringLiteral("UPDATE recordings SET patient_id = ?, recorded_at = ? WHERE id = ?"));
            query.addBindValue(id);
            query.addBindValue(QString::fromLatin1(dates[i]));
            query.addBindValue(i + 1);
            done = done && query.exec() && query.numRowsAffected() == 1;
        }
        done = done && patient.exec(QStringLiteral("UPDATE recordings SET patient_id = NULL WHERE id > 3")) &&
               patient.exec(QStringLiteral("INSERT INTO patients (pseudonym) VALUES ('S2')"));
        const QVariant another = patient.lastInsertId();
        patient.prepare(QStringLiteral("UPDATE recordings SET patient_id = ? WHERE id = 4"));
        patient.addBindValue(another);
        done = done && patient.exec() && patient.numRowsAffected() == 1;
        database.close();
    }
    QSqlDatabase::removeDatabase(QStringLiteral("patient"));
    return done;
}

bool goTo(Session& session, RecordingId id) {
    session.selection().setCurrent(id);
    return QTest::qWaitFor([&] { return session.idle() && session.recording() && session.recording()->row.id == id; },
                           kPatience);
}

void picture(QWidget& widget, const char* name) {
    const QString folder = qEnvironmentVariable("PRECORDIA_PICTURES");
    if (!folder.isEmpty())
        widget.grab().save(folder + QLatin1Char('/') + QLatin1String(name) + QStringLiteral(".png"));
}

QString cellOf(const ComparisonTable& table, const QString& name, int column) {
    for (int row = 0; row < table.rowCount(); ++row)
        if (table.item(row, 0) != nullptr && table.item(row, 0)->text() == name)
            return table.item(row, column)->text();
    return {};
}

} // namespace

class TestUiCompare : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        QVERIFY(study_.valid());
        QVERIFY(makeOnePatient(study_.folder()));
        applyTheme(QStringLiteral("light"));
    }

    // The one before it of the same patient is proposed, by date and not by number; J goes on and it stays compared.
    void theOneBeforeIsProposed() {
        MainWindow window(MainWindow::Memory::None);
        window.resize(1280, 800);
        window.show();
        Session& session = window.session();
        QVERIFY(openAndWait(session, study_.path()));
        auto* view = window.findChild<CompareView*>();
        window.showView(QStringLiteral("compare"));
        const auto comparedWith = [&](int reference, int current) {
            return QTest::qWaitFor(
                [&] {
                    return view->compared() && view->compared()->referenceRow.id == RecordingId(reference) &&
                           view->compared()->currentRow.id == RecordingId(current);
                },
                kPatience);
        };
        QVERIFY(goTo(session, RecordingId(3)));
        QVERIFY(comparedWith(1, 3));
        QVERIFY(goTo(session, RecordingId(1)));
        QVERIFY(comparedWith(2, 1));
        QVERIFY(goTo(session, RecordingId(2))); // the first of all: the one after it
        QVERIFY(comparedWith(1, 2));
        picture(window, "compare-beats-light");
        QVERIFY(view->references()->count() >= 3);
        // The table is of the two, and its third column is their difference.
        const auto* beats = &*view->compared()->beats;
        for (const auto& v : beats->values)
            if (v.key == "qrs_ms" && v.difference)
                QCOMPARE(cellOf(*view->table(), QStringLiteral("QRS, ms"), 2),
                         QString::number(std::lround(*v.current.value)));
        QVERIFY(view->canvas()->beats().cells.size() == 12);
        // Nobody else's is known: it says so, and a choice in the worklist is taken.
        QVERIFY(goTo(session, RecordingId(5)));
        QVERIFY(QTest::qWaitFor([&] { return !view->compared(); }, kPatience));
        session.selection().setReference(RecordingId(4));
        QVERIFY(comparedWith(4, 5));
        QVERIFY(goTo(session, RecordingId(6)));
        QVERIFY(comparedWith(4, 6)); // it stays
        // Swapped.
        for (QAction* action : view->actions())
            if (action->text().contains(QStringLiteral("Swap")))
                action->trigger();
        QVERIFY(comparedWith(6, 4));
        QVERIFY(QTest::qWaitFor([&] { return session.idle(); }, kPatience));
    }

    // Whether both are one person's is told where they are seen and on the paper, without any id.
    void whoseTheyAre() {
        Session session;
        CompareView view(session);
        view.resize(1100, 700);
        view.show();
        QVERIFY(openAndWait(session, study_.path()));
        const auto told = [&](int reference, int current) {
            session.selection().setReference(RecordingId(reference));
            if (!goTo(session, RecordingId(current)) ||
                !QTest::qWaitFor(
                    [&] {
                        return session.idle() && view.compared() &&
                               view.compared()->referenceRow.id == RecordingId(reference) &&
                               view.compared()->currentRow.id == RecordingId(current);
                    },
                    kPatience))
                return QStringLiteral("not compared");
            QString text;
            for (const auto* label : view.findChild<MessageBar*>()->findChildren<QLabel*>())
                if (label->isVisibleTo(&view))
                    text += label->text();
            return text;
        };
        QVERIFY(!told(1, 3).contains(QStringLiteral("patient")));
        QVERIFY(view.canvas()->referenceText().startsWith(QStringLiteral("Reference: ")));
        const QString different = told(1, 4);
        QVERIFY2(different.contains(QStringLiteral("different patients")), qPrintable(different));
        QVERIFY(view.canvas()->referenceText().contains(QStringLiteral("another patient")));
        for (const char* id : {"S1", "S2"})
            QVERIFY(!different.contains(QLatin1String(id)) &&
                    !view.canvas()->referenceText().contains(QLatin1String(id)));
        picture(view, "compare-different");
        const QString unknown = told(1, 5);
        QVERIFY2(unknown.contains(QStringLiteral("not known")), qPrintable(unknown));
        QVERIFY(view.canvas()->referenceText().contains(QStringLiteral("not known")));
        QVERIFY(!told(2, 3).contains(QStringLiteral("patient"))); // the line goes again
    }

    // A blinded reader compares numbers, not names; the proposal stands again when the rows have come.
    void blindedToTheNameOfTheReference() {
        Session session;
        CompareView view(session);
        view.resize(900, 600);
        view.show();
        QVERIFY(openAndWait(session, study_.path()));
        QVERIFY(goTo(session, RecordingId(3)));
        const auto compared = [&] {
            return QTest::qWaitFor([&] { return session.idle() && view.compared(); }, kPatience) ? view.compared()
                                                                                                 : nullptr;
        };
        QVERIFY(compared());
        QVERIFY(!compared()->referenceRow.name.starts_with('#'));
        session.setSight({"ann", true});
        QVERIFY(!view.compared());
        QVERIFY(compared());
        QCOMPARE(compared()->referenceRow.id, RecordingId(1));
        QCOMPARE(compared()->referenceRow.name, std::string("#1"));
        QCOMPARE(compared()->currentRow.name, std::string("#3"));
        QVERIFY(compared()->referenceRow.labels.empty());
        for (int i = 1; i < view.references()->count(); ++i)
            QVERIFY(view.references()->itemText(i).contains(QLatin1Char('#')));
    }

    // Both on one scale, inside the canvas, and not over each other.
    void tracesAreOnOneScale() {
        MainWindow window(MainWindow::Memory::None);
        window.resize(1280, 800);
        window.show();
        Session& session = window.session();
        QVERIFY(openAndWait(session, study_.path()));
        auto* view = window.findChild<CompareView*>();
        QVERIFY(goTo(session, RecordingId(3)));
        session.selection().setReference(RecordingId(1)); // brings the view to the front
        QCOMPARE(window.currentView(), static_cast<View*>(view));
        QVERIFY(QTest::qWaitFor([&] { return view->compared() != nullptr; }, kPatience));
        view->enterTourState(QStringLiteral("traces"));
        for (const QSize size : {QSize(1280, 800), QSize(2200, 700)}) {
            window.resize(size);
            QTest::qWait(20);
            view->canvas()->grab();
            const auto& canvas = *view->canvas();
            std::array<QRectF, 2> areas;
            for (std::size_t i = 0; i < 2; ++i) {
                const auto& page = canvas.pages()[i];
                QCOMPARE(page.strips.size(), std::size_t(13));
                areas[i] = QRectF(canvas.origins()[i], page.sizeMm * canvas.pixelsPerMm());
                QVERIFY(QRectF(canvas.rect()).adjusted(-1, -1, 1, 1).contains(areas[i]));
                QCOMPARE(page.traceArea.width(), 250.0); // 10 s
            }
            QVERIFY(!areas[0].adjusted(1, 1, -1, -1).intersects(areas[1]));
            QVERIFY2(canvas.pixelsPerMm() > 2, qPrintable(QString::number(canvas.pixelsPerMm())));
        }
        window.resize(1280, 800);
        QTest::qWait(20);
        picture(window, "compare-traces-light");
        applyTheme(QStringLiteral("dark"));
        QTest::qWait(20);
        picture(window, "compare-traces-dark");
        view->enterTourState(QStringLiteral("beats"));
        QTest::qWait(20);
        picture(window, "compare-beats-dark");
        applyTheme(QStringLiteral("light"));
        QVERIFY(QTest::qWaitFor([&] { return session.idle(); }, kPatience));
    }

    // The right button asks about a row; the recording in focus stays.
    void theWorklistOffersIt() {
        MainWindow window(MainWindow::Memory::None);
        window.resize(1280, 800);
        window.show();
        Session& session = window.session();
        QVERIFY(openAndWait(session, study_.path()));
        QVERIFY(goTo(session, RecordingId(1)));
        auto* table = window.worklist().findChild<QTableView*>();
        const QPoint third = table->visualRect(table->model()->index(2, 0)).center();
        QTest::mousePress(table->viewport(), Qt::RightButton, {}, third);
        QTest::mouseRelease(table->viewport(), Qt::RightButton, {}, third);
        QCOMPARE(session.selection().current(), RecordingId(1));
        auto* action = table->findChild<QAction*>(QStringLiteral("compareWithCurrent"));
        QVERIFY(action != nullptr && table->contextMenuPolicy() == Qt::ActionsContextMenu);
        action->trigger();
        const RecordingId asked = static_cast<WorklistModel*>(table->model())->idAt(2);
        QVERIFY(asked.valid());
        QCOMPARE(session.selection().reference(), asked);
        QCOMPARE(window.currentView()->key(), QStringLiteral("compare"));
        auto* view = window.findChild<CompareView*>();
        QVERIFY(
            QTest::qWaitFor([&] { return view->compared() && view->compared()->referenceRow.id == asked; }, kPatience));
        QCOMPARE(view->compared()->currentRow.id, RecordingId(1));
        QVERIFY(QTest::qWaitFor([&] { return session.idle(); }, kPatience));
    }

    // What is on its way for another pair is dropped.
    void aLateComparisonIsDropped() {
        Session session;
        QVERIFY(openAndWait(session, study_.path()));
        CompareView view(session);
        view.resize(900, 600);
        view.show();
        QVERIFY(goTo(session, RecordingId(5)));
        session.selection().setReference(RecordingId(1));
        session.selection().setReference(RecordingId(5)); // itself: nothing to compare
        QVERIFY(QTest::qWaitFor([&] { return session.idle(); }, kPatience));
        QTest::qWait(20);
        QVERIFY(!view.compared());
    }

    // Twelve rows keep 15 mm each; a window that is lower scrolls, by its bar, by key and by hand.
    void twelveRowsScroll() {
        MainWindow window(MainWindow::Memory::None);
        window.resize(1280, 800);
        window.show();
        QVERIFY(openAndWait(window.session(), study_.path()));
        auto* view = window.findChild<EcgView*>();
        auto* canvas = view->canvas();
        auto* scroll = view->findChild<PaperScroll*>();
        canvas->grab();
        QTRY_COMPARE(scroll->verticalScrollBar()->maximum(), 0); // 3 x 4 fits, once it is laid out
        view->enterTourState(QStringLiteral("12x1"));
        QTest::qWait(20);
        canvas->grab();
        QVERIFY2(canvas->options().rowHeight >= 15 - 0.05, qPrintable(QString::number(canvas->options().rowHeight)));
        QVERIFY(scroll->verticalScrollBar()->maximum() > 0);
        QVERIFY(canvas->height() > scroll->viewport()->height());
        picture(window, "12x1-light");
        canvas->setFocus();
        QTest::keyClick(canvas, Qt::Key_PageDown);
        QVERIFY(scroll->verticalScrollBar()->value() > 0);
        picture(window, "12x1-scrolled-light");
        scroll->verticalScrollBar()->setValue(0);
        const QPoint from(canvas->width() / 2, scroll->viewport()->height() / 2);
        QTest::mousePress(canvas, Qt::LeftButton, {}, from);
        const QPointF to = from - QPoint(0, 20);
        QMouseEvent move(QEvent::MouseMove, to, canvas->mapToGlobal(to), Qt::NoButton, Qt::LeftButton, {});
        QCoreApplication::sendEvent(canvas, &move);
        QCOMPARE(scroll->verticalScrollBar()->value(), 20);
        QTest::mouseRelease(canvas, Qt::LeftButton, {}, to.toPoint());
        // True size: rows stay apart, too.
        view->enterTourState(QStringLiteral("zoomed"));
        canvas->setTrueSize(9.0);
        QTest::qWait(20);
        canvas->grab();
        QVERIFY(canvas->options().rowHeight >= 22 - 0.05);
        QVERIFY(scroll->verticalScrollBar()->maximum() > 0);
        QVERIFY(QTest::qWaitFor([&] { return window.session().idle(); }, kPatience));
    }

    // Through QPrinter, as the dialog has it: A4 across, the part and the layout that are shown.
    void printsThroughThePrinter() {
        const auto ecg = [&] {
            const auto opened = Study::open(study_.folder());
            return *(*opened)->readRecording(RecordingId(1));
        }();
        const QString file = study_.elsewhere("print.pdf");
        PaperOptions shown;
        shown.layout = PaperLayout::SixByTwo;
        shown.startSeconds = 2;
        shown.rowHeight = 33;
        shown.colours = PaperColours::night();
        const PaperOptions options = printOptions(ecg, shown);
        QCOMPARE(options.startSeconds, 0.0); // ten seconds are printed whole
        QCOMPARE(options.layout, PaperLayout::SixByTwo);
        QCOMPARE(options.colours.ground, PaperColours::standard().ground);
        QCOMPARE(options.rowHeight, 0.0);
        {
            QPrinter printer(QPrinter::HighResolution);
            printer.setOutputFormat(QPrinter::PdfFormat);
            printer.setOutputFileName(file);
            setUpForEcg(printer, QStringLiteral("P0001"));
            QVERIFY(printEcg(printer, ecg, options).ok());
        }
        QFile pdf(file);
        QVERIFY(pdf.open(QIODevice::ReadOnly));
        const QString bytes = QString::fromLatin1(pdf.readAll());
        QVERIFY(bytes.contains(QRegularExpression(QStringLiteral("/MediaBox \\[0 0 842(\\.0+)? 595(\\.0+)?\\]"))));
        static const QRegularExpression page(QStringLiteral("/Type /Page\\b[^s]"));
        QCOMPARE(bytes.count(page), 1);
        QVERIFY(!bytes.contains(QStringLiteral("/UserUnit")));
    }

    // File > Print: from whatever view, the preview of the ECG.
    void theMenuOpensThePreview() {
        MainWindow window(MainWindow::Memory::None);
        window.resize(1280, 800);
        window.show();
        QVERIFY(openAndWait(window.session(), study_.path()));
        window.showView(QStringLiteral("training"));
        int pages = 0;
        QTimer watch;
        connect(&watch, &QTimer::timeout, this, [&] {
            if (auto* dialog = qobject_cast<QPrintPreviewDialog*>(QApplication::activeModalWidget())) {
                pages = dialog->findChild<QPrintPreviewWidget*>()->pageCount();
                picture(*dialog, "print-preview-light");
                dialog->reject();
            }
        });
        watch.start(50);
        for (QAction* action : window.actions())
            if (action->shortcut() == QKeySequence(QKeySequence::Print)) {
                QVERIFY(action->isEnabled());
                action->trigger();
            }
        QCOMPARE(pages, 1);
        QCOMPARE(window.currentView()->key(), QStringLiteral("ecg"));
        QVERIFY(QTest::qWaitFor([&] { return window.session().idle(); }, kPatience));
    }

private:
    StudyFixture study_{6};
};

QTEST_MAIN(TestUiCompare)
#include "test_ui_compare.moc"
