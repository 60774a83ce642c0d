// SPDX-License-Identifier: GPL-3.0-or-later
// Which recordings a label can be judged on. Positive: a label contains one of the words (case-insensitive). Negative:
// the others of a data set that uses such a label at all; silence of another set is not a negative. Recordings of no
// known data set are together one set, of which only those with some label count. Where readers alone gave a label, of
// the recordings that some reader has read. Recordings in which readers differ, unsettled, and no file or table says
// it, are left out.
#pragma once

#include "core/study/study.h"

#include <cstdint>
#include <string>
#include <vector>

namespace precordia {

struct LabelledSet {
    std::vector<RecordingId> ids;     // ascending
    std::vector<int> y;               // 1 positive, 0 negative
    std::vector<std::int64_t> groups; // equal for recordings of one patient; a recording of no known patient is its own
    int positives = 0;
    std::vector<std::string> datasets;       // those that use the label
    std::vector<RecordingId> byReadersAlone; // positives that no file or table gave, ascending
    std::vector<RecordingId> differing;      // left out, ascending
};

// Recordings of `rows` that a reader gave such a label and another said to be without it (absent on the recording, or
// marked as read and silent of it), where neither kAdjudicated nor a file or table says. Sorted. Of a blinded sight:
// none. Error DatabaseFailed.
Result<std::vector<RecordingId>> recordingsInWhichReadersDiffer(const Study& study,
                                                                const std::vector<RecordingRow>& rows,
                                                                const std::vector<std::string>& words);

enum class LabelOrigin { None, Imported, ReadersAlone };
// Of a label that contains one of the words.
LabelOrigin labelOrigin(const RecordingRow& row, const std::vector<std::string>& words);

// Errors: NotFound when no recording has such a label, WrongUse without a word, DatabaseFailed.
Result<LabelledSet> labelledSet(const Study& study, const std::vector<std::string>& words);

} // namespace precordia
