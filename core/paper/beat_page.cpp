// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/paper/beat_page.h"

#include "core/paper/categories.h"
#include "core/paper/grid.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace precordia {

namespace {

constexpr double kMargin = 5, kFooter = 8;
constexpr double kLegendLine = 6, kLegendInk = 9.5;      // mm: from line to line, and for the line before a text
constexpr double kGap = 5;                               // between cells
constexpr double kLeastBefore = 0.24, kMostBefore = 0.5; // s shown before the R peak
constexpr double kLeastAfter = 0.4, kMostAfter = 0.7;    // and behind it
constexpr double kRoomBefore = 0.04, kRoomAfter = 0.08;  // about the first and the last wave
constexpr double kMostRise = 30, kMostFall = 20, kMostStray = 15; // mm
constexpr double kLeastRise = 8, kLeastFall = 4, kLeastStray = 4;
constexpr double kBars = 4; // under the last row: how long the waves of both last
constexpr double kBarHeight = 0.9;
constexpr std::size_t kUsualLeads = 12; // of paper, that lettering is sized for
// All of them within what Qt draws quickly at the scale of a window (tracePen in paper.cpp).
constexpr double kReferenceWidth = 0.25, kCurrentWidth = 0.3, kDifferenceWidth = 0.25;
constexpr double kNameCapitals = 2.5, kSmallCapitals = 2.1;

struct Reach {
    double above = 0, below = 0; // uV
    void take(float value) {
        if (std::isfinite(value)) {
            above = std::max(above, static_cast<double>(value));
            below = std::max(below, -static_cast<double>(value));
        }
    }
};

struct Window {
    std::size_t from = 0, to = 0; // samples
};
Window windowOf(const SerialComparison& c, const BeatPage& page) {
    const auto sample = [&](double seconds) {
        return static_cast<std::size_t>(std::max(0.0, static_cast<double>(c.rPeak) + seconds * c.samplingRate));
    };
    return {sample(page.fromSeconds), sample(page.toSeconds)};
}

double wholeMm(double mm, double least, double most) {
    return std::clamp(std::ceil(mm + 1), least, most);
}

void showWaves(const SerialComparison& c, BeatPage& page) {
    double first = 0, last = 0;
    for (std::size_t i = 0; i < 3; ++i)
        for (const MedianWave* wave : {&c.referenceWaves[i], &c.currentWaves[i]})
            if (wave->present) {
                first = std::min(first, wave->on);
                last = std::max(last, wave->off);
            }
    page.fromSeconds = -std::clamp(-first + kRoomBefore, kLeastBefore, kMostBefore);
    page.toSeconds = std::clamp(last + kRoomAfter, kLeastAfter, kMostAfter);
}

// A strip of the cell, for the painter of traces: it may reach half a strip over its edges, so it is given as half.
PaperStrip stripAt(const BeatCell& cell, const BeatPage& page, double baseline, double above, double below) {
    PaperStrip strip;
    const double whole = above + below;
    strip.rect = QRectF(cell.rect.left(), baseline - above + whole / 4, cell.rect.width(), whole / 2);
    strip.baselineY = baseline;
    strip.startSeconds = page.fromSeconds;
    strip.endSeconds = page.toSeconds;
    return strip;
}

void drawBars(QPainter& painter, const SerialComparison& c, const BeatPageOptions& options, const BeatCell& cell,
              const BeatPageColours& inks) {
    double y = cell.rect.bottom() - kBars + 1;
    for (const auto& [waves, ink] : {std::pair{c.referenceWaves, inks.reference}, {c.currentWaves, inks.current}}) {
        for (std::size_t i = 0; i < 3; ++i)
            if (waves[i].present)
                painter.fillRect(
                    QRectF(QPointF(std::max(cell.rPeakX + waves[i].on * options.speed, cell.rect.left()), y),
                           QPointF(std::min(cell.rPeakX + waves[i].off * options.speed, cell.rect.right()),
                                   y + kBarHeight)),
                    ink);
        y += kBarHeight + 0.4;
    }
}

struct LegendEntry {
    QColor ink;
    double width = 0; // mm, of its line
    QString text;
    QPointF at;
};
// In one line, or in two where the page is narrow.
std::vector<LegendEntry> legendOf(const BeatPageOptions& options, double pageWidth) {
    if (options.single)
        return {{QColor(), 0, options.current, {kMargin, kLegendLine}}};
    const BeatPageColours inks = BeatPageColours::of(options.colours);
    std::vector<LegendEntry> entries{{inks.reference, 0.5, options.reference, {}},
                                     {inks.current, 0.9, options.current, {}},
                                     {inks.difference, 0.6, options.differenceText, {}}};
    QPointF at(kMargin, kLegendLine);
    for (LegendEntry& entry : entries) {
        const double wide = kLegendInk + paperTextWidth(entry.text, kNameCapitals) + 6;
        if (at.x() > kMargin && at.x() + wide > pageWidth)
            at = QPointF(kMargin, at.y() + kLegendLine);
        entry.at = at;
        at.rx() += wide;
    }
    return entries;
}

void drawLegend(QPainter& painter, const BeatPageOptions& options, double pageWidth) {
    for (const LegendEntry& entry : legendOf(options, pageWidth)) {
        QPointF at = entry.at;
        if (entry.width > 0) {
            painter.setPen(QPen(entry.ink, entry.width, Qt::SolidLine, Qt::FlatCap));
            painter.drawLine(at - QPointF(0, 1), at + QPointF(kLegendInk - 1.5, -1));
            at.rx() += kLegendInk;
        }
        drawPaperText(painter, at, entry.text, kNameCapitals, options.colours.text);
    }
}

} // namespace

