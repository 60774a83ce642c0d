// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/forest_plot.h"

#include "ui/texts.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QHelpEvent>
#include <QLabel>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <limits>

namespace precordia {

namespace {

constexpr int kAxisHeight = 32;
constexpr double kMark = 4; // half a mark's width

QColor colourOf(int series) {
    const auto& categories = theme().categories;
    constexpr int kOrder[] = {0, 5, 2, 3, 4, 1, 6};
    return categories[static_cast<std::size_t>(kOrder[series % 7]) % categories.size()];
}

// Disc, open circle, square, diamond, triangle: a second cue beside the colour.
void drawMark(QPainter& painter, QPointF at, int series) {
    const QColor colour = colourOf(series);
    painter.setPen(QPen(colour, 1.4));
    painter.setBrush(series == 1 ? QBrush(theme().panel) : QBrush(colour));
    switch (series % 5) {
    case 0:
    case 1:
        painter.drawEllipse(at, kMark, kMark);
        break;
    case 2:
        painter.drawRect(QRectF(at.x() - kMark + 0.5, at.y() - kMark + 0.5, 2 * kMark - 1, 2 * kMark - 1));
        break;
    case 3:
        painter.drawPolygon(QPolygonF(
            {{at.x() - kMark, at.y()}, {at.x(), at.y() - kMark}, {at.x() + kMark, at.y()}, {at.x(), at.y() + kMark}}));
        break;
    default:
        painter.drawPolygon(QPolygonF(
            {{at.x() - kMark, at.y() + kMark - 1}, {at.x(), at.y() - kMark}, {at.x() + kMark, at.y() + kMark - 1}}));
    }
}

class LegendMark : public QWidget {
public:
    LegendMark(int series, QWidget* parent) : QWidget(parent), series_(series) { setFixedSize(14, 14); }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        drawMark(painter, QPointF(7, 7), series_);
    }

private:
    int series_;
};

} // namespace

ForestPlot::ForestPlot(QWidget* parent)
    : QWidget(parent)
    , reference_(std::numeric_limits<double>::quiet_NaN())
    , legend_(new QWidget(this)) {
    auto* row = new QHBoxLayout(legend_);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::kStep);
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, [this] {
        update();
        legend_->update();
    });
}

void ForestPlot::setSeries(const QStringList& names) {
    series_ = names;
    fillLegend();
    update();
}

void ForestPlot::setRows(std::vector<ForestRow> rows, const QString& axis, double reference) {
    rows_ = std::move(rows);
    axis_ = axis;
    reference_ = reference;
    updateGeometry();
    update();
}

void ForestPlot::setNoteHeading(const QString& heading) {
    noteHeading_ = heading;
    update();
}

