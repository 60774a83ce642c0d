// SPDX-License-Identifier: GPL-3.0-or-later
// The window: docks, tabs, bars. It only puts together; what an action does stands in actions.h and in the views.
#pragma once

#include "ui/session.h"
#include "ui/settings/settings.h"
#include "ui/shell/action_palette.h"
#include "ui/view.h"
#include "ui/worklist/worklist_panel.h"

#include <QMainWindow>

class QDockWidget;
class QLabel;
class QStackedWidget;
class QTabWidget;

namespace precordia {

class Actions;
class DetailsPanel;
class DockTitle;
class JobsBar;
class LabelPanel;
class MessageBar;
class WelcomePage;

class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    enum class Memory { Kept, None }; // None: settings are neither read nor written (tests, screenshots)
    explicit MainWindow(Memory memory = Memory::Kept, QWidget* parent = nullptr);
    ~MainWindow() override;

    Session& session() { return session_; }
    Settings& settings() { return settings_; }
    WorklistPanel& worklist() { return *worklist_; }
    MessageBar& messages() { return *messages_; }
    WelcomePage& welcome() { return *welcome_; }
    LabelPanel& labels() { return *labels_; }
    QList<QDockWidget*> docks() const { return {worklistDock_, detailsDock_, labelsDock_, jobsDock_}; }
    const QList<View*>& views() const { return views_; }
    View* currentView() const; // null while no study is open
    void showView(const QString& key);
    // The window's own, then those of the view in front (all: of every view).
    QList<ActionGroup> actionGroups(bool allViews = false) const;
    QString demoFolder() const;
    void resetLayout();

public Q_SLOTS:
    void openDemoStudy();
    void chooseDemoFolder();
    void askOpenStudy();
    void askNewStudy();
    void askImport();
    void importDropped(const QStringList& paths);
    void showImportReport();
    void print(); // what is in front, or else the ECG
    void showReaders();
    void showPalette();
    void showShortcuts();
    void showHelp();

Q_SIGNALS:
    void firstPainted(); // the window is up

protected:
    void paintEvent(QPaintEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildCentre();
    void buildDocks();
    void buildCorner();
    void connectSession();
    void showStudy();
    void restoreLayout();
    void fitToScreen(bool placed);
    void saveLayout();
    bool mayClose();
    void askWhatToImport(bool newStudy, const QStringList& paths);

    Settings settings_; // before the session, which uses them
    Session session_;
    QList<View*> views_;
    MessageBar* messages_ = nullptr;
    QStackedWidget* stack_ = nullptr;
    WelcomePage* welcome_ = nullptr;
    QTabWidget* tabs_ = nullptr;
    WorklistPanel* worklist_ = nullptr;
    DockTitle* worklistTitle_ = nullptr;
    QDockWidget* worklistDock_ = nullptr;
    QDockWidget* detailsDock_ = nullptr;
    LabelPanel* labels_ = nullptr;
    QDockWidget* labelsDock_ = nullptr;
    QDockWidget* jobsDock_ = nullptr;
    QLabel* studyName_ = nullptr;
    ActionPalette* palette_ = nullptr;
    Actions* actions_ = nullptr;
    bool painted_ = false;
    bool closing_ = false; // asked, and waiting for the jobs' next safe point
};

} // namespace precordia
