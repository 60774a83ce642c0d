// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of a whole study as fast as SQLite gives them: what Study::query() gives, without the source's path and
// hash, which no list of many rows shows. Ascending by id. Half of it comes through a second connection: what a
// transaction of this one has not committed yet is not seen.
#pragma once

#include "core/study/study.h"

namespace precordia {

// Errors: DatabaseFailed.
Result<std::vector<RecordingRow>> worklistRows(const Study& study);

// The first ones by id, to have something to show while the others are read.
Result<std::vector<RecordingRow>> firstRows(const Study& study, int count);

} // namespace precordia
