// SPDX-License-Identifier: GPL-3.0-or-later
// A4 landscape in millimetres: who, the labels, paper to scale with its ribbon, three columns of what is known, and
// where it comes from.
#include "core/report/page.h"

#include "core/paper/page_words.h"
#include "core/report/report_text.h"

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

constexpr double kPaperWidth = 270; // 10 s at 25 mm/s with pulse and margins
constexpr double kRowHeight = 25;
constexpr double kLeft = (kReportWidthMm - kPaperWidth) / 2;
constexpr double kPaperTop = 25;
constexpr double kRibbonHeight = 6;
constexpr double kRibbonGap = 1.5;
constexpr double kRule = 0.2;

constexpr double kTitleCapitals = 4;
constexpr double kTextCapitals = 2.1;
constexpr double kSmallCapitals = 1.7;
constexpr double kLine = 5; // baseline to baseline
constexpr double kAfterRule = 0.8;
constexpr int kMeasurementLines = 8;

const PaperColours& ink() {
    static const PaperColours colours = PaperColours::standard();
    return colours;
}

// The longest beginning that fits, with an ellipsis.
QString elided(const QString& text, double capitals, double width) {
    if (paperTextWidth(text, capitals) <= width)
        return text;
    qsizetype fits = 0, tooLong = text.size();
    while (tooLong - fits > 1) {
        const qsizetype middle = (fits + tooLong) / 2;
        (paperTextWidth(text.left(middle) + QChar(0x2026), capitals) <= width ? fits : tooLong) = middle;
    }
    return text.left(fits).trimmed() + QChar(0x2026);
}

void write(QPainter& painter, double x, double y, const QString& text, double capitals = kTextCapitals,
           Qt::Alignment align = Qt::AlignLeft, bool bold = false) {
    drawPaperText(painter, {x, y}, text, capitals, ink().text, align, bold);
}

void rule(QPainter& painter, double left, double right, double y) {
    painter.setPen(QPen(ink().hidden, kRule));
    painter.drawLine(QPointF(left, y), QPointF(right, y));
}

void drawHead(QPainter& painter, const RecordingReport& report) {
    const double right = kReportWidthMm - kLeft;
    const QString title = report::title(report);
    write(painter, kLeft, 13, title, kTitleCapitals, Qt::AlignLeft, true);
    const double after = kLeft + paperTextWidth(title, kTitleCapitals, true) + 6;
    write(painter, right, 13, report::researchOnly(), kTextCapitals, Qt::AlignRight, true);
    const double room = right - paperTextWidth(report::researchOnly(), kTextCapitals, true) - 6 - after;
    write(painter, after, 13, elided(report::subject(report), kTextCapitals, room));
    const QString heading = report::Words::tr("Labels");
    write(painter, kLeft, 20.5, heading, kTextCapitals, Qt::AlignLeft, true);
    const double labelsLeft = kLeft + paperTextWidth(heading, kTextCapitals, true) + 3;
    write(painter, labelsLeft, 20.5, elided(report::labels(report.row.labels), kTextCapitals, right - labelsLeft));
}

// From the line `first` on, `most` of them; so many are there in all.
int drawMeasurements(QPainter& painter, const RecordingReport& report, double left, double width, double top, int first,
                     int most) {
    write(painter, left, top, report::Words::tr("Measurements"), kTextCapitals, Qt::AlignLeft, true);
    const bool moved = !report.moved.empty();
    const double computedRight = left + width * (moved ? 0.55 : 0.72), movedRight = left + width * 0.77,
                 fileRight = left + width;
    write(painter, computedRight, top, report::Words::tr("computed"), kSmallCapitals, Qt::AlignRight);
    if (moved)
        write(painter, movedRight, top, report::Words::tr("moved"), kSmallCapitals, Qt::AlignRight);
    write(painter, fileRight, top, report::Words::tr("from file"), kSmallCapitals, Qt::AlignRight);
    rule(painter, left, left + width, top + 1.7);
    const auto lines = report::measurements(report);
    double y = top + kAfterRule;
    if (lines.empty())
        write(painter, left, y + kLine, report::Words::tr("none"));
    const auto count = static_cast<int>(lines.size());
    const int last = std::min(count, first + most);
    for (int at = first; at < last; ++at) {
        const report::MeasurementLine& line = lines[static_cast<std::size_t>(at)];
        y += kLine;
        write(painter, left, y, elided(line.name, kTextCapitals, width * (moved ? 0.33 : 0.45)));
        if (moved)
            write(painter, movedRight, y, line.moved, kTextCapitals, Qt::AlignRight);
        write(painter, computedRight, y, line.computed, kTextCapitals, Qt::AlignRight);
        write(painter, fileRight, y, line.fromFile, kTextCapitals, Qt::AlignRight);
    }
    if (first > 0 && count > last)
        write(painter, left, y + 4, report::Words::tr("and %n more", nullptr, count - last), kSmallCapitals);
    if (const QString note = report::measuredPartNote(report); count <= last && !note.isEmpty())
        write(painter, left, y + 4, elided(note, kSmallCapitals, width), kSmallCapitals);
    return count;
}

