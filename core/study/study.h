// SPDX-License-Identifier: GPL-3.0-or-later
// A study: a folder with study.sqlite (WAL, foreign keys, schema version), signal cache, runs/, models/, embeddings/,
// exports/. The source files are never changed. A Study object belongs to one thread; open another for another thread.
#pragma once

#include "core/base/result.h"
#include "core/base/strong_index.h"
#include "core/ecg/recording.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace precordia {

struct RecordingRow {
    RecordingId id;
    std::string name;             // shown: "P0042" or the file's stem
    std::string dataset;          // "" unknown
    std::string patient;          // pseudonym; "" unknown
    std::filesystem::path source; // where the file lies
    std::string format;
    std::string sha256;      // of the source file
    double samplingRate = 0; // Hz
    std::int64_t samples = 0;
    int leads = 0;
    std::optional<double> ageYears;
    std::string sex;                        // "male", "female", ""
    std::string recordedAt;                 // ISO 8601, ""
    std::vector<std::string> labels;        // names, normalised, sorted: of files, tables and readers (reader_labels.h)
    std::vector<std::string> onlyByReaders; // those of them that no file or table gave, sorted
    bool read = false;                      // by some reader, who then does without the terms that he did not give
    std::optional<double> heartRateBpm;
    std::optional<double> rrSdMs;
    std::optional<double> surprise;           // of the current model: latent error
    std::optional<double> surprisePercentile; // 0..100, among the study's recordings
    std::optional<int> cluster;               // of the current map
    int warnings = 0;
};

// What the program shows and sorts by: the percentile, or the latent error of a study that was never calibrated.
inline std::optional<double> shownSurprise(const RecordingRow& row) {
    return row.surprisePercentile ? row.surprisePercentile : row.surprise;
}

// Who looks at the study. Blinded, nothing of it tells labels, names or what another reader found: names are numbers
// ("#12"), labels this reader's own, marks and diagnoses of files are left out.
struct ReaderSight {
    std::string reader;
    bool blinded = false;
    bool operator==(const ReaderSight&) const = default;
};

struct WorklistQuery {
    std::string text;    // every word must be found in name, dataset, patient, labels or format
    std::string label;   // contains, case-insensitive; "" any
    std::string dataset; // equal; "" any
    std::optional<double> heartRateFrom, heartRateTo;
    std::optional<double> ageFrom, ageTo;
    std::string sex;
    std::optional<int> cluster;
    std::vector<RecordingId> among; // empty: all
    enum class Order { Id, Name, HeartRate, Surprise, Age, Label } order = Order::Id;
    bool descending = false;
};

class Study {
public:
    // Errors: FileUnwritable, AlreadyExists (a study is there), DatabaseFailed.
    static Result<std::unique_ptr<Study>> create(const std::filesystem::path& folder);
    // Errors: NotFound, DatabaseFailed (also: schema of a newer program). Older schemas are migrated.
    static Result<std::unique_ptr<Study>> open(const std::filesystem::path& folder, ReaderSight sight = {});
    static Result<std::unique_ptr<Study>> openOrCreate(const std::filesystem::path& folder);
    ~Study();

    // For all that this object gives from now on; without it nobody is blinded.
    void setSight(ReaderSight sight);
    const ReaderSight& sight() const;

    const std::filesystem::path& folder() const;
    std::filesystem::path runsFolder() const;
    std::filesystem::path modelsFolder() const;
    std::filesystem::path embeddingsFolder() const;
    std::filesystem::path exportsFolder() const;
    std::filesystem::path cacheFolder() const;

    Result<std::vector<RecordingRow>> query(const WorklistQuery& query = {}) const;
    Result<RecordingRow> row(RecordingId id) const;
    Result<std::int64_t> count() const;
    // Distinct label names with counts, most frequent first.
    Result<std::vector<std::pair<std::string, int>>> labels() const;
    // The source file, read again through the registry (a demo study reads its own files). Error NotFound when it
    // moved.
    Result<Recording> readRecording(RecordingId id) const;
    Result<std::vector<Warning>> warnings(RecordingId id) const;
    Result<std::vector<Annotation>> annotations(RecordingId id) const; // those of the file, in order of time
    // Hash of the decoded samples: changes when the signal does, whatever happens to the file around it.
    Result<std::string> sampleHash(RecordingId id) const;

    // source: "computed", "file" or "truth". Replaces what stood under the same source and name.
    Result<Done> setMeasurements(RecordingId id, const std::string& source, const Measurements& values);
    Result<Measurements> measurements(RecordingId id, const std::string& source) const;
    // One name of one source over the whole study, for colouring and regression.
    Result<std::vector<std::pair<RecordingId, double>>> measurementColumn(const std::string& source,
                                                                          const std::string& name) const;

    // The model whose embeddings, surprise and clusters the program shows; kept in the study.
    Result<Done> setCurrentModel(const std::string& modelHash);
    std::string currentModel() const; // "" none
    Result<Done> setSurprise(const std::string& modelHash, const std::vector<std::pair<RecordingId, double>>& values,
                             const std::vector<std::vector<float>>& perInterval);
    // Beside values that are there. 0..100: of recordings, and of intervals among all intervals of the study.
    Result<Done> setSurprisePercentiles(const std::string& modelHash,
                                        const std::vector<std::pair<RecordingId, double>>& values,
                                        const std::vector<std::vector<float>>& perInterval);
    Result<std::vector<float>> surpriseOfIntervals(RecordingId id) const; // of the current model; empty when none
    Result<std::vector<float>> surprisePercentilesOfIntervals(RecordingId id) const; // the same
    // What the percentiles came from, as core/explore writes it; "" when none.
    Result<Done> setSurpriseCalibration(const std::string& modelHash, const std::string& bytes);
    Result<std::string> surpriseCalibration(const std::string& modelHash) const;

    struct MapPoint {
        RecordingId id;
        float x = 0, y = 0;
        int cluster = -1;
    };
    Result<Done> setMap(const std::string& modelHash, const std::string& parametersJson,
                        const std::vector<MapPoint>& points);
    Result<std::vector<MapPoint>> map() const; // of the current model; empty when none
    std::string mapParameters() const;

    // Small settings of the study: key -> text.
    Result<Done> setValue(const std::string& key, const std::string& value);
    std::string value(const std::string& key) const;

    // Everything `work` writes through this object, or, when it does not end well, nothing of it.
    Result<Done> inTransaction(const std::function<Result<Done>()>& work);

    struct Impl;
    Impl& impl() const { return *impl_; }

private:
    explicit Study(std::unique_ptr<Impl> impl);
    static Result<std::unique_ptr<Study>> attach(const std::filesystem::path& folder);
    std::unique_ptr<Impl> impl_;
};

// Label words and names as a person types them: case does not count, also beyond ASCII.
bool containsIgnoringCase(const std::string& text, const std::string& part);

} // namespace precordia
