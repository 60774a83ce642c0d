// SPDX-License-Identifier: GPL-3.0-or-later
// What all views share: the open study, the model in use, the jobs and the selection. Lives on the window's thread;
// everything heavy goes through jobs() and comes back by one queued call. What is published is immutable.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/base/job.h"
#include "core/engine/engine.h"
#include "core/signal/preprocess.h"
#include "core/study/import.h"
#include "core/study/reader_labels.h"
#include "core/study/study.h"
#endif
#include "ui/selection.h"
#include "ui/settings/settings.h"

#include <QObject>
#include <QString>
#include <QStringList>
#include <QUndoStack>

#include <memory>
#include <optional>
#include <vector>

namespace precordia {

// The recording on the screen, loaded by a job; views take it as it is.
struct LoadedRecording {
    RecordingRow row;
    Recording recording; // as in the file, limb leads derived where possible
    std::vector<SampleIndex> rPeaks;
    Measurements computed, fromFile;
    Measurements moved; // those that a reader changed by moving marks; Session::moved() knows of later ones
    Measurements truth; // of a synthetic recording: what it was made with; else empty
    std::vector<Warning> warnings;
    std::vector<ModelWindow> windows; // preprocessed for the current model (default preprocessing when none)
    PreprocessingConfig preprocessing;
};

// Its encodings by the current model (first window), with the surprise ribbon when it was computed.
struct LoadedEncodings {
    RecordingId id;
    std::string modelHash;
    Encodings encodings;
    std::vector<float> surprisePerInterval; // latent error; empty: not computed yet
    std::vector<float> surprisePercentiles; // 0..100 among the study's intervals; empty: not calibrated
    double intervalSeconds = 0.2;
};

// A recording whose embedding by the study's model is near that of the one in focus.
struct Neighbour {
    RecordingId id;
    std::string name;
    std::vector<std::string> labels;
    double distance = 0;
};

// What readers said of a recording, and by which words. Of a blinded reader the own labels alone.
struct LabelState {
    RecordingId id;
    std::vector<VocabularyTerm> vocabulary;
    std::vector<ReaderLabel> given;
    std::vector<std::string> readers; // of the study
};

struct MapReport;

class Session : public QObject {
    Q_OBJECT
public:
    // settings: those of the window; they outlive the session. None: in memory.
    explicit Session(QObject* parent = nullptr, Settings* settings = nullptr);
    ~Session() override;

    Settings& settings() { return *settings_; } // the only ones: a window that remembers nothing stays so
    StudySelection& selection() { return selection_; }
    QUndoStack& undoStack() { return *undoStack_; } // every edit of a person, in order; cleared with the study
    JobRunner& jobs() { return *jobs_; }            // import, layout, export, loading: two workers
    JobRunner& longJobs() { return *longJobs_; }    // pretraining, embedding: one worker, so that they queue

    // Study --------------------------------------------------------------
    bool hasStudy() const { return study_ != nullptr; }
    Study* study() const { return study_.get(); } // this thread only; jobs open their own by studyFolder()
    std::filesystem::path studyFolder() const;
    void openStudy(const QString& folder); // as a job; studyChanged or message when it fails
    // Opened when it is there already. thenEmbed: with its model, when that has not read it yet.
    void createDemoStudy(const QString& folder, int recordings, bool thenEmbed = false);
    // Into the open study, or into a new one in `newStudyFolder`.
    void importPaths(const QStringList& paths, const QString& labelsCsv = {}, const QString& newStudyFolder = {});
    // The same with all that can be said of it.
    void import(ImportRequest request, const QString& newStudyFolder = {});
    std::shared_ptr<const ImportReport> lastImport() const { return lastImport_; } // null: not read yet, or none
    void showLastImport(); // also of an earlier session: importReportWanted, or a message when there is none
    // The rows as last loaded, in id order. Immutable, never null; replaced on rowsChanged.
    std::shared_ptr<const std::vector<RecordingRow>> rows() const { return rows_; }
    void reloadRows();

    // Recording in focus --------------------------------------------------
    std::shared_ptr<const LoadedRecording> recording() const {
        return recording_;
    } // may lag behind selection().current()
    // What follows from marks that a reader moved on its median beat: the values that differ from the computed ones.
    const Measurements& moved() const;
    void setMoved(RecordingId id, Measurements values); // kept in the study already; movedChanged
    std::shared_ptr<const LoadedEncodings> encodings() const { return encodings_; } // null: no model, or not there yet
    const std::vector<Neighbour>& neighbours() const { return neighbours_; } // nearest first; empty: no embeddings yet

    // Labels of readers -----------------------------------------------------
    const ReaderSight& sight() const { return sight_; }
    void setSight(ReaderSight sight); // who labels, and whether blinded: everything shown is read anew
    std::shared_ptr<const LabelState> labels() const { return labels_; } // of the recording in focus; never null
    // Undoable; written at once in a worker, in the order of the calls. reader "": who labels now.
    void giveLabels(const QString& text, std::vector<LabelEdit> edits, const std::string& reader = {});
    // A label of who labels now: given, or taken back where it stands already when it is written. The recording need
    // not be loaded. give, takeBack: what an undo calls it.
    void toggleLabel(const QString& give, const QString& takeBack, LabelEdit edit);
    void setTerms(const QString& text, const std::vector<VocabularyTerm>& terms);
    // Brings the next of these into focus, after the one that is, that the reader has not read; a message when none is.
    void showUnread(std::vector<RecordingId> order);
    // While that one is looked for: `next` runs once the search has ended, and true. Else false, and nothing is done.
    bool afterSeeking(std::function<void(bool found)> next);