void drawNeighbours(QPainter& painter, const RecordingReport& report, double left, double width, double top) {
    write(painter, left, top, report::Words::tr("Nearest recordings in the study"), kTextCapitals, Qt::AlignLeft, true);
    write(painter, left + width, top, report::Words::tr("distance"), kSmallCapitals, Qt::AlignRight);
    rule(painter, left, left + width, top + 1.7);
    if (report.neighbours.empty())
        write(painter, left, top + kAfterRule + kLine,
              report.modelHash.empty() ? report::Words::tr("no model yet") : report::Words::tr("not embedded"));
    double y = top + kAfterRule;
    for (const ReportNeighbour& neighbour : report.neighbours) {
        y += kLine;
        write(painter, left, y, elided(QString::fromStdString(neighbour.name), kTextCapitals, 23));
        write(painter, left + 40, y, report::heartRate(neighbour.heartRateBpm), kTextCapitals, Qt::AlignRight);
        write(painter, left + 43, y, elided(report::labels(neighbour.labels), kTextCapitals, width - 43 - 12));
        write(painter, left + width, y, report::distance(neighbour), kTextCapitals, Qt::AlignRight);
    }
}

// Where the last line stands.
double drawModel(QPainter& painter, const RecordingReport& report, double left, double width, double top) {
    write(painter, left, top, report::Words::tr("Model"), kTextCapitals, Qt::AlignLeft, true);
    rule(painter, left, left + width, top + 1.7);
    double y = top + kAfterRule;
    for (const QString& line : report::modelLines(report))
        write(painter, left, y += kLine, elided(line, kTextCapitals, width));
    return y;
}

} // namespace

namespace report {

PaperOptions paperOf(const RecordingReport& report) {
    PaperOptions options = report.paper;
    options.header.clear(); // the page has its own head
    options.rowHeight = kRowHeight;
    options.headroomFromRows = true; // what lies under the paper keeps its place
    options.colours = ink();
    options.derivedText = Words::tr("derived");
    options.absentText = Words::tr("not recorded");
    return options;
}

PaperPage paperPage(const RecordingReport& report) {
    return layoutPaper(report.recording, paperOf(report), kPaperWidth);
}

QSizeF figureSize(const RecordingReport& report) {
    const double ribbon = report.surprisePerInterval.empty() ? 0 : kRibbonGap + kRibbonHeight;
    return paperPage(report).sizeMm + QSizeF(0, ribbon);
}

void drawFigure(QPainter& painter, const RecordingReport& report) {
    painter.save();
    PaperOptions options = paperOf(report);
    const PaperPage page = paperPage(report);
    const double seconds = wholeSeconds(report);
    const double end = options.startSeconds + page.traceArea.width() / options.speed;
    if (end < seconds - 0.05 && options.footer.isEmpty())
        options.footer =
            partText(options.startSeconds, end, seconds, QLocale()) + QStringLiteral("  ") + standardFooter(options);
    drawPaper(painter, report.recording, options, page);

    // Bars instead of colours: they survive a black-and-white printer.
    const auto& surprise = report.surprisePerInterval;
    float largest = 0;
    for (const float v : surprise)
        largest = std::isfinite(v) ? std::max(largest, v) : largest;
    if (largest > 0) {
        const double foot = page.sizeMm.height() + kRibbonGap + kRibbonHeight;
        painter.setRenderHint(QPainter::Antialiasing, true);
        const double step = report.intervalSeconds * options.speed;
        for (std::size_t i = 0; i < surprise.size(); ++i) {
            const double x = page.traceArea.left() +
                             (static_cast<double>(i) * report.intervalSeconds - options.startSeconds) * options.speed;
            if (!std::isfinite(surprise[i]) || x < page.traceArea.left() - 1e-6 ||
                x + step > page.traceArea.right() + 1e-6)
                continue;
            const double height = static_cast<double>(surprise[i] / largest) * kRibbonHeight;
            painter.fillRect(QRectF(x + 0.2, foot - height, step - 0.4, height), options.colours.accent);
        }
        rule(painter, page.traceArea.left(), page.traceArea.right(), foot);
        drawPaperText(painter, {page.traceArea.left() - 1, foot - kRibbonHeight + 2.2}, Words::tr("surprise"),
                      kSmallCapitals, options.colours.text, Qt::AlignRight);
        drawPaperText(painter, {page.traceArea.left() - 1, foot},
                      Words::tr("0 to %1").arg(static_cast<double>(largest), 0, 'g', 2), kSmallCapitals,
                      options.colours.text, Qt::AlignRight);
    }
    painter.restore();
}

} // namespace report

void drawReport(QPainter& painter, const RecordingReport& report) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.fillRect(QRectF(0, 0, kReportWidthMm, kReportHeightMm), Qt::white);
    drawHead(painter, report);
    painter.save();
    painter.translate(kLeft, kPaperTop);
    report::drawFigure(painter, report);
    painter.restore();

    constexpr double kTop = 155; // paper of four rows and the ribbon end at 148
    constexpr double kGap = 9;
    constexpr double kMeasurements = 78, kModel = 68;
    const double right = kReportWidthMm - kLeft;
    constexpr double kBottom = 201;
    const int lines = drawMeasurements(painter, report, kLeft, kMeasurements, kTop, 0, kMeasurementLines);
    drawNeighbours(painter, report, kLeft + kMeasurements + kGap, kPaperWidth - kMeasurements - kModel - 2 * kGap,
                   kTop);
    // What has no room there goes on below the model.
    const double below = drawModel(painter, report, right - kModel, kModel, kTop) + kLine + 2;
    if (lines > kMeasurementLines)
        drawMeasurements(painter, report, right - kModel, kModel, below, kMeasurementLines,
                         static_cast<int>(std::max(0.0, (kBottom - 5 - below - kAfterRule) / kLine)));

    rule(painter, kLeft, right, kBottom);
    write(painter, kLeft, 205, report::provenance(report), kSmallCapitals);
    write(painter, right, 205, report::researchOnly(), kSmallCapitals, Qt::AlignRight);
    painter.restore();
}

} // namespace precordia
