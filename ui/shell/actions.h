// SPDX-License-Identifier: GPL-3.0-or-later
// Every action of the window and the menus they stand in.
#pragma once

#include <QAction>
#include <QKeySequence>
#include <QList>
#include <QObject>

#include <functional>

class QMenu;

namespace precordia {

class MainWindow;

class Actions : public QObject {
    Q_OBJECT
public:
    explicit Actions(MainWindow& window);
    const QList<QAction*>& all() const { return all_; }

private:
    QAction* add(QMenu* menu, const QString& text, const QKeySequence& keys, std::function<void()> run);
    void fileMenu();
    void editMenu();
    void viewMenu();
    void studyMenu();
    void modelMenu();
    void exploreMenu();
    void reportMenu();
    void helpMenu();
    void choices(QMenu* menu, const QString& key, const QList<QPair<QString, QString>>& names,
                 const std::function<void(const QString&)>& chosen);
    void enable();

    MainWindow& window_;
    QList<QAction*> all_;
    QList<QAction*> needStudy_, needRecording_, needRun_;
    QList<QAction*> needEyes_; // a study, and a reader who is not blinded
    QAction* pause_ = nullptr;
};

} // namespace precordia
