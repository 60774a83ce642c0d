// SPDX-License-Identifier: GPL-3.0-or-later
// The marks of the median beat in focus as they stand: computed, or moved by a reader, undoably.
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

class BeatMarks : public QObject {
    Q_OBJECT
public:
    explicit BeatMarks(QUndoStack& undo, QObject* parent = nullptr);

    // moved: what a reader left, empty as computed. Null: nothing in focus.
    void set(RecordingId recording, std::shared_ptr<const EcgAnalysis> ecg, std::optional<MedianMarks> moved);
    RecordingId recording() const { return recording_; }
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
    // To be kept: by a hand, an undo or a redo. Empty: as computed. again: a held key goes on.
    void edited(precordia::RecordingId recording, const std::optional<precordia::MedianMarks>& marks, bool again);

private:
    friend class MarkEdit;
    void push(const QString& text, std::optional<MedianMarks> after, bool again);
    void apply(RecordingId recording, const std::optional<MedianMarks>& marks, bool again);

    QUndoStack& undo_;
    RecordingId recording_;
    std::shared_ptr<const EcgAnalysis> ecg_;
    std::optional<MedianMarks> moved_;
    std::optional<MedianMarks> dragged_; // while a drag lasts
};

} // namespace precordia
