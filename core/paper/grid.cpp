// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/paper/grid.h"

#include "core/paper/device.h"

#include <QPainterPath>

namespace precordia {

namespace {

using paper::Device;
using paper::Pixels;

constexpr double kMinorWidth = 0.1; // mm
constexpr double kMajorWidth = 0.2;

// 1 where lines have room, 0 where they would only make a haze.
double fade(double spacingPixels) {
    return std::clamp(spacingPixels - 2.0, 0.0, 1.0);
}

// Where lines lie as rectangles on whole device pixels: equally dark at every scale and device-pixel ratio.
struct SnappedLines {
    double scale, offset; // of this direction: mm to device pixels
    double length;        // of the page, mm
    double pixels;        // wide

    SnappedLines(const Device& device, bool sideways, double lengthMm, double widthMm)
        : scale(sideways ? device.toDevice.m11() : device.toDevice.m22())
        , offset(sideways ? device.toDevice.dx() : device.toDevice.dy())
        , length(lengthMm)
        , pixels(std::max(1.0, std::round(widthMm * device.pixelsPerMm))) {}

    // The page's own edge lines stay on the page.
    double at(int mm) const {
        const double position = std::round(mm * scale + offset - pixels / 2);
        const double last = std::floor(length * scale + offset - pixels);
        return std::clamp(position, std::min(std::ceil(offset), last), last);
    }
};

template <class Draw>
void forEachLine(double length, int step, int skip, const Draw& draw) {
    for (int mm = 0; mm <= length + 1e-9; mm += step)
        if (skip == 0 || mm % skip != 0)
            draw(mm);
}

void fillSnapped(QPainter& painter, const Device& device, const QSizeF& size, int step, int skip, double widthMm,
                 const QColor& colour) {
    const SnappedLines x(device, true, size.width(), widthMm), y(device, false, size.height(), widthMm);
    forEachLine(size.width(), step, skip, [&](int mm) {
        painter.fillRect(QRectF((x.at(mm) - x.offset) / x.scale, 0, x.pixels / x.scale, size.height()), colour);
    });
    forEachLine(size.height(), step, skip, [&](int mm) {
        painter.fillRect(QRectF(0, (y.at(mm) - y.offset) / y.scale, size.width(), y.pixels / y.scale), colour);
    });
}

// Ground and grid of opaque colours, pixel for pixel what fillSnapped makes of them: one row of ground with the upright
// lines is made and copied.
void fillPage(const Pixels& pixels, const Device& device, const QSizeF& size, const PaperColours& colours, bool lines) {
    const auto mapped = device.toDevice.mapRect(QRectF(QPointF(0, 0), size));
    const QRect page = QRect(QPoint(qRound(mapped.left()), qRound(mapped.top())),
                             QPoint(qRound(mapped.right()) - 1, qRound(mapped.bottom()) - 1)) &
                       pixels.rect();
    if (page.isEmpty())
        return;
    const QRect top(page.left(), page.top(), page.width(), 1);
    const auto upright = [&](int step, int skip, double widthMm, const QColor& colour, const QRect& where) {
        const SnappedLines x(device, true, size.width(), widthMm);
        forEachLine(size.width(), step, skip, [&](int mm) {
            pixels.fill(QRect(qRound(x.at(mm)), where.top(), qRound(x.pixels), where.height()) & where, colour);
        });
    };
    const auto level = [&](int step, int skip, double widthMm, const auto& draw) {
        const SnappedLines y(device, false, size.height(), widthMm);
        forEachLine(size.height(), step, skip,
                    [&](int mm) { draw(QRect(page.left(), qRound(y.at(mm)), page.width(), qRound(y.pixels)) & page); });
    };
    pixels.fill(top, colours.ground);
    if (lines) {
        upright(1, 5, kMinorWidth, colours.minorGrid, top);
        upright(5, 0, kMajorWidth, colours.majorGrid, top);
    }
    for (int y = page.top() + 1; y <= page.bottom(); ++y)
        std::copy_n(pixels.row(page.top()) + page.left(), page.width(), pixels.row(y) + page.left());
    if (!lines)
        return;
    level(1, 5, kMinorWidth, [&](const QRect& line) {
        pixels.fill(line, colours.minorGrid);
        upright(5, 0, kMajorWidth, colours.majorGrid, line);
    });
    level(5, 0, kMajorWidth, [&](const QRect& line) { pixels.fill(line, colours.majorGrid); });
}

void strokeLines(QPainter& painter, const QSizeF& size, int step, int skip, double widthMm, const QColor& colour) {
    QPainterPath path;
    for (int mm = 0; mm <= size.width() + 1e-9; mm += step)
        if (skip == 0 || mm % skip != 0) {
            path.moveTo(mm, 0);
            path.lineTo(mm, size.height());
        }
    for (int mm = 0; mm <= size.height() + 1e-9; mm += step)
        if (skip == 0 || mm % skip != 0) {
            path.moveTo(0, mm);
            path.lineTo(size.width(), mm);
        }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colour, widthMm, Qt::SolidLine, Qt::FlatCap));
    painter.drawPath(path);
}

void drawGrid(QPainter& painter, const Device& device, const QSizeF& size, const PaperColours& colours) {
    painter.setRenderHint(QPainter::Antialiasing, false);
    QColor minor = colours.minorGrid, major = colours.majorGrid;
    if (!device.raster || device.toDevice.type() > QTransform::TxScale) {
        strokeLines(painter, size, 1, 5, kMinorWidth, minor);
        strokeLines(painter, size, 5, 0, kMajorWidth, major);
    } else {
        minor.setAlphaF(static_cast<float>(fade(device.pixelsPerMm)));
        major.setAlphaF(static_cast<float>(fade(5 * device.pixelsPerMm)));
        if (minor.alpha() > 0)
            fillSnapped(painter, device, size, 1, 5, kMinorWidth, minor);
        if (major.alpha() > 0)
            fillSnapped(painter, device, size, 5, 0, kMajorWidth, major);
    }
    painter.setRenderHint(QPainter::Antialiasing, true);
}

} // namespace

void drawPaperGrid(QPainter& painter, const QSizeF& sizeMm, const PaperColours& colours, bool lines) {
    const Device device(painter);
    const bool opaque = colours.ground.alpha() == 255 && colours.minorGrid.alpha() == 255 &&
                        colours.majorGrid.alpha() == 255 && fade(device.pixelsPerMm) == 1;
    if (device.pixels && opaque)
        return fillPage(*device.pixels, device, sizeMm, colours, lines);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.fillRect(QRectF(QPointF(0, 0), sizeMm), colours.ground);
    if (lines)
        drawGrid(painter, device, sizeMm, colours);
    painter.setRenderHint(QPainter::Antialiasing, true);
}

} // namespace precordia
