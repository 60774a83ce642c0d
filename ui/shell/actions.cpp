// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/actions.h"

#include "ui/labels/label_panel.h"
#include "ui/shell/appearance.h"
#include "ui/shell/main_window.h"
#include "ui/widgets.h"
#include "ui/worklist/measuring.h"

#include <QActionGroup>
#include <QApplication>
#include <QDesktopServices>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QUrl>

namespace precordia {

Actions::Actions(MainWindow& window) : QObject(&window), window_(window) {
    fileMenu();
    editMenu();
    viewMenu();
    studyMenu();
    modelMenu();
    exploreMenu();
    reportMenu();
    helpMenu();
    Session& session = window_.session();
    connect(&session, &Session::studyChanged, this, &Actions::enable);
    connect(&session, &Session::runChanged, this, &Actions::enable);
    connect(&session, &Session::sightChanged, this, &Actions::enable);
    connect(&session.selection(), &StudySelection::currentChanged, this, &Actions::enable);
    enable();
}

QAction* Actions::add(QMenu* menu, const QString& text, const QKeySequence& keys, std::function<void()> run) {
    QAction* action = menu->addAction(text);
    action->setShortcut(keys);
    connect(action, &QAction::triggered, this, [run = std::move(run)] { run(); });
    // Also on the window: a shortcut must work while its menu bar is hidden.
    window_.addAction(action);
    all_ << action;
    return action;
}

void Actions::enable() {
    const Session& session = window_.session();
    for (QAction* action : std::as_const(needStudy_))
        action->setEnabled(session.hasStudy());
    for (QAction* action : std::as_const(needEyes_))
        action->setEnabled(session.hasStudy() && !session.sight().blinded);
    for (QAction* action : std::as_const(needRecording_))
        action->setEnabled(session.hasStudy() && window_.session().selection().current().valid());
    for (QAction* action : std::as_const(needRun_))
        action->setEnabled(session.run().running);
    if (pause_ != nullptr)
        pause_->setText(session.run().paused ? tr("Resume the &run") : tr("&Pause the run"));
}

void Actions::fileMenu() {
    QMenu* menu = window_.menuBar()->addMenu(tr("&File"));
    add(menu, tr("&Open a study…"), QKeySequence::Open, [this] { window_.askOpenStudy(); });
    add(menu, tr("&New study from a folder of ECGs…"), QKeySequence::New, [this] { window_.askNewStudy(); });
    add(menu, tr("Open the &demo study"), {}, [this] { window_.openDemoStudy(); });
    QMenu* recent = menu->addMenu(tr("&Recent studies"));
    connect(recent, &QMenu::aboutToShow, this, [this, recent] {
        recent->clear();
        for (const QString& folder : window_.settings().recentStudies())
            connect(recent->addAction(QFileInfo(folder).fileName()), &QAction::triggered, this,
                    [this, folder] { window_.session().openStudy(folder); });
        if (recent->isEmpty())
            recent->addAction(tr("None yet"))->setEnabled(false);
    });
    menu->addSeparator();
    add(menu, tr("&Import ECGs…"), QKeySequence(Qt::CTRL | Qt::Key_I), [this] { window_.askImport(); });
    needRecording_ << add(menu, tr("&Print…"), QKeySequence::Print, [this] { window_.print(); });
    menu->addSeparator();
    add(menu, tr("&Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q), [this] { window_.close(); });
}

void Actions::editMenu() {
    QMenu* menu = window_.menuBar()->addMenu(tr("&Edit"));
    QUndoStack& stack = window_.session().undoStack();
    // The stack's own actions name what they undo; these carry the shortcuts and stand in the palette.
    QAction* undo = add(menu, tr("&Undo"), QKeySequence::Undo, [&stack] { stack.undo(); });
    QAction* redo = add(menu, tr("&Redo"), QKeySequence::Redo, [&stack] { stack.redo(); });
    const auto show = [undo, redo, &stack] {
        undo->setEnabled(stack.canUndo());
        redo->setEnabled(stack.canRedo());
        undo->setText(stack.canUndo() ? tr("&Undo: %1").arg(stack.undoText()) : tr("&Undo"));
        redo->setText(stack.canRedo() ? tr("&Redo: %1").arg(stack.redoText()) : tr("&Redo"));
    };
    connect(&stack, &QUndoStack::indexChanged, this, show);
    show();
    menu->addSeparator();
    needStudy_ << add(menu, tr("&Find a recording"), QKeySequence::Find, [this] {
        window_.docks().front()->show();
        window_.worklist().search().setFocus();
        window_.worklist().search().selectAll();
    });
    needStudy_ << add(menu, tr("&Clear search and filters"), {}, [this] { window_.worklist().clearFilters(); });
    menu->addSeparator();
    add(menu, tr("&All actions…"), QKeySequence(Qt::CTRL | Qt::Key_K), [this] { window_.showPalette(); });
}

void Actions::choices(QMenu* menu, const QString& key, const QList<QPair<QString, QString>>& names,
                      const std::function<void(const QString&)>& chosen) {
    auto* group = new QActionGroup(this);
    const QString now = window_.settings().value(key, QStringLiteral("system")).toString();
    for (const auto& [name, text] : names) {
        QAction* action = add(menu, text, {}, [this, key, name = name, chosen] {
            window_.settings().setValue(key, name);
            chosen(name);
        });
        setSubmenu(*action, menu->title());
        action->setCheckable(true);
        action->setChecked(name == now);
        group->addAction(action);
    }
}

void Actions::viewMenu() {
    QMenu* menu = window_.menuBar()->addMenu(tr("&View"));
    int number = 1;
    for (View* view : window_.views()) {
        const QString key = view->key();
        needStudy_ << add(menu, view->title(),
                          number <= 9 ? QKeySequence(Qt::CTRL | (Qt::Key_0 + number)) : QKeySequence(),
                          [this, key] { window_.showView(key); });
        ++number;
    }
    menu->addSeparator();
    needStudy_ << add(menu, tr("&Next recording"), QKeySequence(Qt::Key_J), [this] { window_.worklist().step(1); });
    needStudy_ << add(menu, tr("&Previous recording"), QKeySequence(Qt::Key_K),
                      [this] { window_.worklist().step(-1); });
    menu->addSeparator();
    for (QDockWidget* dock : window_.docks()) {
        menu->addAction(dock->toggleViewAction());
        all_ << dock->toggleViewAction();
    }
    add(menu, tr("&Reset the layout"), {}, [this] { window_.resetLayout(); });
    menu->addSeparator();
    choices(menu->addMenu(tr("&Theme")), QStringLiteral("view/theme"),
            {{QStringLiteral("system"), tr("As the system", "theme")},
             {QStringLiteral("light"), tr("Light")},
             {QStringLiteral("dark"), tr("Dark")},
             {QStringLiteral("contrast"), tr("High contrast")}},
            [](const QString& name) { applyTheme(name); });
    choices(menu->addMenu(tr("&Language")), QStringLiteral("view/language"),
            {{QStringLiteral("system"), tr("As the system", "language")},
             {QStringLiteral("en"), QStringLiteral("English")},
             {QStringLiteral("de"), QStringLiteral("Deutsch")}},
            [this](const QString&) {
                window_.messages().show(QStringLiteral("info"),
                                        tr("The language changes when Precordia starts again."));
            });
    menu->addSeparator();
    QAction* full = add(menu, tr("&Full screen"), QKeySequence(Qt::Key_F11),
                        [this] { window_.setWindowState(window_.windowState() ^ Qt::WindowFullScreen); });
    full->setCheckable(true);
}

void Actions::studyMenu() {
    QMenu* menu = window_.menuBar()->addMenu(tr("&Study"));
    needStudy_ << add(menu, tr("&Read the worklist again"), QKeySequence(Qt::Key_F5),
                      [this] { window_.session().reloadRows(); });
    needStudy_ << add(menu, tr("&Show the study's folder"), {}, [this] {
        QDesktopServices::openUrl(
            QUrl::fromLocalFile(QString::fromStdU16String(window_.session().studyFolder().u16string())));
    });
    needEyes_ << add(menu, tr("&Last import…"), {}, [this] { window_.session().showLastImport(); });
    menu->addSeparator();
    needStudy_ << add(menu, tr("&Measure the recordings"), {}, [this] { window_.worklist().measuring().start(true); });
    QAction* byItself = add(menu, tr("Measure &new recordings by itself"), {}, [] {});
    byItself->setCheckable(true);
    byItself->setChecked(window_.settings().value(QStringLiteral("study/measure"), true).toBool());
    window_.worklist().measuring().setByItself(byItself->isChecked());
    connect(byItself, &QAction::toggled, this, [this](bool on) {
        window_.settings().setValue(QStringLiteral("study/measure"), on);
        window_.worklist().measuring().setByItself(on);
    });
    menu->addSeparator();
    QMenu* labels = menu->addMenu(tr("La&bels"));
    for (QAction* action : window_.labels().labelActions()) {
        labels->addAction(action);
        window_.addAction(action);
        all_ << action;
    }
    needEyes_ << add(menu, tr("&Two readers…"), {}, [this] { window_.showReaders(); });
}

void Actions::modelMenu() {
    QMenu* menu = window_.menuBar()->addMenu(tr("&Model"));
    needStudy_ << add(menu, tr("&New pretraining…"), {}, [this] { window_.showView(QStringLiteral("training")); });
    pause_ = add(menu, tr("&Pause the run"), {},
                 [this] { window_.session().pausePretraining(!window_.session().run().paused); });
    needRun_ << pause_;
    needRun_ << add(menu, tr("Stop after this &epoch"), {}, [this] { window_.session().stopPretraining(true); });
    needRun_ << add(menu, tr("Stop at the next s&tep"), {}, [this] { window_.session().stopPretraining(false); });
    menu->addSeparator();
    needStudy_ << add(menu, tr("&Use a model file…"), {}, [this] {
        const QString file =
            QFileDialog::getOpenFileName(&window_, tr("A model"), {}, tr("Model weights (*.safetensors)"));
        if (!file.isEmpty())
            window_.session().useModel(file);
    });
    needStudy_ << add(menu, tr("E&mbed the study"), QKeySequence(Qt::CTRL | Qt::Key_E),
                      [this] { window_.session().embedStudy(); });
}

void Actions::exploreMenu() {
    QMenu* menu = window_.menuBar()->addMenu(tr("E&xplore"));
    constexpr quint64 kSeed = 42;
    needStudy_ << add(menu, tr("Map by &UMAP"), {}, [this] {
        window_.session().recomputeMap(QStringLiteral("umap"), QStringLiteral("leiden"), kSeed);
        window_.showView(QStringLiteral("map"));
    });
    needStudy_ << add(menu, tr("Map by principal &components"), {}, [this] {
        window_.session().recomputeMap(QStringLiteral("pca"), QStringLiteral("leiden"), kSeed);
        window_.showView(QStringLiteral("map"));
    });
    needStudy_ << add(menu, tr("&Drop the choice on the map"), {},
                      [this] { window_.session().selection().setChosen({}); });
}

void Actions::reportMenu() {
    QMenu* menu = window_.menuBar()->addMenu(tr("&Report"));
    needRecording_ << add(menu, tr("&Report of this recording"), {},
                          [this] { window_.showView(QStringLiteral("report")); });
}

void Actions::helpMenu() {
    QMenu* menu = window_.menuBar()->addMenu(tr("&Help"));
    add(menu, tr("&Help for this view"), QKeySequence(Qt::Key_F1), [this] { window_.showHelp(); });
    add(menu, tr("&Shortcuts"), QKeySequence(Qt::Key_Question), [this] { window_.showShortcuts(); });
    menu->addSeparator();
    add(menu, tr("&About Precordia"), {}, [this] {
        QMessageBox::about(
            &window_, tr("About Precordia"),
            tr("<b>Precordia %1</b><br>Reads ECGs, pretrains ER-JEPA on this machine and shows what it learned."
               "<br><br>For research use only: not a medical device.<br><br>"
               "Free software under the GNU General Public License, version 3 or later.")
                .arg(QStringLiteral(PRECORDIA_VERSION)));
    });
    add(menu, tr("About &Qt"), {}, [] { QApplication::aboutQt(); });
}

} // namespace precordia
