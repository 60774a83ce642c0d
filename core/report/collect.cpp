// SPDX-License-Identifier: GPL-3.0-or-later
// What the study knows of a recording, gathered for its page.
#include "core/base/file.h"
#include "core/engine/config.h"
#include "core/explore/embed_study.h"
#include "core/explore/embedding_table.h"
#include "core/report/recording_report.h"
#include "core/study/embedding_store.h"
#include "core/study/fiducial_edits.h"
#include "core/study/recording_source.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace precordia {

namespace {

constexpr std::size_t kNeighbours = 5;
constexpr double kUsualInterval = 0.2; // s
constexpr double kPageSeconds = 30;    // more than a page shows

// From the configuration beside the model's copy in the study; the usual one where that is missing.
double intervalSecondsOf(const Study& study, const std::string& modelHash, int intervals) {
    const auto bytes = readFile(study.modelsFolder() / (modelHash + ".json"), 1 << 20);
    if (!bytes || intervals <= 0)
        return kUsualInterval;
    const auto keys = preprocessingKeys(std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()));
    return keys && keys->windowSeconds > 0 ? keys->windowSeconds / intervals : kUsualInterval;
}

} // namespace

struct ReportSource::Tables {
    std::unordered_map<RecordingId, RecordingRow> rows;
    std::vector<double> surprises; // sorted
    std::vector<RecordingId> ids;  // of the rows of `embedding`
    Matrix embedding;              // standardised columns
    std::string modelHash, preprocessingHash;
    double intervalSeconds = kUsualInterval;

    std::vector<ReportNeighbour> neighboursOf(RecordingId id) const;
};

// The same distance as the map's neighbours: Euclidean over standardised columns. One row against all needs no index.
std::vector<ReportNeighbour> ReportSource::Tables::neighboursOf(RecordingId id) const {
    const auto own = std::find(ids.begin(), ids.end(), id);
    if (own == ids.end())
        return {};
    const Eigen::Index row = own - ids.begin();
    const Eigen::VectorXf squared = (embedding.rowwise() - embedding.row(row)).rowwise().squaredNorm();
    std::vector<Eigen::Index> order;
    for (Eigen::Index i = 0; i < squared.size(); ++i)
        if (i != row && rows.contains(ids[static_cast<std::size_t>(i)]))
            order.push_back(i);
    const auto count = static_cast<std::ptrdiff_t>(std::min(kNeighbours, order.size()));
    std::partial_sort(order.begin(), order.begin() + count, order.end(), [&](Eigen::Index a, Eigen::Index b) {
        return squared[a] != squared[b] ? squared[a] < squared[b] : a < b;
    });
    std::vector<ReportNeighbour> nearest;
    for (std::ptrdiff_t i = 0; i < count; ++i) {
        const Eigen::Index at = order[static_cast<std::size_t>(i)];
        const RecordingRow& found = rows.at(ids[static_cast<std::size_t>(at)]);
        nearest.push_back({found.name, found.labels, std::sqrt(static_cast<double>(squared[at])), found.heartRateBpm});
    }
    return nearest;
}

Result<ReportSource> ReportSource::open(const Study& study) {
    auto tables = std::make_shared<Tables>();
    auto rows = study.query();
    if (!rows)
        return rows.as<ReportSource>();
    for (RecordingRow& row : *rows) {
        if (row.surprise && std::isfinite(*row.surprise))
            tables->surprises.push_back(*row.surprise);
        const RecordingId id = row.id;
        tables->rows.emplace(id, std::move(row));
    }
    std::sort(tables->surprises.begin(), tables->surprises.end());
    tables->modelHash = study.currentModel();
    if (!tables->modelHash.empty()) {
        const auto file = embeddingFile(study, tables->modelHash);
        std::error_code ignored;
        if (std::filesystem::exists(file, ignored)) {
            auto opened = EmbeddingFile::open(file);
            if (!opened)
                return opened.as<ReportSource>();
            tables->preprocessingHash = (*opened)->header().preprocessingHash;
            tables->intervalSeconds = intervalSecondsOf(study, tables->modelHash, (*opened)->header().intervals);
            auto table = tableOf(**opened, "recording");
            if (!table)
                return table.as<ReportSource>();
            tables->ids = std::move(table->ids);
            tables->embedding = standardiseColumns(table->values);
        }
    }
    return ReportSource(study, std::move(tables));
}

Result<RecordingReport> ReportSource::collect(RecordingId id) const {
    RecordingReport report;
    const auto row = tables_->rows.find(id);
    if (row == tables_->rows.end())
        return makeError(ErrorCode::NotFound, "the study has no recording " + std::to_string(id.value));
    report.row = row->second;
    auto recording = readBeginning(*study_, id, kPageSeconds);
    if (!recording)
        return recording.as<RecordingReport>();
    report.recording = std::move(*recording);
    deriveLimbLeads(report.recording);
    auto computed = study_->measurements(id, "computed");
    auto fromFile = study_->measurements(id, "file");
    auto surprise = study_->surpriseOfIntervals(id);
    if (!computed || !fromFile)
        return (computed ? fromFile : computed).as<RecordingReport>();
    if (!surprise)
        return surprise.as<RecordingReport>();
    report.computed = std::move(*computed);
    report.fromFile = std::move(*fromFile);
    auto moved = study_->measurements(id, "moved");
    const auto edits = moved ? fiducialEdits(*study_, id) : moved.as<std::vector<FiducialEdit>>();
    if (!edits)
        return edits.as<RecordingReport>();
    report.moved = std::move(*moved);
    if (const FiducialEdit* last = lastEdit(*edits, {}, 0))
        report.movedBy = last->reader, report.movedAt = last->editedAt;
    report.surprisePerInterval = std::move(*surprise);
    report.modelHash = tables_->modelHash;
    report.preprocessingHash = tables_->preprocessingHash;
    report.intervalSeconds = tables_->intervalSeconds;
    report.neighbours = tables_->neighboursOf(id);
    const auto& all = tables_->surprises;
    if (report.row.surprisePercentile) {
        report.surprisePercentile = *report.row.surprisePercentile;
    } else if (report.row.surprise && !all.empty()) {
        // The share of the study that surprises at most as much.
        const auto above = std::upper_bound(all.begin(), all.end(), *report.row.surprise);
        report.surprisePercentile = 100.0 * static_cast<double>(above - all.begin()) / static_cast<double>(all.size());
    }
    return report;
}

Result<RecordingReport> collectReport(const Study& study, RecordingId id) {
    auto source = ReportSource::open(study);
    if (!source)
        return source.as<RecordingReport>();
    return source->collect(id);
}

} // namespace precordia
