// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ecg/interval_ribbons.h"

#include "core/explore/map.h"
#include "ui/theme/theme.h"

#include <QFontMetricsF>
#include <QLinearGradient>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

constexpr int kBand = Theme::kStep * 4;
constexpr int kGap = Theme::kStep;
constexpr int kLegend = Theme::kStep * 5;
constexpr int kColourBar = Theme::kStep * 16;
constexpr int kComponents = 3;
constexpr double kNothing = 0.05;             // s that nobody misses
constexpr int kLeastText = Theme::kStep * 12; // px: less room is left empty
// Neither black nor white: both would be lost on paper or window.
constexpr double kDarkest = 0.12, kBrightest = 0.92;

std::vector<QColor> colourOf(const Matrix& components) {
    std::vector<QColor> colours;
    const Eigen::RowVectorXf low = components.colwise().minCoeff();
    const Eigen::RowVectorXf range = components.colwise().maxCoeff() - low;
    const auto channel = [&](Eigen::Index row, Eigen::Index column) {
        const float share = range[column] > 0 ? (components(row, column) - low[column]) / range[column] : 0.5F;
        return kDarkest + (kBrightest - kDarkest) * static_cast<double>(share);
    };
    for (Eigen::Index row = 0; row < components.rows(); ++row)
        colours.push_back(QColor::fromRgbF(static_cast<float>(channel(row, 0)), static_cast<float>(channel(row, 1)),
                                           static_cast<float>(channel(row, 2))));
    return colours;
}

} // namespace

void IntervalRibbons::set(std::shared_ptr<const LoadedEncodings> encodings, double windowStart, double wholeSeconds) {
    encodings_ = std::move(encodings);
    windowStart_ = windowEnd_ = windowStart;
    wholeSeconds_ = wholeSeconds;
    colours_.clear();
    largestSurprise_ = 0;
    if (!encodings_)
        return;
    const Encodings& e = encodings_->encodings;
    windowEnd_ += e.intervals * encodings_->intervalSeconds;
    const auto needed = static_cast<std::size_t>(e.intervals) * static_cast<std::size_t>(e.width);
    if (e.intervals < kComponents + 1 || e.width < kComponents || e.interval.size() < needed)
        return;
    const Eigen::Map<const Matrix> values(e.interval.data(), e.intervals, e.width);
    const PcaResult found = pca(values, kComponents);
    if (found.projected.cols() < kComponents)
        return;
    colours_ = colourOf(found.projected);
    explained_ = 0;
    for (const float share : found.explained)
        explained_ += static_cast<double>(share);
    if (!encodings_->surprisePercentiles.empty()) { // in terms of the study: the same colour means the same everywhere
        smallestSurprise_ = 0;
        largestSurprise_ = 100;
        return;
    }
    for (const float v : shownSurprises())
        if (std::isfinite(v))
            largestSurprise_ = std::max(largestSurprise_, v);
    // From this recording's least to its most surprising interval: from 0 on, all would look alike.
    smallestSurprise_ = largestSurprise_;
    for (const float v : shownSurprises())
        if (std::isfinite(v))
            smallestSurprise_ = std::min(smallestSurprise_, v);
}

const std::vector<float>& IntervalRibbons::shownSurprises() const {
    return encodings_->surprisePercentiles.empty() ? encodings_->surprisePerInterval : encodings_->surprisePercentiles;
}

int IntervalRibbons::height() const {
    if (empty())
        return 0;
    return (largestSurprise_ > 0 ? kBand + kGap : 0) + kBand + kGap + kLegend;
}

void IntervalRibbons::paint(QPainter& painter, const QRectF& area, const std::function<double(double)>& x) const {
    if (empty())
        return;
    painter.save();
    painter.setClipRect(area);
    painter.setRenderHint(QPainter::Antialiasing, false);
    const double step = encodings_->intervalSeconds;
    const auto band = [&](double top, std::size_t count, const std::function<QColor(std::size_t)>& colour) {
        for (std::size_t i = 0; i < count; ++i) {
            const double from = windowStart_ + static_cast<double>(i) * step;
            painter.fillRect(QRectF(QPointF(x(from), top), QPointF(x(from + step), top + kBand)), colour(i));
        }
    };
    double top = area.top();
    if (largestSurprise_ > 0) {
        const auto& surprise = shownSurprises();
        const float range = std::max(largestSurprise_ - smallestSurprise_, 1e-6F);
        band(top, surprise.size(),
             [&](std::size_t i) { return batlow(static_cast<double>((surprise[i] - smallestSurprise_) / range)); });
        top += kBand + kGap;
    }
    band(top, colours_.size(), [this](std::size_t i) { return colours_[i]; });
    if (wholeSeconds_ - windowEnd_ > kNothing)
        paintEnd(painter, QRectF(area.topLeft(), QPointF(area.right(), top + kBand)), x(windowEnd_));
    paintLegend(painter, QRectF(area.left(), top + kBand + kGap, area.width(), kLegend));
    painter.restore();
}

