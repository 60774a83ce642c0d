// SPDX-License-Identifier: GPL-3.0-or-later
// What goes on behind the window: a line a job with its progress, its time left and its stop.
#pragma once

#include "ui/session.h"

#include <QFrame>

#include <map>
#include <vector>

class QLabel;
class QVBoxLayout;

namespace precordia {

class JobRow;

class JobsBar : public QFrame {
    Q_OBJECT
public:
    explicit JobsBar(Session& session, QWidget* parent = nullptr);

private:
    void refresh();
    void showIdle();

    Session& session_;
    QVBoxLayout* column_;
    QWidget* idle_;
    QLabel* state_;
    QLabel* engine_;
    QLabel* more_;
    std::vector<JobRow*> rows_; // as many as ever were needed; the rest is hidden
};

} // namespace precordia
