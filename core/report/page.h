// SPDX-License-Identifier: GPL-3.0-or-later
// The figure of a report: paper with the surprise of each interval under it. Private to core/report.
#pragma once

#include "core/report/recording_report.h"

namespace precordia::report {

PaperOptions paperOf(const RecordingReport& report);
PaperPage paperPage(const RecordingReport& report);
QSizeF figureSize(const RecordingReport& report);                  // mm
void drawFigure(QPainter& painter, const RecordingReport& report); // top left at the origin, in mm

} // namespace precordia::report
