// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/map/map_legend.h"

#include "ui/map/scatter_canvas.h"
#include "ui/texts.h"
#include "ui/theme/theme.h"

#include <QPainter>

namespace precordia {

namespace {
constexpr int kLine = 20;
}

MapLegend::MapLegend(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, qOverload<>(&QWidget::update));
}

void MapLegend::setColouring(const MapColouring& colouring, bool surprise) {
    colouring_ = colouring;
    surprise_ = surprise;
    setFixedHeight(sizeHint().height());
    update();
}

QSize MapLegend::sizeHint() const {
    return {200, colouring_.numeric ? 44 : kLine * std::max(1, static_cast<int>(colouring_.legend.size()))};
}

void MapLegend::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(Theme::smallFont());
    if (colouring_.numeric) {
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
        return;
    }
    for (std::size_t i = 0; i < colouring_.legend.size(); ++i) {
        const auto& entry = colouring_.legend[i];
        const double y = (static_cast<double>(i) + 0.5) * kLine;
        painter.setPen(Qt::NoPen);
        painter.setBrush(entry.colour);
        drawMarker(painter, QPointF(7, y), 4.5, entry.shape);
        painter.setPen(theme().text);
        const QString count = QString::number(entry.count);
        const int countWidth = painter.fontMetrics().horizontalAdvance(count) + 6;
        const QRectF text(20, y - kLine / 2.0, width() - 20 - countWidth, kLine);
        painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(entry.text, Qt::ElideRight, static_cast<int>(text.width())));
        painter.setPen(theme().secondary);
        painter.drawText(QRectF(width() - countWidth, text.top(), countWidth, kLine), Qt::AlignRight | Qt::AlignVCenter,
                         count);
    }
}

} // namespace precordia
