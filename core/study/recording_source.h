// SPDX-License-Identifier: GPL-3.0-or-later
// Where a recording of a study lies, and how a part of it is read.
#pragma once

#include "core/io/reader.h"
#include "core/study/study.h"

#include <filesystem>

namespace precordia {

inline constexpr double kLongRecordingSeconds = 60; // longer ones are read by the page

inline bool isLong(const RecordingRow& row) {
    return row.samplingRate > 0 && static_cast<double>(row.samples) > kLongRecordingSeconds * row.samplingRate;
}

struct RecordingSource {
    std::filesystem::path file;
    ReadOptions options; // item, and what was said of a table
};

// Errors: NotFound (no such recording; the file was moved; its place was sealed by another person), DatabaseFailed.
Result<RecordingSource> sourceOf(const Study& study, RecordingId id);
// The recording; of a long one only its first seconds. Errors: those above and of the reader.
Result<Recording> readBeginning(const Study& study, RecordingId id, double seconds);

} // namespace precordia