    // Model ---------------------------------------------------------------
    void
    startEngine(); // in a worker, once the window is up; engineChanged, and a message when something is wrong with it
    std::shared_ptr<const EngineInfo> engineInfo() const { return engineInfo_; } // null until loaded
    QString engineFailure() const { return engineFailure_; }                     // "" when none
    std::shared_ptr<const ModelInfo> model() const { return model_; }            // null: none
    void useModel(const QString& fileOrRun);                                     // loads as a job; modelChanged
    void embedStudy(); // embed + surprise + map as one long job; embeddingsChanged, rowsChanged
    void recomputeMap(const QString& projection, const QString& clusters, quint64 seed);

    // Pretraining -----------------------------------------------------------
    struct RunState {
        std::filesystem::path folder;
        QString name;
        std::vector<TrainUpdate> updates; // one a step
        bool running = false, paused = false, stopping = false;
        QString failure;
    };
    const RunState& run() const { return run_; }
    void startPretraining(const std::string& configJson, const QString& device, const QString& resumeRun = {});
    void pausePretraining(bool paused);
    void stopPretraining(bool afterEpoch);

    // Every job of both queues that waits, runs, or has ended lately; the long ones first.
    struct JobLine {
        JobRunner* runner = nullptr;
        JobInfo info;
        bool pretraining = false; // paused and stopped through the calls above
    };
    std::vector<JobLine> jobLines() const;
    // Anything that a person would not want to lose by closing: an import, a run, an embedding.
    bool busy() const;
    bool idle() const; // nothing at all is on its way, the recording in focus and its encodings included

    // A message for the bar at the top of the window: what happened, why. Level: "info", "caution", "alarm".
    struct Message {
        QString level, text, action; // action: text of a button, "" none
        std::function<void()> onAction;
    };
    void tell(Message message);

Q_SIGNALS:
    void studyChanged();
    void rowsChanged();
    void rowsPatched(const std::vector<precordia::RecordingId>& changed); // rows() differ in these alone
    void sightChanged();
    void labelsChanged();
    void importReportWanted(); // a person asked to see it; lastImport() is there
    void recordingChanged();
    void recordingFailed(const QString& reason);
    void movedChanged(precordia::RecordingId id, const precordia::Measurements& values);
    void encodingsChanged();
    void neighboursChanged();
    void engineChanged();
    void modelChanged();
    void embeddingsChanged();
    void runChanged(); // started, paused, stopped, ended
    void runUpdated(); // new rows in run().updates; throttled to 10 a second
    void jobsChanged();
    void message(const precordia::Session::Message& message);

private:
    struct Private;
    // session_study.cpp
    void studyOpened(const std::filesystem::path& folder, std::shared_ptr<const std::vector<RecordingRow>> rows);
    void watchImport(bool running);
    void readRowsAgain();
    // session_labels.cpp
    friend class LabelCommand;
    friend class VocabularyCommand;
    void readLabels();
    void takeLabels(LabelState state);
    void patchRows();
    void soughtOut(bool found);
    // session_recording.cpp
    void loadCurrent();
    void publish(std::shared_ptr<const LoadedRecording> loaded);
    void prefetchAround(RecordingId id);
    void encodeCurrent();
    void computeSurprise();
    void readEmbeddings();
    void findNeighbours();
    // session_model.cpp
    void loadModel(const std::filesystem::path& file, bool chosen, bool thenEmbed = false);
    void modelLoaded(ModelInfo loaded, bool chosen);
    void ensureModel();
    void embedIfWanted();
    // session_embed.cpp
    void embeddingsArrived(bool otherModel);
    void mapEnded(const std::filesystem::path& folder, const Result<MapReport>& map);
    // session_pretrain.cpp
    void flushUpdates();
    void pretrainingEnded(const QString& failure, const std::filesystem::path& model);

    Settings memory_{false}; // where none are given
    Settings* settings_;
    StudySelection selection_;
    ReaderSight sight_;
    std::shared_ptr<const LabelState> labels_;
    std::unique_ptr<Study> study_;
    std::shared_ptr<const std::vector<RecordingRow>> rows_;
    std::shared_ptr<const ImportReport> lastImport_;
    std::shared_ptr<const LoadedRecording> recording_;
    std::shared_ptr<const LoadedEncodings> encodings_;
    std::vector<Neighbour> neighbours_;
    std::shared_ptr<const EngineInfo> engineInfo_;
    QString engineFailure_;
    std::shared_ptr<const ModelInfo> model_;
    RunState run_;
    QUndoStack* undoStack_; // a child
    std::unique_ptr<Private> d_;
    std::unique_ptr<JobRunner> longJobs_; // last: stopped first
    std::unique_ptr<JobRunner> jobs_;
};

} // namespace precordia
