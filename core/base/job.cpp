// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/job.h"

#include <algorithm>

namespace precordia {

struct JobRunner::Entry {
    JobInfo info;
    std::stop_source stop;
    std::function<Outcome(StopToken, Progress&)> work;
};

namespace {
constexpr std::size_t kKeptEntries = 50; // finished jobs a view may still want to show
}

JobRunner::JobRunner(int threads, Deliver deliver) : deliver_(std::move(deliver)) {
    if (!deliver_)
        deliver_ = [](const std::function<void()>& f) { f(); };
    for (int i = 0; i < std::max(1, threads); ++i)
        threads_.emplace_back([this](const std::stop_token& quit) { loop(quit); });
}

JobRunner::~JobRunner() {
    onChanged({}); // its owner is on the way out
    stopAll();
    for (auto& thread : threads_)
        thread.request_stop();
    wake_.notify_all();
    threads_.clear();
}

int JobRunner::enqueue(std::string title, std::function<Outcome(StopToken, Progress&)> work) {
    auto entry = std::make_shared<Entry>();
    {
        const std::lock_guard lock(mutex_);
        entry->info.id = nextId_++;
        entry->info.title = std::move(title);
        entry->work = std::move(work);
        queue_.push_back(entry);
        entries_.push_back(entry);
        if (entries_.size() > kKeptEntries) {
            const auto finished = std::find_if(entries_.begin(), entries_.end(), [](const auto& e) {
                return e->info.status != JobStatus::Queued && e->info.status != JobStatus::Running;
            });
            if (finished != entries_.end())
                entries_.erase(finished);
        }
        ++unfinished_;
    }
    wake_.notify_one();
    changed();
    return entry->info.id;
}

void JobRunner::loop(const std::stop_token& quit) {
    while (true) {
        std::shared_ptr<Entry> entry;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, quit, [this] { return !queue_.empty(); });
            if (queue_.empty())
                return; // asked to quit, and nothing waits
            entry = queue_.front();
            queue_.pop_front();
            entry->info.status = JobStatus::Running;
        }
        changed();
        Progress progress([this, entry](const ProgressState& state) {
            {
                const std::lock_guard lock(mutex_);
                entry->info.progress = state;
            }
            changed();
        });
        Outcome outcome = entry->work(entry->stop.get_token(), progress);
        // What the job holds may be large or have a destructor with a mind of its own: it dies outside the lock.
        entry->work = {};
        {
            const std::lock_guard lock(mutex_);
            entry->info.status = outcome.status;
            entry->info.error = outcome.error;
        }
        deliver_(std::move(outcome.finish));
        {
            const std::lock_guard lock(mutex_);
            --unfinished_;
        }
        idle_.notify_all();
        changed(); // after the count: a listener that asks busy() now hears the truth
    }
}

void JobRunner::changed() {
    std::function<void()> callback;
    {
        const std::lock_guard lock(mutex_);
        callback = onChanged_;
    }
    if (callback)
        deliver_(callback);
}

void JobRunner::stop(int id) {
    requestStop([id](const JobInfo& info) { return info.id == id; });
    changed();
}

void JobRunner::stopAll() {
    requestStop([](const JobInfo&) { return true; });
    changed();
}

void JobRunner::requestStop(const std::function<bool(const JobInfo&)>& chosen) {
    std::vector<std::stop_source> sources;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& entry : entries_) {
            const bool open = entry->info.status == JobStatus::Queued || entry->info.status == JobStatus::Running;
            if (!open || !chosen(entry->info))
                continue;
            entry->info.stopRequested = true;
            sources.push_back(entry->stop);
        }
    }
    // A job's stop_callback runs inside request_stop() and may ask the runner something: not under its lock.
    for (auto& source : sources)
        source.request_stop();
}

void JobRunner::waitForAll() {
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return unfinished_ == 0; });
}

std::vector<JobInfo> JobRunner::jobs() const {
    const std::lock_guard lock(mutex_);
    std::vector<JobInfo> out;
    out.reserve(entries_.size());
    for (const auto& entry : entries_)
        out.push_back(entry->info);
    return out;
}

bool JobRunner::busy() const {
    const std::lock_guard lock(mutex_);
    return unfinished_ > 0;
}

void JobRunner::onChanged(std::function<void()> changed) {
    const std::lock_guard lock(mutex_);
    onChanged_ = std::move(changed);
}

} // namespace precordia
