// SPDX-License-Identifier: GPL-3.0-or-later
// One-page report of a recording: paper to scale, labels, measurements, nearest neighbours, surprise, provenance.
#pragma once

#include "core/base/result.h"
#include "core/ecg/recording.h"
#include "core/paper/paper.h"
#include "core/study/study.h"

#include <QPagedPaintDevice>

#include <filesystem>
#include <string>
#include <vector>

namespace precordia {

struct ReportNeighbour {
    std::string name;
    std::vector<std::string> labels;
    double distance = 0;
    std::optional<double> heartRateBpm;
};

struct RecordingReport {
    RecordingRow row;
    Recording recording;
    Measurements computed, fromFile;
    std::vector<ReportNeighbour> neighbours;
    std::optional<double> surprisePercentile;  // among the study
    std::vector<float> surprisePerInterval;
    double intervalSeconds = 0.2;
    std::string modelHash, preprocessingHash;  // provenance; "" when no model
    PaperOptions paper;
};

// Gathers what the study knows of a recording.
Result<RecordingReport> collectReport(const Study& study, RecordingId id);
// A4 landscape; pdf or html by extension (html embeds SVG). Errors: FileUnwritable, WrongUse.
Result<Done> writeReport(const RecordingReport& report, const std::filesystem::path& out);
// The same page on any painter, in millimetres, 297 x 210: the Report view's preview.
void drawReport(QPainter& painter, const RecordingReport& report);

} // namespace precordia
