// SPDX-License-Identifier: GPL-3.0-or-later
// Encodings as pictures: intervals x dimensions under the trace, self-similarity, and the path through the first two
// principal components. Rows are intervals in time.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "ui/plots/trace_stack.h"
#endif

#include <QImage>
#include <QWidget>

#include <optional>
#include <vector>

namespace precordia {

// Encodings of one recording at one level, [intervals, width].
struct EncodingTable {
    int intervals = 0;
    int width = 0;
    double intervalSeconds = 0.2;
    std::vector<float> values;

    bool empty() const { return values.empty(); }
};

// Each dimension as z-scores over the recording's intervals, dimensions ordered by their loading on the first
// principal component: what rises and falls together stands together.
EncodingTable orderedForDisplay(const EncodingTable& table);
// First two principal components of the intervals, [intervals, 2].
std::vector<float> principalPath(const EncodingTable& table);

class EncodingHeatMap : public QWidget {
    Q_OBJECT
public:
    explicit EncodingHeatMap(QWidget* parent = nullptr);
    void setTable(const EncodingTable& table, const QString& name, double seconds);
    void setColourBar(bool shown); // below the time axis
    void setCursor(std::optional<double> seconds);

Q_SIGNALS:
    void timeHovered(std::optional<double> seconds);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    EncodingTable table_;
    QImage image_;
    QString name_;
    bool colourBar_ = false;
    TimeScale scale_;
    std::optional<double> cursor_;
};

class SelfSimilarityMap : public QWidget {
    Q_OBJECT
public:
    explicit SelfSimilarityMap(QWidget* parent = nullptr);
    void setTable(const EncodingTable& table); // cosine between intervals, each less the recording's mean
    void setCursor(std::optional<double> seconds);

Q_SIGNALS:
    void timeHovered(std::optional<double> seconds);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    QRectF square() const;
    QImage image_;
    int intervals_ = 0;
    double intervalSeconds_ = 0.2;
    std::optional<double> cursor_;
};

class TrajectoryPlot : public QWidget {
    Q_OBJECT
public:
    explicit TrajectoryPlot(QWidget* parent = nullptr);
    void setTable(const EncodingTable& table, const std::vector<double>& rPeakSeconds);
    void setCursor(std::optional<double> seconds);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<float> path_;
    std::vector<bool> beat_; // interval holds an R peak
    double intervalSeconds_ = 0.2;
    std::optional<double> cursor_;
};

} // namespace precordia
