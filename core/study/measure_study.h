// SPDX-License-Identifier: GPL-3.0-or-later
// Our own measurements of every recording of a study (core/signal/measurements.h, quality.h), kept in it under the
// source "computed". Resumable: each batch is a transaction, and a recording is measured again only when its file was
// imported anew or the way of measuring has changed. Recordings of more than half an hour are left out: they have no
// one PR or QT.
#pragma once

#include "core/base/progress.h"
#include "core/study/worklist_index.h"

namespace precordia {

// Of what is measured and how; raised with every change of core/signal that moves a value.
inline constexpr int kMeasuringVersion = 1;

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
};
Result<MeasuredState> measuredState(const Study& study);

// The worst that was found of a recording's signal, as name(QualityFinding) has it, or "good"; and in which leads.
struct MeasuredQuality {
    std::string word;
    std::vector<std::string> leads; // empty: good, or the limb leads together
};
Result<std::vector<std::pair<RecordingId, MeasuredQuality>>> measuredQualities(const Study& study);

// Columns for a WorklistIndex over these rows: "computed/<name>" or "file/<name>", and "quality". A key without such a
// source is all unknown.
Result<NumberColumn> measurementNumbers(const Study& study, const std::vector<RecordingRow>& rows,
                                        const std::string& key);
Result<TermColumn> qualityTerms(const Study& study, const std::vector<RecordingRow>& rows);

} // namespace precordia
