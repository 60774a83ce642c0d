// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/main_window.h"

#include "ui/ecg/ecg_view.h"
#include "ui/labels/label_panel.h"
#include "ui/labels/readers_window.h"
#include "ui/shell/actions.h"
#include "ui/shell/dock_title.h"
#include "ui/shell/import_dialog.h"
#include "ui/shell/import_result.h"
#include "ui/shell/jobs_bar.h"
#include "ui/shell/view_registry.h"
#include "ui/shell/welcome_page.h"
#include "ui/theme/theme.h"
#include "ui/widgets.h"
#include "ui/worklist/details_panel.h"
#include "ui/worklist/measuring.h"

#include <QCloseEvent>
#include <QDir>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QScreen>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QTabBar>
#include <QTabWidget>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace precordia {

namespace {

constexpr int kDemoRecordings = 400; // as packaging/run makes it
constexpr int kDockWidth = 340;
constexpr int kDetailsHeight = 270;
constexpr int kLayoutVersion = 2;
constexpr int kClosePollMs = 100;
constexpr int kTitleBar = 40; // room for the frame, whose size is not known before the window is shown
const QSize kFirstSize(1440, 900);

QString shortName(const std::filesystem::path& folder) {
    return QFileInfo(QString::fromStdU16String(folder.u16string())).fileName();
}

// The chosen tab is bold, which its width does not allow for: elided, "Details" became "Det...". The window makes these
// bars of tabs, and makes others when docks move.
void showTabNamesWhole(QMainWindow* window) {
    for (auto* bar : window->findChildren<QTabBar*>(QString(), Qt::FindDirectChildrenOnly))
        bar->setElideMode(Qt::ElideNone);
}

QStringList localFiles(const QMimeData& data) {
    QStringList paths;
    for (const QUrl& url : data.urls())
        if (url.isLocalFile())
            paths << url.toLocalFile();
    return paths;
}

} // namespace

MainWindow::MainWindow(Memory memory, QWidget* parent)
    : QMainWindow(parent)
    , settings_(memory == Memory::Kept)
    , session_(nullptr, &settings_) {
    setAcceptDrops(true);
    setWindowTitle(tr("Precordia - Research use only"));
    setDockNestingEnabled(true);
    buildCentre();
    buildDocks();
    actions_ = new Actions(*this);
    buildCorner();
    palette_ = new ActionPalette(this);
    connectSession();
    restoreLayout();
    showStudy();
}

MainWindow::~MainWindow() {
    // The views know the session: they go first.
    for (View* view : std::as_const(views_))
        delete view;
}

void MainWindow::buildCentre() {
    auto* centre = new QWidget;
    auto* column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    messages_ = new MessageBar;
    auto* messageMargin = new QWidget;
    auto* messageColumn = new QVBoxLayout(messageMargin);
    messageColumn->setContentsMargins(0, 0, 0, 0);
    messageColumn->addWidget(messages_);
    stack_ = new QStackedWidget;
    column->addWidget(messageMargin);
    column->addWidget(stack_, 1);
    welcome_ = new WelcomePage;
    tabs_ = new QTabWidget;
    tabs_->setDocumentMode(true);
    tabs_->tabBar()->setExpanding(false);
    tabs_->tabBar()->setElideMode(Qt::ElideNone);
    stack_->addWidget(welcome_);
    stack_->addWidget(tabs_);
    setCentralWidget(centre);
    for (const auto& make : viewFactories()) {
        View* view = make(session_);
        views_ << view;
        tabs_->addTab(view, view->title());
    }
    connect(tabs_, &QTabWidget::currentChanged, this, [this] {
        if (View* view = currentView())
            view->activated();
    });
    welcome_->setDemoFolder(demoFolder());
    welcome_->setRecent(settings_.recentStudies());
    connect(welcome_, &WelcomePage::demoWanted, this, &MainWindow::openDemoStudy);
    connect(welcome_, &WelcomePage::demoFolderWanted, this, &MainWindow::chooseDemoFolder);
    connect(welcome_, &WelcomePage::openWanted, this, &MainWindow::askOpenStudy);
    connect(welcome_, &WelcomePage::newWanted, this, &MainWindow::askNewStudy);
    connect(welcome_, &WelcomePage::recentWanted, this, [this](const QString& folder) { session_.openStudy(folder); });
}

