// SPDX-License-Identifier: GPL-3.0-or-later
// Drawing the page: grid, pulse, labels, traces.
#include "core/paper/paper.h"

#include "core/paper/categories.h"
#include "core/paper/device.h"
#include "core/paper/grid.h"
#include "core/paper/page_words.h"
#include "core/paper/trace.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QPaintEngine>
#include <QPainterPath>

#include <algorithm>
#include <array>
#include <cmath>

namespace precordia {

namespace {

using paper::Device;

constexpr double kTraceWidth = 0.3; // mm
constexpr double kLabelCapitals = 2.5;
constexpr double kSmallCapitals = 2.1;
constexpr double kPulseMillivolt = 1;
constexpr double kPulseWidth = 5; // 0.2 s at 25 mm/s
constexpr double kOverrun = 0.5;  // of a row: how far a strip may reach into its neighbours
constexpr qsizetype kRasterPiece = 32;
constexpr double kCutHeight = 1.8; // of the arrowhead where a trace is cut
constexpr double kCutHalfWidth = 1.1;
constexpr double kCutsApart = 3;
constexpr double kFootBase = 3.5;        // mm from the page's lower edge to the baseline of the foot
constexpr double kBoldBelow = 11;        // px of a capital
constexpr double kFootLine = 3.3;        // to a line above it
constexpr double kQuickPen = 1.5;        // px
constexpr double kDenseSeconds = 0.0105; // of a pixel column
constexpr double kDenseStrip = 12;       // s: shorter strips are always lines
constexpr double kDenseSamples = 2;      // in a column
constexpr double kOverlaidNames = 12;    // mm from one name to the next
constexpr double kNameAside = 12;        // mm that a name gives way to its trace

// On raster devices a trace of about a pixel is drawn as exactly one: Qt's painter has a quick way for pens up to one
// pixel, and for wider ones computes every join (the longest repaint of test_ui_stall: 65 ms against 21 ms).
QPen tracePen(const Device& device, const QColor& colour, double widthMm) {
    double width = device.atLeastOnePixel(widthMm);
    if (device.raster && width * device.pixelsPerMm < kQuickPen)
        width = 0.999 / device.pixelsPerMm;
    return QPen(colour, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
}

// On raster devices in short pieces: QPainter's time grows faster than a path's length (measured: a page in pieces of
// 32 takes a third to a fifth). The round caps make the seams invisible. Thin lines that need no QPainter are cut the
// same, so that the picture is the same.
void drawLines(QPainter& painter, const Device& device, const std::vector<QPolygonF>& lines) {
    const QColor ink = painter.pen().color();
    const double width = painter.pen().widthF() * device.pixelsPerMm;
    const bool ours = device.pixels && ink.alpha() == 255;
    const auto draw = [&](std::span<const QPointF> piece) {
        if (ours && width <= 1)
            paper::strokeThin(*device.pixels, piece, ink);
        else if (ours)
            paper::strokeThick(*device.pixels, piece, width, ink);
        else if (piece.size() == 1) // one sample between two gaps
            painter.drawPoint(piece.front());
        else
            painter.drawPolyline(piece.data(), static_cast<int>(piece.size()));
    };
    for (const QPolygonF& line : lines) {
        const QPolygonF points = ours ? device.toDevice.map(line) : line;
        const qsizetype longest = device.raster && !(ours && width > 1) ? kRasterPiece : points.size();
        qsizetype first = 0;
        do {
            draw(std::span(points).subspan(first, std::min(longest + 1, points.size() - first)));
            first += longest;
        } while (first + 1 < points.size());
    }
}

// In a long strip a QRS is a few columns of pixels, and the trace a band of them. Filled as such it costs a fifth of
// lines up and down (twelve leads of 1,280 columns: 5 ms against 23 ms).
bool isDense(const Device& device, const PaperStrip& strip, const paper::TraceMapping& mapping) {
    const double columnSeconds = 1 / (mapping.speed * device.pixelsPerMm);
    return device.raster && device.straight() && strip.endSeconds - strip.startSeconds > kDenseStrip &&
           columnSeconds > kDenseSeconds && columnSeconds * mapping.rate >= kDenseSamples;
}

void fillColumns(QPainter& painter, const Device& device, const std::vector<paper::TraceColumn>& columns,
                 const QColor& ink) {
    const QTransform& t = device.toDevice;
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (const auto& column : columns) {
        const double top = std::floor(column.top), height = std::max(1.0, std::round(column.bottom - top));
        if (device.pixels && ink.alpha() == 255)
            device.pixels->fill({column.x, static_cast<int>(top), 1, static_cast<int>(height)}, ink);
        else
            painter.fillRect(
                QRectF((column.x - t.dx()) / t.m11(), (top - t.dy()) / t.m22(), 1 / t.m11(), height / t.m22()), ink);
    }
    painter.setRenderHint(QPainter::Antialiasing, true);
}

// Its point at `tip`; down 1: pointing up, -1: pointing down.
void drawCutHead(QPainter& painter, QPointF tip, double down) {
    const double foot = tip.y() + down * kCutHeight;
    painter.drawPolygon(QPolygonF{tip, QPointF(tip.x() - kCutHalfWidth, foot), QPointF(tip.x() + kCutHalfWidth, foot)});
}

// Arrowheads at the edge where the trace is cut: a tall wave must not look like one that ends there.
bool drawCuts(QPainter& painter, const paper::CutMarks& marks, const QRectF& clip, const QColor& colour) {
    painter.save();
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    const auto within = [&](double x) {
        return std::clamp(x, clip.left() + kCutHalfWidth, clip.right() - kCutHalfWidth);
    };
    for (const double x : marks.above)
        drawCutHead(painter, {within(x), clip.top()}, 1);
    for (const double x : marks.below)
        drawCutHead(painter, {within(x), clip.bottom()}, -1);
    painter.restore();
    return !marks.above.empty() || !marks.below.empty();
}

// A strip may reach half a row into its neighbours above and below, never into the next column, never off the page.
QRectF clipOf(const PaperStrip& strip) {
    const double over = strip.rect.height() * kOverrun;
    const double top = strip.topmost ? 0.0 : std::max(strip.rect.top() - over, 0.0);
    return {QPointF(strip.rect.left(), top), QPointF(strip.rect.right(), strip.rect.bottom() + over)};
}

LeadStyle styleOf(const PaperStrip& strip, const PaperOptions& options) {
    const auto found = options.leadStyles.find(strip.name);
    return found == options.leadStyles.end() ? LeadStyle{} : found->second;
}

QColor inkOf(const PaperStrip& strip, const PaperOptions& options, const QColor& plain) {
    if (strip.overlay < 0)
        return plain;
    const auto colours = categoryColours(options.colours.trace);
    // The yellow is left out: on paper it cannot be read.
    static constexpr std::array<std::size_t, 6> kReadable{0, 5, 2, 3, 7, 1};
    return colours[std::min(kReadable[static_cast<std::size_t>(strip.overlay) % kReadable.size()], colours.size() - 1)];
}

// Volts are drawn to scale; anything else (a pressure, a pulse wave) only fits its row and is labelled so.
double mmPerUnit(const Lead& lead, const PaperStrip& strip, const PaperOptions& options) {
    if (lead.unit == "uV")
        return stripGain(strip, options);
    double largest = 0;
    for (const float v : lead.samples)
        if (std::isfinite(v))
            largest = std::max(largest, std::abs(static_cast<double>(v)));
    return largest > 0 ? 0.45 * strip.rect.height() / largest : 0;
}

// With chest leads of another gain in the row, a step of theirs follows the step of the limb leads.
void drawPulse(QPainter& painter, const Device& device, const PaperStrip& strip, const PaperPage& page,
               const PaperOptions& options) {
    bool limb = false, chest = false;
    const double factor = chestGain(options);
    for (const PaperStrip& other : page.strips)
        if (std::abs(other.baselineY - strip.baselineY) < 1e-6)
            (factor != 1 && isChestLead(other.name) ? chest : limb) = true;
    const double left = strip.rect.left() - kPulseWidth - 2.5;
    const auto heightOf = [&](bool isChest) { return kPulseMillivolt * options.gain * (isChest ? factor : 1); };
    const double first = strip.baselineY - heightOf(!limb), second = strip.baselineY - heightOf(chest);
    QPolygonF line;
    line << QPointF(left - 1.5, strip.baselineY) << QPointF(left, strip.baselineY) << QPointF(left, first);
    if (limb && chest)
        line << QPointF(left + kPulseWidth / 2, first) << QPointF(left + kPulseWidth / 2, second);
    line << QPointF(left + kPulseWidth, second) << QPointF(left + kPulseWidth, strip.baselineY)
         << QPointF(left + kPulseWidth + 1.5, strip.baselineY);
    painter.setPen(
        QPen(options.colours.trace, device.atLeastOnePixel(kTraceWidth), Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
    painter.drawPolyline(line);
}

// What stands small beside a lead's name; no room for it where several share a baseline.
QString besideName(const PaperStrip& strip, const Lead* lead, const PaperOptions& options) {
    if (strip.overlay >= 0)
        return {};
    const LeadStyle style = styleOf(strip, options);
    QStringList beside;
    if (lead == nullptr)
        beside << options.absentText;
    else if (strip.derived)
        beside << options.derivedText;
    else if (lead->unit != "uV")
        beside << QString::fromStdString(lead->unit);
    if (style.hidden)
        beside << options.hiddenText;
    if (style.inverted)
        beside << options.invertedText;
    if (style.gain != 1)
        beside << QStringLiteral("\u00D7%1").arg(style.gain, 0, 'g', 3);
    return beside.join(QStringLiteral(", "));
}

// drawn: of the strip's trace, which the name steps aside for as far as kNameAside; none where it may stay in its
// place.
void drawLabel(QPainter& painter, const PaperStrip& strip, const Lead* lead, const PaperOptions& options,
               const std::optional<paper::TraceMapping>& drawn) {
    const QColor ink = inkOf(strip, options, options.colours.text);
    QString name = QString::fromStdString(strip.name);
    if (strip.inverted)
        name.prepend(QChar(0x2212)); // minus
    const QString beside = besideName(strip, lead, options);
    constexpr double kGap = 1.5, kClear = 0.4;
    const double nameWidth = paperTextWidth(name, kLabelCapitals, true);
    const double width = nameWidth + (beside.isEmpty() ? 0 : kGap + paperTextWidth(beside, kSmallCapitals));
    QPointF at(strip.rect.left() + 1 + std::max(0, strip.overlay) * kOverlaidNames,
               strip.rect.top() + 2 + kLabelCapitals);
    for (double aside = 0; drawn && aside <= kNameAside && at.x() + aside + width < strip.rect.right(); aside += 1) {
        const QRectF box(at.x() + aside - kClear, at.y() - kLabelCapitals - kClear, width + 2 * kClear,
                         kLabelCapitals + 2 * kClear);
        if (paper::runsThrough(lead->samples, *drawn, box))
            continue;
        at.rx() += aside;
        break;
    }
    const QColor& ground = options.colours.ground;
    drawPaperHalo(painter, at, name, kLabelCapitals, ground, true);
    drawPaperText(painter, at, name, kLabelCapitals, ink, Qt::AlignLeft, true);
    if (beside.isEmpty())
        return;
    const QPointF right = at + QPointF(nameWidth + kGap, 0);
    drawPaperHalo(painter, right, beside, kSmallCapitals, ground);
    drawPaperText(painter, right, beside, kSmallCapitals, ink);
}

// A short tick above and below the traces where one column ends and the next begins.
void drawSeparator(QPainter& painter, const Device& device, const PaperStrip& strip, const PaperPage& page,
                   const PaperOptions& options) {
    const double x = strip.rect.left();
    if (x <= page.traceArea.left() + 1e-6)
        return;
    painter.setPen(QPen(options.colours.text, device.atLeastOnePixel(kTraceWidth), Qt::SolidLine, Qt::FlatCap));
    for (const double y : {strip.baselineY - 8, strip.baselineY + 6})
        painter.drawLine(QPointF(x, y), QPointF(x, y + 2));
}

// The recording's leads with the limb leads that strips of the page need and the recording lacks.
const Lead* leadOf(const PaperStrip& strip, const Recording& recording, const Recording& limbs) {
    if (strip.lead.valid() && static_cast<std::size_t>(strip.lead.value) < recording.leads.size())
        return &recording.leads[static_cast<std::size_t>(strip.lead.value)];
    const LeadIndex index = limbs.find(strip.name);
    return index.valid() ? &limbs.leads[static_cast<std::size_t>(index.value)] : nullptr;
}

Recording limbLeads(const Recording& recording, const PaperPage& page) {
    Recording limbs;
    limbs.samplingRate = recording.samplingRate;
    const bool needed = std::any_of(page.strips.begin(), page.strips.end(),
                                    [](const PaperStrip& s) { return s.derived && !s.lead.valid(); });
    if (!needed)
        return limbs;
    for (const char* name : {"I", "II", "III", "aVR", "aVL", "aVF"})
        if (const LeadIndex index = recording.find(name); index.valid())
            limbs.leads.push_back(recording.leads[static_cast<std::size_t>(index.value)]);
    deriveLimbLeads(limbs);
    return limbs;
}

// Of a few pixels, plain letters are grey: no stroke fills a pixel, and 4.5 : 1 of the colours is 2 : 1 on the screen.
bool needsBold(const QPainter& painter, double capitals) {
    return capitals * painter.deviceTransform().m22() < kBoldBelow;
}

void drawLettering(QPainter& painter, QPointF at, const QString& text, double capitals, const PaperOptions& options,
                   Qt::Alignment align = Qt::AlignLeft) {
    const bool bold = needsBold(painter, capitals);
    const double shift = align.testFlag(Qt::AlignRight) ? paperTextWidth(text, capitals, bold) : 0;
    const QPointF left = at - QPointF(shift, 0);
    drawPaperHalo(painter, left, text, capitals, options.colours.ground, bold);
    drawPaperText(painter, left, text, capitals, options.colours.text, Qt::AlignLeft, bold);
}

// What the arrowheads mean, left in the foot, or above it where the foot is too long for both.
void drawCutLegend(QPainter& painter, const PaperOptions& options, const PaperPage& page, double footWidth) {
    const QString text = QCoreApplication::translate("Paper", "trace cut at its row: lower the gain");
    constexpr double kHeads = 3 * kCutHeight + kCutHalfWidth; // both, and a gap
    const bool beside = kHeads + paperTextWidth(text, kSmallCapitals, needsBold(painter, kSmallCapitals)) + 4 <
                        page.traceArea.width() - footWidth;
    const QPointF at(page.traceArea.left(), page.sizeMm.height() - kFootBase - (beside ? 0 : kFootLine));
    painter.save();
    painter.setPen(Qt::NoPen);
    painter.setBrush(options.colours.text);
    drawCutHead(painter, at + QPointF(kCutHalfWidth, -kCutHeight), 1);
    drawCutHead(painter, at + QPointF(3.5 * kCutHalfWidth, 0), -1);
    painter.restore();
    drawLettering(painter, at + QPointF(kHeads, 0), text, kSmallCapitals, options);
}

void drawTexts(QPainter& painter, const PaperOptions& options, const PaperPage& page, bool cut) {
    if (!options.header.isEmpty())
        drawLettering(painter, {page.traceArea.left(), 6.5}, options.header, kLabelCapitals, options);
    QString footer = options.footer.isEmpty() ? standardFooter(options) : options.footer;
    if (!page.notShown.empty()) {
        QStringList names;
        for (const std::string& name : page.notShown)
            names << QString::fromStdString(name);
        footer = QStringLiteral("+ %1 · ").arg(names.join(QStringLiteral(", "))) + footer;
    }
    drawLettering(painter, {page.traceArea.right(), page.sizeMm.height() - kFootBase}, footer, kSmallCapitals, options,
                  Qt::AlignRight);
    if (cut && !footer.trimmed().isEmpty()) // a page without a foot is a picture in something else
        drawCutLegend(painter, options, page,
                      paperTextWidth(footer, kSmallCapitals, needsBold(painter, kSmallCapitals)));
}

paper::TraceMapping mappingOf(const PaperStrip& strip, const PaperOptions& options, double rate) {
    paper::TraceMapping mapping;
    mapping.rate = rate;
    mapping.x0 = strip.rect.left();
    mapping.t0 = strip.startSeconds;
    mapping.speed = options.speed;
    mapping.baselineY = strip.baselineY;
    mapping.mmPerUnit = stripGain(strip, options);
    return mapping;
}

} // namespace

double paperCentre(const Lead& lead) {
    constexpr std::size_t kEnough = 4096;
    const std::size_t step = std::max<std::size_t>(1, lead.samples.size() / kEnough);
    std::vector<float> values;
    values.reserve(std::min(lead.samples.size(), 2 * kEnough));
    for (std::size_t i = 0; i < lead.samples.size(); i += step)
        if (std::isfinite(lead.samples[i]))
            values.push_back(lead.samples[i]);
    if (values.empty())
        return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return static_cast<double>(*middle);
}

QString readableTime(const std::string& iso8601) {
    const QString iso = QString::fromStdString(iso8601);
    const auto at = QDateTime::fromString(iso, Qt::ISODate);
    return at.isValid() && iso.size() > 10 ? at.toString(QStringLiteral("yyyy-MM-dd HH:mm")) : iso;
}

QString shiftedTime(const std::string& iso8601) {
    return QCoreApplication::translate("Paper", "%1 (date shifted)").arg(readableTime(iso8601));
}

QString standardFooter(const PaperOptions& options) {
    return QCoreApplication::translate("Paper", "%1 mm/s  %2 mm/mV  filters: %3 · Research use only")
        .arg(options.speed, 0, 'g', 3)
        .arg(gainText(options))
        .arg(options.filters.isEmpty() ? QCoreApplication::translate("Paper", "off") : options.filters);
}

double stripGain(const PaperStrip& strip, const PaperOptions& options) {
    const LeadStyle style = styleOf(strip, options);
    return options.gain / 1000 * style.gain * (style.inverted != strip.inverted ? -1 : 1);
}

void drawPaper(QPainter& painter, const Recording& recording, const PaperOptions& options, const PaperPage& page) {
    bool cut = false;
    painter.save();
    const Device device(painter);
    drawPaperGrid(painter, page.sizeMm, options.colours, options.grid);
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setBrush(Qt::NoBrush);

    const Recording limbs = limbLeads(recording, page);
    const QRectF onPage(QPointF(0, 0), page.sizeMm);
    // Names step out of the trace's way; not where the page moves along a longer recording, or they would jump about.
    const bool still = !shownPart(recording, options, page);
    std::vector<std::optional<paper::TraceMapping>> drawn(page.strips.size());
    for (std::size_t i = 0; i < page.strips.size(); ++i) {
        const PaperStrip& strip = page.strips[i];
        if (options.lettering)
            drawSeparator(painter, device, strip, page, options);
        if (options.calibrationPulse && strip.rect.left() <= page.traceArea.left() + 1e-6)
            drawPulse(painter, device, strip, page, options);
        const Lead* lead = leadOf(strip, recording, limbs);
        if (lead != nullptr && !styleOf(strip, options).hidden) {
            paper::TraceMapping mapping = mappingOf(strip, options, recording.samplingRate);
            mapping.firstSeconds = paper::firstSecond(recording);
            mapping.mmPerUnit = mmPerUnit(*lead, strip, options);
            if (options.centred)
                mapping.baselineY += paperCentre(*lead) * mapping.mmPerUnit;
            if (still && strip.overlay < 0)
                drawn[i] = mapping;
            const QColor ink = inkOf(strip, options, options.colours.trace);
            painter.setPen(tracePen(device, ink, kTraceWidth));
            const QRectF clip = clipOf(strip) & onPage;
            if (isDense(device, strip, mapping)) {
                const QTransform& t = device.toDevice;
                fillColumns(painter, device,
                            paper::traceColumns(lead->samples, mapping, clip, {t.m11(), t.dx(), t.m22(), t.dy()}), ink);
            } else {
                drawLines(painter, device, paper::traceLines(lead->samples, mapping, clip, device.columnsPerMm()));
            }
            cut |= drawCuts(painter, paper::cutMarks(lead->samples, mapping, clip, kCutsApart), clip, ink);
        }
    }
    if (options.lettering) {
        // After every trace: one that runs into its neighbour's row would strike the name through.
        for (std::size_t i = 0; i < page.strips.size(); ++i)
            drawLabel(painter, page.strips[i], leadOf(page.strips[i], recording, limbs), options, drawn[i]);
        drawTexts(painter, options, page, cut);
    }
    painter.restore();
}

void drawOverlay(QPainter& painter, const PaperStrip& strip, const PaperOptions& options,
                 const std::vector<float>& samplesUv, double samplingRate, double startSeconds, const QColor& colour,
                 double widthMm) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, true);
    const Device device(painter);
    paper::TraceMapping mapping = mappingOf(strip, options, samplingRate);
    mapping.firstSeconds = startSeconds;
    painter.setPen(tracePen(device, colour, widthMm));
    drawLines(painter, device, paper::traceLines(samplesUv, mapping, clipOf(strip), device.columnsPerMm()));
    painter.restore();
}

} // namespace precordia
