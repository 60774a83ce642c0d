// SPDX-License-Identifier: GPL-3.0-or-later
// Text measured in millimetres: laid out once at 100 px and scaled, so that it is the same on every device.
#include "core/paper/device.h"
#include "core/paper/paper.h"

#include <QCache>
#include <QFont>
#include <QFontMetricsF>
#include <QGuiApplication>
#include <QImage>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <memory>

namespace precordia {

namespace {

constexpr int kLayoutPixels = 100;
constexpr double kSmallestReadable = 3; // device pixels of a capital: below it text is only dirt
constexpr double kHaloWidth = 0.5;      // of a capital, half of it outside the letter
constexpr int kHaloAlpha = 200;
constexpr qsizetype kKeptBytes = 1 << 20; // of soft edges: a page of twelve names has 60,000
constexpr int kNameLength = 4;            // of a lead's name
constexpr double kLetterSteps = 1;        // places of a letter in a pixel: its soft edge is wider than the error

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

struct Halo {
    QString text;
    QFont font;
    double capHeightMm;
    QColor ground;

    QPainterPath letters() const {
        QPainterPath path;
        path.addText(QPointF(0, 0), font, text);
        return path;
    }
    double scale() const { return scaleFor(QFontMetricsF(font), capHeightMm); }
    double width() const { return kHaloWidth * QFontMetricsF(font).capHeight(); } // of the pen, in the font's pixels
    void draw(QPainter& painter, QPointF at) const {
        QColor soft = ground;
        soft.setAlpha(kHaloAlpha);
        painter.save();
        painter.translate(at);
        painter.scale(scale(), scale());
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(soft, width(), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawPath(letters());
        painter.restore();
    }
};

// A soft edge in device pixels; `origin` is where the picture's corner lies from the whole pixel of the text's place.
struct KeptHalo {
    QImage image;
    QPointF origin;
};

// `within`: where in its pixel the text's place lies.
KeptHalo madeHalo(const Halo& halo, const paper::Device& device, QPointF within) {
    const double reach = halo.width() / 2;
    QTransform toPixels;
    toPixels.translate(within.x(), within.y());
    toPixels.scale(device.toDevice.m11() * halo.scale(), device.toDevice.m22() * halo.scale());
    const QRect area = toPixels.mapRect(halo.letters().boundingRect().adjusted(-reach, -reach, reach, reach))
                           .toAlignedRect()
                           .adjusted(-1, -1, 1, 1);
    KeptHalo made{QImage(area.size(), QImage::Format_ARGB32_Premultiplied), area.topLeft()};
    made.image.fill(Qt::transparent);
    QPainter painter(&made.image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(QPointF(within - area.topLeft()));
    painter.scale(device.toDevice.m11(), device.toDevice.m22());
    halo.draw(painter, {0, 0});
    return made;
}

// Of the thread, so that pages can be drawn in several.
const KeptHalo& keptHalo(const Halo& halo, const paper::Device& device, QPointF within) {
    thread_local QCache<QString, KeptHalo> kept(kKeptBytes);
    const QString key = QStringLiteral("%1 %2 %3 %4 %5 %6 %7 %8")
                            .arg(halo.font.key())
                            .arg(halo.capHeightMm)
                            .arg(device.toDevice.m11(), 0, 'g', 12)
                            .arg(device.toDevice.m22(), 0, 'g', 12)
                            .arg(within.x(), 0, 'f', 3)
                            .arg(within.y(), 0, 'f', 3)
                            .arg(halo.ground.rgba())
                            .arg(halo.text);
    if (const KeptHalo* there = kept.object(key))
        return *there;
    auto made = std::make_unique<KeptHalo>(madeHalo(halo, device, within));
    const KeptHalo& out = *made;
    kept.insert(key, made.release(), std::min(kKeptBytes, out.image.sizeInBytes()));
    return out;
}

// pixel: the text's place on the device, whose pixels are the painter's units.
void drawKept(QPainter& painter, const Halo& halo, const paper::Device& device, QPointF pixel) {
    const QPointF whole(std::floor(pixel.x()), std::floor(pixel.y()));
    const KeptHalo& kept = keptHalo(halo, device, pixel - whole);
    painter.drawImage(whole + kept.origin, kept.image);
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
    const Halo halo{text, paperFont(bold), capHeightMm, ground};
    const paper::Device device(painter);
    if (!device.raster || !device.straight() || !painter.testRenderHint(QPainter::Antialiasing))
        return halo.draw(painter, at);
    // Where a unit of the painter is a pixel; what lies between it and the device (a screen's scale) is undone.
    painter.save();
    painter.setWorldTransform(device.toDevice.inverted() * painter.worldTransform());
    if (text.size() <= kNameLength) {
        // Twelve of them take 3 ms, most of what lettering costs, and are the same on the next page.
        drawKept(painter, halo, device, device.toDevice.map(at));
    } else {
        // A line of words is another one on the next page, but of the same letters: each has its own soft edge.
        const QFontMetricsF metrics(halo.font);
        Halo letter = halo;
        double x = 0;
        for (const QChar c : text) {
            letter.text = c;
            const QPointF pixel = device.toDevice.map(at + QPointF(x * halo.scale(), 0));
            if (!c.isSpace())
                drawKept(painter, letter, device, {std::round(pixel.x() * kLetterSteps) / kLetterSteps, pixel.y()});
            x += metrics.horizontalAdvance(c);
        }
    }
    painter.restore();
}

} // namespace precordia
