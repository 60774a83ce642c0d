// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session.h"

#include "ui/session_private.h"

#include <QMetaObject>

namespace precordia {

Session::Private::Private(Session* session)
    : deliver([session](std::function<void()> f) {
        QMetaObject::invokeMethod(session, std::move(f), Qt::QueuedConnection);
    })
    , loader(std::make_unique<JobRunner>(2, deliver))
    , thinker(std::make_unique<JobRunner>(1, deliver))
    , scribe(std::make_unique<JobRunner>(1, deliver)) {}

Session::Session(QObject* parent, Settings* settings)
    : QObject(parent)
    , settings_(settings != nullptr ? settings : &memory_)
    , labels_(std::make_shared<const LabelState>())
    , rows_(std::make_shared<const Rows>())
    , undoStack_(new QUndoStack(this))
    , d_(std::make_unique<Private>(this))
    , longJobs_(std::make_unique<JobRunner>(1, d_->deliver))
    , jobs_(std::make_unique<JobRunner>(2, d_->deliver)) {
    jobs_->onChanged([this] { Q_EMIT jobsChanged(); });
    longJobs_->onChanged([this] { Q_EMIT jobsChanged(); });
    connect(&selection_, &StudySelection::currentChanged, this, &Session::loadCurrent);
    connect(&selection_, &StudySelection::currentChanged, this, &Session::readLabels);
    connect(&d_->flush, &QTimer::timeout, this, &Session::flushUpdates);
    connect(&d_->importWatch, &QTimer::timeout, this, &Session::reloadRows);
}

Session::~Session() {
    d_->scribe->waitForAll(); // an edit that was made is written
    // Every runner is asked first, so that they stop side by side; each destructor then waits for its own.
    if (d_->control)
        d_->control->paused = false;
    jobs_->stopAll();
    longJobs_->stopAll();
    d_->loader->stopAll();
    d_->thinker->stopAll();
}

std::vector<Session::JobLine> Session::jobLines() const {
    std::vector<JobLine> lines;
    for (JobRunner* runner : {longJobs_.get(), jobs_.get()})
        for (auto& info : runner->jobs()) {
            const bool pretraining = runner == longJobs_.get() && info.id == d_->runJob && run_.running;
            lines.push_back({runner, std::move(info), pretraining});
        }
    return lines;
}

bool Session::busy() const {
    return jobs_->busy() || longJobs_->busy();
}

bool Session::idle() const {
    return !busy() && !d_->loader->busy() && !d_->thinker->busy() && !d_->scribe->busy();
}

void Session::tell(Message told) {
    Q_EMIT message(told);
}

} // namespace precordia