void MainWindow::buildDocks() {
    setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);
    const auto dock = [this](const char* name, const QString& title, QWidget* content, Qt::DockWidgetArea area) {
        auto* made = new QDockWidget(title, this);
        made->setObjectName(QLatin1String(name));
        made->setWidget(content);
        addDockWidget(area, made);
        connect(made, &QDockWidget::visibilityChanged, this, [this] { showTabNamesWhole(this); });
        return made;
    };
    worklist_ = new WorklistPanel(session_);
    worklistDock_ = dock("worklist", tr("Worklist"), worklist_, Qt::LeftDockWidgetArea);
    worklistTitle_ = new DockTitle(tr("Worklist"), worklistDock_);
    worklistDock_->setTitleBarWidget(worklistTitle_);
    connect(worklist_, &WorklistPanel::importWanted, this, &MainWindow::askImport);

    auto* details = new DetailsPanel(session_);
    connect(details, &DetailsPanel::measureWanted, this, [this] { worklist_->measuring().start(true); });
    detailsDock_ = dock("details", tr("Details"), details, Qt::LeftDockWidgetArea);
    auto* detailsTitle = new DockTitle(tr("Details"), detailsDock_);
    detailsDock_->setTitleBarWidget(detailsTitle);
    connect(&session_, &Session::recordingChanged, detailsTitle, [this, detailsTitle] {
        const auto loaded = session_.recording();
        detailsTitle->setFact(loaded ? QString::fromStdString(loaded->row.name) : QString());
    });

    labels_ = new LabelPanel(session_);
    labelsDock_ = dock("labels", tr("Labels"), labels_, Qt::LeftDockWidgetArea);
    auto* labelsTitle = new DockTitle(tr("Labels"), labelsDock_);
    labelsDock_->setTitleBarWidget(labelsTitle);
    tabifyDockWidget(detailsDock_, labelsDock_);
    detailsDock_->raise();
    connect(labels_, &LabelPanel::unreadWanted, this, [this] {
        const auto shown = worklist_->shown();
        if (shown.empty() && session_.hasStudy() && !session_.rows()->empty())
            session_.tell({QStringLiteral("info"),
                           tr("There is no next recording to read: none fits the search and the filters."),
                           tr("Clear them"), [this] { worklist_->clearFilters(); }});
        else
            session_.showUnread(shown);
    });
    connect(&session_, &Session::recordingChanged, labelsTitle, [this, labelsTitle] {
        const auto loaded = session_.recording();
        labelsTitle->setFact(loaded ? QString::fromStdString(loaded->row.name) : QString());
    });

    jobsDock_ = dock("jobs", tr("Jobs"), new JobsBar(session_), Qt::BottomDockWidgetArea);
    jobsDock_->setFeatures(QDockWidget::DockWidgetClosable);
    jobsDock_->setTitleBarWidget(new QWidget(jobsDock_)); // the bar says itself what it is
}

void MainWindow::buildCorner() {
    auto* corner = new QWidget;
    auto* row = new QHBoxLayout(corner);
    row->setContentsMargins(Theme::kPanel, Theme::kStep - 1, Theme::kPanel, Theme::kStep - 1);
    row->setSpacing(Theme::kPanel);
    studyName_ = new QLabel;
    setRole(studyName_, "secondary");
    auto* badge = new QLabel(tr("Research use only"));
    setRole(badge, "badge");
    row->addWidget(studyName_);
    row->addWidget(badge);
    menuBar()->setCornerWidget(corner, Qt::TopRightCorner);
}

void MainWindow::connectSession() {
    connect(&session_, &Session::message, this, [this](const Session::Message& told) {
        messages_->show(told.level, told.text, told.action, told.onAction);
        welcome_->setBusy(false);
    });
    connect(&session_, &Session::studyChanged, this, &MainWindow::showStudy);
    connect(&session_, &Session::importReportWanted, this, &MainWindow::showImportReport);
    connect(&session_, &Session::recordingFailed, this, [this](const QString& reason) {
        messages_->show(QStringLiteral("alarm"), tr("The recording could not be read: %1").arg(reason));
    });
    connect(&session_.selection(), &StudySelection::referenceChanged, this, [this] {
        if (session_.selection().reference().valid())
            showView(QStringLiteral("compare"));
    });
    connect(worklist_, &WorklistPanel::countChanged, worklistTitle_, &DockTitle::setFact);
    for (View* view : std::as_const(views_))
        if (auto* ecg = qobject_cast<EcgView*>(view))
            connect(worklist_, &WorklistPanel::positionChanged, ecg, &EcgView::setListPosition);
    session_.setSight(
        {settings_.readerName().toStdString(), settings_.value(QStringLiteral("reader/blinded"), false).toBool()});
    connect(&session_, &Session::sightChanged, this, [this] {
        settings_.setReaderName(QString::fromStdString(session_.sight().reader));
        settings_.setValue(QStringLiteral("reader/blinded"), session_.sight().blinded);
    });
}

