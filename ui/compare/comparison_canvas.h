// SPDX-License-Identifier: GPL-3.0-or-later
// Two ECGs on one scale: their traces one above or beside the other, whichever is larger, or their median beats laid
// over each other.
#pragma once

#include "ui/compare/compared.h"

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/paper/beat_page.h"
#include "core/paper/paper.h"
#endif

#include <QImage>
#include <QWidget>

#include <array>

namespace precordia {

class ComparisonCanvas : public QWidget {
    Q_OBJECT
public:
    enum class Mode { Beats, Traces };
    explicit ComparisonCanvas(QWidget* parent = nullptr);

    void set(std::shared_ptr<const Compared> compared); // null: nothing
    void setMode(Mode mode);
    Mode mode() const { return mode_; }
    void setGain(double mmPerMillivolt);
    double gain() const { return gain_; }

    // Where things are, in px: for tests and for whoever measures the picture.
    double pixelsPerMm() const { return pixelsPerMm_; } // of both ECGs
    const std::array<QPointF, 2>& origins() const { return origins_; }
    const std::array<PaperPage, 2>& pages() const { return pages_; } // reference, current; in Mode::Traces
    const BeatPage& beats() const { return beats_; }                 // in Mode::Beats
    // The page for a file or a printer: in Mode::Beats.
    BeatPageOptions beatOptions() const;
    const Compared* compared() const { return compared_.get(); }
    // What the paper calls the reference: its name, and whether it is the same patient's. Once something is set.
    QString referenceText() const;

    QSize sizeHint() const override { return {700, 500}; }
    QSize minimumSizeHint() const override { return {280, 200}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void changed();
    void layOut();
    void layOutTraces();
    void layOutBeats();
    PaperOptions traceOptions(const QString& header) const;

    std::shared_ptr<const Compared> compared_;
    Mode mode_ = Mode::Beats;
    double gain_ = 10;
    double pixelsPerMm_ = 3;
    bool laidOut_ = false;
    std::array<QPointF, 2> origins_;
    std::array<PaperPage, 2> pages_;
    std::array<PaperOptions, 2> options_;
    BeatPage beats_;
    int rows_ = 3;   // of cells, as the window has room
    QImage picture_; // null: to be drawn
};

} // namespace precordia
