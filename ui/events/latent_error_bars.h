// SPDX-License-Identifier: GPL-3.0-or-later
// One bar an interval under the trace: latent error (of hidden intervals, or of every one hidden in turn).
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "ui/plots/trace_stack.h"
#endif

#include <QWidget>

#include <optional>
#include <vector>

namespace precordia {

class LatentErrorBars : public QWidget {
    Q_OBJECT
public:
    explicit LatentErrorBars(QWidget* parent = nullptr);
    // swept: every interval hidden in turn (surprise). errors: of the intervals hidden now; 0 where visible.
    // percentiles: of the swept ones among the study's intervals, 0..100; empty when they were not calibrated.
    void setValues(std::vector<float> swept, std::vector<float> percentiles, std::vector<float> errors,
                   double intervalSeconds, double seconds);
    void setCursor(std::optional<double> seconds);

Q_SIGNALS:
    void timeHovered(std::optional<double> seconds);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    std::vector<float> swept_, percentiles_, errors_;
    double intervalSeconds_ = 0.2;
    TimeScale scale_;
    std::optional<double> cursor_;
};

} // namespace precordia
