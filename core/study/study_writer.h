// SPDX-License-Identifier: GPL-3.0-or-later
// How recordings enter a study. Internal to core/study; the import's one writing thread uses it.
#pragma once

#include "core/io/snomed.h"
#include "core/study/measured_signal.h"
#include "core/study/study.h"
#include "core/study/study_impl.h"

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace precordia {

// What may come later than the recording itself, or from another place: it is added, it never overwrites.
struct RecordingFacts {
    std::string dataset, patient; // patient: a pseudonym
    std::string sex;
    std::optional<double> ageYears;
    std::optional<int> fold;
    struct Label {
        LabelName name;
        std::string source;               // "file", "table"
        std::optional<double> likelihood; // percent
    };
    std::vector<Label> labels;
    int dateShift = 0;       // days, of this patient; without a patient, of this file
    int dateShiftOfFile = 0; // what the date of a recording without a patient was moved by
};

struct NewRecording {
    std::string name, format, recordedAt, device;
    std::filesystem::path source;
    std::int64_t item = 0, items = 1;            // of the file
    std::string sealedPath;                      // stands for storedPath() in the study; "" when it may be told
    std::int64_t fileSize = 0, fileModified = 0; // bytes, ns since the epoch
    std::string companions;                      // SourceState::companions
    std::string fileSha256, sampleHash;
    double samplingRate = 0;
    std::int64_t samples = 0;
    int leads = 0;
    RecordingFacts facts;
    std::map<std::string, Measurements> measurements; // by source
    std::optional<MeasuredQuality> quality;           // nothing: not measured
    std::vector<Warning> warnings;
    std::vector<Annotation> annotations;
    std::vector<std::int8_t> signature;
    RecordingId replaces; // what stood under this file and item
};

// The state of a source file when it was imported.
struct KnownFile {
    RecordingId id;
    std::int64_t size = 0, modified = 0, items = 1;
    std::string companions; // "": imported before they were looked at
};
// Of a recording: its file, and which of the file.
std::string knownKey(const std::filesystem::path& source, std::int64_t item);

// Every call belongs into a transaction of the study; after one that failed, the writer is not to be used again.
class StudyWriter {
public:
    static Result<std::unique_ptr<StudyWriter>> create(Study& study);

    // By knownKey(): what is in, for telling a second import quickly.
    Result<std::unordered_map<std::string, KnownFile>> knownFiles() const;
    Result<std::optional<RecordingId>> findBySamples(const std::string& sampleHash);
    // A path that is in with other samples (the file was changed) is replaced, its labels with it.
    Result<RecordingId> insert(const NewRecording& recording);
    // Labels are added; data set, patient, age and sex are set where they were not known.
    Result<Done> addFacts(RecordingId id, const RecordingFacts& facts);
    // The file was touched, its samples are the same: remembers its new size and time. Does nothing for another path.
    Result<Done> refreshFile(RecordingId id, const NewRecording& recording);
    Result<Done> noteCompanions(RecordingId id, const std::string& companions);
    // What a file no longer holds, because it was changed: the recording itself, or all from an item on.
    Result<Done> remove(RecordingId id);
    Result<Done> removeItemsFrom(const NewRecording& recording, std::int64_t item);
    // What is measured again, of the recording that then had these samples. What an older version measured and this one
    // does not goes; rate and rhythm, which an import finds, stay where they are not among the values. False: the
    // recording is gone, its number may be another's.
    Result<bool> setMeasured(RecordingId id, const std::string& sampleHash, const MeasuredSignal& measured);
    // Folds that came with facts and were not taken: the study has a split of its own (makeSplits).
    int foldsLeftOut() const { return foldsLeftOut_; }
    // Labels that came with facts and were not there yet, and of how many recordings.
    int labelsAdded() const { return labelsAdded_; }
    int labelledRecordings() const { return labelledRecordings_; }

private:
    explicit StudyWriter(Study& study) : study_(study) {}
    Database& database() const { return *study_.impl().database; }
    Result<QVariant> patientId(const std::string& pseudonym);
    Result<qlonglong> labelId(const LabelName& label);
    Result<Done> addLabels(RecordingId id, const RecordingFacts& facts);
    Result<Done> addDetails(RecordingId id, const NewRecording& recording);
    Result<Done> addMeasurements(RecordingId id, const std::string& source, const Measurements& values);
    Result<Done> noteMeasured(RecordingId id, const MeasuredQuality& quality);
    Result<Done> moveDate(RecordingId id, const RecordingFacts& facts);
    Result<Done> addFold(RecordingId id, const RecordingFacts& facts);
    Result<Done> removeWhere(const QString& condition, const std::vector<QVariant>& values);

    Study& study_;
    QString pathOf(const NewRecording& recording) const;

    std::unordered_map<std::string, qlonglong> labelIds_, patientIds_;
    struct Statements {
        QSqlQuery bySamples, calipersByPath, byPath, recording, label, warning, annotation, facts, measurement,
            outdated, measured, signature, fold, patient;
    };
    Statements statements_;
    bool madeSplit_ = false;
    int foldsLeftOut_ = 0, labelsAdded_ = 0, labelledRecordings_ = 0;
};

} // namespace precordia
