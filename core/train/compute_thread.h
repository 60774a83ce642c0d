// SPDX-License-Identifier: GPL-3.0-or-later
// The one thread that calls torch. Long work (a pretraining, fitting a decoder, a bench) runs one at a time; short work
// (loading a model, encoding a batch) is served between the steps of the long one.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace precordia {

class ComputeThread {
public:
    ComputeThread();
    ~ComputeThread(); // refuses new work, waits for the current step
    ComputeThread(const ComputeThread&) = delete;
    ComputeThread& operator=(const ComputeThread&) = delete;

    enum class Kind { Short, Long };
    // Runs the work on the compute thread and waits for its end; false when the engine is being closed. Called on the
    // compute thread itself (from a callback), it runs at once. The work must not throw.
    bool run(Kind kind, const std::function<void()>& work);

    // For long work, between two steps: does the short work that waits.
    void serve();
    // The same for at least this long, or until something has been done: what a paused run does.
    void serveFor(std::chrono::milliseconds time);
    bool closing() const;

private:
    struct Task;
    void loop();
    Task* next(bool shortOnly);
    void execute(Task& task);

    mutable std::mutex mutex_;
    std::condition_variable wake_, finished_;
    std::deque<Task*> short_, long_;
    bool closing_ = false;
    std::thread thread_; // last: starts when all else is there
};

} // namespace precordia
