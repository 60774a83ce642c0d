// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explore/encoder_tables.h"

#include "core/engine/engine_loader.h"
#include "core/explore/embed_study.h"
#include "core/explore/lead_subset.h"
#include "core/explore/probe.h"

#include <Eigen/Eigenvalues>

#include <chrono>
#include <cmath>

namespace precordia {

namespace {

using RowView = Eigen::Map<const Matrix>;

// Rows of one recording follow each other: several windows become their mean, or only the first counts.
class TableBuilder {
public:
    explicit TableBuilder(bool firstOnly) : firstOnly_(firstOnly) {}
    bool wants(RecordingId id) const { return !firstOnly_ || ids_.empty() || ids_.back() != id; }
    void add(RecordingId id, const Eigen::Ref<const Eigen::RowVectorXf>& row) {
        if (ids_.empty() || ids_.back() != id) {
            ids_.push_back(id);
            windows_.push_back(0);
            values_.insert(values_.end(), static_cast<std::size_t>(row.size()), 0.0F);
        }
        ++windows_.back();
        Eigen::Map<Eigen::RowVectorXf>(values_.data() + values_.size() - static_cast<std::size_t>(row.size()),
                                       row.size()) += row;
    }
    EmbeddingTable table() const {
        EmbeddingTable out;
        out.ids = ids_;
        const auto rows = static_cast<Eigen::Index>(ids_.size());
        out.values = RowView(values_.data(), rows, rows == 0 ? 0 : static_cast<Eigen::Index>(values_.size()) / rows);
        for (Eigen::Index i = 0; i < rows; ++i)
            out.values.row(i) /= static_cast<float>(windows_[static_cast<std::size_t>(i)]);
        return out;
    }

private:
    bool firstOnly_;
    std::vector<RecordingId> ids_;
    std::vector<int> windows_;
    std::vector<float> values_;
};

class LevelCollector {
public:
    LevelCollector(int intervals, int width, bool firstOnly)
        : intervals_(intervals)
        , width_(width)
        , tables_{TableBuilder(firstOnly), TableBuilder(firstOnly), TableBuilder(firstOnly)} {}

    void add(RecordingId id, const std::vector<float>& recording, const std::vector<float>& interval,
             const std::vector<float>& event) {
        if (!tables_[0].wants(id))
            return;
        const RowView whole(recording.data(), 1, static_cast<Eigen::Index>(recording.size()));
        tables_[0].add(id, whole.row(0));
        addTo(0, whole);
        Eigen::RowVectorXf pooled;
        for (const std::size_t level : {1, 2}) {
            const auto& values = level == 1 ? interval : event;
            poolOverTime(values, intervals_, width_, pooled);
            tables_[level].add(id, pooled);
            addTo(level, RowView(values.data(), intervals_, width_));
        }
    }
    EncoderTables result() const {
        EncoderTables out;
        for (std::size_t level = 0; level < kProbeLevels.size(); ++level) {
            out.levels[level] = tables_[level].table();
            out.effectiveRank[level] = effectiveRank(grams_[level]);
        }
        return out;
    }

private:
    void addTo(std::size_t level, const RowView& rows) {
        auto& gram = grams_[level];
        if (gram.size() == 0)
            gram = Eigen::MatrixXd::Zero(rows.cols(), rows.cols());
        gram.selfadjointView<Eigen::Lower>().rankUpdate(rows.cast<double>().transpose());
    }

