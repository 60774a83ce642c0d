// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/heat_map.h"

#include "core/explore/map.h"
#include "ui/theme/theme.h"

#include <QMouseEvent>
#include <QPainter>

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace precordia {

namespace {

constexpr double kShownDeviation = 2.5; // z-scores beyond it take the end colours

Matrix zScores(const EncodingTable& table) {
    const Eigen::Map<const Matrix> values(table.values.data(), table.intervals, table.width);
    return standardiseColumns(values);
}

void drawColourBar(QPainter& painter, const QRectF& bar, QColor (*map)(double), const QString& low,
                   const QString& high) {
    QLinearGradient gradient(bar.topLeft(), bar.topRight());
    for (int i = 0; i <= 16; ++i)
        gradient.setColorAt(i / 16.0, map(i / 16.0));
    painter.fillRect(bar, gradient);
    painter.setFont(Theme::smallFont());
    painter.setPen(theme().secondary);
    const double textWidth = 120;
    painter.drawText(QRectF(bar.left() - textWidth - 4, bar.top() - 4, textWidth, bar.height() + 8),
                     Qt::AlignRight | Qt::AlignVCenter, low);
    painter.drawText(QRectF(bar.right() + 4, bar.top() - 4, textWidth, bar.height() + 8),
                     Qt::AlignLeft | Qt::AlignVCenter, high);
}

} // namespace

EncodingTable orderedForDisplay(const EncodingTable& table) {
    if (table.empty())
        return table;
    const Matrix z = zScores(table);
    // The first right singular vector by power iteration: loadings of the dimensions.
    Eigen::VectorXf loading = Eigen::VectorXf::LinSpaced(table.width, 0.5F, 1.5F);
    for (int i = 0; i < 30; ++i) {
        loading = z.transpose() * (z * loading);
        const float norm = loading.norm();
        if (norm < 1e-9F)
            break;
        loading /= norm;
    }
    std::vector<int> order(static_cast<std::size_t>(table.width));
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return loading[a] > loading[b]; });
    EncodingTable out = table;
    for (int t = 0; t < table.intervals; ++t)
        for (int d = 0; d < table.width; ++d)
            out.values[static_cast<std::size_t>(t * table.width + d)] = z(t, order[static_cast<std::size_t>(d)]);
    return out;
}

std::vector<float> principalPath(const EncodingTable& table) {
    if (table.empty())
        return {};
    const Eigen::Map<const Matrix> values(table.values.data(), table.intervals, table.width);
    const auto result = pca(values, 2);
    return {result.projected.data(), result.projected.data() + result.projected.size()};
}

EncodingHeatMap::EncodingHeatMap(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setMinimumHeight(96);
    QWidget::setCursor(Qt::CrossCursor);
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, qOverload<>(&QWidget::update));
}

void EncodingHeatMap::setTable(const EncodingTable& table, const QString& name, double seconds) {
    table_ = orderedForDisplay(table);
    name_ = name;
    scale_.seconds = std::max(0.1, seconds);
    image_ = {};
    if (!table_.empty()) {
        image_ = QImage(table_.intervals, table_.width, QImage::Format_RGB32);
        for (int t = 0; t < table_.intervals; ++t)
            for (int d = 0; d < table_.width; ++d) {
                const double z = table_.values[static_cast<std::size_t>(t * table_.width + d)];
                image_.setPixelColor(t, d, cividis(std::clamp(z / (2 * kShownDeviation) + 0.5, 0.0, 1.0)));
            }
    }
    update();
}

void EncodingHeatMap::setColourBar(bool shown) {
    colourBar_ = shown;
    update();
}

void EncodingHeatMap::setCursor(std::optional<double> seconds) {
    cursor_ = seconds;
    update();
}

