// SPDX-License-Identifier: GPL-3.0-or-later
// From samples to lines in millimetres: min-max decimation, breaks at gaps, clipping. Private to core/paper.
#pragma once

#include <QPolygonF>
#include <QRectF>

#include <span>
#include <vector>

namespace precordia::paper {

struct TraceMapping {
    double rate = 0;         // Hz
    double firstSeconds = 0; // time of sample 0
    double x0 = 0, t0 = 0;   // x0 mm is where t0 s lies
    double speed = 25;       // mm/s
    double baselineY = 0;    // mm
    double mmPerUnit = 0.01; // 10 mm/mV for uV
};

// The part of the signal inside `clip` (mm) as unbroken lines. Where several samples share 1 / columnsPerMm of paper,
// their smallest and largest stand for them: no peak is lost. Buckets are bound to the samples, not to the page, so a
// panned trace does not shimmer. NaN breaks the line; clipping is done here because SVG output has none of its own.
std::vector<QPolygonF> traceLines(std::span<const float> samples, const TraceMapping& mapping, const QRectF& clip,
                                  double columnsPerMm);

// Where the signal runs off `clip` above and below: the extreme of each stretch, at least `apart` mm from the last.
struct CutMarks {
    std::vector<double> above, below; // x in mm
};
CutMarks cutMarks(std::span<const float> samples, const TraceMapping& mapping, const QRectF& clip, double apart);

} // namespace precordia::paper