BeatPageColours BeatPageColours::of(const PaperColours& paper) {
    return {paper.accent, paper.trace, categoryColours(paper.trace)[5]};
}

SerialComparison alone(const MedianBeat& beat) {
    SerialComparison out;
    out.samplingRate = beat.samplingRate;
    out.rPeak = beat.rPeak;
    out.referenceBeats = out.currentBeats = beat.beats;
    out.referenceWaves = out.currentWaves = {beat.p, beat.qrs, beat.t};
    for (const MedianLead& lead : beat.leads) {
        ComparedLead made;
        made.lead = lead.lead;
        made.reference = made.current = lead.samples;
        made.difference.assign(lead.samples.size(), 0.0F);
        out.leads.push_back(std::move(made));
    }
    return out;
}

BeatPage layoutBeats(const SerialComparison& c, const BeatPageOptions& options) {
    BeatPage page;
    showWaves(c, page);
    const std::size_t n = c.leads.size();
    const auto perColumn = static_cast<std::size_t>(std::max(options.rows, 1));
    const std::size_t rows = std::min(n, perColumn), columns = (n + perColumn - 1) / perColumn;
    const double width = std::ceil((page.toSeconds - page.fromSeconds) * options.speed);
    const Window window = windowOf(c, page);
    const double whole = 2 * kMargin + static_cast<double>(columns) * (width + kGap) - kGap;
    double top = options.lettering ? legendOf(options, whole).back().at.y() + kLegendLine : kMargin;
    // The lettering is never cut, however few the leads.
    double wide = whole;
    if (options.lettering && !options.footer.isEmpty())
        wide = std::max(wide, 2 * kMargin + paperTextWidth(options.footer, kSmallCapitals));
    if (options.lettering)
        for (const LegendEntry& entry : legendOf(options, whole))
            wide = std::max(wide, entry.at.x() + (entry.width > 0 ? kLegendInk : 0) +
                                      paperTextWidth(entry.text, kNameCapitals) + kMargin);
    for (std::size_t row = 0; row < rows; ++row) {
        Reach beats, stray;
        for (std::size_t lead = row; lead < n; lead += perColumn)
            for (std::size_t i = window.from; i < std::min(window.to, c.leads[lead].reference.size()); ++i) {
                beats.take(c.leads[lead].reference[i]);
                beats.take(c.leads[lead].current[i]);
                stray.take(c.leads[lead].difference[i]);
            }
        const double mm = options.gain / 1000;
        const double rise = wholeMm(beats.above * mm, kLeastRise, kMostRise);
        const double fall = wholeMm(beats.below * mm, kLeastFall, kMostFall);
        const double over = options.single ? 0 : wholeMm(stray.above * mm, kLeastStray, kMostStray);
        const double under = options.single ? 0 : wholeMm(stray.below * mm, kLeastStray, kMostStray);
        const double height = rise + fall + over + under + (row + 1 == rows && !options.single ? kBars : 0);
        for (std::size_t column = 0; column < columns && column * perColumn + row < n; ++column) {
            BeatCell cell;
            cell.lead = column * perColumn + row;
            cell.rect = QRectF(kMargin + static_cast<double>(column) * (width + kGap), top, width, height);
            cell.baselineY = top + rise;
            cell.differenceY = top + rise + fall + over;
            cell.splitY = top + rise + fall;
            cell.rPeakX = cell.rect.left() - page.fromSeconds * options.speed;
            page.cells.push_back(cell);
        }
        top += height + kGap;
    }
    page.sizeMm = QSizeF(wide, top - kGap + (options.footer.isEmpty() ? kMargin : kFooter));
    return page;
}

