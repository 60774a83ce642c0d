// SPDX-License-Identifier: GPL-3.0-or-later
// ECG paper on the screen: fitted to the window, zoomed and panned by hand, with the shared cursor and the ribbons.
// The page lies in a picture; moving the cursor repaints two narrow stripes.
#pragma once

#include "ui/ecg/calipers.h"
#include "ui/ecg/interval_ribbons.h"

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/paper/paper.h"
#include "ui/session.h"
#endif

#include <QImage>
#include <QWidget>

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace precordia {

class PaperCanvas : public QWidget {
    Q_OBJECT
public:
    explicit PaperCanvas(QWidget* parent = nullptr);

    static constexpr double kSlowest = 12.5, kFastest = 100;    // mm/s
    static constexpr double kLowestGain = 1, kHighestGain = 80; // mm/mV

    // Layout, zoom and cursor stay as they are when the recording changes.
    void setRecording(std::shared_ptr<const LoadedRecording> recording);
    void setEncodings(std::shared_ptr<const LoadedEncodings> encodings);
    // The same recording as it is to be drawn, and what was done to it for the foot of the page. Null: as in the file.
    void setFiltered(std::shared_ptr<const Recording> filtered, const QString& filters);
    // Drawn over the page; in caliper mode the left button is theirs, else it moves the paper. Outlives the canvas.
    void setCalipers(Calipers* calipers);
    void setCaliperMode(bool on);
    bool caliperMode() const { return caliperMode_; }
    void setLeadStyles(std::map<std::string, LeadStyle> styles);
    void setPaperLayout(PaperLayout layout);
    void setRhythmLead(const QString& name);
    void setSpeed(double mmPerSecond); // about the middle of what is shown
    void setGain(double mmPerMillivolt);
    void setGrid(bool on);
    // A scale in place of the fitted one: 25 mm of paper are 25 mm on the screen. Empty: fitted.
    void setTrueSize(std::optional<double> pixelsPerMm);
    double pixelsPerMm() const { return pixelsPerMm_; }
    // Of a long recording: how many seconds a page may span, more than at the slowest usual speed; 0: none.
    void setLongestPage(double seconds);
    void setTimeCursor(std::optional<double> seconds);
    void pan(double seconds);
    void zoomTime(double factor, double x); // the time at x px stays where it is
    void zoomGain(double factor);
    void resetView();
    void themeChanged();

    double speed() const { return options_.speed; }
    double gain() const { return options_.gain; }
    double startSeconds() const { return options_.startSeconds; }
    double shownSeconds() const;
    double timeAt(double x) const;
    double xOf(double seconds) const;
    const Recording& shown() const; // filtered, or as in the file; empty when there is none
    // As it is shown, for saving a picture: without the window's row height.
    const PaperOptions& options() const { return options_; }

    QSize sizeHint() const override { return {1000, 600}; }
    QSize minimumSizeHint() const override { return {320, 200}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override; // least: PaperScroll gives more where there is more

Q_SIGNALS:
    void timeHovered(std::optional<double> seconds);
    void leadHovered(const std::string& name);
    void viewChanged(); // speed, gain or place

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    struct Needs {
        double rows = 1, margins = 0, width = 0;
    };
    Needs needs() const;
    double ribbonRoom() const; // px under the page
    void changed();            // something of the page: draw it again
    void layOut();
    void sayWhatIsShown();
    void renderPage();
    void clampStart();
    double seconds() const; // of the whole recording
    bool isLong() const;    // only a part of it is in memory
    double slowest() const; // mm/s
    PaperFrame frame() const;
    QRectF ribbonArea() const;
    QRect cursorRect(double seconds) const;
    void drawCursor(QPainter& painter) const;

    std::shared_ptr<const LoadedRecording> recording_;
    std::shared_ptr<const Recording> filtered_; // null: the recording as it is
    Recording basis_;                           // of a long recording: what its rows are laid out by
    Calipers* calipers_ = nullptr;
    bool caliperMode_ = false;
    IntervalRibbons ribbons_;
    PaperOptions options_;
    PaperPage page_;
    double pixelsPerMm_ = 4;
    std::optional<double> trueSize_;
    double longestPage_ = 0;
    bool laidOut_ = false;
    QImage picture_; // kept from page to page: new memory would cost as much as the grid
    bool drawn_ = false;
    std::optional<double> cursor_;
    struct Drag {
        double x = 0, startSeconds = 0;
    };
    std::optional<Drag> drag_;
    bool showFocus_ = false;
};

} // namespace precordia
