// SPDX-License-Identifier: GPL-3.0-or-later
// A beat in every lead, the median one or a single one, on calibrated paper, with the marks over all leads that a hand
// can move.
#pragma once

#include "ui/beat/beat_marks.h"

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/paper/beat_page.h"
#endif

#include <QPixmap>
#include <QWidget>

#include <optional>

namespace precordia {

class BeatCanvas : public QWidget {
    Q_OBJECT
public:
    explicit BeatCanvas(BeatMarks& marks, QWidget* parent = nullptr);

    void setTitle(const QString& title, const QString& beat); // on the page: what the recording and the beat are called
    void setGain(double mmPerMillivolt);
    std::optional<MedianMark> chosen() const { return chosen_; }
    double xOf(double seconds, std::size_t cell) const; // px
    const BeatPage& page() const { return page_; }
    double pixelsPerMm() const { return pixelsPerMm_; }

    QSize sizeHint() const override { return {700, 500}; }
    QSize minimumSizeHint() const override { return {280, 200}; }

Q_SIGNALS:
    void chosenChanged();
    void otherBeatWanted(int step); // 1: the next one in time, -1: the one before

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void changed(); // another beat, size or theme: the page is drawn again
    void layOut();
    void renderPage();
    void paintMarks(QPainter& painter) const;
    const BeatCell* cellAt(QPointF at) const;
    double secondsAt(double x, const BeatCell& cell) const;
    std::optional<MedianMark> markAt(QPointF at) const;
    void choose(std::optional<MedianMark> mark);
    void chooseNext(bool back);
    BeatPageOptions options() const;

    BeatMarks& marks_;
    const EcgAnalysis* drawn_ = nullptr;
    QString title_, beatName_;
    double gain_ = 10;
    SerialComparison beat_;
    int rows_ = 3; // of cells, as the window has room
    BeatPage page_;
    double pixelsPerMm_ = 3;
    bool laidOut_ = false;
    QPixmap picture_; // null: to be drawn
    std::optional<MedianMark> chosen_;
    struct Drag {
        MedianMark mark;
        BeatCell cell;
        double grip = 0; // s from the hand to the mark
    };
    std::optional<Drag> drag_;
    bool showFocus_ = false;
};

} // namespace precordia
