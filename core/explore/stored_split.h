// SPDX-License-Identifier: GPL-3.0-or-later
// The study's stored split (core/study/splits.h) as folds of an evaluation's rows.
#pragma once

#include "core/explore/evaluate.h"
#include "core/study/splits.h"

#include <optional>
#include <vector>

namespace precordia {

// Numbered from 0 in the order of the stored ones; nothing when the study stores none. Error ValueOutOfRange when a
// recording is in no fold: a split that is there is never passed by.
Result<std::optional<std::vector<int>>> foldsFromSplit(const Study& study, const std::vector<RecordingId>& ids);

// The same, or an error ValueOutOfRange where some class stands in one fold only and could not be learned from others.
Result<std::optional<std::vector<int>>> foldsFromSplit(const Study& study, const std::vector<RecordingId>& ids,
                                                       const std::vector<int>& classOf);

// The options as the study's split has them: its number of folds, and one division, for there is no other. As given
// where the study stores none.
EvaluateOptions withStoredSplit(const Study& study, EvaluateOptions options);

} // namespace precordia
