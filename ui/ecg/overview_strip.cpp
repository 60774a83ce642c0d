// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ecg/overview_strip.h"

#include "core/study/overview.h"
#include "ui/theme/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <cmath>

namespace precordia {

namespace {

constexpr int kHeight = 76;
constexpr double kEventRow = 12, kTickRow = 16; // px
constexpr double kSide = 34;                    // px: left, the axis
constexpr double kLeastHandle = 6;              // px
constexpr double kGrab = 3;                     // px beside the handle that still take hold of it
constexpr double kTickApart = 64;               // px, at least
constexpr double kEventReach = 4;               // px: how near the tool tip finds an event
constexpr std::size_t kMostMarks = 20'000;

// Beats and wave borders are no news; rhythm changes, remarks and what a patient marked are.
bool telling(const Annotation& mark) {
    static const QString ordinary = QStringLiteral("NLRBAaJSVrFejnE/fQ?()pt`'^x");
    return !mark.text.empty() || (mark.symbol.size() == 1 && !ordinary.contains(QLatin1Char(mark.symbol.front())));
}

QColor colourOf(TrendEventKind kind) {
    switch (kind) {
    case TrendEventKind::Pause:
    case TrendEventKind::NoBeats:
        return theme().alarm;
    case TrendEventKind::Fast:
    case TrendEventKind::Slow:
        return theme().caution;
    case TrendEventKind::NoSignal:
        return theme().disabled;
    }
    return theme().text;
}

QString wordsOf(const TrendEvent& event) {
    const QLocale locale;
    switch (event.kind) {
    case TrendEventKind::Pause:
        return OverviewStrip::tr("pause of %1 s").arg(locale.toString(event.value, 'f', 1));
    case TrendEventKind::NoBeats:
        return OverviewStrip::tr("no beat found for %1 s").arg(locale.toString(event.value, 'f', 0));
    case TrendEventKind::Fast:
        return OverviewStrip::tr("fast, %1 bpm for %2 s")
            .arg(locale.toString(event.value, 'f', 0), locale.toString(event.to - event.from, 'f', 0));
    case TrendEventKind::Slow:
        return OverviewStrip::tr("slow, %1 bpm for %2 s")
            .arg(locale.toString(event.value, 'f', 0), locale.toString(event.to - event.from, 'f', 0));
    case TrendEventKind::NoSignal:
        return OverviewStrip::tr("no signal for %1 s").arg(locale.toString(event.value, 'f', 0));
    }
    return {};
}

double tickStep(double secondsPerPixel) {
    for (const double step :
         {1.0, 5.0, 10.0, 30.0, 60.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0, 14400.0, 21600.0, 43200.0, 86400.0})
        if (step >= kTickApart * secondsPerPixel)
            return step;
    return 86400.0 * std::ceil(kTickApart * secondsPerPixel / 86400.0);
}

} // namespace

QString clockText(double seconds, int decimals) {
    const double unit = std::pow(10.0, decimals);
    const double rounded = std::round(std::max(0.0, seconds) * unit) / unit;
    const auto minutes = static_cast<qlonglong>(rounded / 60);
    const double rest = rounded - static_cast<double>(minutes) * 60;
    const QString tail = QLocale().toString(rest, 'f', decimals).rightJustified(decimals > 0 ? 3 + decimals : 2, u'0');
    if (minutes < 60)
        return QStringLiteral("%1:%2").arg(minutes).arg(tail);
    return QStringLiteral("%1:%2:%3").arg(minutes / 60).arg(minutes % 60, 2, 10, QLatin1Char('0')).arg(tail);
}

OverviewStrip::OverviewStrip(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Overview of the recording"));
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, &OverviewStrip::changed);
}

QSize OverviewStrip::sizeHint() const {
    return {600, kHeight};
}

QSize OverviewStrip::minimumSizeHint() const {
    return {200, kHeight};
}

// State --------------------------------------------------------------------------

void OverviewStrip::setLength(double seconds) {
    length_ = seconds;
    from_ = to_ = 0;
    overview_.reset();
    marks_.clear();
    drag_.reset();
    setStatus({});
    changed();
}

void OverviewStrip::setOverview(std::shared_ptr<const Overview> overview) {
    overview_ = std::move(overview);
    lowest_ = 40, highest_ = 120;
    if (overview_)
        for (const auto& point : overview_->trend.points)
            if (point.heartRateBpm) {
                lowest_ = std::min(lowest_, std::floor(*point.heartRateBpm / 20) * 20);
                highest_ = std::max(highest_, std::ceil(*point.heartRateBpm / 20) * 20);
            }
    changed();
}

void OverviewStrip::setMarks(std::vector<Annotation> marks, double samplingRate) {
    std::erase_if(marks, [](const Annotation& mark) { return !telling(mark); });
    if (marks.size() > kMostMarks)
        marks.resize(kMostMarks);
    marks_ = std::move(marks);
    marksRate_ = samplingRate;
    changed();
}

