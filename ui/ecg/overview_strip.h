// SPDX-License-Identifier: GPL-3.0-or-later
// A long recording at a glance: heart rate over its whole length, events, marks of the file, and the part that the
// paper shows, as a handle to be dragged. A click jumps; arrows and page keys move by a page.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/ecg/recording.h"
#include "core/signal/rhythm_trend.h"
#endif

#include <QPixmap>
#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

namespace precordia {

struct Overview;

// "3:07:12", with hours only where there are some; tenths below a minute's page.
QString clockText(double seconds, int decimals = 0);

class OverviewStrip : public QWidget {
    Q_OBJECT
public:
    explicit OverviewStrip(QWidget* parent = nullptr);

    // Of a new recording: nothing but its length is known.
    void setLength(double seconds);
    void setOverview(std::shared_ptr<const Overview> overview);
    void setMarks(std::vector<Annotation> marks, double samplingRate); // of the file
    void setWindow(double from, double to);                            // what the paper shows, s
    // What is going on or not possible, at the right end; fraction: a bar behind it. "" nothing.
    void setStatus(const QString& text, std::optional<double> fraction = {});

    double length() const { return length_; }
    double windowFrom() const { return from_; }
    double windowTo() const { return to_; }
    QString status() const { return status_; }
    bool hasTrend() const { return overview_ != nullptr; }
    double xOf(double seconds) const;
    double timeAt(double x) const;
    QString describe(double x) const; // the tool tip

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void moved(double startSeconds); // asked for: the left edge of the page

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void changed();
    void render();
    void drawTicks(QPainter& painter) const;
    void drawTrend(QPainter& painter) const;
    void drawEvents(QPainter& painter) const;
    void drawMarks(QPainter& painter) const;
    QRectF handle() const;
    QRectF plot() const; // of the heart rate
    double yOf(double bpm) const;
    void ask(double start);

    double length_ = 0, from_ = 0, to_ = 0;
    std::shared_ptr<const Overview> overview_;
    std::vector<Annotation> marks_;
    double marksRate_ = 0;
    double lowest_ = 40, highest_ = 120; // bpm of the axis
    QString status_;
    std::optional<double> fraction_;
    QPixmap picture_;            // without the handle; null: to be drawn
    std::optional<double> drag_; // s from the page's left edge to the hand
};

} // namespace precordia
