// SPDX-License-Identifier: GPL-3.0-or-later
// A few curves over steps: losses, ranks, spreads. Points that are not finite are left out; nothing is smoothed.
#pragma once

#include <QString>
#include <QWidget>

#include <vector>

class QCPGraph;
class QCustomPlot;

namespace precordia {

struct Series {
    QString name;
    int category = 0; // colour in the theme's categories
    std::vector<double> x, y;
    std::vector<double> markX, markY; // points that want to be seen: a triangle in the colour of an alarm
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
    void drawMarks();
    QCustomPlot* plot_;
    QCPGraph* marks_ = nullptr;
    QWidget* legend_;
    std::vector<Series> series_;
};

} // namespace precordia
