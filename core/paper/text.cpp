// SPDX-License-Identifier: GPL-3.0-or-later
// Text measured in millimetres: laid out once at 100 px and scaled, so that it is the same on every device.
#include "core/paper/paper.h"

#include <QFont>
#include <QFontMetricsF>
#include <QGuiApplication>
#include <QPainterPath>

#include <algorithm>

namespace precordia {

namespace {

constexpr int kLayoutPixels = 100;
constexpr double kSmallestReadable = 3; // device pixels of a capital: below it text is only dirt
constexpr double kHaloWidth = 0.5;      // of a capital, half of it outside the letter
constexpr int kHaloAlpha = 200;

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

bool readable(const QPainter& painter, double capHeightMm) {
    return capHeightMm * painter.deviceTransform().m22() >= kSmallestReadable;
}

} // namespace

double paperTextWidth(const QString& text, double capHeightMm, bool bold) {
    const QFontMetricsF metrics(paperFont(bold));
    return metrics.horizontalAdvance(text) * scaleFor(metrics, capHeightMm);
}

void drawPaperText(QPainter& painter, QPointF at, const QString& text, double capHeightMm, const QColor& colour,
                   Qt::Alignment align, bool bold) {
    if (text.isEmpty() || !readable(painter, capHeightMm))
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

void drawPaperHalo(QPainter& painter, QPointF at, const QString& text, double capHeightMm, const QColor& ground,
                   bool bold) {
    if (text.isEmpty() || !readable(painter, capHeightMm))
        return;
    const QFont font = paperFont(bold);
    const QFontMetricsF metrics(font);
    const double scale = scaleFor(metrics, capHeightMm);
    QPainterPath letters;
    letters.addText(QPointF(0, 0), font, text);
    QColor soft = ground;
    soft.setAlpha(kHaloAlpha);
    painter.save();
    painter.translate(at);
    painter.scale(scale, scale);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(soft, kHaloWidth * metrics.capHeight(), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(letters);
    painter.restore();
}

} // namespace precordia
