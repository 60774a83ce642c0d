// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in the middle while no study is open: the three ways to begin.
#pragma once

#include <QStringList>
#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace precordia {

class WelcomePage : public QWidget {
    Q_OBJECT
public:
    explicit WelcomePage(QWidget* parent = nullptr);
    void setDemoFolder(const QString& folder);
    void setRecent(const QStringList& folders);
    void setBusy(bool busy); // the demo study is being made

Q_SIGNALS:
    void demoWanted();
    void demoFolderWanted();
    void openWanted();
    void newWanted();
    void recentWanted(const QString& folder);

private:
    QPushButton* demo_;
    QLabel* where_;
    QWidget* recent_;
    QVBoxLayout* recentColumn_;
};

} // namespace precordia