    int intervals_, width_;
    std::array<TableBuilder, kProbeLevels.size()> tables_;
    std::array<Eigen::MatrixXd, kProbeLevels.size()> grams_; // lower halves
};

Result<std::shared_ptr<SignalCache>> cacheOf(const std::filesystem::path& studyFolder, const ModelInfo& model,
                                             const StopToken& stop, Progress& progress) {
    const auto preprocessing = preprocessingOf(model);
    if (!preprocessing)
        return preprocessing.as<std::shared_ptr<SignalCache>>();
    return SignalCache::build(studyFolder, *preprocessing, stop, progress);
}

Result<std::shared_ptr<const WindowSource>> shown(const std::shared_ptr<SignalCache>& cache, const ModelInfo& model,
                                                  const EncodingChoice& choice) {
    if (choice.leads.empty())
        return std::shared_ptr<const WindowSource>(cache);
    const auto subset = LeadSubset::of(cache, model.leads, choice.leads);
    if (!subset)
        return subset.as<std::shared_ptr<const WindowSource>>();
    return std::shared_ptr<const WindowSource>(*subset);
}

// Stored in the study under the model's hash.
Result<EncoderTables> storedTables(const std::filesystem::path& studyFolder, const ModelInfo& model,
                                   const EncodingChoice& choice, const StopToken& stop, Progress& progress) {
    EmbedOptions embed;
    embed.leadLevel = false;
    embed.makeCurrent = false;
    const auto report = embedLoaded(studyFolder, model, embed, stop, progress);
    if (!report)
        return report.as<EncoderTables>();
    const auto file = EmbeddingFile::open(report->file);
    if (!file)
        return file.as<EncoderTables>();
    LevelCollector collector((*file)->header().intervals, (*file)->header().width, choice.firstWindowOnly);
    for (std::size_t i = 0; i < (*file)->ids().size(); ++i) {
        const auto row = static_cast<std::int64_t>(i);
        const auto recording = (*file)->readRow("recording", row), interval = (*file)->readRow("interval", row),
                   event = (*file)->readRow("event", row);
        for (const auto* one : {&recording, &interval, &event})
            if (!*one)
                return one->as<EncoderTables>();
        collector.add((*file)->ids()[i], recording->values, interval->values, event->values);
    }
    EncoderTables out = collector.result();
    out.seconds = report->seconds;
    return out;
}

Result<EncoderTables> freshTables(const std::filesystem::path& studyFolder, const ModelInfo& model,
                                  const EncodingChoice& choice, const StopToken& stop, Progress& progress) {
    const auto cache = cacheOf(studyFolder, model, stop, progress);
    if (!cache)
        return cache.as<EncoderTables>();
    const auto windows = shown(*cache, model, choice);
    if (!windows)
        return windows.as<EncoderTables>();
    const auto engine = loadEngine();
    if (!engine)
        return engine.as<EncoderTables>();
    LevelCollector collector(model.intervals, model.width, choice.firstWindowOnly);
    EncodeOptions encode;
    encode.stop = stop;
    progress.begin("Encoding", (*cache)->size());
    const auto start = std::chrono::steady_clock::now();
    const auto done = (*engine)->encode(model.hash, **windows, 0, (*cache)->size(), encode,
                                        [&](std::int64_t index, const Encodings& e) -> Result<Done> {
                                            progress.advance();
                                            collector.add((*cache)->recording(index), e.recording, e.interval, e.event);
                                            return Done{};
                                        });
    if (!done)
        return done.as<EncoderTables>();
    EncoderTables out = collector.result();
    out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return out;
}

} // namespace

double effectiveRank(const Eigen::MatrixXd& gram) {
    if (gram.size() == 0 || !gram.allFinite())
        return 0;
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(gram, Eigen::EigenvaluesOnly); // reads the lower half
    const Eigen::ArrayXd singular = solver.eigenvalues().array().max(0.0).sqrt();
    const double total = singular.sum();
    if (!(total > 0))
        return 0;
    const Eigen::ArrayXd p = singular / total;
    return std::exp(-(p * (p + 1e-12).log()).sum());
}

Result<EncoderTables> encoderTables(const std::filesystem::path& studyFolder, const ModelInfo& model,
                                    const EncodingChoice& choice, const StopToken& stop, Progress& progress) {
    auto tables = choice.leads.empty() ? storedTables(studyFolder, model, choice, stop, progress)
                                       : freshTables(studyFolder, model, choice, stop, progress);
    if (tables)
        tables->hash = model.hash;
    return tables;
}

Result<EmbeddingTable> simpleFeatureTable(const std::filesystem::path& studyFolder, const ModelInfo& model,
                                          const EncodingChoice& choice, const StopToken& stop, Progress& progress) {
    const auto cache = cacheOf(studyFolder, model, stop, progress);
    if (!cache)
        return cache.as<EmbeddingTable>();
    const auto windows = shown(*cache, model, choice);
    if (!windows)
        return windows.as<EmbeddingTable>();
    const WindowShape shape = (*cache)->shape();
    std::vector<float> window(static_cast<std::size_t>(shape.leads) * static_cast<std::size_t>(shape.samples));
    std::vector<std::uint8_t> present(static_cast<std::size_t>(shape.leads));
    TableBuilder table(choice.firstWindowOnly);
    progress.begin("Simple features", (*cache)->size());
    for (std::int64_t i = 0; i < (*cache)->size(); ++i) {
        if (stop.stop_requested())
            return Cancelled{};
        progress.advance();
        const RecordingId id = (*cache)->recording(i);
        if (!table.wants(id))
            continue;
        (*windows)->read(i, window, present);
        const auto features = simpleFeatures(window, shape.leads, shape.samples);
        table.add(id, RowView(features.data(), 1, static_cast<Eigen::Index>(features.size())).row(0));
    }
    return table.table();
}

} // namespace precordia