void MainWindow::showStudy() {
    const bool open = session_.hasStudy();
    const QString name = open ? shortName(session_.studyFolder()) : QString();
    setWindowTitle(open ? tr("Precordia - %1 - Research use only").arg(name) : tr("Precordia - Research use only"));
    studyName_->setText(open ? tr("Study: %1").arg(name) : QString());
    studyName_->setToolTip(open ? QString::fromStdU16String(session_.studyFolder().u16string()) : QString());
    // The menu bar asks for the size of its corner only when it is given one.
    menuBar()->setCornerWidget(menuBar()->cornerWidget(Qt::TopRightCorner), Qt::TopRightCorner);
    welcome_->setBusy(false);
    stack_->setCurrentWidget(open ? static_cast<QWidget*>(tabs_) : welcome_);
    worklistDock_->setEnabled(open);
    if (!open)
        return;
    messages_->clear();
    settings_.addRecentStudy(QString::fromStdU16String(session_.studyFolder().u16string()));
    if (View* view = currentView())
        view->activated();
}

View* MainWindow::currentView() const {
    return session_.hasStudy() ? qobject_cast<View*>(tabs_->currentWidget()) : nullptr;
}

void MainWindow::showView(const QString& key) {
    for (View* view : std::as_const(views_))
        if (view->key() == key)
            tabs_->setCurrentWidget(view);
}

void MainWindow::print() {
    View* view = currentView();
    if (view == nullptr)
        return;
    if (!view->canPrint()) {
        showView(QStringLiteral("ecg"));
        view = currentView();
    }
    if (view->canPrint())
        view->print();
}

QList<ActionGroup> MainWindow::actionGroups(bool allViews) const {
    QList<ActionGroup> groups{{tr("Window"), actions_->all()}};
    for (View* view : views_)
        if (allViews || view == currentView())
            groups << ActionGroup{view->title(), view->viewActions()};
    return groups;
}

// Layout ------------------------------------------------------------------------

void MainWindow::resetLayout() {
    // Out first: docks that share tabs already would get a second, empty bar of tabs over theirs.
    for (QDockWidget* dock : docks()) {
        dock->setFloating(false);
        removeDockWidget(dock);
    }
    addDockWidget(Qt::LeftDockWidgetArea, worklistDock_);
    splitDockWidget(worklistDock_, detailsDock_, Qt::Vertical);
    tabifyDockWidget(detailsDock_, labelsDock_);
    addDockWidget(Qt::BottomDockWidgetArea, jobsDock_);
    for (QDockWidget* dock : docks())
        dock->show();
    detailsDock_->raise();
    showTabNamesWhole(this);
    resizeDocks({worklistDock_}, {kDockWidth}, Qt::Horizontal);
    resizeDocks({worklistDock_, detailsDock_}, {height() - kDetailsHeight, kDetailsHeight}, Qt::Vertical);
}

void MainWindow::restoreLayout() {
    resize(kFirstSize);
    const bool restored = restoreGeometry(settings_.value(QStringLiteral("window/geometry")).toByteArray());
    fitToScreen(restored);
    if (!restoreState(settings_.value(QStringLiteral("window/state")).toByteArray(), kLayoutVersion))
        resetLayout();
    showTabNamesWhole(this);
    worklist_->restoreColumns(settings_.value(QStringLiteral("worklist/columns")).toByteArray());
    showView(settings_.value(QStringLiteral("window/view")).toString());
}

// A first start on a small screen, or a layout from a larger one that is no longer there.
void MainWindow::fitToScreen(bool placed) {
    if (isMaximized() || isFullScreen())
        return;
    const QRect room = screen()->availableGeometry().adjusted(0, kTitleBar, 0, 0);
    resize(size().boundedTo(room.size()));
    if (!placed)
        return; // where is for the window manager to say
    const QRect now = geometry();
    setGeometry(QRect(QPoint(std::clamp(now.x(), room.x(), room.right() + 1 - now.width()),
                             std::clamp(now.y(), room.y(), room.bottom() + 1 - now.height())),
                      now.size()));
}

void MainWindow::saveLayout() {
    settings_.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings_.setValue(QStringLiteral("window/state"), saveState(kLayoutVersion));
    settings_.setValue(QStringLiteral("worklist/columns"), worklist_->saveColumns());
    if (const auto* view = qobject_cast<View*>(tabs_->currentWidget()))
        settings_.setValue(QStringLiteral("window/view"), view->key());
}

// Studies and imports --------------------------------------------------------------

QString MainWindow::demoFolder() const {
    // The same as that of packaging/run, so that what one has made the other opens.
    return settings_
        .value(QStringLiteral("study/demo"), QDir(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation))
                                                 .filePath(QStringLiteral("precordia/demo-study")))
        .toString();
}

