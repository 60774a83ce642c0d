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
    // Null: none. Finds the principal components, once.
    void set(std::shared_ptr<const LoadedEncodings> encodings, double windowStart);

    bool empty() const { return colours_.empty(); }
    int height() const; // px, with the legend; 0 when empty
    // area: height() px high, as wide as the traces; x: of a time, px.
    void paint(QPainter& painter, const QRectF& area, const std::function<double(double)>& x) const;
    // For a tooltip: "0.20 s to 0.40 s: surprise 0.31"; "" outside.
    QString describe(double seconds) const;

private:
    const std::vector<float>& shownSurprises() const; // percentiles where there are any
    void paintLegend(QPainter& painter, const QRectF& line) const;
    int intervalAt(double seconds) const; // -1: none

    std::shared_ptr<const LoadedEncodings> encodings_;
    double windowStart_ = 0;
    std::vector<QColor> colours_; // of each interval's encoding
    double explained_ = 0;        // share of the variance in three components
    float largestSurprise_ = 0;
    float smallestSurprise_ = 0;
};

} // namespace precordia
