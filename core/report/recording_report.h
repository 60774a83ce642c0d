// SPDX-License-Identifier: GPL-3.0-or-later
// One-page report of a recording: paper to scale, labels, measurements, nearest neighbours, surprise, provenance.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/ecg/recording.h"
#include "core/paper/paper.h"
#include "core/study/study.h"

#include <QPagedPaintDevice>
#include <QSizeF>

#include <filesystem>
#include <functional>
#include <memory>
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
    Measurements moved;           // what a reader changed by moving marks on the median beat
    std::string movedBy, movedAt; // who, and when (ISO 8601, UTC)
    std::vector<ReportNeighbour> neighbours;
    std::optional<double> surprisePercentile; // among the study
    std::vector<float> surprisePerInterval;
    double intervalSeconds = 0.2;
    std::string modelHash, preprocessingHash; // provenance; "" when no model
    PaperOptions paper;
};

// What many reports of one study share, read once: all rows and the standardised recording embeddings.
class ReportSource {
public:
    static Result<ReportSource> open(const Study& study); // the study must outlive it
    Result<RecordingReport> collect(RecordingId id) const;

private:
    struct Tables;
    ReportSource(const Study& study, std::shared_ptr<const Tables> tables)
        : study_(&study)
        , tables_(std::move(tables)) {}
    const Study* study_;
    std::shared_ptr<const Tables> tables_;
};

// Gathers what the study knows of a recording. Without embeddings there are no neighbours, without a model no surprise.
Result<RecordingReport> collectReport(const Study& study, RecordingId id);

// A4 landscape; pdf or html by extension (html embeds SVG). Needs a QGuiApplication. Errors: FileUnwritable, WrongUse.
Result<Done> writeReport(const RecordingReport& report, const std::filesystem::path& out);

// One page a recording, in the order of ids, all or nothing. A recording that cannot be read is handed to `failed` and
// left out; an error only when none could be read.
Result<Done> writeReports(const Study& study, const std::vector<RecordingId>& ids, const std::filesystem::path& out,
                          StopToken stop, Progress& progress, const std::function<void(const Error&)>& failed = {});

// The same page on any painter, in millimetres, 297 x 210: the Report view's preview.
constexpr double kReportWidthMm = 297, kReportHeightMm = 210;
void drawReport(QPainter& painter, const RecordingReport& report);

} // namespace precordia
