// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of figures on one axis, each a mark with its 95 % interval: what compares models at a glance.
#pragma once

#include <QString>
#include <QWidget>

#include <vector>

namespace precordia {

struct ForestMark {
    int series = 0;
    double value = 0;
    double low = 0, high = 0; // low >= high: no interval
};
struct ForestRow {
    QString name;
    QString note; // small, right of the name: "17 / 373"
    std::vector<ForestMark> marks;
    bool strong = false; // a mean over the rows above
};

class ForestPlot : public QWidget {
    Q_OBJECT
public:
    explicit ForestPlot(QWidget* parent = nullptr);
    // Names of the series, in the order of the theme's categories; shapes differ too.
    void setSeries(const QStringList& names);
    // What the notes are, small, under them; "": nothing.
    void setNoteHeading(const QString& heading);
    // reference: a dashed line there (0.5 for AUROC); NaN: none.
    void setRows(std::vector<ForestRow> rows, const QString& axis, double reference);
    const std::vector<ForestRow>& rows() const { return rows_; }
    QWidget* legend() const { return legend_; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    // The ends of the axis, rounded to 0.05 around all that is shown.
    std::pair<double, double> range() const;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override; // tool tips

private:
    double xOf(double value) const;
    QRectF plotArea() const;
    void fillLegend();

    QStringList series_;
    std::vector<ForestRow> rows_;
    QString axis_, noteHeading_;
    double reference_;
    QWidget* legend_;
};

} // namespace precordia
