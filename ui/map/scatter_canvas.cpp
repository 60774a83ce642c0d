// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/map/scatter_canvas.h"

#include "ui/theme/theme.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {
constexpr double kRadius = 3.2;      // px
constexpr double kReach = 10;        // px: how near the mouse must be
constexpr double kDragThreshold = 4; // px: less is a click
constexpr int kMargin = 24;
constexpr double kHollow = 0.55;        // of a ring's radius
constexpr int kFaded = 90, kFull = 215; // alpha
} // namespace

void drawMarker(QPainter& painter, const QPointF& at, double radius, int shape) {
    if (shape == kRing) {
        QPainterPath ring;
        ring.addEllipse(at, radius, radius);
        ring.addEllipse(at, radius * kHollow, radius * kHollow);
        painter.drawPath(ring);
        return;
    }
    if (shape == kCross) {
        const double half = radius * (1 - kHollow) / 2;
        painter.drawRect(QRectF(at.x() - radius, at.y() - half, 2 * radius, 2 * half));
        painter.drawRect(QRectF(at.x() - half, at.y() - radius, 2 * half, 2 * radius));
        return;
    }
    switch (shape % 4) {
    case 1:
        painter.drawRect(QRectF(at.x() - radius * 0.9, at.y() - radius * 0.9, radius * 1.8, radius * 1.8));
        break;
    case 2: {
        const QPointF corners[] = {at + QPointF(0, -radius * 1.2), at + QPointF(radius * 1.1, radius * 0.9),
                                   at + QPointF(-radius * 1.1, radius * 0.9)};
        painter.drawPolygon(corners, 3);
        break;
    }
    case 3: {
        const QPointF corners[] = {at + QPointF(0, -radius * 1.25), at + QPointF(radius * 1.25, 0),
                                   at + QPointF(0, radius * 1.25), at + QPointF(-radius * 1.25, 0)};
        painter.drawPolygon(corners, 4);
        break;
    }
    default:
        painter.drawEllipse(at, radius, radius);
    }
}

ScatterCanvas::ScatterCanvas(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setMinimumSize(240, 200);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, [this] {
        layer_ = {};
        update();
    });
}

void ScatterCanvas::setPoints(std::vector<ScatterPoint> points) {
    const bool samePlaces =
        points.size() == points_.size() &&
        std::equal(points.begin(), points.end(), points_.begin(), [](const ScatterPoint& a, const ScatterPoint& b) {
            return a.id == b.id && a.x == b.x && a.y == b.y;
        });
    points_ = std::move(points);
    if (!samePlaces) {
        fit();
        zoom_ = 1;
        offset_ = {};
    }
    layer_ = {};
    update();
}

void ScatterCanvas::fit() {
    if (points_.empty())
        return;
    double x0 = points_[0].x, x1 = x0, y0 = points_[0].y, y1 = y0;
    for (const auto& p : points_) {
        x0 = std::min(x0, p.x), x1 = std::max(x1, p.x);
        y0 = std::min(y0, p.y), y1 = std::max(y1, p.y);
    }
    bounds_ = QRectF(x0, y0, std::max(1e-9, x1 - x0), std::max(1e-9, y1 - y0));
}

void ScatterCanvas::setCurrent(RecordingId id) {
    current_ = id;
    update();
}

void ScatterCanvas::setAxisNames(const QString& x, const QString& y) {
    xName_ = x;
    yName_ = y;
    update();
}

void ScatterCanvas::resetZoom() {
    zoom_ = 1;
    offset_ = {};
    layer_ = {};
    update();
}

QPointF ScatterCanvas::toWidget(double x, double y) const {
    // One scale for both axes: distances on a map mean the same in every direction.
    const double scale =
        std::min((width() - 2.0 * kMargin) / bounds_.width(), (height() - 2.0 * kMargin) / bounds_.height()) * zoom_;
    const QPointF centre(width() / 2.0 + offset_.x(), height() / 2.0 + offset_.y());
    return {centre.x() + (x - bounds_.center().x()) * scale, centre.y() - (y - bounds_.center().y()) * scale};
}

QPointF ScatterCanvas::positionOf(RecordingId id) const {
    for (const auto& p : points_)
        if (p.id == id)
            return toWidget(p.x, p.y);
    return {};
}

RecordingId ScatterCanvas::nearest(const QPointF& at) const {
    RecordingId best;
    double reach = kReach * kReach;
    for (const auto& p : points_) {
        const auto d = toWidget(p.x, p.y) - at;
        const double distance = d.x() * d.x() + d.y() * d.y();
        if (distance < reach) {
            reach = distance;
            best = p.id;
        }
    }
    return best;
}

