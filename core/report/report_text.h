// SPDX-License-Identifier: GPL-3.0-or-later
// The words of a report, the same on the page and in HTML. Private to core/report.
#pragma once

#include "core/report/recording_report.h"

#include <QCoreApplication>
#include <QString>
#include <QStringList>

#include <utility>
#include <vector>

namespace precordia::report {

// The report's words in the language of the application; English where no translator is installed.
class Words {
    Q_DECLARE_TR_FUNCTIONS(Report)
};

struct MeasurementLine {
    QString name, computed, moved, fromFile; // with unit; an en dash where there is none
};

double wholeSeconds(const RecordingReport& report); // also of a long recording, of which the beginning is at hand
QString title(const RecordingReport& report);
QString subject(const RecordingReport& report); // "ptbxl · 63 years · male · 2024-02-04 · 12 leads, 500 Hz, 10.0 s"
QString labels(const std::vector<std::string>& labels); // "none" when empty
// Computed and from file side by side, never blended. The well-known ones first, in clinical order.
std::vector<MeasurementLine> measurements(const RecordingReport& report);
// Of which part the intervals and axes are, or why there are none; "" where they are of the whole.
QString measuredPartNote(const RecordingReport& report);
QString distance(const ReportNeighbour& neighbour);
QString heartRate(const std::optional<double>& bpm);
// What the model says of the recording, a line each; says so when there is no model.
QStringList modelLines(const RecordingReport& report);
QString provenance(const RecordingReport& report);
QString researchOnly();

} // namespace precordia::report
