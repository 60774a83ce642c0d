// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps calipers with their recordings, off the window's thread: another program may hold a study for seconds. Of a
// recording's changes the latest is written; until then it is known here.
#pragma once

#include "ui/ecg/calipers.h"

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the C++20 standard headers behind these
#include "core/base/job.h"
#endif

#include <QObject>
#include <QString>

#include <filesystem>
#include <memory>
#include <vector>

namespace precordia {

class Study;

class CaliperStore : public QObject {
    Q_OBJECT
public:
    explicit CaliperStore(QObject* parent = nullptr);
    ~CaliperStore() override; // what is pending is written first

    void keep(const std::filesystem::path& study, RecordingId recording, const std::vector<Caliper>& calipers);
    // As a person left them, written or not. `study` is the one of the folder.
    std::vector<Caliper> load(const Study& study, const std::filesystem::path& folder, RecordingId recording) const;
    bool pending() const; // something is not written yet

Q_SIGNALS:
    // Not written; tried again with the next change, and at the end.
    void failed(const QString& reason);

private:
    struct Queue;
    static Result<Done> write(Queue& queue);

    std::shared_ptr<Queue> queue_; // the job's too
    std::unique_ptr<JobRunner> runner_;
};

} // namespace precordia
