// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl+K: every action by its name. And "?": every shortcut on one sheet.
#pragma once

#include <QAction>
#include <QDialog>
#include <QFrame>
#include <QList>
#include <QString>

class QLineEdit;
class QListWidget;

namespace precordia {

// Actions under a heading: "Window", or the title of a view.
struct ActionGroup {
    QString heading;
    QList<QAction*> actions;
};

QString plainText(const QAction& action); // without "&" and "..."
// An action of a submenu says which: "Theme: Dark".
void setSubmenu(QAction& action, const QString& title);
QString paletteText(const QAction& action);

class ActionPalette : public QFrame {
    Q_OBJECT
public:
    explicit ActionPalette(QWidget* parent);
    void open(const QList<ActionGroup>& groups); // over the top of the parent

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter(const QString& text);
    void trigger();

    QLineEdit* search_;
    QListWidget* list_;
    QList<ActionGroup> groups_;
};

class ShortcutSheet : public QDialog {
    Q_OBJECT
public:
    ShortcutSheet(const QList<ActionGroup>& groups, QWidget* parent);
};

} // namespace precordia
