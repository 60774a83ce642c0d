// SPDX-License-Identifier: GPL-3.0-or-later
// What a painter draws on: pixels a millimetre, and whether there are pixels at all. Private to core/paper.
#pragma once

#include "core/paper/pixels.h"

#include <QPaintEngine>
#include <QPainter>
#include <QTransform>

#include <algorithm>
#include <cmath>
#include <optional>

namespace precordia::paper {

constexpr double kVectorColumnsPerMm = 24; // 600 dpi

struct Device {
    bool raster = true;
    QTransform toDevice;
    double pixelsPerMm = 1;
    std::optional<Pixels> pixels; // where they can be written themselves; millimetres are scaled and moved, not turned

    explicit Device(const QPainter& painter) : toDevice(painter.deviceTransform()) {
        const QPaintEngine* engine = painter.paintEngine();
        const auto type = engine != nullptr ? engine->type() : QPaintEngine::Raster;
        raster = type != QPaintEngine::SVG && type != QPaintEngine::Pdf && type != QPaintEngine::Picture;
        pixelsPerMm = std::max(std::hypot(toDevice.m11(), toDevice.m12()), 1e-6);
        if (raster && straight())
            pixels = Pixels::of(painter);
    }
    bool straight() const { return toDevice.type() <= QTransform::TxScale && toDevice.m11() > 0 && toDevice.m22() > 0; }
    double columnsPerMm() const { return raster ? pixelsPerMm : kVectorColumnsPerMm; }
    // A pen never thinner than one device pixel.
    double atLeastOnePixel(double mm) const { return raster ? std::max(mm, 1.0 / pixelsPerMm) : mm; }
};

} // namespace precordia::paper
