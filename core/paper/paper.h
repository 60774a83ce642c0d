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
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace precordia {

// The one place where the colours of paper are written; ui/theme takes them from here.
struct PaperColours {
    QColor ground, minorGrid, majorGrid, trace, text, accent, hidden;
    static PaperColours standard();
    static PaperColours night();
    static PaperColours highContrast();
};

enum class PaperLayout {
    ThreeByFour,
    ThreeByFourRhythm,
    ThreeByFourThreeRhythm, // rhythm strips: the rhythm lead, V1 and V5
    SixByTwo,
    Cabrera, // 6x2 in the order of the frontal plane: aVL, I, -aVR, II, aVF, III
    TwelveByOne,
    Overlaid, // the limb leads on one baseline, the chest leads on another, each in its colour
    Single
};
// "3x4", "3x4+1", "3x4+3", "6x2", "cabrera", "12x1", "overlaid", "1"
std::optional<PaperLayout> paperLayout(std::string_view name);
std::string_view paperLayoutName(PaperLayout layout);
std::string paperLayoutNames(); // all of them, for a message: "3x4, 3x4+1, ..."

// How one lead is drawn where it differs from the others; its name on the paper says so.
struct LeadStyle {
    double gain = 1; // a factor on the page's gain
    bool inverted = false;
    bool hidden = false;
    bool operator==(const LeadStyle&) const = default;
};

struct PaperOptions {
    PaperLayout layout = PaperLayout::ThreeByFourRhythm;
    double speed = 25; // mm/s
    double gain = 10;  // mm/mV
    std::string rhythmLead = "II";
    double startSeconds = 0;       // left edge of the traces
    double rowHeight = 0;          // mm; 0: the layout's own (30, 25 for 6x2, 15 for 12x1)
    bool headroomFromRows = false; // what a tall first row needs is taken from all rows: the page keeps its height
    bool grid = true;
    bool calibrationPulse = true;
    bool lettering = true; // lead names, ticks between columns, header and foot; false: only what is measured
    bool centred = true;   // each lead's median lies on its baseline (a surface ECG has no zero of its own); no filter
    std::map<std::string, LeadStyle> leadStyles; // by name; the others are drawn plainly
    QString header;                              // left top line: pseudonym, date; "" takes no room
    QString filters; // what was done to the trace, by filterText(); "" nothing: the foot says "off"
    QString footer;  // else "25 mm/s 10 mm/mV, filters: off, Research use only"
    QString derivedText = QStringLiteral("derived");     // beside the name of a lead computed from others
    QString absentText = QStringLiteral("not recorded"); // in the place of a lead that is not there
    QString hiddenText = QStringLiteral("hidden");
    QString invertedText = QStringLiteral("inverted");
    PaperColours colours = PaperColours::standard();
};

// Where a strip of a lead lies on the page: for cursors, hit tests and overlays. All in mm from the page's top left.
struct PaperStrip {
    LeadIndex lead; // in the recording; invalid: derived here (`derived`) or absent
    double startSeconds = 0, endSeconds = 0;
    QRectF rect; // of the strip
    double baselineY = 0;
    std::string name;      // "aVR"
    bool derived = false;  // computed from other leads, in the file's reading or here
    bool rhythm = false;   // the strip under the columns
    bool topmost = false;  // nothing lies above: its trace may run to the page's edge
    bool inverted = false; // drawn upside down by the layout (Cabrera's -aVR); `name` is still the lead's own
    int overlay = -1;      // its place among the leads on one baseline, which is its colour too; -1: alone
    double xOf(double seconds, double speed) const { return rect.left() + (seconds - startSeconds) * speed; }
    double secondsAt(double x, double speed) const { return startSeconds + (x - rect.left()) / speed; }
};

struct PaperPage {
    QSizeF sizeMm;
    std::vector<PaperStrip> strips;
    std::vector<std::string> notShown; // leads of the recording that the layout has no place for
    // Where the traces lie, the calibration pulses left of it: all strips of a page run through it from the left.
    QRectF traceArea;
};

// How the page of a recording is laid out; pageWidthMm 0: as wide as the recording needs, 1500 mm at most. The columns
// of 3x4 and 6x2 follow each other in time (each shows its own slice), so time is linear over the whole width.
// A recording with fewer than half of the standard leads gets one row for each lead it has. The first row gets the
// room that its leads need above it, up to 12 mm.
PaperPage layoutPaper(const Recording& recording, const PaperOptions& options, double pageWidthMm = 0);
// From and to in seconds when the page shows only a part of the recording.
std::optional<std::pair<double, double>> shownPart(const Recording& recording, const PaperOptions& options,
                                                   const PaperPage& page);
// The line at the foot of the page when options.footer is empty.
QString standardFooter(const PaperOptions& options);
// "2011-03-24 15:35" of an ISO 8601 time, on every page the same; what is no time stays as it stands.
QString readableTime(const std::string& iso8601);
// The same of a recording of a study: an import moves a patient's dates by days that only the key tells.
QString shiftedTime(const std::string& iso8601);
// mm on the page for one uV of the lead in this strip; negative where it is drawn upside down. Marks on the trace
// (calipers, fiducials) must use it.
double stripGain(const PaperStrip& strip, const PaperOptions& options);
// What lies on the baseline when options.centred: the median of the lead (of 4,096 samples spread over it), in its
// unit.
double paperCentre(const Lead& lead);
// Draws the page with its top left at the painter's origin, one unit = one millimetre (the caller scales). On raster
// devices grid lines are snapped to device pixels, so that none vanishes and none blurs at any scale. Where a trace is
// cut above or below, an arrowhead says so. The leads' names lie over the traces, on a soft ground.
void drawPaper(QPainter& painter, const Recording& recording, const PaperOptions& options, const PaperPage& page);
// Another trace over a strip (a reconstruction), samples at samplingRate from startSeconds; NaN breaks the line.
void drawOverlay(QPainter& painter, const PaperStrip& strip, const PaperOptions& options,
                 const std::vector<float>& samplesUv, double samplingRate, double startSeconds, const QColor& colour,
                 double widthMm = 0.35);

// Text with capitals of this height; `at` is the baseline's left end (or centre, or right end by `align`). All in mm.
void drawPaperText(QPainter& painter, QPointF at, const QString& text, double capHeightMm, const QColor& colour,
                   Qt::Alignment align = Qt::AlignLeft, bool bold = false);
// A soft edge of the ground's colour for such a text, drawn before it, so that it can be read over a trace.
void drawPaperHalo(QPainter& painter, QPointF at, const QString& text, double capHeightMm, const QColor& ground,
                   bool bold = false);
double paperTextWidth(const QString& text, double capHeightMm, bool bold = false);

// By the file's extension: png (dpi), svg, pdf (true scale). The foot names the part when only one is shown. Needs a
// QGuiApplication, for the fonts. Errors: FileUnwritable, WrongUse (extension), ValueOutOfRange (speed, gain or dpi
// that no paper has; a recording without samples).
Result<Done> renderPaper(const Recording& recording, const PaperOptions& options, const std::filesystem::path& out,
                         double dpi = 150);

} // namespace precordia
