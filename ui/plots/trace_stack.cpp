// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/trace_stack.h"

#include "ui/theme/theme.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <limits>

namespace precordia {

TraceStack::TraceStack(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setMinimumHeight(72);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, [this] {
        page_ = {};
        update();
    });
}

void TraceStack::setRecording(std::shared_ptr<const Recording> recording, double seconds) {
    recording_ = std::move(recording);
    scale_.seconds = std::max(0.1, seconds);
    page_ = {};
    update();
}

void TraceStack::setMargins(int left, int right) {
    scale_.left = left;
    scale_.right = right;
    page_ = {};
    update();
}

void TraceStack::setLeads(const std::vector<std::string>& names) {
    leads_ = names;
    page_ = {};
    updateGeometry();
    update();
}

void TraceStack::setIntervals(int count, double intervalSeconds) {
    intervals_ = count;
    intervalSeconds_ = intervalSeconds;
    hidden_.resize(static_cast<std::size_t>(std::max(0, count)), false);
    update();
}

void TraceStack::setCursor(std::optional<double> seconds) {
    if (cursor_ == seconds)
        return;
    cursor_ = seconds;
    update();
}

void TraceStack::setHidable(bool on) {
    hidable_ = on;
    QWidget::setCursor(on ? Qt::PointingHandCursor : Qt::CrossCursor);
}

void TraceStack::setHidden(std::vector<bool> hidden) {
    hidden_ = std::move(hidden);
    hidden_.resize(static_cast<std::size_t>(std::max(0, intervals_)), false);
    update();
}

void TraceStack::setReconstruction(const std::vector<std::string>& leads, std::vector<float> waveform,
                                   double samplingRate) {
    reconstructedLeads_ = leads;
    reconstruction_ = std::move(waveform);
    reconstructionRate_ = samplingRate;
    update();
}

// Time fits the width; the amplitude keeps the paper's proportion (25 mm/s to 10 mm/mV) as far as the rows allow.
TraceStack::Geometry TraceStack::geometry() const {
    Geometry g;
    g.options.speed = 25;
    const double traceWidth = width() - scale_.left - scale_.right;
    g.pxPerMm = std::max(0.2, traceWidth / (scale_.seconds * g.options.speed));
    const double rowMm = height() / g.pxPerMm / static_cast<double>(std::max<std::size_t>(1, leads_.size()));
    g.options.gain = rowMm >= 16 ? 10 : rowMm >= 8 ? 5 : 2.5;
    g.options.calibrationPulse = false;
    g.options.footer = QStringLiteral(" ");
    g.options.colours = theme().paper;
    g.page.sizeMm = QSizeF(width() / g.pxPerMm, height() / g.pxPerMm);
    g.page.traceArea = QRectF(scale_.left / g.pxPerMm, 0, traceWidth / g.pxPerMm, g.page.sizeMm.height());
    for (std::size_t i = 0; recording_ && i < leads_.size(); ++i) {
        PaperStrip strip;
        strip.lead = recording_->find(leads_[i]);
        strip.name = leads_[i];
        strip.startSeconds = 0;
        strip.endSeconds = scale_.seconds;
        strip.rect = QRectF(g.page.traceArea.left(), static_cast<double>(i) * rowMm, g.page.traceArea.width(), rowMm);
        strip.baselineY = strip.rect.top() + rowMm * 0.55;
        g.page.strips.push_back(strip);
    }
    return g;
}

void TraceStack::renderPage() {
    const auto ratio = devicePixelRatioF();
    page_ = QImage(size() * ratio, QImage::Format_RGB32);
    page_.setDevicePixelRatio(ratio);
    page_.fill(theme().paper.ground);
    if (!recording_)
        return;
    const auto g = geometry();
    QPainter painter(&page_);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(g.pxPerMm, g.pxPerMm);
    drawPaper(painter, *recording_, g.options, g.page);
}

