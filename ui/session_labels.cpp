// SPDX-License-Identifier: GPL-3.0-or-later
// Labels of readers: who labels, edits that are written one after the other in a worker, undo and redo of them.
#include "ui/session_private.h"

#include <QUndoCommand>

#include <algorithm>

namespace precordia {

namespace {

Result<LabelState> stateOf(Study& study, RecordingId id) {
    LabelState state;
    state.id = id;
    const ReaderLabels labels(study);
    auto vocabulary = labels.vocabulary();
    if (!vocabulary)
        return vocabulary.as<LabelState>();
    state.vocabulary = *std::move(vocabulary);
    auto readers = labels.readers();
    if (!readers)
        return readers.as<LabelState>();
    state.readers = *std::move(readers);
    if (!id.valid())
        return state;
    auto given = labels.of(id);
    if (!given)
        return given.as<LabelState>();
    const auto& sight = study.sight();
    if (sight.blinded)
        std::erase_if(*given, [&](const ReaderLabel& label) { return label.reader != sight.reader; });
    state.given = *std::move(given);
    return state;
}

struct Written {
    LabelState state;
    std::vector<RecordingRow> rows;
    std::optional<bool> tookBack = {}; // of a toggled label that was written: which way it went
};

Result<Written> writtenIn(Study& study, RecordingId shown, const std::vector<RecordingId>& changed) {
    auto state = stateOf(study, shown);
    if (!state)
        return state.as<Written>();
    Written written{*std::move(state), {}};
    for (const RecordingId id : changed)
        if (auto row = study.row(id))
            written.rows.push_back(*std::move(row));
    return written;
}

} // namespace

// An undo is an edit of its own in the journal, and so is its redo: each takes back the batch before it.
class LabelCommand : public QUndoCommand {
public:
    // What a label is called when it is given and when it is taken back.
    struct Names {
        QString give, takeBack;
    };

    LabelCommand(Session& session, const QString& text, LabelHand hand, std::vector<LabelEdit> edits)
        : QUndoCommand(text)
        , session_(session)
        , hand_(std::move(hand))
        , edits_(std::move(edits))
        , batch_(std::make_shared<std::int64_t>(0)) {}
    // A label that is given, or taken back where it stands: what stands is known for certain only where it is written,
    // after the edits before it. `guess`: what the window knows of it.
    LabelCommand(Session& session, Names names, bool guess, LabelHand hand, LabelEdit edit)
        : LabelCommand(session, guess ? names.takeBack : names.give, std::move(hand), {std::move(edit)}) {
        names_ = std::make_shared<const Names>(std::move(names));
    }

    void redo() override { write(made_); }
    void undo() override { write(true); }

private:
    // Whether the value stands there already.
    static Result<bool> stands(const ReaderLabels& labels, const std::string& reader, const LabelEdit& edit) {
        const auto given = labels.of(edit.recording);
        if (!given)
            return given.as<bool>();
        return std::any_of(given->begin(), given->end(), [&](const ReaderLabel& label) {
            return label.reader == reader && label.term == edit.term && label.target == edit.target &&
                   label.value == edit.value;
        });
    }

    // The name of an undo is told again: the stack does so only when it is stepped through.
    void rename(bool tookBack) {
        const QString& text = tookBack ? names_->takeBack : names_->give;
        if (text == actionText())
            return;
        setText(text);
        QUndoStack& stack = session_.undoStack();
        Q_EMIT stack.undoTextChanged(stack.undoText());
        Q_EMIT stack.redoTextChanged(stack.redoText());
    }

