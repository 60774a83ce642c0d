// SPDX-License-Identifier: GPL-3.0-or-later
// The window as a person drives it: open, move, switch, import, close.
#include "core/base/file.h"
#include "tests/ui/ui_fixture.h"
#include "ui/shell/appearance.h"
#include "ui/shell/import_dialog.h"
#include "ui/shell/import_result.h"
#include "ui/shell/main_window.h"
#include "ui/theme/theme.h"
#include "ui/view.h"
#include "ui/widgets.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QDir>
#include <QDockWidget>
#include <QFile>
#include <QLabel>
#include <QLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QMap>
#include <QMessageBox>
#include <QSettings>
#include <QTabBar>
#include <QTableView>
#include <QTimer>
#include <QTranslator>
#include <QTreeWidget>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

using namespace precordia;

namespace {

QAction* actionNamed(const MainWindow& window, const QString& text) {
    for (const auto& group : window.actionGroups(true))
        for (QAction* action : group.actions)
            if (plainText(*action) == text)
                return action;
    return nullptr;
}

// A run as the trainer leaves it, in whose view everything stands that can stand there.
bool writeRun(const std::filesystem::path& folder) {
    std::string metrics = "step,channel,temporal,interval_effective_rank,event_effective_rank,recording_effective_rank,"
                          "interval_std,event_std,recording_std,interval_mean_cosine,event_mean_cosine,"
                          "recording_mean_cosine,interval_teacher_gap,event_teacher_gap,knn_auroc,loss_z,verdict\n";
    for (int step = 1; step <= 500; step += 100)
        metrics +=
            std::to_string(step) + ",0.4191,0.2931,55.4,31.5,10.5,0.5,0.8,0.1,0.05,0.3,0.9,0.2,0.3,0.71,9,collapsing\n";
    std::filesystem::create_directories(folder);
    return writeFileAtomically(folder / "config.json", R"({"name":"nano"})").ok() &&
           writeFileAtomically(folder / "environment.json", R"({"total_steps":500})").ok() &&
           writeFileAtomically(folder / "metrics.csv", metrics).ok() &&
           writeFileAtomically(folder / "model.safetensors", "-").ok();
}

// The least height that a widget's layout can do with at this width, texts that wrap included.
int leastHeight(const QWidget& widget, int width) {
    const QLayout& layout = *widget.layout();
    const int wrapped = layout.hasHeightForWidth() ? layout.totalMinimumHeightForWidth(width) : 0;
    return std::max(layout.totalMinimumSize().height(), wrapped);
}

} // namespace

