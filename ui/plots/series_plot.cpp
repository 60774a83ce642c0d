// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/series_plot.h"

#include "ui/plots/qcustomplot.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace precordia {

namespace {

// Second cue beside colour: the line's style.
Qt::PenStyle styleOf(int index) {
    constexpr Qt::PenStyle kStyles[] = {Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};
    return kStyles[index % 4];
}

QColor colourOf(int category) {
    const auto& categories = theme().categories;
    return categories[static_cast<std::size_t>(category) % categories.size()];
}

} // namespace

SeriesPlot::SeriesPlot(QWidget* parent) : QWidget(parent), plot_(new QCustomPlot(this)), legend_(new QWidget(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(plot_);
    auto* row = new QHBoxLayout(legend_);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(3 * Theme::kStep);
    plot_->setMinimumHeight(96);
    // The wheel zooms, a drag pans, a double click resets: as everywhere.
    plot_->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    connect(plot_, &QCustomPlot::mouseDoubleClick, this, [this] { setSeries(series_); });
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, &SeriesPlot::applyTheme);
    applyTheme();
}

void SeriesPlot::setLabels(const QString& xLabel, const QString& yLabel) {
    plot_->xAxis->setLabel(xLabel);
    plot_->yAxis->setLabel(yLabel);
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

void SeriesPlot::setSeries(const std::vector<Series>& series) {
    const bool sameNames = series.size() == series_.size() &&
                           std::equal(series.begin(), series.end(), series_.begin(),
                                      [](const Series& a, const Series& b) { return a.name == b.name; });
    series_ = series;
    if (!sameNames || plot_->graphCount() != static_cast<int>(series.size()) + 1) {
        plot_->clearGraphs();
        for (std::size_t i = 0; i < series.size(); ++i)
            plot_->addGraph();
        marks_ = plot_->addGraph(); // the last one
        marks_->setLineStyle(QCPGraph::lsNone);
        applyTheme();
    }
    double low = 0, high = 0, last = 1;
    bool any = false;
    for (std::size_t s = 0; s < series.size(); ++s) {
        QVector<double> x, y;
        for (std::size_t i = 0; i < series[s].x.size(); ++i)
            if (std::isfinite(series[s].y[i])) {
                x.append(series[s].x[i]);
                y.append(series[s].y[i]);
                low = any ? std::min(low, series[s].y[i]) : series[s].y[i];
                high = any ? std::max(high, series[s].y[i]) : series[s].y[i];
                last = std::max(last, series[s].x[i]);
                any = true;
            }
        auto* graph = plot_->graph(static_cast<int>(s));
        graph->setData(x, y, true);
        graph->setScatterStyle(x.size() < 30 ? QCPScatterStyle(QCPScatterStyle::ssDisc, 4) : QCPScatterStyle());
    }
    drawMarks();
    const double margin = high > low ? (high - low) * 0.08 : std::max(1e-3, std::abs(high) * 0.1);
    plot_->xAxis->setRange(0, last);
    plot_->yAxis->setRange(low - margin, high + margin);
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

void SeriesPlot::applyTheme() {
    const auto& t = theme();
    plot_->setBackground(t.panel);
    plot_->axisRect()->setBackground(t.panel);
    for (auto* axis : {plot_->xAxis, plot_->yAxis}) {
        axis->setBasePen(QPen(t.line));
        axis->setTickPen(QPen(t.line));
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLabelColor(t.secondary);
        axis->setLabelColor(t.secondary);
        axis->setTickLabelFont(Theme::smallFont());
        axis->setLabelFont(Theme::smallFont());
        axis->grid()->setPen(QPen(t.line, 1, Qt::SolidLine));
        axis->grid()->setZeroLinePen(Qt::NoPen);
        axis->ticker()->setTickCount(4);
    }
    plot_->xAxis->grid()->setVisible(false);
    for (int i = 0; i < static_cast<int>(series_.size()) && i < plot_->graphCount(); ++i)
        // Width 1: raster painting of wider pens costs a hundredfold.
        plot_->graph(i)->setPen(QPen(colourOf(series_[static_cast<std::size_t>(i)].category), 1, styleOf(i)));
    drawMarks();
    fillLegend();
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

void SeriesPlot::drawMarks() {
    if (marks_ == nullptr)
        return;
    QVector<double> x, y;
    for (const auto& s : series_)
        for (std::size_t i = 0; i < s.markX.size(); ++i)
            if (std::isfinite(s.markY[i])) {
                x.append(s.markX[i]);
                y.append(s.markY[i]);
            }
    marks_->setData(x, y);
    marks_->setScatterStyle(
        QCPScatterStyle(QCPScatterStyle::ssTriangle, QPen(theme().alarm, 1), QBrush(theme().alarm), 8));
}

void SeriesPlot::fillLegend() {
    qDeleteAll(legend_->findChildren<QLabel*>());
    for (std::size_t i = 0; i < series_.size(); ++i) {
        auto* label = new QLabel(legend_);
        label->setFont(Theme::smallFont());
        const auto mark = styleOf(static_cast<int>(i)) == Qt::SolidLine ? QStringLiteral("—") : QStringLiteral("- -");
        label->setText(QStringLiteral("<span style='color:%1'>%2</span> %3")
                           .arg(colourOf(series_[i].category).name(), mark, series_[i].name.toHtmlEscaped()));
        legend_->layout()->addWidget(label);
    }
}

} // namespace precordia