    void write(bool reverse) {
        made_ = true;
        const RecordingId id = edits_.front().recording;
        if (reverse && session_.selection().current() != id)
            session_.selection().setCurrent(id); // an undo shows what it undoes
        const auto shown = session_.selection().current();
        session_.d_->scribe->start<Written>(
            "label",
            [folder = session_.studyFolder(), sight = session_.sight(), hand = hand_, edits = edits_, batch = batch_,
             toggle = names_ != nullptr && !reverse, reverse, shown](StopToken, Progress&) mutable -> Result<Written> {
                const auto study = Study::open(folder, sight);
                if (!study)
                    return study.as<Written>();
                ReaderLabels labels(**study);
                std::vector<RecordingId> changed;
                for (const auto& edit : edits)
                    changed.push_back(edit.recording);
                if (reverse && *batch == 0) // it changed nothing, or was not written
                    return writtenIn(**study, shown, {});
                std::optional<bool> tookBack;
                if (toggle) {
                    const auto there = stands(labels, hand.reader, edits.front());
                    if (!there)
                        return there.as<Written>();
                    tookBack = *there;
                    if (*there)
                        edits.front().value.reset();
                }
                const auto done = reverse ? labels.reverse(sight.reader, *batch) : labels.edit(hand, edits);
                *batch = done ? *done : 0;
                if (!done)
                    return done.as<Written>();
                auto written = writtenIn(**study, shown, changed);
                if (written)
                    written->tookBack = tookBack;
                return written;
            },
            [session = &session_, folder = session_.studyFolder(), sight = session_.sight(),
             command = std::weak_ptr(self_)](Result<Written> written) {
                if (written.ok() && written->tookBack)
                    if (const auto alive = command.lock())
                        (*alive)->rename(*written->tookBack);
                if (folder != session->studyFolder() || written.cancelled())
                    return;
                if (written.failed()) {
                    session->tell({QStringLiteral("alarm"),
                                   Session::tr("The label was not kept: %1").arg(Texts::error(written.error())),
                                   {},
                                   {}});
                    return;
                }
                if (sight != session->sight()) { // somebody else looks by now, who may not be told all of this
                    session->readRowsAgain();
                    return;
                }
                for (auto& row : written->rows)
                    session->d_->labelsToPatch.insert_or_assign(row.id, std::move(row));
                session->takeLabels(std::move(written->state));
                session->patchRows();
            });
    }

    Session& session_;
    LabelHand hand_;
    std::vector<LabelEdit> edits_;
    std::shared_ptr<std::int64_t> batch_;                                         // the worker's
    std::shared_ptr<const Names> names_;                                          // of one that toggles; else none
    std::shared_ptr<LabelCommand*> self_ = std::make_shared<LabelCommand*>(this); // the stack may drop it meanwhile
    bool made_ = false;
};

// What was there before is what the next step sets, in either direction.
class VocabularyCommand : public QUndoCommand {
public:
    VocabularyCommand(Session& session, const QString& text, std::vector<VocabularyTerm> terms)
        : QUndoCommand(text)
        , session_(session)
        , next_(std::make_shared<std::vector<VocabularyTerm>>(std::move(terms))) {}

    void redo() override { write(); }
    void undo() override { write(); }

private:
    void write() {
        const auto shown = session_.selection().current();
        session_.d_->scribe->start<Written>(
            "vocabulary",
            [folder = session_.studyFolder(), sight = session_.sight(), next = next_,
             shown](StopToken, Progress&) -> Result<Written> {
                const auto study = Study::open(folder, sight);
                if (!study)
                    return study.as<Written>();
                auto before = ReaderLabels(**study).setTerms(sight.reader, *next);
                *next = before ? *before : std::vector<VocabularyTerm>();
                return before ? writtenIn(**study, shown, {}) : before.as<Written>();
            },
            [session = &session_, folder = session_.studyFolder(), sight = session_.sight()](Result<Written> written) {
                if (folder != session->studyFolder() || written.cancelled())
                    return;
                if (written.failed())
                    session->tell({QStringLiteral("caution"), Texts::error(written.error()), {}, {}});
                else if (sight == session->sight()) // else they are read for whoever looks by now
                    session->takeLabels(std::move(written->state));
            });
    }