void MainWindow::openDemoStudy() {
    welcome_->setBusy(true);
    session_.createDemoStudy(demoFolder(), kDemoRecordings, true);
}

void MainWindow::chooseDemoFolder() {
    const QString chosen = QFileDialog::getExistingDirectory(this, tr("A folder for the demo study"), QDir::homePath());
    if (chosen.isEmpty())
        return;
    settings_.setValue(QStringLiteral("study/demo"), QDir(chosen).filePath(QStringLiteral("precordia-demo")));
    welcome_->setDemoFolder(demoFolder());
}

void MainWindow::askOpenStudy() {
    const QString chosen =
        QFileDialog::getExistingDirectory(this, tr("Open a study: a folder with study.sqlite"), studiesFolder());
    if (!chosen.isEmpty())
        session_.openStudy(chosen);
}

void MainWindow::askNewStudy() {
    askWhatToImport(true, {});
}

void MainWindow::askImport() {
    askWhatToImport(!session_.hasStudy(), {});
}

void MainWindow::importDropped(const QStringList& paths) {
    if (paths.size() == 1 && QFileInfo::exists(QDir(paths.front()).filePath(QStringLiteral("study.sqlite")))) {
        session_.openStudy(paths.front());
        return;
    }
    askWhatToImport(!session_.hasStudy(), paths);
}

void MainWindow::askWhatToImport(bool newStudy, const QStringList& paths) {
    ImportDialog dialog(newStudy, this,
                        newStudy ? QString() : QString::fromStdU16String(session_.studyFolder().u16string()),
                        &settings_);
    if (!paths.isEmpty())
        dialog.setPaths(paths);
    if (dialog.exec() == QDialog::Accepted)
        session_.import(dialog.request(), dialog.studyFolder());
}

void MainWindow::showImportReport() {
    if (const auto report = session_.lastImport())
        (new ImportResultDialog(*report, this))->show();
}

void MainWindow::showReaders() {
    (new ReadersWindow(session_, this))->show();
}

// Help -------------------------------------------------------------------------------

void MainWindow::showPalette() {
    palette_->open(actionGroups());
}

void MainWindow::showShortcuts() {
    (new ShortcutSheet(actionGroups(true), this))->show();
}

void MainWindow::showHelp() {
    if (const View* view = currentView())
        messages_->show(QStringLiteral("info"), view->help());
    else
        messages_->show(QStringLiteral("info"), tr("Open the demo study to look around, or make a study from your own "
                                                   "ECG files: they are read, never changed."));
}

// Events -----------------------------------------------------------------------------

void MainWindow::paintEvent(QPaintEvent* event) {
    QMainWindow::paintEvent(event);
    if (painted_)
        return;
    painted_ = true;
    // After this painting has reached the screen: the engine takes most of a second to load, in a worker.
    QTimer::singleShot(0, this, [this] {
        Q_EMIT firstPainted();
        session_.startEngine();
    });
}

bool MainWindow::mayClose() {
    if (!session_.busy())
        return true;
    QStringList running;
    for (const auto& line : session_.jobLines())
        if (line.info.status == JobStatus::Running || line.info.status == JobStatus::Queued)
            running << QString::fromStdString(line.info.title);
    QMessageBox box(QMessageBox::Question, tr("Jobs are running"),
                    tr("%1.\n\nStop at the next safe point and close? What is done until then is kept.")
                        .arg(running.join(QStringLiteral(", "))),
                    QMessageBox::NoButton, this);
    QPushButton* stop = box.addButton(tr("Stop and close"), QMessageBox::AcceptRole);
    box.setDefaultButton(box.addButton(tr("Keep running"), QMessageBox::RejectRole));
    box.exec();
    return box.clickedButton() == stop;
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (closing_ || !session_.busy()) {
        if (!session_.busy()) {
            saveLayout();
            event->accept();
            return;
        }
        event->ignore(); // the second click on the cross: still waiting
        return;
    }
    event->ignore();
    if (!mayClose())
        return;
    closing_ = true;
    session_.pausePretraining(false);
    session_.jobs().stopAll();
    session_.longJobs().stopAll();
    messages_->show(QStringLiteral("info"), tr("Stopping at the next safe point; the window closes then."));
    auto* poll = new QTimer(this);
    connect(poll, &QTimer::timeout, this, [this] {
        if (!session_.busy())
            close();
    });
    poll->start(kClosePollMs);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (!localFiles(*event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    const QStringList paths = localFiles(*event->mimeData());
    event->acceptProposedAction();
    // Later: a dialog inside the drop would hold the file manager up.
    QTimer::singleShot(0, this, [this, paths] { importDropped(paths); });
}

} // namespace precordia
