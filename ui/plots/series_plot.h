// SPDX-License-Identifier: GPL-3.0-or-later
// A few curves over steps: losses, ranks, spreads. Points that are not finite are left out; nothing is smoothed.
#pragma once

#include <QString>
#include <QWidget>

#include <vector>

class QCustomPlot;

namespace precordia {

struct Series {
    QString name;
    int category = 0; // colour in the theme's categories
    std::vector<double> x, y;
};

class SeriesPlot : public QWidget {
    Q_OBJECT
public:
    explicit SeriesPlot(QWidget* parent = nullptr);
    // yLabel with its unit; xLabel stands below.
    void setLabels(const QString& xLabel, const QString& yLabel);
    void setSeries(const std::vector<Series>& series);
    QWidget* legend() const { return legend_; } // to put beside a panel's heading

private:
    void applyTheme();
    void fillLegend();
    QCustomPlot* plot_;
    QWidget* legend_;
    std::vector<Series> series_;
};

} // namespace precordia
