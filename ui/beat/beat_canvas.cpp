// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/beat/beat_canvas.h"

#include "ui/texts.h"
#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

constexpr double kReach = 6;        // px
constexpr double kNameHeight = 3.5; // mm: no mark strikes a lead's name through
constexpr double kLargestScale = 12, kSmallestScale = 0.5;

} // namespace

BeatCanvas::BeatCanvas(BeatMarks& marks, QWidget* parent) : QWidget(parent), marks_(marks) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Beat in every lead"));
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, &BeatCanvas::changed);
    connect(&marks_, &BeatMarks::changed, this, [this] {
        if (marks_.ecg() != drawn_) {
            drag_.reset();
            choose({});
            changed();
        }
        update();
    });
}

void BeatCanvas::setTitle(const QString& title, const QString& beat) {
    title_ = title;
    beatName_ = beat;
    changed();
}

void BeatCanvas::setGain(double mmPerMillivolt) {
    gain_ = mmPerMillivolt;
    changed();
}

void BeatCanvas::changed() {
    laidOut_ = false;
    picture_ = QPixmap();
    update();
}

BeatPageOptions BeatCanvas::options() const {
    BeatPageOptions options;
    options.single = true;
    options.rows = rows_;
    options.gain = gain_;
    options.colours = theme().paper;
    options.current = title_;
    options.footer = tr("%1 mm/s  %2 mm/mV · %3 · Research use only")
                         .arg(QLocale().toString(options.speed, 'g', 3), QLocale().toString(gain_, 'g', 3), beatName_);
    return options;
}

void BeatCanvas::layOut() {
    if (laidOut_)
        return;
    drawn_ = marks_.ecg();
    page_ = {};
    if (drawn_ != nullptr) {
        beat_ = alone(drawn_->medianBeat);
        rows_ = rowsFor(beat_, options(), size());
        page_ = layoutBeats(beat_, options());
        pixelsPerMm_ = std::clamp(fitBeats(beat_, options(), size(), page_), kSmallestScale, kLargestScale);
    }
    laidOut_ = true;
}

void BeatCanvas::renderPage() {
    layOut();
    const double ratio = devicePixelRatioF();
    picture_ = QPixmap((QSizeF(size()) * ratio).toSize());
    picture_.setDevicePixelRatio(ratio);
    picture_.fill(theme().window);
    if (drawn_ == nullptr)
        return;
    QPainter painter(&picture_);
    painter.scale(pixelsPerMm_, pixelsPerMm_);
    drawBeats(painter, beat_, options(), page_);
}

double BeatCanvas::xOf(double seconds, std::size_t cell) const {
    return (page_.cells[cell].rPeakX + seconds * options().speed) * pixelsPerMm_;
}

double BeatCanvas::secondsAt(double x, const BeatCell& cell) const {
    return (x / pixelsPerMm_ - cell.rPeakX) / options().speed;
}

// Painting -----------------------------------------------------------------------

void BeatCanvas::paintMarks(QPainter& painter) const {
    const MedianMarks marks = marks_.marks(), computed = marks_.computed();
    const QColor moved = BeatPageColours::of(theme().paper).difference;
    for (std::size_t i = 0; i < page_.cells.size(); ++i) {
        const QRectF& rect = page_.cells[i].rect;
        const double top = (rect.top() + kNameHeight) * pixelsPerMm_, bottom = rect.bottom() * pixelsPerMm_;
        const auto line = [&](double seconds, const QPen& pen) {
            const double x = xOf(seconds, i);
            if (x < rect.left() * pixelsPerMm_ || x > rect.right() * pixelsPerMm_)
                return;
            painter.setPen(pen);
            painter.drawLine(QPointF(x, top), QPointF(x, bottom));
        };
        for (const MedianMark mark : kMedianMarks) {
            const auto &here = marks.at(mark), &was = computed.at(mark);
            if (!here)
                continue;
            if (was && *was != *here)
                line(*was, QPen(theme().paper.accent, 1, Qt::DotLine));
            line(*here, QPen(was == here ? theme().paper.accent : moved, chosen_ == mark ? 2 : 1));
        }
    }
    if (!chosen_ || !marks.at(*chosen_) || page_.cells.empty())
        return;
    painter.setFont(Theme::smallFont());
    painter.setPen(theme().paper.text);
    const QString text =
        tr("%1: %2 ms from R").arg(BeatMarks::name(*chosen_), Texts::number(*marks.at(*chosen_) * 1000, 0));
    painter.drawText(QRectF(0, 0, width() - Theme::kPanel, page_.cells.front().rect.top() * pixelsPerMm_),
                     Qt::AlignRight | Qt::AlignVCenter, text);
}

