// SPDX-License-Identifier: GPL-3.0-or-later
// Opaque ink straight into the pixels of a picture. What traces cost with QPainter is the way to a pixel, not the
// pixel: twelve rows of 1,200 columns take it 3.7 ms, and 0.2 ms here; twelve traces of 10 s with a pen of 2 pixels
// 220 ms, and 6 here. Private to core/paper.
#pragma once

#include <QColor>
#include <QPointF>
#include <QRect>

#include <optional>
#include <span>

class QPainter;

namespace precordia::paper {

// The pixels that a painter draws on, premultiplied or without alpha, 32 bits each.
struct Pixels {
    quint32* first = nullptr;
    qsizetype stride = 0; // pixels from one row to the next
    int width = 0, height = 0;

    // Nothing where the painter does more than lay ink on what is there (clip, opacity, another composition) or draws
    // on something else than such a QImage; then QPainter must do it.
    static std::optional<Pixels> of(const QPainter& painter);
    quint32* row(int y) const { return first + y * stride; }
    QRect rect() const { return {0, 0, width, height}; }
    void fill(const QRect& rect, const QColor& opaque) const; // what lies outside is left out
};

// An unbroken line of one pixel's width through points in device pixels, antialiased after Wu 1991 (two pixels share
// the ink of each step), half a pixel longer at both ends; one point is a dot.
void strokeThin(const Pixels& pixels, std::span<const QPointF> points, const QColor& opaque);

// A line of any width from one pixel on that never runs back (x does not fall), with round ends and joins, all of it at
// once: what it covers of a pixel is the union of its parts, exact from top to bottom, at four places from left to
// right.
void strokeThick(const Pixels& pixels, std::span<const QPointF> points, double width, const QColor& opaque);

} // namespace precordia::paper
