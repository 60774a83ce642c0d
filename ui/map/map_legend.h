// SPDX-License-Identifier: GPL-3.0-or-later
// Legend of the map: categories with marker, name and count, or a colour bar with unit.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "ui/map/map_colouring.h"
#endif

#include <QWidget>

namespace precordia {

class MapLegend : public QWidget {
    Q_OBJECT
public:
    explicit MapLegend(QWidget* parent = nullptr);
    void setColouring(const MapColouring& colouring, bool surprise);
    QSize sizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Line {
        double top = 0, height = 0;
        QString count;
    };
    // A long name takes several lines: none is cut.
    std::vector<Line> lines(int width) const;
    int noteHeight(int width) const;
    void paintNumber(QPainter& painter) const;
    MapColouring colouring_;
    bool surprise_ = false;
};

} // namespace precordia
