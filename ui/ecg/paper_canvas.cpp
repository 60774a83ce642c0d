// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ecg/paper_canvas.h"

#include "core/io/paged_recording.h"
#include "core/paper/page_words.h"
#include "ui/ecg/long_recording.h"
#include "ui/ecg/overview_strip.h"
#include "ui/theme/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPaintEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

constexpr double kUsualSpeed = 25, kUsualGain = 10;
constexpr double kWholeUpTo = 12;  // s: shorter recordings are fitted whole
constexpr double kFitSeconds = 10; // of longer ones
constexpr double kBasisSeconds = 5;
constexpr double kRightMargin = 5, kFooter = 10;
// mm: above it a row is only empty; leads on one baseline need the room to be told apart.
double tallestRow(PaperLayout layout) {
    return layout == PaperLayout::Overlaid ? 110 : 50;
}
constexpr double kClosestRow = 5;  // mm
constexpr double kWheelBase = 1.2; // a notch
constexpr double kKeyShare = 0.2;  // of what is shown: a step of the arrow keys, or of the wheel over a long recording
constexpr double kLegible = 3.8;   // px/mm, true size at 96 dpi: below, a small window scrolls rather than shrink
constexpr int kCursorReach = 48;   // px: half the width of the cursor's time

double shortestRow(PaperLayout layout) {
    switch (layout) {
    case PaperLayout::ThreeByFour:
    case PaperLayout::ThreeByFourRhythm:
        return 22;
    case PaperLayout::ThreeByFourThreeRhythm:
        return 16;
    case PaperLayout::SixByTwo:
    case PaperLayout::Cabrera:
        return 15;
    case PaperLayout::Overlaid:
        return 45;
    case PaperLayout::TwelveByOne:
        return 15; // where the window is lower, it scrolls
    case PaperLayout::Single:
        return 30;
    }
    return 20;
}

} // namespace

PaperCanvas::PaperCanvas(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("ECG paper"));
    options_.speed = kUsualSpeed;
    options_.gain = kUsualGain;
    themeChanged();
}

void PaperCanvas::themeChanged() {
    options_.colours = theme().paper;
    changed();
}

// State --------------------------------------------------------------------------

void PaperCanvas::setRecording(std::shared_ptr<const LoadedRecording> recording) {
    recording_ = std::move(recording);
    filtered_.reset();
    // The rows of a long recording are those of its first seconds: they stay while its parts come and go.
    basis_ = isLong() ? cutPart(recording_->recording, 0, kBasisSeconds) : Recording{};
    longestPage_ = 0;
    options_.speed = std::max(options_.speed, kSlowest);
    options_.filters.clear();
    options_.header.clear();
    if (recording_) {
        options_.header = QString::fromStdString(recording_->row.name);
        if (!recording_->row.recordedAt.empty())
            options_.header += QStringLiteral("   ") + shiftedTime(recording_->row.recordedAt);
    }
    ribbons_.set(nullptr, 0, 0);
    changed();
    updateGeometry();
    clampStart();
}

void PaperCanvas::setEncodings(std::shared_ptr<const LoadedEncodings> encodings) {
    if (!recording_ || (encodings && encodings->id != recording_->row.id))
        encodings.reset();
    const double start = recording_ && !recording_->windows.empty() ? recording_->windows.front().startSeconds : 0;
    ribbons_.set(std::move(encodings), start, seconds());
    changed();
    updateGeometry();
}

void PaperCanvas::setFiltered(std::shared_ptr<const Recording> filtered, const QString& filters) {
    filtered_ = std::move(filtered);
    options_.filters = filtered_ ? filters : QString();
    changed();
}

void PaperCanvas::setCalipers(Calipers* calipers) {
    calipers_ = calipers;
    connect(calipers_, &Calipers::changed, this, qOverload<>(&QWidget::update));
}

void PaperCanvas::setCaliperMode(bool on) {
    caliperMode_ = on;
    drag_.reset();
    if (on)
        setCursor(Qt::CrossCursor);
    else
        unsetCursor();
}

