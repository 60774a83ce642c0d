// SPDX-License-Identifier: GPL-3.0-or-later
// Some leads of a recording above each other on paper, time fitted to the width: the trace that heat maps and
// latent errors stand under. Intervals can be hidden by a click or a drag; a reconstruction is drawn over them.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/paper/paper.h"
#endif

#include <QImage>
#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

namespace precordia {

// The time axis that widgets under each other share: `left` px to the widget's right edge less `right` px.
struct TimeScale {
    int left = 56;
    int right = 12;
    double seconds = 10;

    double x(double t, int width) const { return left + t / seconds * (width - left - right); }
    double time(double x, int width) const { return (x - left) / (width - left - right) * seconds; }
};

class TraceStack : public QWidget {
    Q_OBJECT
public:
    explicit TraceStack(QWidget* parent = nullptr);

    void setRecording(std::shared_ptr<const Recording> recording, double seconds);
    void setMargins(int left, int right); // px beside the traces; the widgets below must have the same
    void setLeads(const std::vector<std::string>& names);
    void setIntervals(int count, double intervalSeconds); // 0: none
    void setCursor(std::optional<double> seconds);
    const TimeScale& scale() const { return scale_; }

    // Hiding: which intervals are covered, and whether a person may change that.
    void setHidable(bool on);
    void setHidden(std::vector<bool> hidden);
    const std::vector<bool>& hidden() const { return hidden_; }
    // waveform [leads of the model, samples] at samplingRate in uV; drawn inside hidden intervals only. Empty: none.
    void setReconstruction(const std::vector<std::string>& leads, std::vector<float> waveform, double samplingRate);

    QSize sizeHint() const override { return {800, 90 * static_cast<int>(std::max<std::size_t>(1, leads_.size()))}; }

Q_SIGNALS:
    void timeHovered(std::optional<double> seconds);
    void timeClicked(double seconds);
    void hiddenChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    struct Geometry {
        double pxPerMm = 4;
        PaperOptions options;
        PaperPage page;
    };
    Geometry geometry() const;
    void renderPage();
    void drawReconstruction(QPainter& painter, const Geometry& g) const;
    int intervalAt(double x) const; // -1 outside
    void paintHidden(int interval);

    std::shared_ptr<const Recording> recording_;
    TimeScale scale_;
    std::vector<std::string> leads_{"II"};
    int intervals_ = 0;
    double intervalSeconds_ = 0.2;
    std::optional<double> cursor_;
    bool hidable_ = false;
    std::optional<bool> painting_; // while the button is down: hide or show what is touched
    std::vector<bool> hidden_;
    std::vector<std::string> reconstructedLeads_;
    std::vector<float> reconstruction_;
    double reconstructionRate_ = 250;
    QImage page_;
};

} // namespace precordia
