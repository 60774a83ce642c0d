// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/paper/pixels.h"

#include <QImage>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace precordia::paper {

namespace {

constexpr int kWhole = 256; // of a pixel's ink

// `part` of 256 of the ink, the rest stays; all four channels, premultiplied.
void blend(quint32& pixel, quint32 ink, quint32 part) {
    constexpr quint32 kTwo = 0x00FF00FFU, kHalf = 0x00800080U;
    const quint32 rest = kWhole - part;
    const quint32 low = ((ink & kTwo) * part + (pixel & kTwo) * rest + kHalf) >> 8U;
    const quint32 high = ((ink >> 8U) & kTwo) * part + ((pixel >> 8U) & kTwo) * rest + kHalf;
    pixel = (low & kTwo) | (high & ~kTwo);
}

// Along its longer direction ("along") a segment takes a step a pixel; "across" is the other one.
struct Axes {
    quint32* first;
    qsizetype alongStride, acrossStride;
    int along, across; // pixels there are
};

struct Ends {
    double along0, across0, along1, across1;
    bool longer0, longer1; // by half a pixel
};

void strokeSegment(const Axes& axes, Ends e, quint32 ink) {
    if (e.along0 > e.along1)
        e = {e.along1, e.across1, e.along0, e.across0, e.longer1, e.longer0};
    const double length = e.along1 - e.along0;
    const double slope = length > 0 ? (e.across1 - e.across0) / length : 0.0;
    const double begin = e.along0 - (e.longer0 ? 0.5 : 0.0), end = e.along1 + (e.longer1 ? 0.5 : 0.0);
    const int from = std::max(0, static_cast<int>(std::floor(begin)));
    const int last = std::min(axes.along - 1, static_cast<int>(std::ceil(end)) - 1);
    // Where the middle of the line runs at the middle of a step, in 1/65536 pixels, less half a pixel.
    constexpr double kUnit = 65536;
    auto at = static_cast<qint64>(std::floor((e.across0 + (from + 0.5 - e.along0) * slope - 0.5) * kUnit));
    const auto step = static_cast<qint64>(slope * kUnit);
    quint32* pixel = axes.first + from * axes.alongStride;
    for (int k = from; k <= last; ++k, at += step, pixel += axes.alongStride) {
        quint32 ends = kWhole;
        if (k < begin || k + 1 > end)
            ends = static_cast<quint32>(kWhole * (std::min(end, k + 1.0) - std::max(begin, static_cast<double>(k))));
        const auto place = at >> 16;
        const auto further = static_cast<quint32>(at >> 8) & 0xFFU;
        if (place >= 0 && place < axes.across)
            blend(pixel[place * axes.acrossStride], ink, ends * (kWhole - further) / kWhole);
        if (place + 1 >= 0 && place + 1 < axes.across)
            blend(pixel[(place + 1) * axes.acrossStride], ink, ends * further / kWhole);
    }
}

} // namespace

std::optional<Pixels> Pixels::of(const QPainter& painter) {
    QPaintDevice* device = painter.device();
    if (device == nullptr || device->devType() != QInternal::Image || painter.hasClipping() || painter.opacity() != 1 ||
        painter.compositionMode() != QPainter::CompositionMode_SourceOver)
        return std::nullopt;
    auto* image = static_cast<QImage*>(device);
    if (image->format() != QImage::Format_RGB32 && image->format() != QImage::Format_ARGB32_Premultiplied)
        return std::nullopt;
    // The painter's own pixels: an image that is being painted is not shared, so nothing is copied here.
    return Pixels{reinterpret_cast<quint32*>(image->bits()),
                  image->bytesPerLine() / static_cast<qsizetype>(sizeof(quint32)), image->width(), image->height()};
}

void Pixels::fill(const QRect& asked, const QColor& opaque) const {
    const QRect there = asked & rect();
    const quint32 ink = opaque.rgba();
    if (there.width() == 1) {
        quint32* pixel = row(there.top()) + there.left();
        for (int y = there.height(); y > 0; --y, pixel += stride)
            *pixel = ink;
        return;
    }
    for (int y = there.top(); y <= there.bottom(); ++y)
        std::fill_n(row(y) + there.left(), there.width(), ink);
}

void strokeThin(const Pixels& pixels, std::span<const QPointF> points, const QColor& opaque) {
    const Axes sideways{pixels.first, 1, pixels.stride, pixels.width, pixels.height};
    const Axes upright{pixels.first, pixels.stride, 1, pixels.height, pixels.width};
    const quint32 ink = opaque.rgba();
    if (points.size() == 1) {
        const QPointF& at = points.front();
        strokeSegment(sideways, {at.x(), at.y(), at.x(), at.y(), true, true}, ink);
    }
    for (std::size_t i = 1; i < points.size(); ++i) {
        const QPointF &a = points[i - 1], &b = points[i];
        const bool first = i == 1, last = i + 1 == points.size();
        if (std::abs(b.x() - a.x()) >= std::abs(b.y() - a.y()))
            strokeSegment(sideways, {a.x(), a.y(), b.x(), b.y(), first, last}, ink);
        else
            strokeSegment(upright, {a.y(), a.x(), b.y(), b.x(), first, last}, ink);
    }
}

} // namespace precordia::paper
