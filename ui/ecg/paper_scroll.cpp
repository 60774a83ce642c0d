// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ecg/paper_scroll.h"

#include "ui/ecg/paper_canvas.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>

namespace precordia {

PaperScroll::PaperScroll(PaperCanvas* canvas, QWidget* parent) : QScrollArea(parent), paper_(canvas) {
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus); // the paper has it
    setWidget(canvas);
    setFocusProxy(canvas);
    canvas->installEventFilter(this);
}

// Dragging moves the paper in time, which it does itself; up and down it is the window that moves over it.
bool PaperScroll::eventFilter(QObject* watched, QEvent* event) {
    if (watched == paper_ && event->type() == QEvent::KeyPress && verticalScrollBar()->maximum() > 0) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_PageDown || key == Qt::Key_PageUp) {
            verticalScrollBar()->triggerAction(key == Qt::Key_PageDown ? QScrollBar::SliderPageStepAdd
                                                                       : QScrollBar::SliderPageStepSub);
            return true;
        }
    }
    if (watched == paper_ && !paper_->caliperMode()) {
        if (event->type() == QEvent::MouseButtonPress) {
            const auto* mouse = static_cast<QMouseEvent*>(event);
            if (mouse->button() == Qt::LeftButton)
                drag_ = Drag{mouse->globalPosition().y(), verticalScrollBar()->value()};
        } else if (event->type() == QEvent::MouseMove && drag_) {
            const double by = static_cast<QMouseEvent*>(event)->globalPosition().y() - drag_->y;
            verticalScrollBar()->setValue(drag_->value - static_cast<int>(by));
        } else if (event->type() == QEvent::MouseButtonRelease) {
            drag_.reset();
        }
    }
    return QScrollArea::eventFilter(watched, event);
}

} // namespace precordia
