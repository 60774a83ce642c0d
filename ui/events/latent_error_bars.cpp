// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/events/latent_error_bars.h"

#include "ui/theme/theme.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace precordia {

LatentErrorBars::LatentErrorBars(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setFixedHeight(112);
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, qOverload<>(&QWidget::update));
}

void LatentErrorBars::setValues(std::vector<float> swept, std::vector<float> percentiles, std::vector<float> errors,
                                double intervalSeconds, double seconds) {
    swept_ = std::move(swept);
    percentiles_ = std::move(percentiles);
    errors_ = std::move(errors);
    intervalSeconds_ = intervalSeconds;
    scale_.seconds = std::max(0.1, seconds);
    update();
}

void LatentErrorBars::setCursor(std::optional<double> seconds) {
    cursor_ = seconds;
    update();
}

void LatentErrorBars::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), theme().panel);
    painter.setFont(Theme::smallFont());
    constexpr int kFoot = 20;
    constexpr int kHead = 8;
    const int bottom = height() - kFoot;
    float top = 0;
    for (const auto v : swept_)
        top = std::max(top, v);
    for (const auto v : errors_)
        top = std::max(top, v);
    painter.setPen(theme().secondary);
    painter.drawText(QRectF(0, 0, scale_.left - 6, bottom), Qt::AlignRight | Qt::AlignTop | Qt::TextWordWrap,
                     tr("latent error"));
    painter.setPen(theme().line);
    painter.drawLine(scale_.left, bottom, width() - scale_.right, bottom);
    painter.setPen(theme().secondary);
    for (int s = 0; s <= static_cast<int>(scale_.seconds); ++s)
        painter.drawText(QRectF(scale_.x(s, width()) - 20, bottom + 2, 40, kFoot - 2), Qt::AlignHCenter | Qt::AlignTop,
                         s == 0 ? tr("0 s") : QString::number(s));
    if (top <= 0) {
        painter.drawText(QRectF(scale_.left, 0, width() - scale_.left - scale_.right, bottom), Qt::AlignCenter,
                         tr("Hide intervals in the trace, or sweep the whole recording."));
        return;
    }
    painter.drawText(QRectF(0, bottom - 14, scale_.left - 6, 16), Qt::AlignRight | Qt::AlignVCenter,
                     QStringLiteral("0"));
    painter.drawText(QRectF(0, 36, scale_.left - 6, 16), Qt::AlignRight | Qt::AlignVCenter,
                     tr("max %1").arg(static_cast<double>(top), 0, 'f', 2));
    const auto barOf = [&](std::size_t i, float value, double inset) {
        const double from = scale_.x(static_cast<double>(i) * intervalSeconds_, width()) + 1 + inset;
        const double to = scale_.x(static_cast<double>(i + 1) * intervalSeconds_, width()) - 1 - inset;
        const double h = static_cast<double>(value / top) * (bottom - kHead);
        return QRectF(from, bottom - h, std::max(1.0, to - from), h);
    };
    // Heights start at 0; colours are those of the ribbon of the ECG view: percentiles in the study, or from the least
    // to the most surprising interval where none are known.
    const float low = swept_.empty() ? 0 : *std::min_element(swept_.begin(), swept_.end());
    const float range = swept_.empty() ? 1 : std::max(*std::max_element(swept_.begin(), swept_.end()) - low, 1e-6F);
    for (std::size_t i = 0; i < swept_.size(); ++i)
        painter.fillRect(
            barOf(i, swept_[i], 0),
            batlow(static_cast<double>(i < percentiles_.size() ? percentiles_[i] / 100 : (swept_[i] - low) / range)));
    for (std::size_t i = 0; i < errors_.size(); ++i)
        if (errors_[i] > 0) {
            painter.fillRect(barOf(i, errors_[i], swept_.empty() ? 0 : 3), theme().accent);
        }
    if (cursor_) {
        painter.setPen(theme().accent);
        const int x = static_cast<int>(std::lround(scale_.x(*cursor_, width())));
        painter.drawLine(x, 0, x, bottom);
    }
}

void LatentErrorBars::mouseMoveEvent(QMouseEvent* event) {
    const double t = scale_.time(event->position().x(), width());
    if (t < 0 || t > scale_.seconds) {
        Q_EMIT timeHovered(std::nullopt);
        return;
    }
    const auto i = static_cast<std::size_t>(t / intervalSeconds_);
    QString tip;
    if (i < swept_.size())
        tip = tr("surprise %1 (hidden in turn)").arg(static_cast<double>(swept_[i]), 0, 'f', 3);
    if (i < percentiles_.size())
        tip += QLatin1Char('\n') +
               tr("more than %1 % of the study's intervals").arg(static_cast<double>(percentiles_[i]), 0, 'f', 1);
    if (i < errors_.size() && errors_[i] > 0)
        tip += (tip.isEmpty() ? QString() : QStringLiteral("\n")) +
               tr("latent error %1 (hidden now)").arg(static_cast<double>(errors_[i]), 0, 'f', 3);
    setToolTip(tip);
    Q_EMIT timeHovered(t);
}

void LatentErrorBars::leaveEvent(QEvent*) {
    Q_EMIT timeHovered(std::nullopt);
}

} // namespace precordia
