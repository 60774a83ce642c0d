// SPDX-License-Identifier: GPL-3.0-or-later
// Opening, making and filling a study.
#include "core/study/demo.h"
#include "core/study/worklist_rows.h"
#include "ui/session_private.h"

#include <QDir>
#include <QThread>

#include <utility>

namespace precordia {

namespace {

constexpr std::uint64_t kDemoSeed = 1;
constexpr int kImportWatchMs = 2000;
constexpr std::size_t kWatchedRows = 20000; // above, the list is read again only at the end of an import

constexpr int kFirstPage = 200; // of a larger study these are shown before all are read

// first: only so many; 0: all.
Result<std::shared_ptr<const Rows>> readRows(const std::filesystem::path& folder, const ReaderSight& sight,
                                             int first = 0) {
    const auto study = Study::open(folder, sight);
    if (!study)
        return study.as<std::shared_ptr<const Rows>>();
    auto rows = first > 0 ? firstRows(**study, first) : worklistRows(**study);
    if (!rows)
        return rows.as<std::shared_ptr<const Rows>>();
    return std::make_shared<const Rows>(std::move(*rows));
}

} // namespace

std::filesystem::path Session::studyFolder() const {
    return study_ ? study_->folder() : std::filesystem::path();
}

void Session::openStudy(const QString& folder) {
    const auto path = toPath(QDir::cleanPath(folder));
    const auto generation = ++d_->studyGeneration;
    d_->loader->start<std::shared_ptr<const Rows>>(
        "open study", [path, sight = sight_](StopToken, Progress&) { return readRows(path, sight, kFirstPage); },
        [this, path, generation, sight = sight_](Result<std::shared_ptr<const Rows>> rows) {
            if (generation != d_->studyGeneration || rows.cancelled())
                return;
            if (sight != sight_) { // somebody else looks at it by now
                openStudy(fromPath(path));
                return;
            }
            if (rows.failed()) {
                tell({QStringLiteral("alarm"),
                      tr("The study could not be opened: %1").arg(Texts::error(rows.error())),
                      {},
                      {}});
                return;
            }
            studyOpened(path, *rows);
        });
}

void Session::studyOpened(const std::filesystem::path& folder, std::shared_ptr<const Rows> rows) {
    auto study = Study::open(folder, sight_);
    if (!study) {
        tell({QStringLiteral("alarm"), tr("The study could not be opened: %1").arg(Texts::failure(study)), {}, {}});
        return;
    }
    selection_.setChosen({});
    selection_.setTime({});
    selection_.setCurrent(RecordingId());
    selection_.setReference(RecordingId());
    study_ = std::move(*study);
    undoStack_->clear();
    rows_ = std::move(rows);
    d_->prefetched.clear();
    d_->moved.clear();
    d_->embeddings.reset();
    d_->embeddingsModel.clear();
    ++d_->rowsGeneration;
    // A model of the former study does not go with this one.
    model_.reset();
    ++d_->modelGeneration;
    labels_ = std::make_shared<const LabelState>();
    d_->labelsToPatch.clear();
    Q_EMIT studyChanged();
    Q_EMIT modelChanged();
    Q_EMIT rowsChanged();
    if (!rows_->empty())
        selection_.setCurrent(rows_->front().id);
    ensureModel();
    if (rows_->size() >= static_cast<std::size_t>(kFirstPage))
        reloadRows(); // the others
}

void Session::createDemoStudy(const QString& folder, int recordings, bool thenEmbed) {
    const auto path = toPath(QDir::cleanPath(folder));
    jobs_->start<Done>(
        tr("Making the demo study").toStdString(),
        [path, recordings](StopToken stop, Progress& progress) -> Result<Done> {
            // A second "open the demo study" finds the first one.
            if (auto there = Study::open(path); there.ok()) {
                const auto count = (*there)->count();
                if (count.ok() && *count > 0)
                    return Done{};
            }
            return makeDemoStudy(path, recordings, kDemoSeed, std::move(stop), progress);
        },
        [this, folder, path, thenEmbed](Result<Done> made) {
            if (made.cancelled())
                return;
            if (made.failed()) {
                tell({QStringLiteral("alarm"),
                      tr("The demo study could not be made in %1: %2")
                          .arg(QDir::toNativeSeparators(folder), Texts::error(made.error())),
                      {},
                      {}});
                return;
            }
            if (thenEmbed)
                d_->embedWanted = path;
            openStudy(folder);
        });
}

void Session::importPaths(const QStringList& paths, const QString& labelsCsv, const QString& newStudyFolder) {
    if (paths.isEmpty() || (!study_ && newStudyFolder.isEmpty()))
        return;
    ImportRequest request;
    for (const QString& path : paths)
        request.paths.push_back(toPath(path));
    if (!labelsCsv.isEmpty())
        request.labelsCsv = toPath(labelsCsv);
    import(std::move(request), newStudyFolder);
}

void Session::import(ImportRequest request, const QString& newStudyFolder) {
    if (request.paths.empty() || (!study_ && newStudyFolder.isEmpty()))
        return;
    request.threads = std::max(1, QThread::idealThreadCount());
    const bool fresh = !newStudyFolder.isEmpty();
    const auto folder = fresh ? toPath(QDir::cleanPath(newStudyFolder)) : studyFolder();
    if (!fresh)
        watchImport(true);
    jobs_->start<ImportReport>(
        tr("Import").toStdString(),
        [folder, request](StopToken stop, Progress& progress) {
            return importInto(folder, request, std::move(stop), progress);
        },
        [this, folder, fresh](Result<ImportReport> report) {
            watchImport(false);
            std::error_code ec; // a failed import may have made no study
            if (fresh && (report.ok() || std::filesystem::exists(folder / "study.sqlite", ec)))
                openStudy(fromPath(folder));
            else if (folder == studyFolder())
                reloadRows();
            if (report.cancelled()) {
                tell({QStringLiteral("info"),
                      tr("The import was stopped; what had been confirmed is in the study."),
                      {},
                      {}});
                return;
            }
            if (report.failed()) {
                tell({QStringLiteral("alarm"), tr("The import failed: %1").arg(Texts::error(report.error())), {}, {}});
                return;
            }
            lastImport_ = std::make_shared<const ImportReport>(std::move(*report));
            d_->lastImportOf = folder;
            const auto& r = *lastImport_;
            QStringList parts{tr("%n recording(s) imported", nullptr, r.imported)};
            if (r.duplicates > 0)
                parts << tr("%n already there", nullptr, r.duplicates);
            if (!r.failed.empty())
                parts << tr("%n file(s) could not be read", nullptr, static_cast<int>(r.failed.size()));
            const bool more = !r.failed.empty() || !r.notes.empty() || !r.warnings.empty();
            tell({r.failed.empty() ? QStringLiteral("info") : QStringLiteral("caution"),
                  parts.join(QStringLiteral(", ")) + QLatin1Char('.'), more ? tr("Show the files…") : QString(),
                  more ? std::function<void()>([this] { Q_EMIT importReportWanted(); }) : nullptr});
        });
}

void Session::showLastImport() {
    if (!study_)
        return;
    const auto folder = studyFolder();
    if (lastImport_ && d_->lastImportOf == folder) {
        Q_EMIT importReportWanted();
        return;
    }
    using Report = std::shared_ptr<const ImportReport>;
    d_->loader->start<Report>(
        "last import",
        [folder](StopToken, Progress&) -> Result<Report> {
            const auto study = Study::open(folder);
            if (!study)
                return study.as<Report>();
            auto report = lastImportReport(**study);
            return report ? std::make_shared<const ImportReport>(std::move(*report)) : Report();
        },
        [this, folder](Result<Report> report) {
            if (folder != studyFolder() || report.cancelled())
                return;
            if (report.failed() || *report == nullptr) {
                tell({QStringLiteral("info"),
                      report.failed() ? Texts::error(report.error())
                                      : tr("This study keeps no report of an import that you made."),
                      {},
                      {}});
                return;
            }
            lastImport_ = *report;
            d_->lastImportOf = folder;
            Q_EMIT importReportWanted();
        });
}

// While an import goes on, the worklist fills: what is confirmed shows within two seconds.
void Session::watchImport(bool running) {
    if (running)
        d_->importWatch.start(kImportWatchMs);
    else
        d_->importWatch.stop();
}

void Session::reloadRows() {
    if (!study_ || (d_->importWatch.isActive() && rows_->size() > kWatchedRows))
        return;
    readRowsAgain();
}

void Session::readRowsAgain() {
    const auto generation = ++d_->rowsGeneration;
    d_->loader->start<std::shared_ptr<const Rows>>(
        "rows", [folder = studyFolder(), sight = sight_](StopToken, Progress&) { return readRows(folder, sight); },
        [this, generation](Result<std::shared_ptr<const Rows>> rows) {
            if (generation != d_->rowsGeneration)
                return; // a later reading is on its way
            if (rows.failed()) {
                tell({QStringLiteral("alarm"),
                      tr("The worklist could not be read: %1").arg(Texts::error(rows.error())),
                      {},
                      {}});
                return;
            }
            if (!rows.ok())
                return;
            rows_ = *rows;
            Q_EMIT rowsChanged();
            if (std::exchange(d_->namesChanged, false))
                findNeighbours();
            if (!selection_.current().valid() && !rows_->empty())
                selection_.setCurrent(rows_->front().id);
        });
}

} // namespace precordia
