// SPDX-License-Identifier: GPL-3.0-or-later
// The head of a dock: its name, a fact at the right, and the buttons that float and close it.
#pragma once

#include <QWidget>

class QDockWidget;

namespace precordia {

class ElidedLabel;

class DockTitle : public QWidget {
    Q_OBJECT
public:
    DockTitle(const QString& heading, QDockWidget* dock);
    void setFact(const QString& text);

private:
    ElidedLabel* fact_;
};

} // namespace precordia
