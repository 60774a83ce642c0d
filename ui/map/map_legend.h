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

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    MapColouring colouring_;
    bool surprise_ = false;
};

} // namespace precordia