class TestUiWindow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        applyTheme(QStringLiteral("light"));
        study_ = std::make_unique<StudyFixture>(8);
        QVERIFY(study_->valid());
    }
    void cleanupTestCase() { study_.reset(); }

    void firstStartOffersTheDemo() {
        MainWindow window(MainWindow::Memory::None);
        window.show();
        QVERIFY(!window.session().hasStudy());
        QVERIFY(window.currentView() == nullptr);
        QVERIFY(window.windowTitle().endsWith(QStringLiteral("Research use only")));
        QVERIFY(!actionNamed(window, QStringLiteral("Next recording"))->isEnabled());
        QVERIFY(actionNamed(window, QStringLiteral("Open the demo study"))->isEnabled());
    }

    // The tabs of Details and Labels outlive a larger window, the way back, and the layout begun anew.
    void tabsOfDocksStay() {
        MainWindow window(MainWindow::Memory::None);
        window.show();
        QVERIFY(openAndWait(window.session(), study_->path()));
        const auto tabs = [&]() -> const QTabBar* {
            for (const auto* bar : window.findChildren<QTabBar*>(QString(), Qt::FindDirectChildrenOnly))
                if (bar->isVisible() && bar->count() == 2)
                    return bar;
            return nullptr;
        };
        for (const QSize size : {QSize(1280, 800), QSize(1920, 1080), QSize(1280, 800)}) {
            window.docks()[2]->raise();
            QTest::qWait(50);
            window.docks()[1]->raise();
            QTest::qWait(50);
            window.resize(size);
            window.resetLayout();
            QTest::qWait(100);
            int empty = 0; // Qt keeps such bars, and has shown them over the one with tabs
            for (const auto* bar : window.findChildren<QTabBar*>(QString(), Qt::FindDirectChildrenOnly))
                empty += bar->isVisible() && bar->count() == 0 ? 1 : 0;
            QCOMPARE(empty, 0);
            QTRY_VERIFY(tabs() != nullptr);
            QCOMPARE(tabs()->elideMode(), Qt::ElideNone); // the chosen one is bold: "Det..." of "Details"
            const auto place = [&] { return tabs() != nullptr ? tabs()->geometry() : QRect(); };
            QTRY_VERIFY2(window.rect().contains(place()) && place().height() > 20 &&
                             place().bottom() > window.height() - 80,
                         qPrintable(QStringLiteral("%1: %2, %3, %4 high")
                                        .arg(size.height())
                                        .arg(place().x())
                                        .arg(place().y())
                                        .arg(place().height())));
        }
    }

    void opensAStudyAndMoves() {
        MainWindow window(MainWindow::Memory::None);
        window.show();
        QVERIFY(openAndWait(window.session(), study_->path()));
        QCOMPARE(window.windowTitle(), QStringLiteral("Precordia - study - Research use only"));
        QVERIFY(window.currentView() != nullptr);
        // Idle also before it is asked for; and the session may read the rows anew meanwhile.
        QTRY_VERIFY_WITH_TIMEOUT(window.session().recording() != nullptr, kPatience);
        const auto held = window.session().rows();
        const auto& rows = *held;
        QCOMPARE(window.session().selection().current(), rows[0].id);
        QCOMPARE(window.session().recording()->row.id, rows[0].id);

        QTest::keyClick(&window, Qt::Key_J);
        QCOMPARE(window.session().selection().current(), rows[1].id);
        QTest::keyClick(&window, Qt::Key_J);
        QTest::keyClick(&window, Qt::Key_K);
        QCOMPARE(window.session().selection().current(), rows[1].id);
        QTRY_COMPARE_WITH_TIMEOUT(window.session().recording()->row.id, rows[1].id, kPatience);

        // The view that was in front stays in front.
        window.showView(QStringLiteral("map"));
        QCOMPARE(window.currentView()->key(), QStringLiteral("map"));
        QTest::keyClick(&window, Qt::Key_J);
        QCOMPARE(window.currentView()->key(), QStringLiteral("map"));
        QVERIFY(QTest::qWaitFor([&] { return window.session().idle(); }, kPatience));
    }

    // The smallest screen that the program is made for: what a view cannot do without, with a finished run, a message
    // of two lines and all that the window has around it. Asked of the layouts: the window itself only grows.
    void everyViewFitsASmallScreen() {
        const StudyFixture own(3);
        QVERIFY(own.valid());
        QVERIFY(writeRun(own.folder() / "runs" / "2026-01-01-a"));
        MainWindow window(MainWindow::Memory::None);
        window.resize(1280, 800);
        window.show();
        QVERIFY(openAndWait(window.session(), own.path()));
        window.session().startEngine(); // what it says of the machine takes lines of its own
        QVERIFY(QTest::qWaitFor([&] { return window.session().engineInfo() && window.session().idle(); }, kPatience));
        window.messages().show(QStringLiteral("info"), QStringLiteral("First line\nSecond line"));
        for (View* view : window.views()) {
            window.showView(view->key());
            window.resize(1280, 800);
            window.resetLayout();
            QTest::qWait(50);
            const int around = window.height() - view->height();
            const int least = leastHeight(*view, view->width());
            const auto said =
                QStringLiteral("%1 needs %2 px of height and %3 around it").arg(view->key()).arg(least).arg(around);
            QVERIFY2(around > 100 && least > 50, qPrintable(said)); // measured at all
            QVERIFY2(around + least <= 800 && window.height() <= 800, qPrintable(said));
            if (qEnvironmentVariableIsSet("PRECORDIA_TELL"))
                qInfo("%s", qPrintable(said));
        }
    }

    // Going through quickly, only the last one is shown: a result that comes late is dropped.
    void lateResultsAreDropped() {
        Session session;
        QVERIFY(openAndWait(session, study_->path()));
        const auto rows = session.rows();
        QList<std::int64_t> seen;
        connect(&session, &Session::recordingChanged, this, [&] {
            if (session.recording())
                seen << session.recording()->row.id.value;
        });
        for (const std::size_t i : {6, 3, 7, 5})
            session.selection().setCurrent((*rows)[i].id);
        QVERIFY(QTest::qWaitFor([&] { return session.idle(); }, kPatience));
        QCOMPARE(session.recording()->row.id, (*rows)[5].id);
        QCOMPARE(seen.last(), (*rows)[5].id.value);
        QVERIFY(!seen.contains((*rows)[6].id.value));
    }

    void recordingSaysWhatIsKnown() {
        Session session;
        QVERIFY(openAndWait(session, study_->path()));
        const auto loaded = session.recording();
        QVERIFY(!loaded->windows.empty());
        QVERIFY(loaded->rPeaks.size() >= 3);
        // The demo study knows its truth; the R peaks must agree with it.
        const double truth = loaded->truth.at("heart_rate_bpm");
        QVERIFY2(std::abs(loaded->computed.at("heart_rate_bpm") - truth) < 0.1 * truth + 3,
                 qPrintable(QString::number(truth)));
    }

    void aMissingFileIsToldNotHidden() {
        const StudyFixture own(3);
        Session session;
        QVERIFY(openAndWait(session, own.path()));
        const auto rows = session.rows();
        QString failure;
        connect(&session, &Session::recordingFailed, this, [&](const QString& reason) { failure = reason; });
        auto source = (*rows)[2].source;
        QVERIFY(std::filesystem::remove(source));
        session.selection().setCurrent((*rows)[2].id);
        QVERIFY(QTest::qWaitFor([&] { return !failure.isEmpty(); }, kPatience));
        QVERIFY(session.recording() == nullptr);
        // And it goes on.
        session.selection().setCurrent((*rows)[0].id);
        QVERIFY(QTest::qWaitFor([&] { return session.recording() && session.recording()->row.id == (*rows)[0].id; },
                                kPatience));
    }

    void noStudyThereIsAMessage() {
        MainWindow window(MainWindow::Memory::None);
        window.show();
        window.session().openStudy(study_->elsewhere("nothing"));
        QVERIFY(QTest::qWaitFor([&] { return window.messages().isVisible(); }, kPatience));
        QVERIFY(!window.session().hasStudy());
        QCOMPARE(window.messages().property("level").toString(), QStringLiteral("alarm"));
    }

    void importsIntoANewStudy() {
        const QString folder = study_->elsewhere("fresh");
        MainWindow window(MainWindow::Memory::None);
        window.show();
        const QString broken = study_->elsewhere("broken.hea");
        QFile file(broken);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("broken 12 500 5000\nbroken.dat 16 200 16 0 0 0 0 I\n");
        file.close();
        const QString recordings = study_->path() + QStringLiteral("/recordings");
        window.session().importPaths({recordings, broken}, recordings + QStringLiteral("/labels.csv"), folder);
        QVERIFY(QTest::qWaitFor(
            [&] { return window.session().hasStudy() && window.session().lastImport() && window.session().idle(); },
            kPatience));
        QCOMPARE(window.session().lastImport()->imported, 8);
        QCOMPARE(window.session().lastImport()->failed.size(), std::size_t(1));
        QCOMPARE(window.session().rows()->size(), std::size_t(8));
        // What failed can be read again.
        actionNamed(window, QStringLiteral("Last import"))->trigger();
        ImportResultDialog* result = nullptr;
        QVERIFY(
            QTest::qWaitFor([&] { return (result = window.findChild<ImportResultDialog*>()) != nullptr; }, kPatience));
        QVERIFY(result->isVisible());
        const auto* tree = result->findChild<QTreeWidget*>();
        QVERIFY(tree != nullptr && tree->topLevelItemCount() > 0 && tree->topLevelItem(0)->childCount() > 0);
        QCOMPARE(tree->topLevelItem(0)->child(0)->text(0), QStringLiteral("broken.hea"));
        result->close();
        // The same again brings nothing new: dropped, it opens the dialog with what was dropped.
        QTimer::singleShot(0, &window, [&window] {
            auto* dialog = window.findChild<ImportDialog*>();
            QVERIFY(dialog != nullptr);
            QCOMPARE(dialog->paths().size(), 1);
            dialog->accept();
        });
        window.importDropped({study_->path() + QStringLiteral("/recordings")});
        QVERIFY(QTest::qWaitFor(
            [&] { return window.session().lastImport()->duplicates == 8 && window.session().idle(); }, kPatience));
        QCOMPARE(window.session().rows()->size(), std::size_t(8));
    }

    void themeSwitchesLive() {
        MainWindow window(MainWindow::Memory::None);
        window.show();
        actionNamed(window, QStringLiteral("Dark"))->trigger();
        QVERIFY(theme().kind == ThemeKind::Dark);
        QCOMPARE(window.palette().color(QPalette::Window), Theme::of(ThemeKind::Dark).window);
        actionNamed(window, QStringLiteral("High contrast"))->trigger();
        QVERIFY(theme().kind == ThemeKind::HighContrast);
        actionNamed(window, QStringLiteral("Light"))->trigger();
        QVERIFY(theme().kind == ThemeKind::Light);
    }

    // A key does one thing: among the window's actions and those of each view with them.
    void shortcutsAreUnique() {
        MainWindow window(MainWindow::Memory::None);
        const auto groups = window.actionGroups(true);
        for (qsizetype view = 1; view < groups.size(); ++view) {
            QMap<QString, QString> taken;
            for (const auto& group : {groups.first(), groups[view]})
                for (const QAction* action : group.actions)
                    for (const QKeySequence& keys : action->shortcuts()) {
                        const QString key = keys.toString();
                        QVERIFY2(!taken.contains(key), qPrintable(key + QStringLiteral(": ") + taken.value(key) +
                                                                  QStringLiteral(" and ") + action->text()));
                        taken.insert(key, action->text());
                    }
        }
        QVERIFY(groups.size() >= 7);
    }

    void everyViewExplainsItself() {
        MainWindow window(MainWindow::Memory::None);
        QStringList keys;
        for (const View* view : window.views()) {
            QVERIFY(!view->title().isEmpty());
            QVERIFY2(view->help().size() > 40, qPrintable(view->key()));
            keys << view->key();
        }
        QCOMPARE(keys, (QStringList{QStringLiteral("ecg"), QStringLiteral("beat"), QStringLiteral("compare"),
                                    QStringLiteral("intervals"), QStringLiteral("events"), QStringLiteral("map"),
                                    QStringLiteral("training"), QStringLiteral("evaluate"), QStringLiteral("report")}));
    }

    void docksCloseAndComeBack() {
        MainWindow window(MainWindow::Memory::None);
        window.show();
        for (QDockWidget* dock : window.docks()) {
            dock->close();
            QVERIFY(!dock->isVisible());
        }
        window.resetLayout();
        for (QDockWidget* dock : window.docks())
            QVERIFY(dock->isVisible() && !dock->isFloating());
    }

    // At 1280 x 800 nothing demands more room than there is, in German too, whose words are longer.
    void fitsASmallScreen_data() {
        QTest::addColumn<QString>("language");
        QTest::newRow("English") << QStringLiteral("en");
        QTest::newRow("German") << QStringLiteral("de");
    }
    void fitsASmallScreen() {
        QFETCH(QString, language);
        QTranslator translator;
        QVERIFY(translator.load(QStringLiteral(":/i18n/precordia_%1.qm").arg(language)));
        QCoreApplication::installTranslator(&translator);
        MainWindow window(MainWindow::Memory::None);
        window.show();
        QVERIFY(openAndWait(window.session(), study_->path()));
        for (const View* view : window.views()) {
            window.showView(view->key());
            QTest::qWait(20);
            window.resize(1280, 800);
            QVERIFY2(window.width() <= 1280 && window.height() <= 800, qPrintable(view->key()));
            QVERIFY2(window.minimumSizeHint().width() <= 1280,
                     qPrintable(view->key() + QStringLiteral(" wants ") +
                                QString::number(window.minimumSizeHint().width())));
        }
    }

    void comesBackAsItWas() {
        QTemporaryDir home;
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, home.path());
        {
            MainWindow window;
            window.show();
            QVERIFY(openAndWait(window.session(), study_->path()));
            window.showView(QStringLiteral("events"));
            window.docks()[1]->close();
            window.worklist().table().setColumnHidden(static_cast<int>(WorklistColumn::Age), false);
            window.close();
        }
        MainWindow again;
        again.show();
        QVERIFY(!again.docks()[1]->isVisible());
        QVERIFY(again.docks()[0]->isVisible());
        QVERIFY(!again.worklist().table().isColumnHidden(static_cast<int>(WorklistColumn::Age)));
        QCOMPARE(again.settings().recentStudies(), QStringList{study_->path()});
        QVERIFY(openAndWait(again.session(), study_->path()));
        QCOMPARE(again.currentView()->key(), QStringLiteral("events"));
        again.close();
    }

    // A job asks before the window closes; told to stop, the window goes when the job has come to its safe point.
    void closingAsksWhileAJobRuns() {
        MainWindow window(MainWindow::Memory::None);
        window.show();
        std::atomic<bool> stopped{false};
        window.session().jobs().start<Done>("Counting",
                                            [&stopped](const StopToken& stop, Progress&) -> Result<Done> {
                                                while (!stop.stop_requested())
                                                    std::this_thread::sleep_for(std::chrono::milliseconds(5));
                                                stopped = true;
                                                return Cancelled{};
                                            },
                                            {});
        const auto answer = [](const char* wanted) {
            QTimer::singleShot(50, [wanted] {
                auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
                QVERIFY(box != nullptr);
                for (QAbstractButton* button : box->buttons())
                    if (button->text() == QLatin1String(wanted))
                        button->click();
            });
        };
        answer("Keep running");
        QVERIFY(!window.close());
        QVERIFY(!stopped);
        answer("Stop and close");
        window.close();
        QTRY_VERIFY_WITH_TIMEOUT(!window.isVisible(), kPatience);
        QVERIFY(stopped);
    }

    void paletteFindsAndRuns() {
        MainWindow window(MainWindow::Memory::None);
        window.show();
        QVERIFY(openAndWait(window.session(), study_->path()));
        window.showPalette();
        auto* palette = window.findChild<ActionPalette*>();
        QVERIFY(palette != nullptr && palette->isVisible());
        auto* search = palette->findChild<QLineEdit*>();
        QTest::keyClicks(search, QStringLiteral("next rec"));
        QTest::keyClick(search, Qt::Key_Return);
        QVERIFY(!palette->isVisible());
        QCOMPARE(window.session().selection().current(), (*window.session().rows())[1].id);
        QVERIFY(QTest::qWaitFor([&] { return window.session().idle(); }, kPatience));
    }

    // "Dark" alone would not be found by what it is for; and nothing is said, not shown as an empty list.
    void paletteKnowsSubmenus() {
        MainWindow window(MainWindow::Memory::None);
        window.show();
        window.showPalette();
        auto* palette = window.findChild<ActionPalette*>();
        auto* search = palette->findChild<QLineEdit*>();
        auto* list = palette->findChild<QListWidget*>();
        search->setText(QStringLiteral("theme"));
        QCOMPARE(list->count(), 4);
        QCOMPARE(list->item(2)->text(), QStringLiteral("Theme: Dark"));
        search->setText(QStringLiteral("language"));
        QCOMPARE(list->count(), 3);
        search->setText(QStringLiteral("no such action"));
        QCOMPARE(list->count(), 1);
        QCOMPARE(list->item(0)->text(), QStringLiteral("Nothing found"));
        QTest::keyClick(search, Qt::Key_Return);
        QVERIFY(palette->isVisible());
        palette->close();
    }

    void importTakesTypedPaths() {
        ImportDialog dialog(true, nullptr);
        dialog.show();
        auto* source = dialog.findChildren<QLineEdit*>().constFirst();
        const auto buttons = dialog.findChildren<QPushButton*>();
        const auto import = std::find_if(buttons.begin(), buttons.end(),
                                         [](QPushButton* b) { return b->text() == QStringLiteral("Import"); });
        QVERIFY(import != buttons.end() && !(*import)->isEnabled());
        const QString recordings = study_->path() + QStringLiteral("/recordings");
        source->setText(recordings);
        QVERIFY((*import)->isEnabled());
        QCOMPARE(dialog.labelsCsv(), recordings + QStringLiteral("/labels.csv"));
        QVERIFY(dialog.studyFolder().endsWith(QStringLiteral("/recordings")));
        source->setText(recordings + QStringLiteral("; \"") + study_->path() + QStringLiteral("\"\n"));
        QCOMPARE(dialog.paths(), (QStringList{recordings, study_->path()}));
        QVERIFY((*import)->isEnabled());
        source->setText(recordings + QStringLiteral(";/no/such/folder"));
        QVERIFY(!(*import)->isEnabled());
        const auto labels = dialog.findChildren<QLabel*>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->text() == QStringLiteral("Does not exist: /no/such/folder");
        }));
        // Chosen files are taken as they are, whatever their names.
        dialog.setPaths({study_->path() + QStringLiteral("/a;b")});
        QCOMPARE(dialog.paths(), QStringList{study_->path() + QStringLiteral("/a;b")});
    }

private:
    std::unique_ptr<StudyFixture> study_;
};

QTEST_MAIN(TestUiWindow)
#include "test_ui_window.moc"
