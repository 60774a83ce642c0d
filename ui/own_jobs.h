// SPDX-License-Identifier: GPL-3.0-or-later
// The small jobs of a dialog or panel. Results come to the owner's thread while it lives; when it goes, its jobs are
// asked to stop, and nobody waits for one that reads a large file: what it holds dies on a thread of the pool.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/base/job.h"
#endif

#include <QObject>

#include <memory>

namespace precordia {

class OwnJobs {
public:
    explicit OwnJobs(QObject* owner); // owner: whose member this is
    ~OwnJobs();
    OwnJobs(const OwnJobs&) = delete;
    OwnJobs& operator=(const OwnJobs&) = delete;
    JobRunner* operator->() const { return runner_.get(); }

private:
    struct Link; // to the owner, while there is one
    std::shared_ptr<Link> link_;
    std::shared_ptr<JobRunner> runner_; // one worker
};

} // namespace precordia