void ScatterCanvas::renderPoints() {
    const auto ratio = devicePixelRatioF();
    layer_ = QPixmap(size() * ratio);
    layer_.setDevicePixelRatio(ratio);
    layer_.fill(theme().panel);
    QPainter painter(&layer_);
    painter.setRenderHint(QPainter::Antialiasing, points_.size() < 50000);
    painter.setPen(Qt::NoPen);
    for (const bool faded : {true, false}) // the chosen ones on top
        for (const bool under : {true, false})
            for (const auto& p : points_) {
                if (p.faded != faded || p.under != under)
                    continue;
                QColor colour = p.colour;
                colour.setAlpha(faded ? kFaded : under ? 255 : kFull);
                painter.setBrush(colour);
                drawMarker(painter, toWidget(p.x, p.y), kRadius, p.shape);
            }
}

void ScatterCanvas::paintEvent(QPaintEvent*) {
    if (layer_.isNull())
        renderPoints();
    QPainter painter(this);
    painter.drawPixmap(0, 0, layer_);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto ring = [&](RecordingId id, const QColor& colour, double radius) {
        for (const auto& p : points_)
            if (p.id == id) {
                painter.setBrush(Qt::NoBrush);
                painter.setPen(QPen(colour, 2));
                painter.drawEllipse(toWidget(p.x, p.y), radius, radius);
            }
    };
    ring(hovered_, theme().secondary, 6);
    ring(current_, theme().accent, 8);
    if (drawing_ && lasso_.size() > 1) {
        QColor fill = theme().accent;
        fill.setAlpha(30);
        painter.setBrush(fill);
        painter.setPen(QPen(theme().accent, 1, Qt::DashLine));
        painter.drawPolygon(lasso_);
    }
    painter.setFont(Theme::smallFont());
    painter.setPen(theme().secondary);
    painter.drawText(QRectF(0, height() - 20, width() - 8, 18), Qt::AlignRight | Qt::AlignVCenter,
                     xName_ + QStringLiteral(" →"));
    painter.drawText(QRectF(8, 4, width(), 18), Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("↑ ") + yName_);
}

void ScatterCanvas::resizeEvent(QResizeEvent*) {
    layer_ = {};
}

void ScatterCanvas::mousePressEvent(QMouseEvent* event) {
    pressed_ = event->position();
    panning_ = event->button() == Qt::MiddleButton || event->button() == Qt::RightButton ||
               event->modifiers().testFlag(Qt::AltModifier);
    drawing_ = !panning_ && event->button() == Qt::LeftButton;
    lasso_ = QPolygonF{pressed_};
}

void ScatterCanvas::mouseMoveEvent(QMouseEvent* event) {
    const auto at = event->position();
    if (panning_) {
        offset_ += at - pressed_;
        pressed_ = at;
        layer_ = {};
        update();
        return;
    }
    if (drawing_) {
        if (tool_ == Tool::Lasso)
            lasso_ << at;
        else
            lasso_ = QPolygonF(QRectF(pressed_, at).normalized());
        update();
        return;
    }
    const auto id = nearest(at);
    if (id != hovered_) {
        hovered_ = id;
        update();
        Q_EMIT hovered(id, at.toPoint());
    }
}

void ScatterCanvas::mouseReleaseEvent(QMouseEvent* event) {
    if (panning_) {
        panning_ = false;
        return;
    }
    if (!drawing_)
        return;
    drawing_ = false;
    const auto moved = event->position() - pressed_;
    if (std::hypot(moved.x(), moved.y()) < kDragThreshold && lasso_.size() < 8) {
        const auto id = nearest(event->position());
        if (id.valid())
            Q_EMIT clicked(id);
        else
            Q_EMIT lassoed({});
    } else {
        std::vector<RecordingId> ids;
        for (const auto& p : points_)
            if (lasso_.containsPoint(toWidget(p.x, p.y), Qt::OddEvenFill))
                ids.push_back(p.id);
        Q_EMIT lassoed(ids);
    }
    lasso_.clear();
    update();
}

void ScatterCanvas::mouseDoubleClickEvent(QMouseEvent*) {
    resetZoom();
}

void ScatterCanvas::wheelEvent(QWheelEvent* event) {
    const double factor = std::pow(1.0015, event->angleDelta().y());
    const double next = std::clamp(zoom_ * factor, 0.5, 60.0);
    // The place under the mouse stays where it is.
    const QPointF fromCentre = event->position() - QPointF(width() / 2.0, height() / 2.0) - offset_;
    offset_ -= fromCentre * (next / zoom_ - 1);
    zoom_ = next;
    layer_ = {};
    update();
    event->accept();
}

void ScatterCanvas::leaveEvent(QEvent*) {
    if (!hovered_.valid())
        return;
    hovered_ = {};
    update();
    Q_EMIT hovered({}, {});
}

} // namespace precordia
