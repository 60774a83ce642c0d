// SPDX-License-Identifier: GPL-3.0-or-later
// The fiducial points that readers moved on a recording's median beat, or on single beats: a journal that only grows.
// What counts is the last entry of a beat; one without marks takes the edits back.
#pragma once

#include "core/signal/median_marks.h"
#include "core/study/study.h"

#include <optional>
#include <string>
#include <vector>

namespace precordia {

struct FiducialEdit {
    std::optional<SampleIndex> beat;  // the R peak of a single beat, at the recording's rate; empty: the median beat
    std::optional<MedianMarks> marks; // empty: as computed
    std::string reader;               // who
    std::string editedAt;             // when: ISO 8601, UTC
};

// Of the median beat also what follows from the marks: `moved` stands in the study under the source "moved" in place of
// what stood there (Study::measurements). edit.editedAt is now. Errors: DatabaseFailed (also: no such recording),
// FileUnwritable.
Result<Done> addFiducialEdit(Study& study, RecordingId id, const FiducialEdit& edit, const Measurements& moved);
// Oldest first; for a blinded reader the own ones alone. Error DatabaseFailed.
Result<std::vector<FiducialEdit>> fiducialEdits(const Study& study, RecordingId id);

// The last edit of a beat, as found by fiducialEdits(); null: none. A single beat is known again by its R peak, which
// another version may see by up to `reach` samples elsewhere.
const FiducialEdit* lastEdit(const std::vector<FiducialEdit>& edits, std::optional<SampleIndex> beat,
                             std::int64_t reach);

// The measurements that the marks changed: those of `with` that differ from `computed`.
Measurements changedBy(const Measurements& with, const Measurements& computed);

} // namespace precordia
