// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/paper/print.h"

#include "core/paper/page_words.h"
#include "core/paper/trace.h"

#include <QPageLayout>
#include <QPagedPaintDevice>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

constexpr double kMmPerInch = 25.4;
constexpr double kClosestRow = 6;     // mm
constexpr double kShortestTrace = 40; // mm: less is no ECG
constexpr double kLargeSquare = 5;    // mm
constexpr double kRightMargin = 5, kFooter = 10;
constexpr double kHardlyAnything = 1e-6;

// Rows of a page of this layout, counting every row as one millimetre high, and what lies above and left of the traces.
struct Margins {
    double rows = 1, top = 0, left = 0;
};
Margins marginsOf(const Recording& recording, const PaperOptions& options) {
    PaperOptions probe = options;
    probe.rowHeight = 1;
    probe.gain = 0; // no wave asks for headroom
    const PaperPage page = layoutPaper(recording, probe, 250);
    return {std::max(page.traceArea.height(), 1.0), page.traceArea.top(), page.traceArea.left()};
}

QString footOf(const Recording& recording, const PrintPlan& plan, std::size_t sheet) {
    QString foot = plan.options.footer.isEmpty() ? standardFooter(plan.options) : plan.options.footer;
    const double start = plan.startsAt[sheet];
    const double end = std::min(start + plan.secondsPerSheet, paper::lastSecond(recording));
    if (plan.startsAt.size() > 1 || start > 0 || end < paper::lastSecond(recording) - kHardlyAnything)
        foot.prepend(partText(start, end, paper::lastSecond(recording)) + QStringLiteral("  "));
    if (plan.startsAt.size() > 1)
        foot.append(QStringLiteral("  ·  %1 / %2").arg(sheet + 1).arg(plan.startsAt.size()));
    return foot;
}

} // namespace

Result<PrintPlan> planPrint(const Recording& recording, const PaperOptions& options, QSizeF printable,
                            std::size_t mostSheets) {
    if (recording.leads.empty() || recording.samples() == 0 || !(recording.samplingRate > 0))
        return makeError(ErrorCode::SignalTooShort, "the recording has no samples to print", recording.name);
    if (!(options.speed >= 1 && options.speed <= 1000) || !(options.gain >= 0.1 && options.gain <= 1000))
        return makeError(ErrorCode::ValueOutOfRange, "speed or gain is one that no paper has");
    const double total = paper::lastSecond(recording) - options.startSeconds;
    if (!(options.startSeconds >= 0 && total > 0))
        return makeError(ErrorCode::ValueOutOfRange, "the start lies outside the recording", recording.name);

    PrintPlan plan;
    plan.options = options;
    const Margins margins = marginsOf(recording, options);
    // Whole large squares, so that a sheet ends where a line of the grid is.
    const double room =
        std::floor((printable.width() - margins.left - kRightMargin) / kLargeSquare + kHardlyAnything) * kLargeSquare;
    if (room < kShortestTrace)
        return makeError(ErrorCode::ValueOutOfRange, "the sheet is too narrow for an ECG");
    const PaperPage natural = layoutPaper(recording, options, printable.width());
    if (natural.sizeMm.height() > printable.height()) {
        plan.options.headroomFromRows = true;
        plan.options.rowHeight = (printable.height() - margins.top - kFooter) / margins.rows;
        if (plan.options.rowHeight < kClosestRow)
            return makeError(ErrorCode::ValueOutOfRange, "the sheet is too low for the rows of this layout");
    }
    const double sheets = std::max(1.0, std::ceil(total * options.speed / room - kHardlyAnything));
    // Shared evenly: a last sheet with a second of trace would show a sliver of every column.
    const double mm = std::ceil(total * options.speed / sheets / kLargeSquare - kHardlyAnything) * kLargeSquare;
    const double trace = sheets > 1 ? mm : std::max(total * options.speed, kShortestTrace);
    plan.secondsPerSheet = trace / options.speed;
    plan.widthMm = margins.left + trace + kRightMargin;
    const auto count = std::min(static_cast<std::size_t>(sheets), std::max<std::size_t>(mostSheets, 1));
    for (std::size_t i = 0; i < count; ++i) {
        const double start = options.startSeconds + static_cast<double>(i) * plan.secondsPerSheet;
        if (start < paper::lastSecond(recording) - kHardlyAnything)
            plan.startsAt.push_back(start);
    }
    return plan;
}

Result<Done> printPaper(QPagedPaintDevice& device, const Recording& recording, const PaperOptions& options,
                        std::size_t mostSheets, int from, int to) {
    const QRectF printable = device.pageLayout().paintRect(QPageLayout::Millimeter);
    const auto plan = planPrint(recording, options, printable.size(), mostSheets);
    if (!plan)
        return plan.as<Done>();
    const auto sheets = static_cast<int>(plan->startsAt.size());
    const int first = std::clamp(from, 1, sheets), last = to <= 0 ? sheets : std::clamp(to, first, sheets);
    QPainter painter;
    if (!painter.begin(&device))
        return makeError(ErrorCode::FileUnwritable, "the printer or its file takes no page");
    // Its origin is the corner of the margins; one unit becomes one millimetre.
    const double x = device.logicalDpiX() / kMmPerInch, y = device.logicalDpiY() / kMmPerInch;
    painter.scale(x, y);
    for (int sheet = first; sheet <= last; ++sheet) {
        if (sheet > first && !device.newPage())
            return makeError(ErrorCode::FileUnwritable, "the printer or its file takes no further page");
        PaperOptions here = plan->options;
        here.startSeconds = plan->startsAt[static_cast<std::size_t>(sheet - 1)];
        here.footer = footOf(recording, *plan, static_cast<std::size_t>(sheet - 1));
        drawPaper(painter, recording, here, layoutPaper(recording, here, plan->widthMm));
    }
    if (!painter.end())
        return makeError(ErrorCode::FileUnwritable, "the printer or its file could not be finished");
    return Done{};
}

} // namespace precordia
