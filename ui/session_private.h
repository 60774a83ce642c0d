// SPDX-License-Identifier: GPL-3.0-or-later
// What the parts of Session share; included by session*.cpp only.
#pragma once

#include "core/engine/engine.h"
#include "core/explore/embedding_table.h"
#include "core/explore/succession.h"
#include "ui/session.h"
#include "ui/texts.h"

#include <QTimer>

#include <functional>
#include <map>
#include <mutex>

namespace precordia {

using Rows = std::vector<RecordingRow>;

struct Session::Private {
    explicit Private(Session* session);

    // Small work of the moment, not shown among the jobs: rows, the recording in focus, its encodings.
    JobRunner::Deliver deliver;
    std::unique_ptr<JobRunner> loader;  // study and recordings
    std::unique_ptr<JobRunner> thinker; // whatever asks the engine: it may have to wait for a training step
    std::unique_ptr<JobRunner> scribe;  // edits of labels, one after the other
    std::map<RecordingId, RecordingRow> labelsToPatch; // rows that an edit changed and rows() do not have yet
    bool patching = false;
    int seeking = 0; // searches for the next unread one that are on their way
    std::vector<std::function<void(bool)>> afterSeeking;
    bool namesChanged = false; // the neighbours are named by rows that are on their way

    // A result is taken when its number is still the newest.
    std::uint64_t studyGeneration = 0;
    std::uint64_t rowsGeneration = 0;
    std::uint64_t recordingGeneration = 0;
    std::uint64_t encodingGeneration = 0;
    std::uint64_t modelGeneration = 0;
    int loadingJob = 0;
    int encodingJob = 0;
    bool opening = false;

    // The recordings beside the one in focus, read ahead.
    std::map<RecordingId, std::shared_ptr<const LoadedRecording>> prefetched;
    std::map<RecordingId, Measurements> moved; // since the recording was read
    PreprocessingConfig preprocessing;

    std::shared_ptr<const EmbeddingTable> embeddings; // recording level of the study's model
    std::string embeddingsModel;

    bool engineWanted = false;
    std::filesystem::path embedWanted; // the study to embed once it is open and a model is there; "": none

    // Pretraining: updates wait here until the timer brings them to the window.
    std::shared_ptr<TrainControl> control;
    int runJob = 0;
    Succession succession; // of the run that ended last
    std::mutex mutex;
    std::vector<TrainUpdate> waiting;
    std::vector<std::string> notices;
    QTimer flush;
    QTimer importWatch;
    std::filesystem::path lastImportOf; // the study of lastImport_
};

// The preprocessing a model's configuration asks for; the default when it cannot be told.
PreprocessingConfig preprocessingFor(const std::string& configJson);

inline QString fromUtf8(const std::string& text) {
    return QString::fromStdString(text);
}
inline std::filesystem::path toPath(const QString& path) {
    return std::filesystem::path(path.toStdU16String());
}
inline QString fromPath(const std::filesystem::path& path) {
    return QString::fromStdU16String(path.u16string());
}

} // namespace precordia
