// SPDX-License-Identifier: GPL-3.0-or-later
// Calibrated ECG paper: one painter in millimetres for screen, PNG, SVG, PDF and print.
#pragma once

#include "core/base/result.h"
#include "core/ecg/recording.h"

#include <QColor>
#include <QPainter>
#include <QRectF>
#include <QString>

#include <filesystem>
#include <optional>
#include <vector>

namespace precordia {

struct PaperColours {
    QColor ground, minorGrid, majorGrid, trace, text, accent, hidden;
    static PaperColours standard(); // LOOKS.md, "paper" row
    static PaperColours night();
};

enum class PaperLayout { ThreeByFour, ThreeByFourRhythm, SixByTwo, TwelveByOne, Single };
std::optional<PaperLayout> paperLayout(std::string_view name); // "3x4", "3x4+1", "6x2", "12x1"
std::string_view paperLayoutName(PaperLayout layout);

struct PaperOptions {
    PaperLayout layout = PaperLayout::ThreeByFourRhythm;
    double speed = 25;            // mm/s
    double gain = 10;             // mm/mV
    std::string rhythmLead = "II";
    double startSeconds = 0;      // left edge of the page
    bool grid = true;
    bool calibrationPulse = true;
    QString header;               // left top line: pseudonym, date
    QString footer;               // else "25 mm/s 10 mm/mV, filters: off, Research use only"
    PaperColours colours = PaperColours::standard();
};

// Where a strip of a lead lies on the page: for cursors, hit tests and overlays. All in mm from the page's top left.
struct PaperStrip {
    LeadIndex lead;
    double startSeconds = 0, endSeconds = 0;
    QRectF rect;      // of the strip
    double baselineY = 0;
    double xOf(double seconds, double speed) const { return rect.left() + (seconds - startSeconds) * speed; }
};

struct PaperPage {
    QSizeF sizeMm;
    std::vector<PaperStrip> strips;
};

// How the page of a recording is laid out; pageWidthMm 0: as wide as the recording needs.
PaperPage layoutPaper(const Recording& recording, const PaperOptions& options, double pageWidthMm = 0);
// Draws the page with its top left at the painter's origin, one unit = one millimetre (the caller scales).
void drawPaper(QPainter& painter, const Recording& recording, const PaperOptions& options, const PaperPage& page);
// Another trace over a strip (a reconstruction), samples at samplingRate from startSeconds; NaN breaks the line.
void drawOverlay(QPainter& painter, const PaperStrip& strip, const PaperOptions& options, const std::vector<float>& samplesUv,
                 double samplingRate, double startSeconds, const QColor& colour, double widthMm = 0.35);

// By the file's extension: png (dpi), svg, pdf (true scale). Errors: FileUnwritable, WrongUse (extension).
Result<Done> renderPaper(const Recording& recording, const PaperOptions& options, const std::filesystem::path& out, double dpi = 150);

} // namespace precordia
