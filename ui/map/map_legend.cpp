// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/map/map_legend.h"

#include "ui/map/scatter_canvas.h"
#include "ui/texts.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {
constexpr int kLine = 20;
constexpr int kBar = 44;         // the colour bar with its figures
constexpr double kTextFrom = 20; // px, right of the marker
} // namespace

MapLegend::MapLegend(QWidget* parent) : QWidget(parent) {
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setFont(Theme::smallFont());
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, qOverload<>(&QWidget::update));
}

void MapLegend::setColouring(const MapColouring& colouring, bool surprise) {
    colouring_ = colouring;
    surprise_ = surprise;
    updateGeometry();
    update();
}

std::vector<MapLegend::Line> MapLegend::lines(int width) const {
    const QFontMetricsF metrics(Theme::smallFont());
    std::vector<Line> lines;
    double top = 0;
    for (const auto& entry : colouring_.legend) {
        Line line{top, 0, entry.of > 0 ? tr("%1 of %2").arg(entry.count).arg(entry.of) : QString::number(entry.count)};
        const double room = width - kTextFrom - metrics.horizontalAdvance(line.count) - 2 * Theme::kStep;
        const auto needed = metrics.boundingRect(QRectF(0, 0, std::max(room, 40.0), 1000),
                                                 Qt::AlignLeft | Qt::TextWordWrap, entry.text);
        line.height = std::max<double>(kLine, needed.height() + Theme::kStep);
        top += line.height;
        lines.push_back(line);
    }
    return lines;
}

int MapLegend::noteHeight(int width) const {
    if (colouring_.note.isEmpty())
        return 0;
    const QFontMetricsF metrics(Theme::smallFont());
    return static_cast<int>(std::ceil(
        metrics.boundingRect(QRectF(0, 0, width, 1000), Qt::AlignLeft | Qt::TextWordWrap, colouring_.note).height()));
}

int MapLegend::heightForWidth(int width) const {
    if (colouring_.numeric)
        return kBar + (colouring_.missing > 0 ? kLine : 0);
    const auto all = lines(width);
    const double names = all.empty() ? kLine : all.back().top + all.back().height;
    const int note = noteHeight(width);
    return static_cast<int>(std::ceil(names)) + (note > 0 ? note + 2 * Theme::kStep : 0);
}

QSize MapLegend::sizeHint() const {
    constexpr int kUsual = 200;
    return {kUsual, heightForWidth(width() > kUsual ? width() : kUsual)};
}

void MapLegend::paintNumber(QPainter& painter) const {
    const QRectF bar(0, 4, width() - 1, 12);
    QLinearGradient gradient(bar.topLeft(), bar.topRight());
    for (int i = 0; i <= 16; ++i)
        gradient.setColorAt(i / 16.0, surprise_ ? batlow(i / 16.0) : cividis(i / 16.0));
    painter.fillRect(bar, gradient);
    painter.setPen(theme().secondary);
    const int digits = colouring_.high - colouring_.low < 5 ? 2 : 0;
    const QRectF text(0, 20, width(), 18);
    painter.drawText(text, Qt::AlignLeft, Texts::number(colouring_.low, digits));
    painter.drawText(text, Qt::AlignHCenter, colouring_.unit);
    painter.drawText(text, Qt::AlignRight, Texts::number(colouring_.high, digits));
    if (colouring_.missing == 0)
        return;
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme().secondary);
    drawMarker(painter, QPointF(7, kBar + kLine / 2.0), 4.5, kRing);
    painter.setPen(theme().text);
    painter.drawText(QRectF(kTextFrom, kBar, width() - kTextFrom, kLine), Qt::AlignLeft | Qt::AlignVCenter,
                     tr("without a value"));
    painter.setPen(theme().secondary);
    painter.drawText(QRectF(0, kBar, width(), kLine), Qt::AlignRight | Qt::AlignVCenter,
                     QString::number(colouring_.missing));
}

void MapLegend::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(Theme::smallFont());
    if (colouring_.numeric)
        return paintNumber(painter);
    const auto all = lines(width());
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& entry = colouring_.legend[i];
        const auto& line = all[i];
        const QRectF row(0, line.top, width(), line.height);
        painter.setPen(Qt::NoPen);
        painter.setBrush(entry.colour);
        drawMarker(painter, QPointF(7, line.top + kLine / 2.0), 4.5, entry.shape);
        const double counts = painter.fontMetrics().horizontalAdvance(line.count) + 2 * Theme::kStep;
        painter.setPen(theme().text);
        painter.drawText(row.adjusted(kTextFrom, Theme::kStep - 1, -counts, 0),
                         Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, entry.text);
        painter.setPen(theme().secondary);
        painter.drawText(row.adjusted(0, Theme::kStep - 1, 0, 0), Qt::AlignRight | Qt::AlignTop, line.count);
    }
    const double top = (all.empty() ? 0 : all.back().top + all.back().height) + 2 * Theme::kStep;
    painter.drawText(QRectF(0, top, width(), height() - top), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap,
                     colouring_.note);
}

} // namespace precordia