void OverviewStrip::setWindow(double from, double to) {
    if (from == from_ && to == to_)
        return;
    from_ = from;
    to_ = to;
    update();
}

void OverviewStrip::setStatus(const QString& text, std::optional<double> fraction) {
    if (text == status_ && fraction == fraction_)
        return;
    status_ = text;
    fraction_ = fraction;
    update();
}

void OverviewStrip::changed() {
    picture_ = QPixmap();
    update();
}

// Place --------------------------------------------------------------------------

double OverviewStrip::xOf(double seconds) const {
    return kSide + (length_ > 0 ? seconds / length_ : 0) * std::max(1.0, width() - kSide - Theme::kPanel);
}

double OverviewStrip::timeAt(double x) const {
    return std::clamp((x - kSide) / std::max(1.0, width() - kSide - Theme::kPanel), 0.0, 1.0) * length_;
}

QRectF OverviewStrip::plot() const {
    return {QPointF(kSide, kEventRow + 2), QPointF(width() - Theme::kPanel, height() - kTickRow)};
}

double OverviewStrip::yOf(double bpm) const {
    const QRectF area = plot();
    return area.bottom() - (bpm - lowest_) / (highest_ - lowest_) * area.height();
}

QRectF OverviewStrip::handle() const {
    double left = xOf(from_), right = xOf(std::min(to_, length_));
    if (right - left < kLeastHandle) {
        const double middle = (left + right) / 2;
        left = middle - kLeastHandle / 2;
        right = middle + kLeastHandle / 2;
    }
    return {QPointF(left, 1), QPointF(right, height() - kTickRow + 1)};
}

QString OverviewStrip::describe(double x) const {
    const double at = timeAt(x);
    QStringList lines{clockText(at)};
    if (overview_) {
        const auto& points = overview_->trend.points;
        const auto bin = static_cast<std::size_t>(at / RhythmTrend::kBinSeconds);
        if (bin < points.size() && points[bin].heartRateBpm) {
            QString line = tr("%1 bpm").arg(QLocale().toString(*points[bin].heartRateBpm, 'f', 0));
            if (points[bin].rrSdMs)
                line += tr(", RR ± %1 ms").arg(QLocale().toString(*points[bin].rrSdMs, 'f', 0));
            lines << line + tr(" (computed)");
        }
        for (const auto& event : overview_->trend.events)
            if (x >= xOf(event.from) - kEventReach && x <= xOf(event.to) + kEventReach && lines.size() < 6)
                lines << clockText(event.from) + QStringLiteral("  ") + wordsOf(event);
    }
    for (const auto& mark : marks_)
        if (std::abs(xOf(static_cast<double>(mark.sample.value) / marksRate_) - x) <= kEventReach && lines.size() < 9)
            lines << tr("from the file: %1").arg(QString::fromStdString(mark.text.empty() ? mark.symbol : mark.text));
    return lines.join(QLatin1Char('\n'));
}

// Painting -----------------------------------------------------------------------

void OverviewStrip::drawTicks(QPainter& painter) const {
    const double step = tickStep(length_ / std::max(1.0, width() - kSide - Theme::kPanel));
    painter.setFont(Theme::smallFont());
    for (double at = 0; at <= length_; at += step) {
        const double x = xOf(at);
        painter.setPen(QPen(theme().line, 1));
        painter.drawLine(QPointF(x, kEventRow), QPointF(x, height() - kTickRow + 3));
        if (x + kTickApart / 2 > width())
            break;
        painter.setPen(theme().secondary);
        const QRectF box(x - kTickApart / 2, height() - kTickRow + 2, kTickApart, kTickRow - 2);
        painter.drawText(at == 0 ? box.translated(kTickApart / 2, 0) : box,
                         Qt::AlignVCenter | (at == 0 ? Qt::AlignLeft : Qt::AlignHCenter), clockText(at));
    }
    painter.setPen(theme().secondary);
    for (const double bpm : {lowest_, highest_})
        painter.drawText(QRectF(0, yOf(bpm) - 8, kSide - 4, 16), Qt::AlignRight | Qt::AlignVCenter,
                         QLocale().toString(bpm, 'f', 0));
}

// Points that share a pixel stand as their range: a short fast stretch in a day is not lost.
void OverviewStrip::drawTrend(QPainter& painter) const {
    painter.setPen(QPen(theme().text, 1));
    std::optional<QPointF> last;
    const auto& points = overview_->trend.points;
    for (std::size_t i = 0; i < points.size();) {
        const double column = std::floor(xOf(points[i].seconds));
        double low = 0, high = 0, sum = 0;
        int count = 0;
        for (; i < points.size() && std::floor(xOf(points[i].seconds)) == column; ++i) {
            if (!points[i].heartRateBpm)
                continue;
            const double bpm = *points[i].heartRateBpm;
            low = count == 0 ? bpm : std::min(low, bpm);
            high = count == 0 ? bpm : std::max(high, bpm);
            sum += bpm;
            ++count;
        }
        if (count == 0) {
            last.reset();
            continue;
        }
        const QPointF here(column + 0.5, yOf(sum / count));
        if (high > low)
            painter.drawLine(QPointF(here.x(), yOf(high)), QPointF(here.x(), yOf(low)));
        if (last)
            painter.drawLine(*last, here);
        else
            painter.drawPoint(here);
        last = here;
    }
}