void TraceStack::drawReconstruction(QPainter& painter, const Geometry& g) const {
    if (reconstruction_.empty() || reconstructedLeads_.empty())
        return;
    const auto perLead = reconstruction_.size() / reconstructedLeads_.size();
    painter.save();
    painter.scale(g.pxPerMm, g.pxPerMm);
    for (const auto& strip : g.page.strips) {
        const auto found = std::find(reconstructedLeads_.begin(), reconstructedLeads_.end(), strip.name);
        if (found == reconstructedLeads_.end())
            continue;
        const auto row = static_cast<std::size_t>(found - reconstructedLeads_.begin()) * perLead;
        std::vector<float> wave(perLead, std::numeric_limits<float>::quiet_NaN());
        for (std::size_t i = 0; i < perLead; ++i) {
            const auto interval =
                static_cast<std::size_t>(static_cast<double>(i) / reconstructionRate_ / intervalSeconds_);
            if (interval < hidden_.size() && hidden_[interval])
                wave[i] = reconstruction_[row + i];
        }
        drawOverlay(painter, strip, g.options, wave, reconstructionRate_, 0, theme().paper.accent, 0.5);
    }
    painter.restore();
}

void TraceStack::paintEvent(QPaintEvent*) {
    if (page_.isNull())
        renderPage();
    QPainter painter(this);
    painter.drawImage(0, 0, page_);
    QColor cover = theme().paper.hidden;
    cover.setAlpha(72); // the original stays visible under it
    for (std::size_t i = 0; i < hidden_.size(); ++i)
        if (hidden_[i]) {
            const double from = scale_.x(static_cast<double>(i) * intervalSeconds_, width());
            const double to = scale_.x(static_cast<double>(i + 1) * intervalSeconds_, width());
            painter.fillRect(QRectF(from, 0, to - from, height()), cover);
        }
    if (recording_) {
        painter.setRenderHint(QPainter::Antialiasing);
        drawReconstruction(painter, geometry());
        painter.setRenderHint(QPainter::Antialiasing, false);
    }
    if (cursor_ && *cursor_ >= 0 && *cursor_ <= scale_.seconds) {
        if (intervals_ > 0) {
            const double start = std::floor(*cursor_ / intervalSeconds_) * intervalSeconds_;
            QColor band = theme().paper.accent;
            band.setAlpha(36);
            const double from = scale_.x(start, width());
            painter.fillRect(QRectF(from, 0, scale_.x(start + intervalSeconds_, width()) - from, height()), band);
        }
        painter.setPen(theme().paper.accent);
        const int x = static_cast<int>(std::lround(scale_.x(*cursor_, width())));
        painter.drawLine(x, 0, x, height());
    }
}

void TraceStack::resizeEvent(QResizeEvent*) {
    page_ = {};
}

int TraceStack::intervalAt(double x) const {
    const double t = scale_.time(x, width());
    const int interval = static_cast<int>(std::floor(t / intervalSeconds_));
    return t < 0 || interval >= intervals_ ? -1 : interval;
}

void TraceStack::paintHidden(int interval) {
    if (interval < 0 || !painting_ || hidden_[static_cast<std::size_t>(interval)] == *painting_)
        return;
    hidden_[static_cast<std::size_t>(interval)] = *painting_;
    update();
}

void TraceStack::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton)
        return;
    const int interval = intervalAt(event->position().x());
    if (hidable_ && interval >= 0) {
        painting_ = !hidden_[static_cast<std::size_t>(interval)];
        paintHidden(interval);
    }
    Q_EMIT timeClicked(std::clamp(scale_.time(event->position().x(), width()), 0.0, scale_.seconds));
}

void TraceStack::mouseMoveEvent(QMouseEvent* event) {
    const double t = scale_.time(event->position().x(), width());
    if (painting_)
        paintHidden(intervalAt(event->position().x()));
    Q_EMIT timeHovered(t >= 0 && t <= scale_.seconds ? std::optional<double>(t) : std::nullopt);
}

void TraceStack::mouseReleaseEvent(QMouseEvent*) {
    if (!painting_)
        return;
    painting_.reset();
    Q_EMIT hiddenChanged();
}

void TraceStack::leaveEvent(QEvent*) {
    Q_EMIT timeHovered(std::nullopt);
}

} // namespace precordia
