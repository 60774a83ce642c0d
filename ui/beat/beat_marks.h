// SPDX-License-Identifier: GPL-3.0-or-later
// The marks of the beat in focus, the median beat or a single one, as they stand: computed, or moved by a reader,
// undoably.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/base/strong_index.h"
#include "core/signal/median_marks.h"
#endif

#include <QObject>
#include <QString>

#include <memory>
#include <optional>

class QUndoStack;

namespace precordia {

class MarkEdit;

// One entry of the journal of moved marks (core/study/fiducial_edits.h), before it has a reader and a time.
struct MarkChange {
    RecordingId recording;
    std::optional<SampleIndex> beat;  // empty: the median beat
    std::optional<MedianMarks> marks; // empty: as computed
    Measurements moved;               // the measurements that these marks change
};

class BeatMarks : public QObject {
    Q_OBJECT
public:
    explicit BeatMarks(QUndoStack& undo, QObject* parent = nullptr);

    // beat: the R peak of a single one, which is then ecg's median beat (core/signal/single_beat.h). moved: what a
    // reader left, empty as computed. Null: nothing in focus.
    void set(RecordingId recording, std::optional<SampleIndex> beat, std::shared_ptr<const EcgAnalysis> ecg,
             std::optional<MedianMarks> moved);
    RecordingId recording() const { return recording_; }
    std::optional<SampleIndex> beat() const { return beat_; }
    const EcgAnalysis* ecg() const { return ecg_.get(); }
    MedianMarks computed() const;
    MedianMarks marks() const; // as they stand, a drag in progress included
    bool isEdited() const { return marks() != computed(); }

    void begin();                                        // a drag; until end() nothing is kept
    void move(MedianMark mark, double seconds);          // during a drag
    void end(MedianMark mark);                           // one step for undo
    void step(MedianMark mark, int samples, bool again); // a key; again: held, the same step for undo
    void reset();                                        // as computed, undoably

    static QString name(MedianMark mark); // "QRS onset"

Q_SIGNALS:
    void changed();
    // To be kept: by a hand, an undo or a redo. again: a held key goes on.
    void edited(const precordia::MarkChange& change, bool again);

private:
    friend class MarkEdit;
    void push(const QString& text, std::optional<MedianMarks> after, bool key, bool again);
    void apply(const MarkChange& change, bool again);
    MarkChange changeTo(std::optional<MedianMarks> marks) const;

    QUndoStack& undo_;
    RecordingId recording_;
    std::optional<SampleIndex> beat_;
    std::shared_ptr<const EcgAnalysis> ecg_;
    std::optional<MedianMarks> moved_;
    std::optional<MedianMarks> dragged_; // while a drag lasts
};

} // namespace precordia