void OverviewStrip::drawEvents(QPainter& painter) const {
    painter.setPen(Qt::NoPen);
    for (const auto& event : overview_->trend.events) {
        const double left = xOf(event.from), right = std::max(left + 2, xOf(event.to));
        painter.setBrush(colourOf(event.kind));
        if (event.kind == TrendEventKind::Pause || event.kind == TrendEventKind::NoBeats) // a shape, not colour alone
            painter.drawPolygon(QPolygonF{QPointF(left - 3, 2), QPointF(left + 3, 2), QPointF(left, kEventRow - 2)});
        else if (event.kind == TrendEventKind::NoSignal)
            painter.fillRect(QRectF(QPointF(left, kEventRow), QPointF(right, height() - kTickRow)),
                             theme().tint(theme().disabled));
        else
            painter.drawRect(QRectF(left, event.kind == TrendEventKind::Fast ? 2.0 : 6.0, right - left, 4));
    }
}

void OverviewStrip::drawMarks(QPainter& painter) const {
    painter.setPen(QPen(theme().fileMark, 1));
    double last = -1;
    for (const auto& mark : marks_) {
        const double x = std::floor(xOf(static_cast<double>(mark.sample.value) / marksRate_)) + 0.5;
        if (x == last)
            continue;
        last = x;
        painter.drawLine(QPointF(x, plot().bottom() - 6), QPointF(x, plot().bottom()));
    }
}

void OverviewStrip::render() {
    const double ratio = devicePixelRatioF();
    picture_ = QPixmap((QSizeF(size()) * ratio).toSize());
    picture_.setDevicePixelRatio(ratio);
    picture_.fill(theme().panel);
    if (!(length_ > 0))
        return;
    QPainter painter(&picture_);
    drawTicks(painter);
    if (overview_) {
        drawEvents(painter);
        drawTrend(painter);
    }
    if (marksRate_ > 0)
        drawMarks(painter);
}

void OverviewStrip::paintEvent(QPaintEvent*) {
    if (picture_.isNull() || picture_.devicePixelRatio() != devicePixelRatioF())
        render();
    QPainter painter(this);
    painter.drawPixmap(0, 0, picture_);
    if (!(length_ > 0))
        return;
    if (!status_.isEmpty()) {
        const QRectF area = plot();
        if (fraction_)
            painter.fillRect(QRectF(area.left(), area.top(), area.width() * *fraction_, area.height()),
                             theme().tint(theme().accent));
        painter.setFont(Theme::smallFont());
        painter.setPen(theme().secondary);
        painter.drawText(area.adjusted(8, 0, -8, 0), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextWordWrap, status_);
    }
    QColor fill = theme().accent;
    fill.setAlpha(40);
    painter.setPen(QPen(theme().accent, 1));
    painter.setBrush(fill);
    painter.drawRect(handle());
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme().accent, 2));
        painter.drawRect(rect().adjusted(1, 1, -1, -1));
    }
}

void OverviewStrip::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    changed();
}

// Hands --------------------------------------------------------------------------

bool OverviewStrip::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip && length_ > 0) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), describe(help->pos().x()), this);
        return true;
    }
    return QWidget::event(event);
}

void OverviewStrip::ask(double start) {
    Q_EMIT moved(std::clamp(start, 0.0, std::max(0.0, length_ - (to_ - from_))));
}

void OverviewStrip::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !(length_ > 0))
        return;
    const double x = event->position().x(), at = timeAt(x), page = to_ - from_;
    if (handle().adjusted(-kGrab, 0, kGrab, 0).contains(QPointF(x, handle().center().y()))) {
        drag_ = at - from_;
        return;
    }
    drag_ = page / 2;
    ask(at - page / 2);
}

void OverviewStrip::mouseMoveEvent(QMouseEvent* event) {
    if (drag_)
        ask(timeAt(event->position().x()) - *drag_);
}

void OverviewStrip::mouseReleaseEvent(QMouseEvent*) {
    drag_.reset();
}

void OverviewStrip::keyPressEvent(QKeyEvent* event) {
    const double page = to_ - from_;
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_PageUp:
        ask(from_ - page);
        break;
    case Qt::Key_Right:
    case Qt::Key_PageDown:
        ask(from_ + page);
        break;
    case Qt::Key_Home:
        ask(0);
        break;
    case Qt::Key_End:
        ask(length_);
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace precordia
