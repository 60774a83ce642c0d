// SPDX-License-Identifier: GPL-3.0-or-later
// From samples to lines in millimetres: min-max decimation, breaks at gaps, clipping. Private to core/paper.
#pragma once

#include "core/ecg/recording.h"

#include <QPolygonF>
#include <QRectF>

#include <span>
#include <vector>

namespace precordia::paper {

// Of the samples that are there, in the time of the whole recording, s.
inline double firstSecond(const Recording& recording) {
    return recording.samplingRate > 0 ? static_cast<double>(recording.firstSample) / recording.samplingRate : 0.0;
}
inline double lastSecond(const Recording& recording) {
    return firstSecond(recording) + recording.seconds();
}

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

// What a column of device pixels is filled with, where many samples share it: y from top to bottom, in device pixels.
struct TraceColumn {
    int x = 0;
    double top = 0, bottom = 0;
};
// Device pixels are mm * scale + offset. Each column reaches to where the line to its neighbours crosses its borders,
// so that the trace does not break; NaN breaks it. Clipped to `clip` (mm); a column that lies outside is not there.
struct DeviceScale {
    double scaleX = 1, offsetX = 0, scaleY = 1, offsetY = 0;
};
std::vector<TraceColumn> traceColumns(std::span<const float> samples, const TraceMapping& mapping, const QRectF& clip,
                                      const DeviceScale& device);

// Where the signal runs off `clip` above and below: the extreme of each stretch, at least `apart` mm from the last.
struct CutMarks {
    std::vector<double> above, below; // x in mm
};
CutMarks cutMarks(std::span<const float> samples, const TraceMapping& mapping, const QRectF& clip, double apart);

// Whether the line through the samples enters `box` (mm).
bool runsThrough(std::span<const float> samples, const TraceMapping& mapping, const QRectF& box);

} // namespace precordia::paper