void PaperCanvas::setLeadStyles(std::map<std::string, LeadStyle> styles) {
    options_.leadStyles = std::move(styles);
    changed();
}

void PaperCanvas::setPaperLayout(PaperLayout layout) {
    options_.layout = layout;
    changed();
    updateGeometry();
}

void PaperCanvas::setRhythmLead(const QString& name) {
    options_.rhythmLead = name.toStdString();
    changed();
}

void PaperCanvas::setSpeed(double mmPerSecond) {
    layOut();
    zoomTime(mmPerSecond / options_.speed, page_.traceArea.center().x() * pixelsPerMm_);
}

void PaperCanvas::setGain(double mmPerMillivolt) {
    options_.gain = std::clamp(mmPerMillivolt, kLowestGain, kHighestGain);
    changed();
    Q_EMIT viewChanged();
}

void PaperCanvas::setGrid(bool on) {
    options_.grid = on;
    changed();
}

void PaperCanvas::setTrueSize(std::optional<double> pixelsPerMm) {
    trueSize_ = pixelsPerMm;
    changed();
    updateGeometry();
    clampStart();
}

void PaperCanvas::setLongestPage(double seconds) {
    longestPage_ = seconds;
    layOut();
    if (options_.speed < slowest())
        setSpeed(slowest());
}

void PaperCanvas::setTimeCursor(std::optional<double> seconds) {
    if (seconds == cursor_)
        return;
    for (const auto& at : {cursor_, seconds})
        if (at)
            update(cursorRect(*at));
    cursor_ = seconds;
}

void PaperCanvas::pan(double by) {
    const double before = options_.startSeconds;
    options_.startSeconds += by;
    clampStart();
    if (options_.startSeconds == before)
        return;
    changed();
    Q_EMIT viewChanged();
}

void PaperCanvas::zoomTime(double factor, double x) {
    layOut();
    const double time = timeAt(x);
    const double speed = std::clamp(options_.speed * factor, slowest(), kFastest);
    if (speed == options_.speed)
        return;
    options_.speed = speed;
    options_.startSeconds = time - (x / pixelsPerMm_ - page_.traceArea.left()) / speed;
    clampStart();
    changed();
    Q_EMIT viewChanged();
}

void PaperCanvas::zoomGain(double factor) {
    setGain(options_.gain * factor);
}

// In a long recording the place in time is kept: to come to it again would be a search.
void PaperCanvas::resetView() {
    layOut();
    const double middle = options_.startSeconds + shownSeconds() / 2;
    options_.speed = kUsualSpeed;
    options_.gain = kUsualGain;
    options_.startSeconds = isLong() ? middle - shownSeconds() / 2 : 0;
    changed();
    clampStart();
    Q_EMIT viewChanged();
}

double PaperCanvas::seconds() const {
    return recording_ ? wholeSeconds(*recording_) : 0;
}

bool PaperCanvas::isLong() const {
    return recording_ && precordia::isLong(*recording_);
}

double PaperCanvas::slowest() const {
    return longestPage_ > 0 ? std::min(kSlowest, page_.traceArea.width() / longestPage_) : kSlowest;
}

double PaperCanvas::shownSeconds() const {
    return page_.traceArea.width() / options_.speed;
}

void PaperCanvas::clampStart() {
    layOut();
    const double start = std::clamp(options_.startSeconds, 0.0, std::max(0.0, seconds() - shownSeconds()));
    if (start == options_.startSeconds)
        return;
    options_.startSeconds = start;
    changed();
}

// Place --------------------------------------------------------------------------

double PaperCanvas::timeAt(double x) const {
    return options_.startSeconds + (x / pixelsPerMm_ - page_.traceArea.left()) / options_.speed;
}

double PaperCanvas::xOf(double at) const {
    return (page_.traceArea.left() + (at - options_.startSeconds) * options_.speed) * pixelsPerMm_;
}

