// SPDX-License-Identifier: GPL-3.0-or-later
// Gives paper the height that its layout asks for, and scrolls it where the window is lower: by its bar, by Page Up and
// Page Down, and by dragging.
#pragma once

#include <QScrollArea>

#include <optional>

namespace precordia {

class PaperCanvas;

class PaperScroll : public QScrollArea {
    Q_OBJECT
public:
    explicit PaperScroll(PaperCanvas* canvas, QWidget* parent = nullptr); // takes it

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    PaperCanvas* paper_;
    struct Drag {
        double y = 0; // global
        int value = 0;
    };
    std::optional<Drag> drag_;
};

} // namespace precordia
