// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/worklist/measuring.h"

#include "ui/texts.h"

#include <QFileInfo>
#include <QMetaObject>
#include <QThread>

#include <algorithm>

namespace precordia {

Measuring::Measuring(Session& session, QObject* parent)
    : QObject(parent)
    , session_(session)
    , reader_(std::make_unique<JobRunner>(1, [this](std::function<void()> f) {
        QMetaObject::invokeMethod(this, std::move(f), Qt::QueuedConnection);
    })) {
    connect(&session_, &Session::studyChanged, this, [this] {
        state_ = {};
        readState(Occasion::Opened);
    });
    connect(&session_, &Session::rowsChanged, this, &Measuring::rowsArrived);
}

Measuring::~Measuring() = default;

void Measuring::rowsArrived() {
    const auto import = session_.lastImport();
    const bool isNew = import != nullptr && import != seen_ && import->imported > 0;
    seen_ = import;
    readState(isNew ? Occasion::Imported : Occasion::None);
}

// A study that was only opened is left alone, unless a measuring of it was cut off.
void Measuring::readState(Occasion occasion) {
    if (!session_.hasStudy())
        return;
    const auto folder = session_.studyFolder();
    reader_->start<MeasuredState>(
        "measured",
        [folder](StopToken, Progress&) -> Result<MeasuredState> {
            const auto study = Study::open(folder);
            return study ? measuredState(**study) : study.as<MeasuredState>();
        },
        [this, folder, occasion](Result<MeasuredState> state) {
            if (!state.ok() || folder != session_.studyFolder())
                return;
            state_ = *state;
            const bool goesOn = occasion == Occasion::Imported || (occasion == Occasion::Opened && state_.measured > 0);
            if (byItself_ && goesOn && state_.measured < state_.recordings)
                start(false);
            Q_EMIT changed();
        });
}

void Measuring::start(bool byPerson) {
    if (!session_.hasStudy())
        return;
    if (running_) {
        again_ = again_ || !byPerson;
        return;
    }
    again_ = false;
    const auto folder = session_.studyFolder();
    if (!byPerson && !QFileInfo(QString::fromStdU16String(folder.u16string())).isWritable())
        return;
    running_ = true;
    StudyMeasureOptions options;
    options.background = true; // whatever a person does meanwhile goes first
    options.threads = byPerson ? std::max(1, QThread::idealThreadCount() / 2) : 1;
    session_.jobs().start<StudyMeasureReport>(
        tr("Measuring the recordings").toStdString(),
        [folder, options](const StopToken& stop, Progress& progress) {
            return measureStudy(folder, options, stop, progress);
        },
        [self = QPointer<Measuring>(this), folder, byPerson](const Result<StudyMeasureReport>& report) {
            if (self)
                self->ended(folder, byPerson, report);
        });
    Q_EMIT changed();
}

void Measuring::ended(const std::filesystem::path& folder, bool byPerson, const Result<StudyMeasureReport>& report) {
    running_ = false;
    if (folder == session_.studyFolder()) {
        session_.reloadRows(); // the state is read again with them
        const int unread = report.ok() ? static_cast<int>(report->failed.size()) : 0;
        if (report.failed())
            session_.tell({QStringLiteral("alarm"),
                           tr("The recordings could not be measured: %1").arg(Texts::error(report.error())),
                           {},
                           {}});
        else if (unread > 0 && byPerson)
            session_.tell({QStringLiteral("caution"),
                           tr("%n recording(s) measured", nullptr, static_cast<int>(report->measured)) +
                               tr("; %n could not be read, the first: %1", nullptr, unread)
                                   .arg(QString::fromStdString(report->failed.front().name) + QStringLiteral(": ") +
                                        Texts::error(report->failed.front().error)),
                           {},
                           {}});
        else if (report.ok() && byPerson)
            session_.tell(
                {QStringLiteral("info"),
                 report->measured > 0
                     ? tr("%n recording(s) measured", nullptr, static_cast<int>(report->measured)) + QLatin1Char('.')
                     : tr("All recordings are measured already."),
                 {},
                 {}});
    }
    if (again_ && !report.cancelled())
        start(false);
    Q_EMIT changed();
}

} // namespace precordia