void EncodingHeatMap::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), theme().panel);
    if (image_.isNull())
        return;
    constexpr int kAxis = 20;
    const int foot = colourBar_ ? 2 * kAxis : kAxis;
    const double left = scale_.x(0, width());
    const double right = scale_.x(table_.intervals * table_.intervalSeconds, width());
    const QRectF area(left, 0, right - left, height() - foot);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.drawImage(area, image_);

    painter.setFont(Theme::smallFont());
    painter.setPen(theme().secondary);
    const QRectF label(0, 0, left - 6, area.height());
    painter.drawText(label, Qt::AlignRight | Qt::AlignTop | Qt::TextWordWrap, name_);
    painter.drawText(label, Qt::AlignRight | Qt::AlignBottom, tr("%1 dim.").arg(table_.width));
    for (int s = 0; s <= static_cast<int>(scale_.seconds); ++s) {
        const double x = scale_.x(s, width());
        painter.drawText(QRectF(x - 20, area.bottom() + 2, 40, kAxis - 2), Qt::AlignHCenter | Qt::AlignTop,
                         s == 0 ? tr("0 s") : QString::number(s));
    }
    if (colourBar_)
        drawColourBar(painter, QRectF(area.center().x() - 60, height() - 14, 120, 8), &cividis,
                      tr("z-score −%1").arg(kShownDeviation), tr("+%1").arg(kShownDeviation));
    if (cursor_ && *cursor_ >= 0 && *cursor_ < table_.intervals * table_.intervalSeconds) {
        const double start = std::floor(*cursor_ / table_.intervalSeconds) * table_.intervalSeconds;
        const double x0 = scale_.x(start, width());
        const double x1 = scale_.x(start + table_.intervalSeconds, width());
        painter.setPen(QPen(Qt::white, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(x0, 1, x1 - x0, area.height() - 2));
        painter.setPen(QPen(theme().accent, 1));
        painter.drawRect(QRectF(x0 - 1.5, 0.5, x1 - x0 + 3, area.height() - 1));
    }
}

void EncodingHeatMap::mouseMoveEvent(QMouseEvent* event) {
    const double t = scale_.time(event->position().x(), width());
    Q_EMIT timeHovered(t >= 0 && t <= scale_.seconds ? std::optional<double>(t) : std::nullopt);
}

void EncodingHeatMap::leaveEvent(QEvent*) {
    Q_EMIT timeHovered(std::nullopt);
}

SelfSimilarityMap::SelfSimilarityMap(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setMinimumSize(140, 140);
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, qOverload<>(&QWidget::update));
}

void SelfSimilarityMap::setTable(const EncodingTable& table) {
    intervals_ = table.intervals;
    intervalSeconds_ = table.intervalSeconds;
    image_ = {};
    if (!table.empty()) {
        const Eigen::Map<const Matrix> values(table.values.data(), table.intervals, table.width);
        Matrix centred = values.rowwise() - values.colwise().mean();
        centred.rowwise().normalize();
        const Matrix cosine = centred * centred.transpose();
        image_ = QImage(intervals_, intervals_, QImage::Format_RGB32);
        for (int i = 0; i < intervals_; ++i)
            for (int k = 0; k < intervals_; ++k)
                image_.setPixelColor(k, i,
                                     blueWhiteBrown(std::clamp(static_cast<double>(cosine(i, k)) / 2 + 0.5, 0.0, 1.0)));
    }
    update();
}

void SelfSimilarityMap::setCursor(std::optional<double> seconds) {
    cursor_ = seconds;
    update();
}

QRectF SelfSimilarityMap::square() const {
    const double side = std::max(10, std::min(width() - 8, height() - 28));
    return {(width() - side) / 2.0, 2, side, side};
}

void SelfSimilarityMap::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (image_.isNull())
        return;
    const auto area = square();
    painter.drawImage(area, image_);
    if (cursor_ && *cursor_ >= 0 && *cursor_ < intervals_ * intervalSeconds_) {
        const double at = (std::floor(*cursor_ / intervalSeconds_) + 0.5) / intervals_ * area.width();
        painter.setPen(theme().accent);
        painter.drawLine(QPointF(area.left() + at, area.top()), QPointF(area.left() + at, area.bottom()));
        painter.drawLine(QPointF(area.left(), area.top() + at), QPointF(area.right(), area.top() + at));
    }
    drawColourBar(painter, QRectF(area.center().x() - 30, area.bottom() + 12, 60, 8), &blueWhiteBrown, tr("cosine −1"),
                  tr("+1"));
}

