// SPDX-License-Identifier: GPL-3.0-or-later
// The points of a map: painted into a pixmap, zoomed, panned, lassoed. Knows recordings and colours, not what they
// mean.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/base/strong_index.h"
#endif

#include <QPixmap>
#include <QPolygonF>
#include <QWidget>

#include <vector>

namespace precordia {

struct ScatterPoint {
    RecordingId id;
    double x = 0, y = 0;
    QColor colour;
    int shape = 0;      // 0 disc, 1 square, 2 triangle, 3 diamond; kRing, kCross
    bool faded = false; // not in the chosen set
    bool under = false; // of no category: the others lie over it
};

class ScatterCanvas : public QWidget {
    Q_OBJECT
public:
    explicit ScatterCanvas(QWidget* parent = nullptr);

    void setPoints(std::vector<ScatterPoint> points); // keeps zoom when the places are the same
    void setCurrent(RecordingId id);
    void setAxisNames(const QString& x, const QString& y);
    enum class Tool { Lasso, Rectangle };
    void setTool(Tool tool) { tool_ = tool; }
    void resetZoom();
    // For tests: widget position of a point.
    QPointF positionOf(RecordingId id) const;

Q_SIGNALS:
    void hovered(precordia::RecordingId id, const QPoint& at); // invalid id: none
    void clicked(precordia::RecordingId id);
    void lassoed(const std::vector<precordia::RecordingId>& ids); // empty: cleared

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    QPointF toWidget(double x, double y) const;
    RecordingId nearest(const QPointF& at) const;
    void renderPoints();
    void fit();

    std::vector<ScatterPoint> points_;
    RecordingId current_, hovered_;
    QString xName_, yName_;
    Tool tool_ = Tool::Lasso;
    QRectF bounds_{0, 0, 1, 1};
    double zoom_ = 1;
    QPointF offset_; // px
    QPixmap layer_;
    QPolygonF lasso_;
    QPointF pressed_;
    bool drawing_ = false, panning_ = false;
};

// Shapes of what belongs to no category.
constexpr int kRing = 16, kCross = 17;
// Paints one marker, with the brush; the legend uses it too.
void drawMarker(QPainter& painter, const QPointF& at, double radius, int shape);

} // namespace precordia