const Recording& PaperCanvas::shown() const {
    static const Recording none;
    return filtered_ ? *filtered_ : recording_ ? recording_->recording : none;
}

PaperFrame PaperCanvas::frame() const {
    return {&shown(), &options_, &page_, pixelsPerMm_};
}

void PaperCanvas::changed() {
    laidOut_ = false;
    drawn_ = false;
    update();
}

// In mm: rows of one millimetre each, what lies above and below them, and the width of the whole.
PaperCanvas::Needs PaperCanvas::needs() const {
    PaperOptions probe = options_;
    probe.rowHeight = 1;
    probe.gain = 0; // no wave needs headroom: rows and margins alone
    const PaperPage bare = layoutPaper(isLong() ? basis_ : shown(), probe, kFitSeconds * kUsualSpeed);
    const double fitted = recording_ && seconds() <= kWholeUpTo ? std::max(seconds(), 1.0) : kFitSeconds;
    return {std::max(1.0, bare.traceArea.height()), bare.traceArea.top() + kFooter,
            bare.traceArea.left() + fitted * kUsualSpeed + kRightMargin};
}

double PaperCanvas::ribbonRoom() const {
    return ribbons_.empty() ? 0.0 : ribbons_.height() + 2.0 * Theme::kStep;
}

// Twelve rows, and any rows in true size, keep their height: a lower window scrolls.
int PaperCanvas::heightForWidth(int width) const {
    if (!recording_ || !(trueSize_ || options_.layout == PaperLayout::TwelveByOne))
        return minimumSizeHint().height();
    const auto [rows, margins, fitWidth] = needs();
    const double scale = trueSize_.value_or(std::min(width / fitWidth, kLegible));
    return static_cast<int>(std::ceil((rows * shortestRow(options_.layout) + margins) * scale + ribbonRoom()));
}

// The scale is that at which the whole recording fits at 25 mm/s, or its first 10 s; rows take the height that is left.
// Zooming changes the speed, never the scale: the grid stays where it is.
void PaperCanvas::layOut() {
    if (laidOut_)
        return;
    options_.hiddenText = tr("hidden");
    options_.invertedText = tr("inverted");
    options_.derivedText = tr("derived");
    options_.absentText = tr("not recorded");
    const auto [rows, margins, fitWidth] = needs();
    const double room = std::max(1.0, height() - ribbonRoom());
    pixelsPerMm_ = trueSize_.value_or(
        std::max(0.5, std::min(width() / fitWidth, room / (rows * shortestRow(options_.layout) + margins))));
    PaperOptions probe = options_;
    probe.headroomFromRows = true;
    probe.rowHeight = std::clamp((room / pixelsPerMm_ - margins) / rows, kClosestRow, tallestRow(options_.layout));
    options_.rowHeight = probe.rowHeight;
    page_ = layoutPaper(isLong() ? basis_ : shown(), probe, width() / pixelsPerMm_);
    sayWhatIsShown();
    laidOut_ = true;
}

// The foot: which seconds, and how they are drawn.
void PaperCanvas::sayWhatIsShown() {
    const QLocale locale;
    options_.footer = tr("%1 mm/s  %2 mm/mV  filters: %3 · Research use only")
                          .arg(locale.toString(options_.speed, 'g', 3), gainText(options_, locale),
                               options_.filters.isEmpty() ? tr("off") : options_.filters);
    if (!recording_)
        return;
    const double from = options_.startSeconds, to = std::min(from + shownSeconds(), seconds());
    const QString part = isLong() ? tr("%1 to %2 of %3").arg(clockText(from), clockText(to), clockText(seconds()))
                                  : partText(from, to, seconds(), locale);
    options_.footer.prepend(part + QStringLiteral("  "));
}

QRectF PaperCanvas::ribbonArea() const {
    return {page_.traceArea.left() * pixelsPerMm_, page_.sizeMm.height() * pixelsPerMm_ + 2 * Theme::kStep,
            page_.traceArea.width() * pixelsPerMm_, static_cast<double>(ribbons_.height())};
}

