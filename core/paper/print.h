// SPDX-License-Identifier: GPL-3.0-or-later
// A recording on sheets: at true scale on any paged device, as many sheets as its time needs. A printer, its preview
// and a PDF all come here.
#pragma once

#include "core/base/result.h"
#include "core/paper/paper.h"

#include <QSizeF>

#include <vector>

class QPagedPaintDevice;

namespace precordia {

struct PrintPlan {
    PaperOptions options;         // rows made to fit the sheet's height
    double widthMm = 0;           // of the page on every sheet
    double secondsPerSheet = 0;   // the same on each, so that all columns are equally long
    std::vector<double> startsAt; // s; one a sheet
};

// From options.startSeconds to the recording's end, on at most mostSheets sheets. printable: what the device can print
// on, without its margins. Speed and gain are never changed: rows come closer where the sheet is low.
// Errors: ValueOutOfRange (a sheet too small for the layout, a start outside the recording), SignalTooShort (nothing to
// print).
Result<PrintPlan> planPrint(const Recording& recording, const PaperOptions& options, QSizeF printableMm,
                            std::size_t mostSheets = 1000);

// Prints the sheets from..to (counted from 1, as people do; to 0: the last) inside the device's margins. The foot says
// which part stands on the sheet. Errors: those of planPrint; FileUnwritable when the device takes nothing.
Result<Done> printPaper(QPagedPaintDevice& device, const Recording& recording, const PaperOptions& options,
                        std::size_t mostSheets = 1000, int from = 1, int to = 0);

} // namespace precordia
