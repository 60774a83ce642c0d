// SPDX-License-Identifier: GPL-3.0-or-later
// The same ECG twice in a study, whatever the sampling rate: PTB-XL's 100 Hz twins of its 500 Hz recordings, an export
// with another gain. Compared are the first ten seconds of two leads below 12 Hz (SignalSummary's signature); pieces
// cut from another place of the same recording are not found.
#pragma once

#include "core/base/progress.h"
#include "core/study/study.h"

#include <vector>

namespace precordia {

struct NearDuplicate {
    RecordingId a, b;      // a < b
    double similarity = 0; // correlation, kNearDuplicate..1
};
inline constexpr double kNearDuplicate = 0.95;

// Makes the signatures that a study of an earlier program lacks, from the source files. A pair is found with a
// probability of 0.994 at a correlation of 0.97, of 0.960 at 0.95; of more than 500 that share a group of signs, each
// is compared with two others only, and pairs may be missed. In order of a, b. Errors: DatabaseFailed.
Result<std::vector<NearDuplicate>> nearDuplicates(Study& study, const StopToken& stop, Progress& progress);

} // namespace precordia