// Painting -----------------------------------------------------------------------

void PaperCanvas::renderPage() {
    layOut();
    const double ratio = devicePixelRatioF();
    // An image, not a pixmap: the traces go straight into its pixels.
    const QSize pixels = (QSizeF(size()) * ratio).toSize();
    if (picture_.size() != pixels)
        picture_ = QImage(pixels, QImage::Format_RGB32);
    picture_.setDevicePixelRatio(ratio);
    picture_.fill(theme().window);
    QPainter painter(&picture_);
    painter.save();
    painter.scale(pixelsPerMm_, pixelsPerMm_);
    drawPaper(painter, shown(), options_, page_);
    painter.restore();
    ribbons_.paint(painter, ribbonArea(), [this](double t) { return xOf(t); });
    drawn_ = true;
}

QRect PaperCanvas::cursorRect(double at) const {
    return {static_cast<int>(xOf(at)) - kCursorReach - 1, 0, 2 * kCursorReach + 2, height()};
}

void PaperCanvas::drawCursor(QPainter& painter) const {
    if (!cursor_)
        return;
    const double x = xOf(*cursor_);
    if (x < page_.traceArea.left() * pixelsPerMm_ - 0.5 || x > page_.traceArea.right() * pixelsPerMm_ + 0.5)
        return;
    const double top = page_.traceArea.top() * pixelsPerMm_;
    const double bottom = ribbons_.empty() ? page_.sizeMm.height() * pixelsPerMm_ : ribbonArea().bottom();
    painter.setPen(QPen(options_.colours.accent, 1));
    painter.drawLine(QPointF(x, top), QPointF(x, bottom));
    painter.setFont(Theme::smallFont());
    const QString text = isLong() ? clockText(*cursor_, 2) : tr("%1 s").arg(QLocale().toString(*cursor_, 'f', 2));
    const QRectF box(x - kCursorReach, top - Theme::kStep * 5, 2 * kCursorReach, Theme::kStep * 5);
    painter.drawText(box, Qt::AlignHCenter | Qt::AlignBottom, text);
}

void PaperCanvas::paintEvent(QPaintEvent* event) {
    if (!drawn_ || picture_.devicePixelRatio() != devicePixelRatioF())
        renderPage();
    QPainter painter(this);
    const double ratio = picture_.devicePixelRatio();
    const QRect area = event->rect();
    painter.drawImage(QRectF(area), picture_, QRectF(QPointF(area.topLeft()) * ratio, QSizeF(area.size()) * ratio));
    drawCursor(painter);
    if (calipers_ != nullptr && recording_)
        calipers_->paint(painter, frame());
    if (showFocus_) {
        painter.setPen(QPen(theme().accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(1, 1, -1, -1));
    }
}

void PaperCanvas::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    changed();
    clampStart();
    Q_EMIT viewChanged();
}

// Hands --------------------------------------------------------------------------

bool PaperCanvas::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QRectF area = ribbonArea();
        QString text = area.contains(help->pos()) ? ribbons_.describe(timeAt(help->pos().x())) : QString();
        const double foot = page_.sizeMm.height() * pixelsPerMm_;
        if (recording_ && help->pos().y() < foot && help->pos().y() > foot - kFooter * pixelsPerMm_)
            text = tr("An arrowhead marks where a trace is cut: it may run half a row into its neighbours. H draws the "
                      "chest leads at half the gain, Shift and Down draws all of them smaller.");
        if (text.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), text, this);
        return true;
    }
    return QWidget::event(event);
}

