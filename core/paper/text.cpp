// SPDX-License-Identifier: GPL-3.0-or-later
// Text measured in millimetres: laid out once at 100 px and scaled, so that it is the same on every device.
#include "core/paper/paper.h"

#include <QFont>
#include <QFontMetricsF>
#include <QGuiApplication>

#include <algorithm>

namespace precordia {

namespace {

constexpr int kLayoutPixels = 100;
constexpr double kSmallestReadable = 3; // device pixels of a capital: below it text is only dirt

QFont paperFont(bool bold) {
    QFont font = QGuiApplication::font();
    font.setPixelSize(kLayoutPixels);
    font.setBold(bold);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

// Millimetres a layout pixel, for capitals of this height.
double scaleFor(const QFontMetricsF& metrics, double capHeightMm) {
    return capHeightMm / std::max(metrics.capHeight(), 1.0);
}

} // namespace

double paperTextWidth(const QString& text, double capHeightMm, bool bold) {
    const QFontMetricsF metrics(paperFont(bold));
    return metrics.horizontalAdvance(text) * scaleFor(metrics, capHeightMm);
}

void drawPaperText(QPainter& painter, QPointF at, const QString& text, double capHeightMm, const QColor& colour,
                   Qt::Alignment align, bool bold) {
    if (text.isEmpty() || capHeightMm * painter.deviceTransform().m22() < kSmallestReadable)
        return;
    const QFont font = paperFont(bold);
    const QFontMetricsF metrics(font);
    const double scale = scaleFor(metrics, capHeightMm);
    double shift = 0;
    if (align.testFlag(Qt::AlignRight))
        shift = -metrics.horizontalAdvance(text);
    else if (align.testFlag(Qt::AlignHCenter))
        shift = -metrics.horizontalAdvance(text) / 2;
    painter.save();
    painter.translate(at);
    painter.scale(scale, scale);
    painter.setFont(font);
    painter.setPen(colour);
    painter.drawText(QPointF(shift, 0), text);
    painter.restore();
}

} // namespace precordia
