// SPDX-License-Identifier: GPL-3.0-or-later
// The fiducial points that readers moved on a recording's median beat: a journal that only grows. What counts is the
// last entry; one without marks takes the edits back.
#pragma once

#include "core/signal/median_marks.h"
#include "core/study/study.h"

#include <optional>
#include <string>
#include <vector>

namespace precordia {

struct FiducialEdit {
    std::optional<MedianMarks> marks; // empty: as computed
    std::string reader;               // who
    std::string editedAt;             // when: ISO 8601, UTC
};

// Errors: DatabaseFailed (also: no such recording), FileUnwritable.
Result<Done> addFiducialEdit(Study& study, RecordingId id, const std::optional<MedianMarks>& marks,
                             const std::string& reader);
// Oldest first; for a blinded reader the own ones alone. Error DatabaseFailed.
Result<std::vector<FiducialEdit>> fiducialEdits(const Study& study, RecordingId id);

} // namespace precordia