void ForestPlot::fillLegend() {
    auto* row = static_cast<QHBoxLayout*>(legend_->layout());
    while (auto* item = row->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (int i = 0; i < series_.size(); ++i) {
        auto* name = new QLabel(series_[i], legend_);
        name->setFont(Theme::smallFont());
        row->addWidget(new LegendMark(i, legend_));
        row->addWidget(name);
        row->addSpacing(2 * Theme::kStep);
    }
}

QSize ForestPlot::minimumSizeHint() const {
    return {320, static_cast<int>(rows_.size()) * 20 + kAxisHeight};
}

QSize ForestPlot::sizeHint() const {
    return {640, static_cast<int>(rows_.size()) * Theme::kRow + kAxisHeight};
}

std::pair<double, double> ForestPlot::range() const {
    double low = std::isfinite(reference_) ? reference_ : std::numeric_limits<double>::infinity();
    double high = std::isfinite(reference_) ? reference_ : -std::numeric_limits<double>::infinity();
    for (const auto& row : rows_)
        for (const auto& mark : row.marks)
            for (const double v : {mark.value, mark.low < mark.high ? mark.low : mark.value,
                                   mark.low < mark.high ? mark.high : mark.value})
                if (std::isfinite(v))
                    low = std::min(low, v), high = std::max(high, v);
    if (!(low <= high))
        return {0, 1};
    low = std::floor(low * 20 + 1e-9) / 20;
    high = std::ceil(high * 20 - 1e-9) / 20;
    return {low, std::max(high, low + 0.05)};
}

QRectF ForestPlot::plotArea() const {
    const double names = std::min(300.0, width() * 0.45);
    return QRectF(names, 0, std::max(40.0, width() - names - 2 * Theme::kPanel), std::max(10, height() - kAxisHeight));
}

double ForestPlot::xOf(double value) const {
    const auto [low, high] = range();
    const auto area = plotArea();
    return area.left() + (value - low) / (high - low) * area.width();
}

void ForestPlot::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto& t = theme();
    const auto area = plotArea();
    const auto [low, high] = range();
    const int ticks = static_cast<int>(std::lround((high - low) / 0.05));
    const int every = std::max(1, static_cast<int>(std::ceil(ticks * 44.0 / area.width())));
    painter.setFont(Theme::smallFont());
    for (int i = 0; i <= ticks; i += every) {
        const double x = std::round(xOf(low + i * 0.05)) + 0.5;
        painter.setPen(QPen(t.line, 1));
        painter.drawLine(QPointF(x, 0), QPointF(x, area.bottom()));
        painter.setPen(t.secondary);
        painter.drawText(QRectF(x - 30, area.bottom() + 2, 60, 14), Qt::AlignCenter, Texts::number(low + i * 0.05, 2));
    }
    painter.drawText(QRectF(area.left(), area.bottom() + 16, area.width(), 14), Qt::AlignCenter, axis_);
    painter.drawText(QRectF(0, area.bottom() + 2, area.left() - Theme::kPanel, 14), Qt::AlignRight | Qt::AlignVCenter,
                     noteHeading_);
    if (std::isfinite(reference_)) {
        painter.setPen(QPen(t.secondary, 1, Qt::DashLine));
        painter.drawLine(QPointF(xOf(reference_), 0), QPointF(xOf(reference_), area.bottom()));
    }
    const double rowHeight = rows_.empty() ? 0 : std::min<double>(Theme::kRow, area.height() / double(rows_.size()));
    for (std::size_t r = 0; r < rows_.size(); ++r) {
        const auto& row = rows_[r];
        const double top = rowHeight * double(r), middle = top + rowHeight / 2;
        if (row.strong) {
            painter.setPen(QPen(t.line, 1));
            painter.drawLine(QPointF(0, top + 0.5), QPointF(area.right(), top + 0.5));
        }
        QFont font = Theme::baseFont();
        font.setBold(row.strong);
        painter.setFont(font);
        const double noteWidth = row.note.isEmpty() ? 0 : 64;
        const double nameWidth = area.left() - noteWidth - 2 * Theme::kPanel;
        painter.setPen(t.text);
        painter.drawText(QRectF(0, top, nameWidth, rowHeight), Qt::AlignVCenter | Qt::AlignLeft,
                         QFontMetricsF(font).elidedText(row.name, Qt::ElideRight, nameWidth));
        painter.setFont(Theme::smallFont());
        painter.setPen(t.secondary);
        painter.drawText(QRectF(nameWidth, top, noteWidth + Theme::kPanel, rowHeight),
                         Qt::AlignVCenter | Qt::AlignRight, row.note);
        // Whiskers first, so that no mark hides under one.
        for (const auto& mark : row.marks)
            if (std::isfinite(mark.value) && mark.low < mark.high) {
                painter.setPen(QPen(colourOf(mark.series), 1.4));
                painter.drawLine(QPointF(xOf(mark.low), middle), QPointF(xOf(mark.high), middle));
            }
        for (auto mark = row.marks.rbegin(); mark != row.marks.rend(); ++mark)
            if (std::isfinite(mark->value))
                drawMark(painter, QPointF(xOf(mark->value), middle), mark->series);
    }
}

bool ForestPlot::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip || rows_.empty())
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const double rowHeight = std::min<double>(Theme::kRow, plotArea().height() / double(rows_.size()));
    const auto r = static_cast<std::size_t>(std::max(0.0, help->pos().y() / rowHeight));
    if (r >= rows_.size()) {
        QToolTip::hideText();
        return true;
    }
    QStringList lines{rows_[r].note.isEmpty()
                          ? rows_[r].name
                          : QStringLiteral("%1 (%2)").arg(rows_[r].name,
                                                          (rows_[r].note + QLatin1Char(' ') + noteHeading_).trimmed())};
    for (const auto& mark : rows_[r].marks) {
        if (!std::isfinite(mark.value))
            continue;
        QString text = QStringLiteral("%1: %2").arg(series_.value(mark.series), Texts::number(mark.value, 3));
        if (mark.low < mark.high)
            text += QStringLiteral(" [%1, %2]").arg(Texts::number(mark.low, 3), Texts::number(mark.high, 3));
        lines << text;
    }
    QToolTip::showText(help->globalPos(), lines.join(QLatin1Char('\n')), this);
    return true;
}

} // namespace precordia
