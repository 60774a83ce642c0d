// SPDX-License-Identifier: GPL-3.0-or-later
// Two ECGs' median beats laid over each other, lead by lead, with their difference under them: calibrated paper in
// millimetres, for the screen, a file and a printer.
#pragma once

#include "core/paper/paper.h"
#include "core/signal/serial_comparison.h"

#include <QColor>
#include <QRectF>
#include <QString>

#include <string>
#include <vector>

namespace precordia {

struct BeatPageOptions {
    double speed = 50; // mm/s
    double gain = 10;  // mm/mV
    int rows = 3;      // of cells
    bool grid = true;
    bool lettering = true;
    bool single = false;        // the current beat alone: no reference, no difference, no legend
    QString reference, current; // what the two are called: pseudonym and date
    QString differenceText = QStringLiteral("difference"); // at the left end of its baseline
    QString footer;                                        // "" none
    PaperColours colours = PaperColours::standard();
};

struct BeatPageColours {
    QColor reference, current, difference;
    static BeatPageColours of(const PaperColours& paper);
};

// All in mm from the page's top left.
struct BeatCell {
    std::size_t lead = 0; // in SerialComparison::leads
    QRectF rect;
    double baselineY = 0;   // of both beats: the PQ level
    double differenceY = 0; // no difference lies here
    double splitY = 0;      // the beats lie above it, the difference below
    double rPeakX = 0;
};

struct BeatPage {
    QSizeF sizeMm;
    double fromSeconds = 0, toSeconds = 0; // shown of the beats, from the R peak
    std::vector<BeatCell> cells;
};

// Column by column, four of three for twelve leads, read as paper is: limb leads down, then aVR, V1, V4. A row is as
// high as its waves ask for, up to 30 mm above and 20 mm below; a taller wave is cut at its cell's edge. One ECG's
// median beat as a comparison of it with itself: for a page of a single one.
SerialComparison alone(const MedianBeat& beat);
BeatPage layoutBeats(const SerialComparison& comparison, const BeatPageOptions& options);
// Of these numbers of rows that with which the page is largest in this room.
int rowsFor(const SerialComparison& comparison, BeatPageOptions options, QSizeF room);
// The scale, room over mm, at which a page is shown in a window: the whole of it, but no larger than twelve such leads
// would be, for lettering keeps its size; the paper of fewer then fills the room.
double fitBeats(const SerialComparison& comparison, const BeatPageOptions& options, QSizeF room, BeatPage& page);
void drawBeats(QPainter& painter, const SerialComparison& comparison, const BeatPageOptions& options,
               const BeatPage& page);

} // namespace precordia
