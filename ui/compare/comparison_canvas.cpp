// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/comparison_canvas.h"

#include "ui/theme/theme.h"

#include <QLocale>
#include <QPaintEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

constexpr double kSpeed = 25;        // mm/s, of the traces
constexpr double kFitSeconds = 10;   // of them
constexpr double kFooter = 10;       // mm
constexpr double kRow = 22;          // mm: what a row of a 3x4 needs
constexpr double kLargestScale = 12; // px/mm
constexpr double kSmallestScale = 0.5;
constexpr double kBetween = 2 * Theme::kStep; // px

} // namespace

ComparisonCanvas::ComparisonCanvas(QWidget* parent) : QWidget(parent) {
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Comparison of two ECGs"));
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, &ComparisonCanvas::changed);
}

void ComparisonCanvas::set(std::shared_ptr<const Compared> compared) {
    compared_ = std::move(compared);
    changed();
}

void ComparisonCanvas::setMode(Mode mode) {
    mode_ = mode;
    changed();
}

void ComparisonCanvas::setGain(double mmPerMillivolt) {
    gain_ = mmPerMillivolt;
    changed();
}

void ComparisonCanvas::changed() {
    laidOut_ = false;
    picture_ = QImage();
    update();
}

// Two people's ECGs are never taken for one's, on paper either.
QString ComparisonCanvas::referenceText() const {
    const QString name = nameAndDate(compared_->referenceRow);
    switch (samePatient(compared_->referenceRow, compared_->currentRow)) {
    case SamePatient::No:
        return tr("Reference, another patient: %1").arg(name);
    case SamePatient::Unknown:
        return tr("Reference, not known whether the same patient: %1").arg(name);
    case SamePatient::Yes:
        break;
    }
    return tr("Reference: %1").arg(name);
}

BeatPageOptions ComparisonCanvas::beatOptions() const {
    BeatPageOptions options;
    options.gain = gain_;
    options.rows = rows_;
    options.colours = theme().paper;
    options.differenceText = tr("difference");
    if (compared_) {
        options.reference = referenceText();
        options.current = nameAndDate(compared_->currentRow);
    }
    options.footer = tr("%1 mm/s  %2 mm/mV · median beats, lined up on the QRS · Research use only")
                         .arg(QLocale().toString(options.speed, 'g', 3), QLocale().toString(gain_, 'g', 3));
    return options;
}

PaperOptions ComparisonCanvas::traceOptions(const QString& header) const {
    PaperOptions options;
    options.speed = kSpeed;
    options.gain = gain_;
    options.colours = theme().paper;
    options.header = header;
    options.footer =
        tr("%1 mm/s  %2 mm/mV  filters: %3 · Research use only")
            .arg(QLocale().toString(options.speed, 'g', 3), QLocale().toString(options.gain, 'g', 3), tr("off"));
    options.hiddenText = tr("hidden");
    options.invertedText = tr("inverted");
    options.derivedText = tr("derived");
    options.absentText = tr("not recorded");
    options.headroomFromRows = true;
    return options;
}

void ComparisonCanvas::layOut() {
    if (laidOut_ || !compared_)
        return;
    if (mode_ == Mode::Traces)
        layOutTraces();
    else if (compared_->beats)
        layOutBeats();
    laidOut_ = true;
}

// The scale at which both fit, beside each other or one above the other: whichever is larger.
void ComparisonCanvas::layOutTraces() {
    options_ = {traceOptions(referenceText()), traceOptions(nameAndDate(compared_->currentRow))};
    const std::array<const Recording*, 2> recordings{&compared_->reference, &compared_->current};
    double seconds = 1, rows = 1, top = 0, left = 0;
    for (std::size_t i = 0; i < 2; ++i) {
        PaperOptions probe = options_[i];
        probe.rowHeight = 1;
        probe.gain = 0; // no wave asks for headroom
        const PaperPage bare = layoutPaper(*recordings[i], probe, kFitSeconds * kSpeed);
        rows = std::max(rows, bare.traceArea.height());
        top = bare.traceArea.top();
        left = bare.traceArea.left();
        seconds = std::max(seconds, std::min(recordings[i]->seconds(), kFitSeconds));
    }
    const double wide = left + seconds * kSpeed + 5, high = top + rows * kRow + kFooter;
    const double w = width(), h = height();
    const double above = std::min(w / wide, (h - kBetween) / 2 / high);
    const double beside = std::min((w - kBetween) / 2 / wide, h / high);
    pixelsPerMm_ = std::clamp(std::max(above, beside), kSmallestScale, kLargestScale);
    const bool stacked = above >= beside;
    const double roomWide = stacked ? w : (w - kBetween) / 2, roomHigh = stacked ? (h - kBetween) / 2 : h;
    for (std::size_t i = 0; i < 2; ++i) {
        options_[i].rowHeight = std::clamp((roomHigh / pixelsPerMm_ - top - kFooter) / rows, 5.0, 40.0);
        pages_[i] = layoutPaper(*recordings[i], options_[i], std::min(roomWide / pixelsPerMm_, wide));
    }
    origins_ = {QPointF(0, 0), stacked ? QPointF(0, roomHigh + kBetween) : QPointF(roomWide + kBetween, 0)};
}

void ComparisonCanvas::layOutBeats() {
    rows_ = rowsFor(*compared_->beats, beatOptions(), size());
    beats_ = layoutBeats(*compared_->beats, beatOptions());
    pixelsPerMm_ =
        std::clamp(fitBeats(*compared_->beats, beatOptions(), size(), beats_), kSmallestScale, kLargestScale);
    origins_ = {QPointF(0, 0), QPointF(0, 0)};
}

void ComparisonCanvas::paintEvent(QPaintEvent*) {
    if (picture_.isNull() || picture_.devicePixelRatio() != devicePixelRatioF()) {
        layOut();
        const double ratio = devicePixelRatioF();
        picture_ = QImage((QSizeF(size()) * ratio).toSize(), QImage::Format_RGB32);
        picture_.setDevicePixelRatio(ratio);
        picture_.fill(theme().window);
        QPainter painter(&picture_);
        const auto draw = [&](std::size_t which, const auto& paint) {
            painter.save();
            painter.translate(origins_[which]);
            painter.scale(pixelsPerMm_, pixelsPerMm_);
            paint();
            painter.restore();
        };
        if (compared_ && mode_ == Mode::Traces) {
            draw(0, [&] { drawPaper(painter, compared_->reference, options_[0], pages_[0]); });
            draw(1, [&] { drawPaper(painter, compared_->current, options_[1], pages_[1]); });
        } else if (compared_ && compared_->beats) {
            draw(0, [&] { drawBeats(painter, *compared_->beats, beatOptions(), beats_); });
        }
    }
    QPainter(this).drawImage(0, 0, picture_);
}

void ComparisonCanvas::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    changed();
}

} // namespace precordia
