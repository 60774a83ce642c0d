// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/own_jobs.h"

#include <QMetaObject>
#include <QThreadPool>

#include <mutex>

namespace precordia {

struct OwnJobs::Link {
    std::mutex mutex;
    QObject* owner = nullptr;
};

OwnJobs::OwnJobs(QObject* owner) : link_(std::make_shared<Link>()) {
    link_->owner = owner;
    runner_ = std::make_shared<JobRunner>(1, [link = link_](std::function<void()> f) {
        const std::lock_guard lock(link->mutex); // for a moment: the call is only posted
        if (link->owner != nullptr)
            QMetaObject::invokeMethod(link->owner, std::move(f), Qt::QueuedConnection);
    });
}

OwnJobs::~OwnJobs() {
    runner_->onChanged({});
    {
        const std::lock_guard lock(link_->mutex);
        link_->owner = nullptr;
    }
    runner_->stopAll();
    if (runner_->busy()) // the pool is waited for when the program ends
        QThreadPool::globalInstance()->start([runner = std::move(runner_)]() mutable { runner.reset(); });
}

} // namespace precordia
