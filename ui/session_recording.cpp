// SPDX-License-Identifier: GPL-3.0-or-later
// The recording in focus: read, preprocessed, encoded, and its neighbours, each by a job whose late result is dropped.
#include "core/engine/config.h"
#include "core/engine/engine_loader.h"
#include "core/explore/embed_study.h"
#include "core/signal/r_peaks.h"
#include "core/study/recording_source.h"
#include "ui/session_private.h"

#include <algorithm>
#include <numeric>

namespace precordia {

namespace {

constexpr std::size_t kPrefetched = 12;
constexpr std::size_t kNeighbours = 5;
constexpr double kBeginningSeconds = 30; // of a long recording: its first page, and room for filters

Measurements measurementsOf(const Study& study, RecordingId id, const char* source) {
    auto values = study.measurements(id, source);
    return values ? std::move(*values) : Measurements{};
}

Result<std::shared_ptr<const LoadedRecording>> readOne(const std::filesystem::path& folder, const ReaderSight& sight,
                                                       RecordingId id, const PreprocessingConfig& preprocessing,
                                                       const StopToken& stop) {
    using Loaded = std::shared_ptr<const LoadedRecording>;
    const auto study = Study::open(folder, sight);
    if (!study)
        return study.as<Loaded>();
    auto loaded = std::make_shared<LoadedRecording>();
    auto row = (*study)->row(id);
    if (!row)
        return row.as<Loaded>();
    loaded->row = std::move(*row);
    // A long one is shown by the page (ui/ecg/long_trace.h): here stands its beginning.
    auto recording = readBeginning(**study, id, kBeginningSeconds);
    if (!recording)
        return recording.as<Loaded>();
    if (stop.stop_requested())
        return Cancelled{};
    loaded->recording = std::move(*recording);
    deriveLimbLeads(loaded->recording);
    loaded->rPeaks = detectRPeaks(loaded->recording);
    loaded->computed = measurementsOf(**study, id, "computed");
    const auto rhythm = measureRhythm(loaded->rPeaks, loaded->recording.samplingRate);
    if (rhythm.heartRateBpm)
        loaded->computed.try_emplace("heart_rate_bpm", *rhythm.heartRateBpm);
    if (rhythm.rrSdMs)
        loaded->computed.try_emplace("rr_sd_ms", *rhythm.rrSdMs);
    loaded->fromFile = measurementsOf(**study, id, "file");
    if (loaded->fromFile.empty())
        loaded->fromFile = loaded->recording.fileMeasurements;
    loaded->truth = measurementsOf(**study, id, "truth");
    loaded->moved = measurementsOf(**study, id, "moved");
    // Those of the study quote nothing of the file that may tell who it is.
    if (auto kept = (*study)->warnings(id))
        loaded->warnings = std::move(*kept);
    loaded->preprocessing = preprocessing;
    if (stop.stop_requested())
        return Cancelled{};
    if (auto windows = preprocess(loaded->recording, preprocessing))
        loaded->windows = std::move(*windows);
    else if (windows.failed()) // it can still be looked at
        loaded->warnings.push_back(
            {WarningCode::Repaired,
             Session::tr("the model cannot take it: %1").arg(Texts::error(windows.error())).toStdString(),
             {}});
    return Loaded(std::move(loaded));
}

Result<std::shared_ptr<MemoryWindows>> firstWindow(const LoadedRecording& loaded) {
    if (loaded.windows.empty())
        return makeError(ErrorCode::SignalTooShort, "the recording gives no window for the model");
    const auto& config = loaded.preprocessing;
    auto windows = std::make_shared<MemoryWindows>(
        WindowShape{static_cast<int>(config.leads.size()), config.windowSamples(), config.samplingRate});
    windows->add(loaded.windows.front().samples, loaded.windows.front().leadPresent);
    return windows;
}

Result<std::shared_ptr<LoadedEncodings>> encodeOne(const LoadedRecording& loaded, const ModelInfo& model,
                                                   const std::filesystem::path& folder, const StopToken& stop) {
    using Loaded = std::shared_ptr<LoadedEncodings>;
    const auto windows = firstWindow(loaded);
    if (!windows)
        return windows.as<Loaded>();
    const auto engine = loadEngine();
    if (!engine)
        return engine.as<Loaded>();
    auto out = std::make_shared<LoadedEncodings>();
    out->id = loaded.row.id;
    out->modelHash = model.hash;
    out->intervalSeconds = model.samplingRate > 0 ? model.intervalSamples / model.samplingRate : 0.2;
    EncodeOptions options;
    options.leadLevel = true;
    options.stop = stop;
    const auto done = (*engine)->encode(model.hash, **windows, 0, 1, options,
                                        [&out](std::int64_t, const Encodings& encodings) -> Result<Done> {
                                            out->encodings = encodings;
                                            return Done{};
                                        });
    if (!done)
        return done.as<Loaded>();
    if (const auto study = Study::open(folder); study && (*study)->currentModel() == model.hash) {
        if (auto kept = (*study)->surpriseOfIntervals(out->id))
            out->surprisePerInterval = std::move(*kept);
        if (auto kept = (*study)->surprisePercentilesOfIntervals(out->id))
            out->surprisePercentiles = std::move(*kept);
    }
    return out;
}

using Table = std::shared_ptr<const EmbeddingTable>;

Result<Table> readTable(const std::filesystem::path& folder, const std::string& modelHash) {
    const auto study = Study::open(folder);
    if (!study)
        return study.as<Table>();
    auto table = loadTable(**study, "recording", modelHash);
    if (!table)
        return table.as<Table>();
    table->values = standardiseColumns(table->values);
    return std::make_shared<const EmbeddingTable>(std::move(*table));
}

std::vector<Neighbour> nearest(const EmbeddingTable& table, const Rows& rows, RecordingId id) {
    std::vector<Neighbour> found;
    const auto row = std::find(table.ids.begin(), table.ids.end(), id) - table.ids.begin();
    if (row == static_cast<std::ptrdiff_t>(table.ids.size()))
        return found;
    const Eigen::VectorXf distance = (table.values.rowwise() - table.values.row(row)).rowwise().norm();
    std::vector<Eigen::Index> order(table.ids.size());
    std::iota(order.begin(), order.end(), Eigen::Index(0));
    std::erase_if(order, [&](Eigen::Index i) { return table.ids[static_cast<std::size_t>(i)] == id; });
    const auto n = std::min(kNeighbours, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(n), order.end(),
                      [&](Eigen::Index a, Eigen::Index b) { return distance[a] < distance[b]; });
    for (std::size_t i = 0; i < n; ++i) {
        Neighbour neighbour{table.ids[static_cast<std::size_t>(order[i])], {}, {}, distance[order[i]]};
        const auto at = std::lower_bound(rows.begin(), rows.end(), neighbour.id,
                                         [](const RecordingRow& r, RecordingId wanted) { return r.id < wanted; });
        if (at != rows.end() && at->id == neighbour.id) {
            neighbour.name = at->name;
            neighbour.labels = at->labels;
        }
        found.push_back(std::move(neighbour));
    }
    return found;
}

} // namespace

PreprocessingConfig preprocessingFor(const std::string& configJson) {
    PreprocessingConfig config;
    if (const auto keys = preprocessingKeys(configJson)) {
        config.leads = keys->leads;
        config.lowHz = keys->lowHz;
        config.highHz = keys->highHz;
        config.samplingRate = keys->samplingRate;
        config.windowSeconds = keys->windowSeconds;
    }
    return config;
}

void Session::loadCurrent() {
    const auto generation = ++d_->recordingGeneration;
    if (d_->loadingJob != 0)
        d_->loader->stop(d_->loadingJob);
    const RecordingId id = selection_.current();
    if (!id.valid() || !study_) {
        recording_.reset();
        encodings_.reset();
        ++d_->encodingGeneration;
        Q_EMIT recordingChanged();
        Q_EMIT encodingsChanged();
        findNeighbours();
        return;
    }
    if (const auto there = d_->prefetched.find(id); there != d_->prefetched.end()) {
        publish(there->second);
        return;
    }
    const auto folder = studyFolder();
    d_->loadingJob = d_->loader->start<std::shared_ptr<const LoadedRecording>>(
        "recording",
        [folder, sight = sight_, id, preprocessing = d_->preprocessing](const StopToken& stop, Progress&) {
            return readOne(folder, sight, id, preprocessing, stop);
        },
        [this, generation](Result<std::shared_ptr<const LoadedRecording>> loaded) {
            if (generation != d_->recordingGeneration)
                return; // another recording is in focus by now
            if (loaded.ok()) {
                publish(*loaded);
                return;
            }
            recording_.reset();
            encodings_.reset();
            Q_EMIT recordingChanged();
            Q_EMIT encodingsChanged();
            if (loaded.failed())
                Q_EMIT recordingFailed(Texts::error(loaded.error()));
        });
}

void Session::publish(std::shared_ptr<const LoadedRecording> loaded) {
    recording_ = std::move(loaded);
    encodings_.reset(); // of another recording or model
    Q_EMIT recordingChanged();
    Q_EMIT encodingsChanged();
    encodeCurrent();
    findNeighbours();
    prefetchAround(recording_->row.id);
}

const Measurements& Session::moved() const {
    static const Measurements none;
    if (!recording_)
        return none;
    const auto later = d_->moved.find(recording_->row.id);
    return later != d_->moved.end() ? later->second : recording_->moved;
}

void Session::setMoved(RecordingId id, Measurements values) {
    auto& kept = d_->moved[id];
    kept = std::move(values);
    Q_EMIT movedChanged(id, kept);
}

// The next and the previous recording are read ahead, so that J and K show them at once.
void Session::prefetchAround(RecordingId id) {
    const auto at = std::lower_bound(rows_->begin(), rows_->end(), id,
                                     [](const RecordingRow& row, RecordingId wanted) { return row.id < wanted; });
    if (at == rows_->end() || at->id != id)
        return;
    d_->prefetched[id] = recording_;
    std::vector<RecordingId> wanted;
    if (at + 1 != rows_->end())
        wanted.push_back((at + 1)->id);
    if (at != rows_->begin())
        wanted.push_back((at - 1)->id);
    if (d_->prefetched.size() > kPrefetched) {
        auto kept = std::move(d_->prefetched);
        d_->prefetched.clear();
        for (const RecordingId near : {id, wanted.front(), wanted.back()})
            if (const auto there = kept.find(near); there != kept.end())
                d_->prefetched.insert(*there);
    }
    const auto folder = studyFolder();
    const auto generation = d_->studyGeneration;
    const auto hash = d_->preprocessing.hash();
    for (const RecordingId next : wanted) {
        if (d_->prefetched.count(next) > 0)
            continue;
        d_->loader->start<std::shared_ptr<const LoadedRecording>>(
            "read ahead",
            [folder, sight = sight_, next, preprocessing = d_->preprocessing](const StopToken& stop, Progress&) {
                return readOne(folder, sight, next, preprocessing, stop);
            },
            [this, next, generation, hash, sight = sight_](Result<std::shared_ptr<const LoadedRecording>> loaded) {
                if (loaded.ok() && generation == d_->studyGeneration && hash == d_->preprocessing.hash() &&
                    sight == sight_)
                    d_->prefetched[next] = *loaded;
            });
    }
}

void Session::encodeCurrent() {
    const auto generation = ++d_->encodingGeneration;
    if (d_->encodingJob != 0)
        d_->thinker->stop(d_->encodingJob);
    if (!recording_ || !model_ || recording_->windows.empty())
        return;
    d_->encodingJob = d_->thinker->start<std::shared_ptr<LoadedEncodings>>(
        "encode",
        [recording = recording_, model = model_, folder = studyFolder()](const StopToken& stop, Progress&) {
            return encodeOne(*recording, *model, folder, stop);
        },
        [this, generation, name = recording_->row.name](Result<std::shared_ptr<LoadedEncodings>> encoded) {
            if (generation != d_->encodingGeneration)
                return;
            if (encoded.failed())
                tell({QStringLiteral("caution"),
                      tr("The model could not encode %1: %2").arg(fromUtf8(name), Texts::error(encoded.error())),
                      {},
                      {}});
            if (!encoded.ok())
                return;
            encodings_ = *encoded;
            Q_EMIT encodingsChanged();
            if (encodings_->surprisePerInterval.empty())
                computeSurprise();
        });
}

// Not in the study yet: each interval is hidden in turn now, and judged as the study's were. It takes longer than the
// encodings and comes second.
void Session::computeSurprise() {
    const auto generation = d_->encodingGeneration;
    d_->encodingJob = d_->thinker->start<WindowSurprise>(
        "surprise",
        [recording = recording_, model = model_, folder = studyFolder()](const StopToken&,
                                                                         Progress&) -> Result<WindowSurprise> {
            const auto windows = firstWindow(*recording);
            if (!windows)
                return Cancelled{};
            return windowSurprise(folder, *model, **windows, 0);
        },
        [this, generation](Result<WindowSurprise> found) {
            if (!found.ok() || generation != d_->encodingGeneration || !encodings_)
                return;
            auto complete = std::make_shared<LoadedEncodings>(*encodings_);
            complete->surprisePerInterval = std::move(found->latentError);
            complete->surprisePercentiles = std::move(found->percentile);
            encodings_ = std::move(complete);
            Q_EMIT encodingsChanged();
        });
}

void Session::readEmbeddings() {
    const auto hash = study_ ? study_->currentModel() : std::string();
    if (hash.empty() || d_->embeddingsModel == hash)
        return;
    d_->embeddingsModel = hash;
    d_->loader->start<Table>(
        "embeddings", [folder = studyFolder(), hash](StopToken, Progress&) { return readTable(folder, hash); },
        [this, hash](Result<Table> table) {
            if (!table.ok() || d_->embeddingsModel != hash)
                return; // no embeddings yet, or another model by now
            d_->embeddings = *table;
            findNeighbours();
        });
}

void Session::findNeighbours() {
    if (!neighbours_.empty()) {
        neighbours_.clear();
        Q_EMIT neighboursChanged();
    }
    const RecordingId id = selection_.current();
    if (!d_->embeddings)
        readEmbeddings(); // the table is read once for a model and comes back here
    if (!d_->embeddings || !id.valid())
        return;
    using Found = std::vector<Neighbour>;
    d_->loader->start<Found>(
        "neighbours",
        [table = d_->embeddings, rows = rows_, id](StopToken, Progress&) -> Result<Found> {
            return nearest(*table, *rows, id);
        },
        [this, id](Result<Found> found) {
            if (!found.ok() || id != selection_.current())
                return;
            neighbours_ = std::move(*found);
            Q_EMIT neighboursChanged();
        });
}

} // namespace precordia