void SelfSimilarityMap::mouseMoveEvent(QMouseEvent* event) {
    const auto area = square();
    const double share = (event->position().x() - area.left()) / area.width();
    Q_EMIT timeHovered(share >= 0 && share < 1 ? std::optional<double>(share * intervals_ * intervalSeconds_)
                                               : std::nullopt);
}

void SelfSimilarityMap::leaveEvent(QEvent*) {
    Q_EMIT timeHovered(std::nullopt);
}

TrajectoryPlot::TrajectoryPlot(QWidget* parent) : QWidget(parent) {
    setMinimumSize(160, 140);
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, qOverload<>(&QWidget::update));
}

void TrajectoryPlot::setTable(const EncodingTable& table, const std::vector<double>& rPeakSeconds) {
    path_ = principalPath(table);
    intervalSeconds_ = table.intervalSeconds;
    beat_.assign(static_cast<std::size_t>(table.intervals), false);
    for (const double r : rPeakSeconds) {
        const auto at = static_cast<std::size_t>(std::max(0.0, r / intervalSeconds_));
        if (at < beat_.size())
            beat_[at] = true;
    }
    update();
}

void TrajectoryPlot::setCursor(std::optional<double> seconds) {
    cursor_ = seconds;
    update();
}

void TrajectoryPlot::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (path_.size() < 4)
        return;
    painter.setRenderHint(QPainter::Antialiasing);
    const auto n = path_.size() / 2;
    float lowX = path_[0], highX = path_[0], lowY = path_[1], highY = path_[1];
    for (std::size_t i = 0; i < n; ++i) {
        lowX = std::min(lowX, path_[2 * i]), highX = std::max(highX, path_[2 * i]);
        lowY = std::min(lowY, path_[2 * i + 1]), highY = std::max(highY, path_[2 * i + 1]);
    }
    const QRectF area(20, 6, width() - 28, height() - 46);
    const auto at = [&](std::size_t i) {
        return QPointF(area.left() + (path_[2 * i] - lowX) / std::max(1e-6F, highX - lowX) * area.width(),
                       area.bottom() - (path_[2 * i + 1] - lowY) / std::max(1e-6F, highY - lowY) * area.height());
    };
    QColor line = theme().categories[4];
    line.setAlpha(140);
    painter.setPen(QPen(line, 1));
    for (std::size_t i = 0; i + 1 < n; ++i)
        painter.drawLine(at(i), at(i + 1));
    painter.setPen(Qt::NoPen);
    for (std::size_t i = 0; i < n; ++i) {
        painter.setBrush(beat_[i] ? theme().categories[5] : theme().categories[0]);
        if (beat_[i])
            painter.drawRect(QRectF(at(i) - QPointF(3.5, 3.5), QSizeF(7, 7)));
        else
            painter.drawEllipse(at(i), 3, 3);
    }
    if (cursor_) {
        const auto i = static_cast<std::size_t>(std::max(0.0, *cursor_ / intervalSeconds_));
        if (i < n) {
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(theme().accent, 2));
            painter.drawEllipse(at(i), 7, 7);
        }
    }
    painter.setFont(Theme::smallFont());
    painter.setPen(theme().secondary);
    painter.drawText(QRectF(0, height() - 38, width(), 18), Qt::AlignCenter, tr("PC 1"));
    painter.save();
    painter.translate(10, area.center().y());
    painter.rotate(-90);
    painter.drawText(QRectF(-40, -8, 80, 16), Qt::AlignCenter, tr("PC 2"));
    painter.restore();
    const double y = height() - 12;
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme().categories[5]);
    painter.drawRect(QRectF(10, y - 4, 7, 7));
    painter.setBrush(theme().categories[0]);
    const QString beats = tr("interval with an R peak");
    painter.setPen(theme().secondary);
    painter.drawText(QPointF(21, y + 4), beats);
    const double second = 21 + painter.fontMetrics().horizontalAdvance(beats) + 14;
    painter.setPen(Qt::NoPen);
    painter.drawEllipse(QPointF(second, y), 3, 3);
    painter.setPen(theme().secondary);
    painter.drawText(QPointF(second + 7, y + 4), tr("other"));
}

} // namespace precordia
