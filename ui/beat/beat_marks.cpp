// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/beat/beat_marks.h"

#include "core/study/fiducial_edits.h"

#include <QPointer>
#include <QUndoCommand>
#include <QUndoStack>

#include <utility>

namespace precordia {

namespace {
constexpr int kMoveByKey = 0x6d61; // among the undo commands of the window
}

class MarkEdit : public QUndoCommand {
public:
    MarkEdit(BeatMarks& marks, const QString& text, MarkChange before, MarkChange after, bool key, bool again)
        : QUndoCommand(text)
        , marks_(&marks)
        , before_(std::move(before))
        , after_(std::move(after))
        , key_(key)
        , again_(again)
        , held_(again) {}
    int id() const override { return key_ ? kMoveByKey : -1; }
    // A held key repeats itself: one step for undo.
    bool mergeWith(const QUndoCommand* other) override {
        const auto* next = static_cast<const MarkEdit*>(other); // of the same id
        if (!next->again_ || next->after_.recording != after_.recording || next->after_.beat != after_.beat ||
            next->marks_ != marks_ || next->before_.marks != after_.marks)
            return false;
        after_ = next->after_;
        return true;
    }
    void undo() override {
        if (marks_)
            marks_->apply(before_, false);
    }
    void redo() override {
        if (marks_)
            marks_->apply(after_, std::exchange(held_, false)); // a redo is a step of its own
    }

private:
    QPointer<BeatMarks> marks_;
    MarkChange before_, after_;
    const bool key_, again_;
    bool held_; // not redone yet, and a held key's
};

BeatMarks::BeatMarks(QUndoStack& undo, QObject* parent) : QObject(parent), undo_(undo) {}

void BeatMarks::set(RecordingId recording, std::optional<SampleIndex> beat, std::shared_ptr<const EcgAnalysis> ecg,
                    std::optional<MedianMarks> moved) {
    recording_ = recording;
    beat_ = beat;
    ecg_ = std::move(ecg);
    moved_ = std::move(moved);
    dragged_.reset();
    Q_EMIT changed();
}

MedianMarks BeatMarks::computed() const {
    return ecg_ ? marksOf(ecg_->medianBeat) : MedianMarks{};
}

MedianMarks BeatMarks::marks() const {
    return dragged_ ? *dragged_ : moved_ ? *moved_ : computed();
}

QString BeatMarks::name(MedianMark mark) {
    switch (mark) {
    case MedianMark::POn:
        return tr("P onset");
    case MedianMark::POff:
        return tr("P end");
    case MedianMark::QrsOn:
        return tr("QRS onset");
    case MedianMark::QrsOff:
        return tr("QRS end (J)");
    case MedianMark::TOff:
        return tr("T end");
    }
    return {};
}

void BeatMarks::begin() {
    if (ecg_)
        dragged_ = marks();
}

void BeatMarks::move(MedianMark mark, double seconds) {
    if (!dragged_)
        return;
    dragged_ = withMark(*dragged_, mark, seconds, ecg_->medianBeat);
    Q_EMIT changed();
}

void BeatMarks::end(MedianMark mark) {
    if (!dragged_)
        return;
    const MedianMarks after = *std::exchange(dragged_, std::nullopt);
    if (after != marks())
        push(tr("Move the mark: %1").arg(name(mark)), after, false, false);
    else
        Q_EMIT changed();
}

void BeatMarks::step(MedianMark mark, int samples, bool again) {
    const MedianMarks before = marks();
    if (!ecg_ || dragged_ || !before.at(mark))
        return;
    const MedianMarks after =
        withMark(before, mark, *before.at(mark) + samples / ecg_->medianBeat.samplingRate, ecg_->medianBeat);
    if (after != before)
        push(tr("Move the mark: %1").arg(name(mark)), after, true, again);
}

void BeatMarks::reset() {
    if (ecg_ && moved_)
        push(tr("Marks as computed"), std::nullopt, false, false);
}

MarkChange BeatMarks::changeTo(std::optional<MedianMarks> marks) const {
    MarkChange change{recording_, beat_, std::move(marks), {}};
    if (change.marks)
        change.moved = changedBy(flat(measuredWith(*ecg_, *change.marks)), flat(ecg_->measurements));
    return change;
}

void BeatMarks::push(const QString& text, std::optional<MedianMarks> after, bool key, bool again) {
    undo_.push(new MarkEdit(*this, text, changeTo(moved_), changeTo(std::move(after)), key, again));
}

void BeatMarks::apply(const MarkChange& change, bool again) {
    if (change.recording == recording_ && change.beat == beat_) {
        moved_ = change.marks;
        Q_EMIT changed();
    }
    Q_EMIT edited(change, again);
}

} // namespace precordia
