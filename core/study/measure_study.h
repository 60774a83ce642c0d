// SPDX-License-Identifier: GPL-3.0-or-later
// Our own measurements of every recording of a study (measured_signal.h), kept in it under the source "computed". An
// import measures what it brings: what is left are recordings that an earlier program imported, or another version
// measured. Resumable: each batch is a transaction.
#pragma once

#include "core/base/progress.h"
#include "core/study/measured_signal.h"
#include "core/study/worklist_index.h"

namespace precordia {

struct StudyMeasureOptions {
    int threads = 1;
    bool background = false; // at the lowest priority
    bool again = false;      // also what is measured already
};

struct StudyMeasureReport {
    std::int64_t measured = 0, upToDate = 0;
    struct Failure {
        RecordingId id;
        std::string name;
        Error error;
    };
    std::vector<Failure> failed; // their files cannot be read now; they are tried again the next time
};

// Stopped: cancelled, what was measured is kept. Errors: those of Study::open, FileUnwritable, DatabaseFailed.
Result<StudyMeasureReport> measureStudy(const std::filesystem::path& folder, const StudyMeasureOptions& options,
                                        const StopToken& stop, Progress& progress);

struct MeasuredState {
    std::int64_t recordings = 0, measured = 0; // measured: by this version
    std::int64_t older = 0;                    // measured, by an older one: their values may differ from today's
};
Result<MeasuredState> measuredState(const Study& study);
// The kMeasuringVersion by which the recording was measured; 0: not measured.
Result<int> measuredVersion(const Study& study, RecordingId id);

Result<std::vector<std::pair<RecordingId, MeasuredQuality>>> measuredQualities(const Study& study);

// Columns for a WorklistIndex over these rows: "computed/<name>" or "file/<name>", and "quality". A key without such a
// source is all unknown.
Result<NumberColumn> measurementNumbers(const Study& study, const std::vector<RecordingRow>& rows,
                                        const std::string& key);
Result<TermColumn> qualityTerms(const Study& study, const std::vector<RecordingRow>& rows);

} // namespace precordia
