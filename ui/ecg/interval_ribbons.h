// SPDX-License-Identifier: GPL-3.0-or-later
// What the model made of each interval, as bands of colour under the paper: surprise, and the interval encoding's
// first three principal components as red, green and blue.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "ui/session.h"
#endif

#include <QColor>
#include <QCoreApplication>
#include <QPainter>
#include <QRectF>
#include <QString>

#include <functional>
#include <memory>
#include <vector>

namespace precordia {

class IntervalRibbons {
    Q_DECLARE_TR_FUNCTIONS(precordia::IntervalRibbons)
public:
    // Null: none. Finds the principal components, once. The model read one window, which begins at windowStart, of a
    // recording of so many seconds: where that is longer, the bands say how far they go.
    void set(std::shared_ptr<const LoadedEncodings> encodings, double windowStart, double wholeSeconds);

    bool empty() const { return colours_.empty(); }
    int height() const; // px, with the legend; 0 when empty
    // area: height() px high, as wide as the traces; x: of a time, px.
    void paint(QPainter& painter, const QRectF& area, const std::function<double(double)>& x) const;
    // For a tooltip: "0.20 s to 0.40 s: surprise 0.31"; beside the window what was read; "" outside the recording.
    QString describe(double seconds) const;

private:
    const std::vector<float>& shownSurprises() const; // percentiles where there are any
    QString readText() const;
    void paintEnd(QPainter& painter, const QRectF& bands, double from) const;
    void paintLegend(QPainter& painter, const QRectF& line) const;
    int intervalAt(double seconds) const; // -1: none

    std::shared_ptr<const LoadedEncodings> encodings_;
    double windowStart_ = 0, windowEnd_ = 0, wholeSeconds_ = 0; // s
    std::vector<QColor> colours_;                               // of each interval's encoding
    double explained_ = 0;                                      // share of the variance in three components
    float largestSurprise_ = 0;
    float smallestSurprise_ = 0;
};

} // namespace precordia