QString IntervalRibbons::readText() const {
    const QLocale locale;
    const auto number = [&](double seconds) { return locale.toString(std::round(seconds * 10) / 10, 'g', 6); };
    return windowStart_ < kNothing
               ? tr("The model reads the first %1 s: no bands behind them").arg(number(windowEnd_))
               : tr("The model reads %1 to %2 s: no bands beside them").arg(number(windowStart_), number(windowEnd_));
}

// Behind the last interval, where there would be bands if the model had read on. `from`: its end, px.
void IntervalRibbons::paintEnd(QPainter& painter, const QRectF& bands, double from) const {
    const QRectF room(QPointF(std::max(from, bands.left()) + (from > bands.left() ? Theme::kStep * 2 : 0), bands.top()),
                      bands.bottomRight());
    painter.setFont(Theme::smallFont());
    const QString text = painter.fontMetrics().elidedText(readText(), Qt::ElideRight, static_cast<int>(room.width()));
    if (room.width() < kLeastText)
        return;
    painter.setPen(theme().secondary);
    painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter, text);
}

void IntervalRibbons::paintLegend(QPainter& painter, const QRectF& line) const {
    painter.setFont(Theme::smallFont());
    painter.setPen(theme().secondary);
    const QFontMetricsF metrics(painter.font());
    double x = line.left();
    const auto write = [&](const QString& text) {
        painter.drawText(QRectF(x, line.top(), line.right() - x, line.height()), Qt::AlignLeft | Qt::AlignVCenter,
                         text);
        x += metrics.horizontalAdvance(text) + Theme::kStep * 2;
    };
    if (largestSurprise_ > 0) {
        const bool calibrated = !encodings_->surprisePercentiles.empty();
        write(calibrated ? tr("Above: surprise, percentile in the study") : tr("Above: surprise, latent error"));
        write(QLocale().toString(static_cast<double>(smallestSurprise_), 'g', calibrated ? 3 : 2));
        QLinearGradient gradient(x, 0, x + kColourBar, 0);
        for (int i = 0; i <= 8; ++i)
            gradient.setColorAt(i / 8.0, batlow(i / 8.0));
        painter.fillRect(QRectF(x, line.center().y() - Theme::kStep, kColourBar, Theme::kStep * 2), gradient);
        x += kColourBar + Theme::kStep * 2;
        write(QLocale().toString(static_cast<double>(largestSurprise_), 'g', calibrated ? 3 : 2));
        x += Theme::kStep * 2;
        write(tr("Below: interval encoding, 3 principal components as colour (%1 % of the variance)")
                  .arg(std::lround(100 * explained_)));
    } else {
        write(tr("Interval encoding, 3 principal components as colour (%1 % of the variance)")
                  .arg(std::lround(100 * explained_)));
    }
}

int IntervalRibbons::intervalAt(double seconds) const {
    if (empty())
        return -1;
    const double at = std::floor((seconds - windowStart_) / encodings_->intervalSeconds);
    return at >= 0 && at < static_cast<double>(colours_.size()) ? static_cast<int>(at) : -1;
}

QString IntervalRibbons::describe(double seconds) const {
    const int i = intervalAt(seconds);
    if (i < 0)
        return empty() || seconds < 0 || seconds > wholeSeconds_ ? QString() : readText();
    const double from = windowStart_ + i * encodings_->intervalSeconds;
    QString text =
        tr("Interval %1: %2 s to %3 s").arg(i).arg(from, 0, 'f', 2).arg(from + encodings_->intervalSeconds, 0, 'f', 2);
    const auto& surprise = encodings_->surprisePerInterval;
    if (static_cast<std::size_t>(i) < surprise.size() && std::isfinite(surprise[static_cast<std::size_t>(i)]))
        text += QLatin1Char('\n') +
                tr("Surprise %1 (model)").arg(static_cast<double>(surprise[static_cast<std::size_t>(i)]), 0, 'g', 2);
    const auto& percentiles = encodings_->surprisePercentiles;
    if (static_cast<std::size_t>(i) < percentiles.size())
        text += QLatin1Char('\n') + tr("more than %1 % of the study's intervals")
                                        .arg(static_cast<double>(percentiles[static_cast<std::size_t>(i)]), 0, 'f', 1);
    return text;
}

} // namespace precordia