    Session& session_;
    std::shared_ptr<std::vector<VocabularyTerm>> next_; // the worker's
};

void Session::setSight(ReaderSight sight) {
    if (sight == sight_)
        return;
    sight_ = std::move(sight);
    if (study_) {
        study_->setSight(sight_);
        d_->prefetched.clear();
        d_->moved.clear();
        d_->labelsToPatch.clear();
        // The vocabulary is the study's, whoever looks: a key means the same throughout.
        labels_ = std::make_shared<const LabelState>(LabelState{{}, labels_->vocabulary, {}, {}});
        // What was told may not be told any more, from now on.
        rows_ = std::make_shared<const Rows>();
        recording_.reset();
        encodings_.reset();
        d_->namesChanged = true;
        readRowsAgain();
        readLabels();
        Q_EMIT rowsChanged();
        Q_EMIT recordingChanged();
        Q_EMIT encodingsChanged();
        loadCurrent();
    }
    Q_EMIT sightChanged();
    Q_EMIT labelsChanged();
}

void Session::readLabels() {
    if (!study_)
        return;
    const auto shown = selection_.current();
    d_->scribe->start<LabelState>(
        "labels",
        [folder = studyFolder(), sight = sight_, shown](StopToken, Progress&) -> Result<LabelState> {
            const auto study = Study::open(folder, sight);
            return study ? stateOf(**study, shown) : study.as<LabelState>();
        },
        [this, folder = studyFolder(), sight = sight_](Result<LabelState> state) {
            if (state.ok() && folder == studyFolder() && sight == sight_)
                takeLabels(std::move(*state));
        });
}

void Session::takeLabels(LabelState state) {
    if (state.id != selection_.current())
        return; // those of the one in focus are on their way
    labels_ = std::make_shared<const LabelState>(std::move(state));
    Q_EMIT labelsChanged();
}

// The rows are copied in a worker: of a large study that takes longer than a blink.
void Session::patchRows() {
    if (d_->patching || d_->labelsToPatch.empty())
        return;
    d_->patching = true;
    using Patched = std::shared_ptr<const Rows>;
    d_->loader->start<Patched>(
        "labels of the worklist",
        [rows = rows_, changed = d_->labelsToPatch](StopToken, Progress&) -> Result<Patched> {
            auto copy = std::make_shared<Rows>(*rows);
            for (const auto& [id, row] : changed)
                if (const auto at = std::lower_bound(copy->begin(), copy->end(), id,
                                                     [](const auto& r, RecordingId wanted) { return r.id < wanted; });
                    at != copy->end() && at->id == id)
                    *at = row;
            return Patched(std::move(copy));
        },
        [this, from = rows_, changed = d_->labelsToPatch](Result<Patched> patched) {
            d_->patching = false;
            if (patched.ok() && from == rows_) { // else they were read again meanwhile: once more, on those
                rows_ = *patched;
                std::vector<RecordingId> ids;
                for (const auto& [id, row] : changed) {
                    ids.push_back(id);
                    const auto waiting = d_->labelsToPatch.find(id);
                    if (waiting != d_->labelsToPatch.end() && waiting->second.labels == row.labels &&
                        waiting->second.read == row.read)
                        d_->labelsToPatch.erase(waiting);
                }
                Q_EMIT rowsPatched(ids);
            }
            if (patched.ok())
                patchRows();
        });
}

void Session::giveLabels(const QString& text, std::vector<LabelEdit> edits, const std::string& reader) {
    if (study_ && !edits.empty())
        undoStack_->push(
            new LabelCommand(*this, text, {reader.empty() ? sight_.reader : reader, sight_.reader}, std::move(edits)));
}

void Session::toggleLabel(const QString& give, const QString& takeBack, LabelEdit edit) {
    if (!study_ || !edit.value)
        return;
    const auto& given = labels_->given;
    const bool guess =
        labels_->id == edit.recording && std::any_of(given.begin(), given.end(), [&](const ReaderLabel& label) {
            return label.reader == sight_.reader && label.term == edit.term && label.target == edit.target &&
                   label.value == edit.value;
        });
    undoStack_->push(new LabelCommand(*this, {give, takeBack}, guess, {sight_.reader, sight_.reader}, std::move(edit)));
}

bool Session::afterSeeking(std::function<void(bool found)> next) {
    if (d_->seeking == 0)
        return false;
    d_->afterSeeking.push_back(std::move(next));
    return true;
}

// What was asked for meanwhile is done on what was found.
void Session::soughtOut(bool found) {
    if (--d_->seeking > 0)
        return;
    for (const auto& next : std::exchange(d_->afterSeeking, {}))
        next(found);
}

void Session::setTerms(const QString& text, const std::vector<VocabularyTerm>& terms) {
    if (study_ && !terms.empty())
        undoStack_->push(new VocabularyCommand(*this, text, terms));
}

void Session::showUnread(std::vector<RecordingId> order) {
    if (!study_ || order.empty())
        return;
    const auto now = std::find(order.begin(), order.end(), selection_.current());
    if (now != order.end())
        std::rotate(order.begin(), now + 1, order.end()); // the one in focus comes last
    using Found = std::optional<RecordingId>;
    ++d_->seeking;
    d_->scribe->start<Found>(
        "next unread",
        [folder = studyFolder(), reader = sight_.reader, order = std::move(order)](StopToken,
                                                                                   Progress&) -> Result<Found> {
            const auto study = Study::open(folder);
            if (!study)
                return study.as<Found>();
            const auto read = ReaderLabels(**study).readBy(reader);
            if (!read)
                return read.as<Found>();
            const auto next =
                std::find_if(order.begin(), order.end(), [&](RecordingId id) { return !read->contains(id); });
            return next != order.end() ? Found(*next) : Found();
        },
        [this, folder = studyFolder()](Result<Found> next) {
            const bool here = folder == studyFolder();
            if (here && next.failed())
                tell({QStringLiteral("alarm"), Texts::error(next.error()), {}, {}});
            else if (here && next.ok() && *next)
                selection_.setCurrent(**next);
            else if (here && next.ok())
                tell({QStringLiteral("info"),
                      tr("%1 has read every recording of the list.").arg(fromUtf8(sight_.reader)),
                      {},
                      {}});
            soughtOut(here && next.ok() && *next);
        });
}

} // namespace precordia
