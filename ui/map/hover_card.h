// SPDX-License-Identifier: GPL-3.0-or-later
// The small card beside a point: name, label, heart rate, and lead II on paper.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/study/study.h"
#include "ui/plots/trace_stack.h"
#endif

#include <QFrame>

class QLabel;

namespace precordia {

class HoverCard : public QFrame {
    Q_OBJECT
public:
    explicit HoverCard(QWidget* parent);
    // Shown near `at` (parent coordinates), inside the parent. The trace follows when it is read.
    void show(const RecordingRow& row, const QPoint& at);
    void setTrace(RecordingId id, std::shared_ptr<const Recording> recording);
    RecordingId recording() const { return id_; }

private:
    QLabel* title_;
    QLabel* facts_;
    TraceStack* trace_;
    RecordingId id_;
};

} // namespace precordia
