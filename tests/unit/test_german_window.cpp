// SPDX-License-Identifier: GPL-3.0-or-later
// The window in German: its words are there, and none is cut at 1280 x 800.
#include "core/base/progress.h"
#include "core/study/demo.h"
#include "ui/shell/appearance.h"
#include "ui/shell/main_window.h"
#include "ui/view.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QMenuBar>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <QtTest>

using namespace precordia;

namespace {

constexpr int kWidth = 1280, kHeight = 800;

// Words that are the same in both languages, and names.
bool isWord(const QString& text) {
    return std::any_of(text.begin(), text.end(), [](QChar c) { return c.isLetter(); });
}

QString nameOf(const QWidget* widget, const QString& text) {
    return QStringLiteral("%1 \"%2\": %3 px wide, needs %4")
        .arg(QLatin1String(widget->metaObject()->className()), text)
        .arg(widget->width())
        .arg(widget->sizeHint().width());
}

// Hidden in part: by a scroll area that does not scroll sideways, say. What is scrolled away altogether does not count.
bool clipped(const QWidget* widget) {
    const QRect seen = widget->visibleRegion().boundingRect();
    return !seen.isEmpty() && seen.width() < std::min(widget->width(), widget->sizeHint().width());
}

// What shows less than its text. Labels that wrap, elide by themselves or scroll are not asked.
QStringList cutTexts(QWidget* window) {
    QStringList cut;
    for (auto* label : window->findChildren<QLabel*>())
        if (label->isVisible() && !label->wordWrap() && isWord(label->text()) &&
            label->sizePolicy().horizontalPolicy() != QSizePolicy::Ignored &&
            (label->width() < label->sizeHint().width() || clipped(label)))
            cut << nameOf(label, label->text());
    for (auto* button : window->findChildren<QAbstractButton*>())
        if (button->isVisible() && isWord(button->text()) &&
            (button->width() < button->sizeHint().width() || clipped(button)))
            cut << nameOf(button, button->text());
    for (auto* box : window->findChildren<QComboBox*>()) {
        if (!box->isVisible() || !isWord(box->currentText()))
            continue;
        QStyleOptionComboBox option;
        option.initFrom(box);
        const QRect field =
            box->style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, box);
        if (field.width() < box->fontMetrics().horizontalAdvance(box->currentText()))
            cut << nameOf(box, box->currentText());
    }
    for (auto* header : window->findChildren<QHeaderView*>()) {
        if (!header->isVisible() || header->orientation() != Qt::Horizontal || header->model() == nullptr)
            continue;
        for (int i = 0; i < header->count(); ++i) {
            const QString text = header->model()->headerData(i, Qt::Horizontal).toString();
            if (!header->isSectionHidden(i) && header->sectionSize(i) < header->fontMetrics().horizontalAdvance(text))
                cut << QStringLiteral("column \"%1\": %2 px wide").arg(text).arg(header->sectionSize(i));
        }
    }
    return cut;
}

// A run as the trainer leaves it, so that the curves with their legends are there.
bool writeRun(const QString& folder) {
    const auto write = [&folder](const char* name, const QByteArray& text) {
        QFile file(folder + QLatin1Char('/') + QLatin1String(name));
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
    };
    QByteArray metrics = "step,channel,temporal,interval_effective_rank,event_effective_rank,recording_effective_rank,"
                         "interval_std,event_std,recording_std,interval_mean_cosine,event_mean_cosine,"
                         "recording_mean_cosine,interval_teacher_gap,event_teacher_gap,knn_auroc,loss_z,verdict\n";
    for (int step = 1; step <= 500; step += 100)
        metrics += QByteArray::number(step) +
                   ",0.4191,0.2931,55.4,31.5,10.5,0.5,0.8,0.1,0.05,0.3,0.9,0.2,0.3,0.71,9,collapsing\n";
    return QDir().mkpath(folder) && write("config.json", R"({"name":"nano"})") &&
           write("environment.json", R"({"total_steps":500})") && write("metrics.csv", metrics);
}

} // namespace

class TestGermanWindow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void menusAndTabs();
    void mnemonicsAreUniqueInAMenu();
    void welcomeIsNotCut();
    void failuresSpeakGerman();
    void viewsAreNotCut();
    void everyViewHelpsInGerman();
    void cleanupTestCase();

private:
    QTemporaryDir folder_;
    std::unique_ptr<MainWindow> window_;
};

void TestGermanWindow::initTestCase() {
    qputenv("PRECORDIA_NO_SETTINGS", "1");
    installLanguage(*qApp, QStringLiteral("de"));
    applyTheme(QStringLiteral("light"));
    window_ = std::make_unique<MainWindow>(MainWindow::Memory::None);
    window_->resize(kWidth, kHeight);
    window_->show();
    QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
}