void PaperCanvas::wheelEvent(QWheelEvent* event) {
    const QPoint turn = event->angleDelta();
    const int delta = turn.y() != 0 ? turn.y() : turn.x(); // some platforms turn the axis while Shift is down
    if (delta == 0)
        return;
    const double factor = std::pow(kWheelBase, delta / 120.0);
    const bool sideways = turn.y() == 0 && !event->modifiers().testFlag(Qt::ShiftModifier);
    if (event->modifiers().testFlag(Qt::ShiftModifier))
        zoomGain(factor);
    else if (sideways || (isLong() && !event->modifiers().testFlag(Qt::ControlModifier)))
        pan(-kKeyShare * shownSeconds() * delta / 120.0); // to come by hand through a day
    else
        zoomTime(factor, event->position().x());
    event->accept();
}

void PaperCanvas::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton)
        return;
    if (caliperMode_ && calipers_ != nullptr && recording_) {
        layOut();
        calipers_->press(event->position(), frame());
        return;
    }
    drag_ = Drag{event->position().x(), options_.startSeconds};
}

void PaperCanvas::mouseMoveEvent(QMouseEvent* event) {
    const double x = event->position().x();
    if (caliperMode_ && calipers_ != nullptr && recording_ && event->buttons().testFlag(Qt::LeftButton)) {
        calipers_->move(event->position(), frame());
        return;
    }
    if (drag_) {
        const double wanted = drag_->startSeconds - (x - drag_->x) / pixelsPerMm_ / options_.speed;
        if (std::abs(x - drag_->x) >= 2)
            setCursor(Qt::ClosedHandCursor);
        pan(wanted - options_.startSeconds);
        return;
    }
    const double time = timeAt(x);
    const bool inside = recording_ && x >= page_.traceArea.left() * pixelsPerMm_ &&
                        x <= page_.traceArea.right() * pixelsPerMm_ && time >= 0 && time <= seconds();
    Q_EMIT timeHovered(inside ? std::optional<double>(time) : std::nullopt);
    const QPointF mm = event->position() / pixelsPerMm_;
    const auto over = std::find_if(page_.strips.begin(), page_.strips.end(),
                                   [mm](const PaperStrip& strip) { return strip.rect.contains(mm); });
    if (inside && over != page_.strips.end())
        Q_EMIT leadHovered(over->name);
}

void PaperCanvas::mouseReleaseEvent(QMouseEvent* event) {
    if (caliperMode_) {
        if (calipers_ != nullptr && event->button() == Qt::LeftButton)
            calipers_->release();
        return;
    }
    drag_.reset();
    unsetCursor();
}

void PaperCanvas::mouseDoubleClickEvent(QMouseEvent* event) {
    if (caliperMode_)
        mousePressEvent(event);
    else
        resetView();
}

void PaperCanvas::leaveEvent(QEvent*) {
    Q_EMIT timeHovered(std::nullopt);
}

void PaperCanvas::keyPressEvent(QKeyEvent* event) {
    if (caliperMode_ && calipers_ != nullptr && recording_ && calipers_->key(*event, frame()))
        return;
    switch (event->key()) {
    case Qt::Key_Left:
        pan(-kKeyShare * shownSeconds());
        break;
    case Qt::Key_Right:
        pan(kKeyShare * shownSeconds());
        break;
    case Qt::Key_Up:
        zoomGain(kWheelBase);
        break;
    case Qt::Key_Down:
        zoomGain(1 / kWheelBase);
        break;
    case Qt::Key_Plus:
        setSpeed(options_.speed * kWheelBase);
        break;
    case Qt::Key_Minus:
        setSpeed(options_.speed / kWheelBase);
        break;
    case Qt::Key_PageUp:
        pan(-shownSeconds());
        break;
    case Qt::Key_PageDown:
        pan(shownSeconds());
        break;
    case Qt::Key_Home:
        pan(-seconds());
        break;
    case Qt::Key_End:
        pan(seconds());
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

// A frame only for those who came by keyboard.
void PaperCanvas::focusInEvent(QFocusEvent* event) {
    showFocus_ = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    update();
}

void PaperCanvas::focusOutEvent(QFocusEvent*) {
    showFocus_ = false;
    update();
}

} // namespace precordia
