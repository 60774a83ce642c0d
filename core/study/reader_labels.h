// SPDX-License-Identifier: GPL-3.0-or-later
// Labels that people give, beside those that came with the files: the study's own vocabulary, and an append-only
// journal of edits that carry who and when. An edit is a committed, synced transaction: a kill right after it loses
// nothing. An undo is an entry that reverses others, so that history is whole. An ECG is known by its decoded samples:
// labels stay with it when its file is moved or imported anew.
#pragma once

#include "core/study/study.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace precordia {

struct VocabularyTerm {
    std::int64_t id = 0;    // 0: a new one
    std::string name;       // as normaliseLabel() writes it
    std::string code;       // SNOMED CT; "" an own term
    std::optional<int> key; // 1 to 9; to setTerms() also 0: the lowest that is free, if any
    bool active = true;     // false: taken off the list; labels given by it stay
    bool operator==(const VocabularyTerm&) const = default;
};

enum class LabelPart { Recording, Lead, Interval, Beat };
std::string_view name(LabelPart part); // "recording", "lead", "interval", "beat"

// What of a recording a label is given to.
struct LabelTarget {
    LabelPart part = LabelPart::Recording;
    std::string lead;      // Lead: its name. Interval, Beat: its name, or "" for all leads
    std::int64_t from = 0; // samples; Interval: [from, to); Beat: its R peak
    std::int64_t to = 0;   // Interval alone
    bool operator==(const LabelTarget&) const = default;
};

enum class LabelValue { Absent = 0, Present = 1 };

struct LabelEdit {
    RecordingId recording;
    std::int64_t term = 0;
    LabelTarget target;
    std::optional<LabelValue> value; // nothing: takes it back
};

struct ReaderLabel {
    std::string reader;
    std::int64_t term = 0;
    std::string name; // the term's
    LabelTarget target;
    LabelValue value = LabelValue::Present;
    bool operator==(const ReaderLabel&) const = default;
};

struct JournalEntry {
    std::int64_t id = 0, batch = 0;
    std::string madeAt; // ISO 8601, UTC, ms
    std::string reader, madeBy;
    std::int64_t term = 0;
    std::string name;
    LabelTarget target;
    std::optional<LabelValue> value, before;
    std::optional<std::int64_t> reverses; // the entry's id
};

// Whose label: of `reader`; by: who sat there, for the journal.
struct LabelHand {
    std::string reader;
    std::string by = {}; // "": the reader
};

// The name under which differences of two readers are settled.
inline constexpr auto kAdjudicated = "adjudicated";
// Not of the vocabulary: "this recording was read", which makes silence about a term mean "absent".
inline constexpr std::int64_t kReadTerm = 0;

// Belongs to the study's thread. Errors of all: DatabaseFailed, FileUnwritable (a study that can only be read).
class ReaderLabels {
public:
    explicit ReaderLabels(Study& study) : study_(study) {}

    // In the order of keys, then names; `all`: also those taken off the list.
    Result<std::vector<VocabularyTerm>> vocabulary(bool all = false) const;
    // Adds (id 0; an inactive one of the name is taken up again) or changes a term; a key that another one has goes
    // over. Gives the changed terms as they were, whose setting again in this order is the undo. Errors: WrongUse (no
    // name, a key beyond 1 to 9), AlreadyExists, NotFound.
    Result<std::vector<VocabularyTerm>> setTerms(const std::string& by, const std::vector<VocabularyTerm>& terms);

    // One batch, all of it or nothing; what changes nothing is not written. Gives the batch's number, 0 when nothing
    // was written. Errors: WrongUse (no name of a reader), NotFound (recording, term), ValueOutOfRange (target).
    Result<std::int64_t> edit(const LabelHand& hand, const std::vector<LabelEdit>& edits);
    // Brings back what was before a batch, as a new batch: an undo, and of an undo's batch the redo.
    Result<std::int64_t> reverse(const std::string& by, std::int64_t batch);

    // As they stand: of all readers, in the order of reader, term and target.
    Result<std::vector<ReaderLabel>> of(RecordingId id) const;
    Result<std::vector<JournalEntry>> journal(RecordingId id) const; // oldest first
    Result<std::vector<std::string>> readers() const;                // that gave a label, sorted; without kAdjudicated
    // Recordings that the reader marked as read or gave some label.
    Result<std::set<RecordingId>> readBy(const std::string& reader) const;

private:
    Result<Done> setTerm(const std::string& by, VocabularyTerm term, std::vector<VocabularyTerm>& before);
    Result<Done> insert(const JournalEntry& entry, const std::string& sampleHash);

    Study& study_;
};

} // namespace precordia