void TestGermanWindow::menusAndTabs() {
    QStringList menus;
    for (const QAction* action : window_->menuBar()->actions())
        menus << action->text().remove(QLatin1Char('&'));
    QCOMPARE(menus, QStringList({QStringLiteral("Datei"), QStringLiteral("Bearbeiten"), QStringLiteral("Ansicht"),
                                 QStringLiteral("Studie"), QStringLiteral("Modell"), QStringLiteral("Erkunden"),
                                 QStringLiteral("Bericht"), QStringLiteral("Hilfe")}));
    const auto* tabs = window_->findChild<QTabWidget*>();
    QVERIFY(tabs != nullptr);
    QStringList titles;
    for (int i = 0; i < tabs->count(); ++i)
        titles << tabs->tabText(i);
    for (const QString& title : {QStringLiteral("EKG"), QStringLiteral("Intervalle"), QStringLiteral("Ereignisse"),
                                 QStringLiteral("Karte"), QStringLiteral("Training"), QStringLiteral("Bericht")})
        QVERIFY2(titles.contains(title), qPrintable(title + QStringLiteral(" in ") + titles.join(QLatin1Char(' '))));
    QVERIFY(window_->windowTitle().contains(QStringLiteral("Nur für Forschungszwecke")));
    // Plurals need the forms of the language, not "(s)".
    QCOMPARE(QCoreApplication::translate("precordia::WorklistPanel", "%Ln recording(s)", nullptr, 1),
             QStringLiteral("1 Aufzeichnung"));
    QCOMPARE(QCoreApplication::translate("precordia::WorklistPanel", "%Ln recording(s)", nullptr, 2),
             QStringLiteral("2 Aufzeichnungen"));
}

void TestGermanWindow::mnemonicsAreUniqueInAMenu() {
    QStringList twice;
    const auto check = [&twice](const QString& menu, const QList<QAction*>& actions) {
        QHash<QChar, QString> taken;
        for (const QAction* action : actions) {
            const qsizetype at = action->text().indexOf(QLatin1Char('&'));
            if (at < 0 || at + 1 >= action->text().size())
                continue;
            const QChar key = action->text()[at + 1].toLower();
            if (taken.contains(key))
                twice << menu + QStringLiteral(": ") + taken[key] + QStringLiteral(" and ") + action->text();
            taken[key] = action->text();
        }
    };
    check(QStringLiteral("menu bar"), window_->menuBar()->actions());
    for (const QAction* top : window_->menuBar()->actions())
        if (top->menu() != nullptr)
            check(top->text(), top->menu()->actions());
    QVERIFY2(twice.isEmpty(), qPrintable(QLatin1Char('\n') + twice.join(QLatin1Char('\n'))));
}

void TestGermanWindow::welcomeIsNotCut() {
    const QStringList cut = cutTexts(window_.get());
    QVERIFY2(cut.isEmpty(), qPrintable(QLatin1Char('\n') + cut.join(QLatin1Char('\n'))));
}

// What happened and why, the core's own part included.
void TestGermanWindow::failuresSpeakGerman() {
    QString told;
    const auto connection = connect(&window_->session(), &Session::message, window_.get(),
                                    [&told](const Session::Message& message) { told = message.text; });
    window_->session().openStudy(QStringLiteral("/no/such/study"));
    QTRY_VERIFY_WITH_TIMEOUT(told.startsWith(QStringLiteral("Die Studie konnte nicht geöffnet werden: ")), 30000);
    disconnect(connection);
    QVERIFY2(told.contains(QStringLiteral("in diesem Ordner ist keine Studie")), qPrintable(told));
    QVERIFY2(told.count(QStringLiteral("/no/such/study")) == 1, qPrintable(told));
}

void TestGermanWindow::viewsAreNotCut() {
    Progress progress;
    const auto made = makeDemoStudy(folder_.filePath(QStringLiteral("demo")).toStdString(), 6, 1, {}, progress);
    QVERIFY2(made.ok(), failureText(made).c_str());
    QVERIFY(writeRun(folder_.filePath(QStringLiteral("demo/runs/2026-01-31-120000-nano"))));
    window_->session().openStudy(folder_.filePath(QStringLiteral("demo")));
    QTRY_VERIFY_WITH_TIMEOUT(window_->session().recording() != nullptr, 30000);
    // With the engine where it is built: the encodings fill the views.
    QTRY_VERIFY_WITH_TIMEOUT(window_->session().idle(), 60000);
    QStringList cut;
    for (View* view : window_->views()) {
        window_->showView(view->key());
        QTest::qWait(50); // what it asks for begins, and ends
        QTRY_VERIFY_WITH_TIMEOUT(window_->session().idle(), 60000);
        QTest::qWait(50);
        for (const QString& text : cutTexts(window_.get()))
            cut << view->key() + QStringLiteral(": ") + text;
    }
    for (const View* view : window_->views())
        if (window_->width() > kWidth) // no window is wider than its screen because a view asks for it
            cut << QStringLiteral("%1 asks for %2 px, the window for %3")
                       .arg(view->key())
                       .arg(view->minimumSizeHint().width())
                       .arg(window_->width());
    cut.removeDuplicates();
    QVERIFY2(cut.isEmpty(), qPrintable(QLatin1Char('\n') + cut.join(QLatin1Char('\n'))));
}

void TestGermanWindow::everyViewHelpsInGerman() {
    for (const View* view : window_->views())
        QVERIFY2(!view->help().contains(QLatin1String(" the ")), qPrintable(view->help()));
}

void TestGermanWindow::cleanupTestCase() {
    window_.reset();
}

QTEST_MAIN(TestGermanWindow)
#include "test_german_window.moc"
