// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ecg/caliper_store.h"

#include "core/study/study.h"
#include "ui/texts.h"

#include <QMetaObject>

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <string>

namespace precordia {

namespace {

std::string keyOf(RecordingId recording) {
    return "calipers/" + std::to_string(recording.value);
}

Result<Done> writeOne(const std::filesystem::path& folder, RecordingId recording, const std::string& json) {
    const auto study = Study::open(folder);
    return study ? (*study)->setValue(keyOf(recording), json) : study.as<Done>();
}

} // namespace

// One entry a recording, in the order of their first change that is not written.
struct CaliperStore::Queue {
    struct Entry {
        std::filesystem::path folder;
        RecordingId recording;
        std::string json;
        std::uint64_t version = 1;
        std::uint64_t tried = 0; // the version last tried to write
    };
    mutable std::mutex mutex; // held for moments only, never while a study is written
    std::vector<Entry> entries;
    bool working = false;

    std::vector<Entry>::iterator find(const std::filesystem::path& folder, RecordingId recording) {
        return std::find_if(entries.begin(), entries.end(),
                            [&](const Entry& e) { return e.recording == recording && e.folder == folder; });
    }
    void tryAllAgain() {
        for (auto& entry : entries)
            entry.tried = 0;
    }
};

CaliperStore::CaliperStore(QObject* parent)
    : QObject(parent)
    , queue_(std::make_shared<Queue>())
    , runner_(std::make_unique<JobRunner>(1, [this](std::function<void()> f) {
        QMetaObject::invokeMethod(this, std::move(f), Qt::QueuedConnection);
    })) {}

CaliperStore::~CaliperStore() {
    runner_->waitForAll();
    runner_.reset();
    {
        const std::lock_guard lock(queue_->mutex);
        queue_->tryAllAgain();
    }
    (void)write(*queue_); // nobody is left to be told
}

// Until every entry is written or was tried as it is now; the first failure.
Result<Done> CaliperStore::write(Queue& queue) {
    Result<Done> outcome = Done{};
    while (true) {
        Queue::Entry entry;
        {
            const std::lock_guard lock(queue.mutex);
            const auto next = std::find_if(queue.entries.begin(), queue.entries.end(),
                                           [](const Queue::Entry& e) { return e.tried != e.version; });
            if (next == queue.entries.end()) {
                queue.working = false;
                return outcome;
            }
            next->tried = next->version;
            entry = *next;
        }
        const auto written = writeOne(entry.folder, entry.recording, entry.json);
        if (!written) {
            if (outcome.ok())
                outcome = written;
            continue;
        }
        const std::lock_guard lock(queue.mutex);
        if (const auto at = queue.find(entry.folder, entry.recording); at->version == entry.version)
            queue.entries.erase(at);
    }
}

void CaliperStore::keep(const std::filesystem::path& study, RecordingId recording,
                        const std::vector<Caliper>& calipers) {
    {
        const std::lock_guard lock(queue_->mutex);
        if (const auto at = queue_->find(study, recording); at != queue_->entries.end()) {
            at->json = calipersToJson(calipers);
            ++at->version;
        } else {
            queue_->entries.push_back({study, recording, calipersToJson(calipers)});
        }
        queue_->tryAllAgain();
        if (queue_->working)
            return; // it will come to this one
        queue_->working = true;
    }
    runner_->start<Done>(
        "calipers", [queue = queue_](StopToken, Progress&) { return write(*queue); },
        [this](const Result<Done>& written) {
            if (written.failed())
                Q_EMIT failed(Texts::failure(written));
        });
}

std::vector<Caliper> CaliperStore::load(const Study& study, const std::filesystem::path& folder,
                                        RecordingId recording) const {
    {
        const std::lock_guard lock(queue_->mutex);
        if (const auto at = queue_->find(folder, recording); at != queue_->entries.end())
            return calipersFromJson(at->json);
    }
    return calipersFromJson(study.value(keyOf(recording)));
}

bool CaliperStore::pending() const {
    const std::lock_guard lock(queue_->mutex);
    return !queue_->entries.empty();
}

} // namespace precordia
