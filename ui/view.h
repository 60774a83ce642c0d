// SPDX-License-Identifier: GPL-3.0-or-later
// A view: one tab of the window. Views know the session, never each other.
#pragma once

#include "ui/session.h"

#include <QAction>
#include <QStringList>
#include <QWidget>

namespace precordia {

class View : public QWidget {
    Q_OBJECT
public:
    explicit View(Session& session, QWidget* parent = nullptr) : QWidget(parent), session_(session) {}

    virtual QString key() const = 0;   // "ecg": stable, for settings and screenshots
    virtual QString title() const = 0; // tr("ECG")
    virtual QString help() const = 0;  // one paragraph, F1
    // The view's own actions, for the command palette and the shortcut sheet.
    virtual QList<QAction*> viewActions() { return actions(); }
    // Called when the tab is shown first and whenever it becomes visible; heavy content may wait for it.
    virtual void activated() {}

    // File > Print: what is shown, on paper.
    virtual bool canPrint() const { return false; }
    virtual void print() {}

    // For the screenshot tour: states beyond "as it is" (a lasso, hidden intervals, an open menu), each entered by
    // name.
    virtual QStringList tourStates() const { return {}; }
    virtual void enterTourState(const QString& state) { Q_UNUSED(state) }

    Session& session() const { return session_; }

private:
    Session& session_;
};

} // namespace precordia
