// SPDX-License-Identifier: GPL-3.0-or-later
// Calipers on the paper: two points of a lead, their distance in ms, bpm and mV. Times lie on samples; a point near the
// trace lies on it. Several are kept, each change can be undone, and they belong to a recording.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/base/strong_index.h"
#include "core/ecg/recording.h"
#include "core/paper/paper.h"
#endif

#include <QObject>
#include <QPainter>
#include <QPointF>
#include <QString>
#include <QUndoStack>

#include <optional>
#include <string>
#include <vector>

class QKeyEvent;

namespace precordia {

struct Caliper {
    std::string lead; // on which it was laid
    double fromSeconds = 0, toSeconds = 0;
    double fromUv = 0, toUv = 0; // of the trace as it was shown: with display filters on, filtered values
    bool marchOut = false;       // the distance in time is repeated to both sides
    bool allLeads = false;       // its times run through every lead
    bool operator==(const Caliper&) const = default;
};

// "412 ms · 146 bpm · 1.20 mV"; bpm is left out where the times are the same.
QString caliperText(const Caliper& caliper);
// JSON of a list, and back; what is no such list gives none.
std::string calipersToJson(const std::vector<Caliper>& calipers);
std::vector<Caliper> calipersFromJson(const std::string& json);

// The page that they are drawn on. All pointers outlive a call.
struct PaperFrame {
    const Recording* recording = nullptr;
    const PaperOptions* options = nullptr;
    const PaperPage* page = nullptr;
    double pixelsPerMm = 1;
};

class Calipers : public QObject {
    Q_OBJECT
public:
    explicit Calipers(QUndoStack& undo, QObject* parent = nullptr);

    // Those of the recording that is shown now; nothing is chosen then. Does not emit edited().
    void set(RecordingId recording, std::vector<Caliper> calipers);
    const std::vector<Caliper>& all() const { return calipers_; }
    int chosen() const { return chosen_; } // -1: none

    void paint(QPainter& painter, const PaperFrame& frame) const; // px
    // Hands on the paper, in px; true: it was for a caliper.
    bool press(QPointF at, const PaperFrame& frame);
    bool move(QPointF at, const PaperFrame& frame);
    bool release();
    // Left and right move the chosen end by one sample (with Shift both ends), up and down by 10 uV, X takes the other
    // end, M marches out, A all leads, Delete takes it away, Escape lets go.
    bool key(const QKeyEvent& event, const PaperFrame& frame);

Q_SIGNALS:
    void changed(); // something to paint again
    // A change to keep. An undo may concern a recording that is not shown: it is wanted on the screen then.
    void edited(precordia::RecordingId recording, const std::vector<precordia::Caliper>& calipers);

private:
    enum class Part { From, To, Whole };
    struct Hit {
        int index = -1;
        Part part = Part::Whole;
        bool ownLead = true; // false: where a caliper through all leads crosses another one
    };
    struct Place {
        std::size_t strip = 0;
        double seconds = 0, uv = 0;
    };
    struct Drag {
        std::vector<Caliper> before;
        Part part = Part::To;
        Place from;
        bool ownLead = true; // false: the hand's height says nothing of the caliper's lead
    };

    std::optional<Place> placeAt(QPointF at, const PaperFrame& frame, const std::string& lead) const;
    Hit hitAt(QPointF at, const PaperFrame& frame) const;
    void paintOne(QPainter& painter, const PaperFrame& frame, const Caliper& caliper, bool chosen) const;
    // On the recording. again: the key is held, and this is the same step for undo as the one before.
    void moveBy(double seconds, double uv, bool both, const Recording& recording, bool again);
    // Puts the list in place of the one before, undoably.
    void change(const QString& text, std::vector<Caliper> before, std::vector<Caliper> after);
    void apply(RecordingId recording, const std::vector<Caliper>& calipers);
    friend class CaliperEdit;

    QUndoStack& undo_;
    RecordingId recording_;
    std::vector<Caliper> calipers_;
    int chosen_ = -1;
    Part part_ = Part::To;
    std::optional<Drag> drag_;
};

} // namespace precordia
