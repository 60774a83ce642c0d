// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/train/compute_thread.h"

namespace precordia {

struct ComputeThread::Task {
    const std::function<void()>* work = nullptr;
    bool done = false;
};

ComputeThread::ComputeThread() : thread_([this] { loop(); }) {}

ComputeThread::~ComputeThread() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

bool ComputeThread::run(Kind kind, const std::function<void()>& work) {
    if (std::this_thread::get_id() == thread_.get_id()) {
        work();
        return true;
    }
    Task task{&work, false};
    std::unique_lock lock(mutex_);
    if (closing_)
        return false;
    (kind == Kind::Short ? short_ : long_).push_back(&task);
    wake_.notify_all();
    finished_.wait(lock, [&task] { return task.done; });
    return true;
}

bool ComputeThread::closing() const {
    const std::lock_guard lock(mutex_);
    return closing_;
}

// With the mutex held.
ComputeThread::Task* ComputeThread::next(bool shortOnly) {
    auto& queue = !short_.empty() || shortOnly ? short_ : long_;
    if (queue.empty())
        return nullptr;
    auto* task = queue.front();
    queue.pop_front();
    return task;
}

void ComputeThread::execute(Task& task) {
    (*task.work)();
    {
        const std::lock_guard lock(mutex_);
        task.done = true;
    }
    finished_.notify_all();
}

void ComputeThread::serve() {
    for (;;) {
        Task* task = nullptr;
        {
            const std::lock_guard lock(mutex_);
            task = next(true);
        }
        if (task == nullptr)
            return;
        execute(*task);
    }
}

void ComputeThread::serveFor(std::chrono::milliseconds time) {
    {
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, time, [this] { return closing_ || !short_.empty(); });
    }
    serve();
}

void ComputeThread::loop() {
    for (;;) {
        Task* task = nullptr;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [this] { return closing_ || !short_.empty() || !long_.empty(); });
            task = next(false);
            // What was accepted before closing is still done: its caller waits for it.
            if (task == nullptr)
                return;
        }
        execute(*task);
    }
}

} // namespace precordia