namespace {

double fitting(QSizeF page, QSizeF room) {
    return std::min(room.width() / page.width(), room.height() / page.height());
}

// As many leads as paper usually has, of the waves of those that there are.
SerialComparison asTwelve(const SerialComparison& c) {
    SerialComparison out = c;
    for (std::size_t i = 0; !c.leads.empty() && out.leads.size() < kUsualLeads; ++i)
        out.leads.push_back(c.leads[i % c.leads.size()]);
    return out;
}

} // namespace

double fitBeats(const SerialComparison& c, const BeatPageOptions& options, QSizeF room, BeatPage& page) {
    const double whole = fitting(page.sizeMm, room);
    if (c.leads.empty() || c.leads.size() >= kUsualLeads)
        return whole;
    const SerialComparison twelve = asTwelve(c);
    BeatPageOptions usual = options;
    usual.rows = rowsFor(twelve, options, room);
    const double scale = std::min(whole, fitting(layoutBeats(twelve, usual).sizeMm, room));
    if (scale > 0)
        page.sizeMm = page.sizeMm.expandedTo(room / scale);
    return scale;
}

int rowsFor(const SerialComparison& c, BeatPageOptions options, QSizeF room) {
    int best = options.rows;
    double largest = 0;
    for (const int rows : {3, 4, 2, 6}) {
        options.rows = rows;
        const double scale = fitting(layoutBeats(c, options).sizeMm, room);
        if (scale > largest * 1.02)
            largest = scale, best = rows;
    }
    return best;
}

void drawBeats(QPainter& painter, const SerialComparison& c, const BeatPageOptions& options, const BeatPage& page) {
    painter.save();
    drawPaperGrid(painter, page.sizeMm, options.colours, options.grid);
    const BeatPageColours inks = BeatPageColours::of(options.colours);
    PaperOptions paper;
    paper.speed = options.speed;
    paper.gain = options.gain;
    const double start = -static_cast<double>(c.rPeak) / c.samplingRate;
    double lowest = 0;
    for (const BeatCell& cell : page.cells)
        lowest = std::max(lowest, cell.rect.bottom());
    for (const BeatCell& cell : page.cells) {
        const ComparedLead& lead = c.leads[cell.lead];
        const bool bars = !options.single && cell.rect.bottom() == lowest;
        const double bottom = cell.rect.bottom() - (bars ? kBars : 0);
        const PaperStrip beats =
            stripAt(cell, page, cell.baselineY, cell.baselineY - cell.rect.top(), cell.splitY - cell.baselineY);
        if (!options.single) {
            const PaperStrip stray =
                stripAt(cell, page, cell.differenceY, cell.differenceY - cell.splitY, bottom - cell.differenceY);
            painter.setPen(QPen(options.colours.hidden, 0.15, Qt::DashLine));
            painter.drawLine(QPointF(cell.rect.left(), cell.differenceY), QPointF(cell.rect.right(), cell.differenceY));
            drawOverlay(painter, stray, paper, lead.difference, c.samplingRate, start, inks.difference,
                        kDifferenceWidth);
            drawOverlay(painter, beats, paper, lead.reference, c.samplingRate, start, inks.reference, kReferenceWidth);
        }
        drawOverlay(painter, beats, paper, lead.current, c.samplingRate, start, inks.current, kCurrentWidth);
        if (bars)
            drawBars(painter, c, options, cell, inks);
    }
    if (options.lettering) {
        for (const BeatCell& cell : page.cells) {
            const QString name = QString::fromStdString(c.leads[cell.lead].lead);
            const QPointF at(cell.rect.left() + 0.5, cell.rect.top() + kNameCapitals);
            drawPaperHalo(painter, at, name, kNameCapitals, options.colours.ground, true);
            drawPaperText(painter, at, name, kNameCapitals, options.colours.text, Qt::AlignLeft, true);
        }
        drawLegend(painter, options, page.sizeMm.width());
        if (!options.footer.isEmpty())
            drawPaperText(painter, {page.sizeMm.width() - kMargin, page.sizeMm.height() - 3}, options.footer,
                          kSmallCapitals, options.colours.text, Qt::AlignRight);
    }
    painter.restore();
}

} // namespace precordia