void BeatCanvas::paintEvent(QPaintEvent*) {
    if (picture_.isNull() || picture_.devicePixelRatio() != devicePixelRatioF())
        renderPage();
    QPainter painter(this);
    painter.drawPixmap(0, 0, picture_);
    if (drawn_ != nullptr)
        paintMarks(painter);
    if (showFocus_) {
        painter.setPen(QPen(theme().accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(1, 1, -1, -1));
    }
}

void BeatCanvas::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    changed();
}

// Hands --------------------------------------------------------------------------

const BeatCell* BeatCanvas::cellAt(QPointF at) const {
    for (const BeatCell& cell : page_.cells)
        if (cell.rect.adjusted(-1, 0, 1, 0).contains(at / pixelsPerMm_))
            return &cell;
    return nullptr;
}

std::optional<MedianMark> BeatCanvas::markAt(QPointF at) const {
    const BeatCell* cell = cellAt(at);
    if (cell == nullptr || marks_.ecg() == nullptr)
        return std::nullopt;
    const MedianMarks marks = marks_.marks();
    std::optional<MedianMark> nearest;
    double least = kReach;
    for (const MedianMark mark : kMedianMarks)
        if (marks.at(mark)) {
            const double distance =
                std::abs((cell->rPeakX + *marks.at(mark) * options().speed) * pixelsPerMm_ - at.x());
            if (distance < least)
                least = distance, nearest = mark;
        }
    return nearest;
}

void BeatCanvas::choose(std::optional<MedianMark> mark) {
    if (chosen_ == mark)
        return;
    chosen_ = mark;
    update();
    Q_EMIT chosenChanged();
}

void BeatCanvas::chooseNext(bool back) {
    const MedianMarks marks = marks_.marks();
    const int count = static_cast<int>(kMedianMarks.size());
    int at = chosen_ ? static_cast<int>(*chosen_) : back ? 0 : count - 1;
    for (int tried = 0; tried < count; ++tried) {
        at = (at + (back ? count - 1 : 1)) % count;
        if (marks.at(kMedianMarks[static_cast<std::size_t>(at)])) {
            choose(kMedianMarks[static_cast<std::size_t>(at)]);
            return;
        }
    }
}

void BeatCanvas::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton)
        return;
    layOut();
    const auto mark = markAt(event->position());
    choose(mark);
    const BeatCell* cell = cellAt(event->position());
    if (!mark || cell == nullptr)
        return;
    drag_ = Drag{*mark, *cell, *marks_.marks().at(*mark) - secondsAt(event->position().x(), *cell)};
    marks_.begin();
}

void BeatCanvas::mouseMoveEvent(QMouseEvent* event) {
    if (drag_) {
        marks_.move(drag_->mark, secondsAt(event->position().x(), drag_->cell) + drag_->grip);
        return;
    }
    if (markAt(event->position()))
        setCursor(Qt::SizeHorCursor);
    else
        unsetCursor();
}

void BeatCanvas::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && drag_)
        marks_.end(std::exchange(drag_, std::nullopt)->mark);
}

void BeatCanvas::keyPressEvent(QKeyEvent* event) {
    const int samples = event->modifiers().testFlag(Qt::ShiftModifier) ? 5 : 1;
    if (event->key() == Qt::Key_X)
        chooseNext(event->modifiers().testFlag(Qt::ShiftModifier));
    else if (chosen_ && !drag_ && event->key() == Qt::Key_Left)
        marks_.step(*chosen_, -samples, event->isAutoRepeat());
    else if (chosen_ && !drag_ && event->key() == Qt::Key_Right)
        marks_.step(*chosen_, samples, event->isAutoRepeat());
    else if (!drag_ && (event->key() == Qt::Key_PageDown || event->key() == Qt::Key_PageUp))
        Q_EMIT otherBeatWanted(event->key() == Qt::Key_PageDown ? 1 : -1);
    else
        QWidget::keyPressEvent(event);
}

// A frame only for those who came by keyboard.
void BeatCanvas::focusInEvent(QFocusEvent* event) {
    showFocus_ = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    update();
}

void BeatCanvas::focusOutEvent(QFocusEvent*) {
    showFocus_ = false;
    update();
}

} // namespace precordia
