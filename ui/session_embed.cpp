// SPDX-License-Identifier: GPL-3.0-or-later
// What a model makes of the whole study: encodings, surprise and map, shown stage by stage.
#include "core/explore/embed_study.h"
#include "ui/session_private.h"

namespace precordia {

void Session::embedStudy() {
    if (!study_)
        return;
    const auto folder = studyFolder();
    const auto model = model_ ? model_->file : std::filesystem::path();
    // Each stage is shown when it is there; the last result closes the job.
    const auto stage = [this, folder](bool embedded) {
        d_->deliver([this, folder, embedded] {
            if (folder == studyFolder())
                embeddingsArrived(embedded);
        });
    };
    longJobs_->start<MapReport>(
        tr("Embedding the study").toStdString(),
        [folder, model, stage](const StopToken& stop, Progress& progress) -> Result<MapReport> {
            EmbedOptions options;
            options.leadLevel = false; // twelve times the size; the views encode the recording in focus anew
            const auto embedded = precordia::embedStudy(folder, model, options, stop, progress);
            if (!embedded)
                return embedded.as<MapReport>();
            stage(true);
            const auto surprise = surpriseStudy(folder, stop, progress);
            if (!surprise)
                return surprise.as<MapReport>();
            stage(false);
            return mapStudy(folder, {}, stop, progress);
        },
        [this, folder](Result<MapReport> map) { mapEnded(folder, map); });
}

// Asked for when the demo study was opened; the model may have come later.
void Session::embedIfWanted() {
    std::error_code ignored;
    if (!study_ || !model_ || d_->embedWanted.empty() ||
        !std::filesystem::equivalent(d_->embedWanted, study_->folder(), ignored))
        return;
    d_->embedWanted.clear();
    const auto map = study_->map();
    if (study_->currentModel() == model_->hash && map.ok() && !map->empty() &&
        std::filesystem::exists(study_->embeddingsFolder() / (model_->hash + ".h5"), ignored))
        return;
    embedStudy();
}

void Session::recomputeMap(const QString& projection, const QString& clusters, quint64 seed) {
    if (!study_)
        return;
    const auto folder = studyFolder();
    MapOptions options;
    options.projection = projection.toStdString();
    options.clusters = clusters.toStdString();
    options.seed = seed;
    jobs_->start<MapReport>(
        tr("Map of the study").toStdString(),
        [folder, options](const StopToken& stop, Progress& progress) {
            return mapStudy(folder, options, stop, progress);
        },
        [this, folder](Result<MapReport> map) { mapEnded(folder, map); });
}

// The study's current model, its surprise or its clusters are new on disk.
void Session::embeddingsArrived(bool otherModel) {
    if (otherModel) {
        d_->embeddings.reset();
        d_->embeddingsModel.clear();
        if (!model_)
            ensureModel();
    }
    reloadRows();
    findNeighbours();
    Q_EMIT embeddingsChanged();
}

void Session::mapEnded(const std::filesystem::path& folder, const Result<MapReport>& map) {
    if (folder != studyFolder())
        return;
    embeddingsArrived(false);
    if (map.failed())
        tell({QStringLiteral("alarm"),
              tr("The study could not be embedded and mapped: %1").arg(Texts::error(map.error())),
              {},
              {}});
}

} // namespace precordia
