// SPDX-License-Identifier: GPL-3.0-or-later
// Long work off the caller's thread. A job takes a stop token and a progress sink and returns a Result<T>;
// the result crosses threads once, through the runner's `deliver` (the window posts it to its event loop).
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace precordia {

template <typename T>
using Job = std::function<Result<T>(StopToken, Progress&)>;

enum class JobStatus { Queued, Running, Finished, Failed, Cancelled };

struct JobInfo {
    int id = 0;
    std::string title;
    JobStatus status = JobStatus::Queued;
    bool stopRequested = false;
    ProgressState progress;
    std::string error; // Error::text() when Failed
};

class JobRunner {
public:
    using Deliver = std::function<void(std::function<void()>)>;

    // threads: how many jobs run at once. deliver: runs a callback on the listener's thread; by default on the worker.
    explicit JobRunner(int threads = 2, Deliver deliver = {});
    ~JobRunner(); // asks every job to stop and waits for its next safe point
    JobRunner(const JobRunner&) = delete;
    JobRunner& operator=(const JobRunner&) = delete;

    // Queues a job; `done` gets its result through deliver. Returns the job's id.
    template <typename T>
    int start(std::string title, Job<T> job, std::function<void(Result<T>)> done) {
        return enqueue(std::move(title),
                       [this, job = std::move(job), done = std::move(done)](StopToken stop, Progress& p) {
                           auto result = std::make_shared<Result<T>>(run(job, std::move(stop), p));
                           Outcome outcome{result->ok()       ? JobStatus::Finished
                                           : result->failed() ? JobStatus::Failed
                                                              : JobStatus::Cancelled,
                                           result->failed() ? result->error().text() : std::string{}, [result, done] {
                                               if (done)
                                                   done(std::move(*result));
                                           }};
                           return outcome;
                       });
    }

    void stop(int id);
    void stopAll();
    void waitForAll(); // blocks: for the command line, tests and closing, never for a window at work
    std::vector<JobInfo> jobs() const;
    bool busy() const;
    // Called through deliver whenever the list of jobs or a progress changed.
    void onChanged(std::function<void()> changed);

private:
    struct Outcome {
        JobStatus status;
        std::string error;
        std::function<void()> finish;
    };
    struct Entry;

    // An exception that escapes a job is a defect of ours: it becomes an error, never a crash of the window.
    template <typename T>
    static Result<T> run(const Job<T>& job, StopToken stop, Progress& progress) {
        if (stop.stop_requested())
            return Cancelled{}; // stopped while it waited: it never begins
        try {
            return job(std::move(stop), progress);
        } catch (const std::bad_alloc&) {
            return makeError(ErrorCode::OutOfMemory, "the job needs more memory than there is");
        } catch (const std::exception& e) {
            return makeError(ErrorCode::Bug, e.what());
        } catch (...) {
            return makeError(ErrorCode::Bug, "something that is no exception was thrown");
        }
    }

    int enqueue(std::string title, std::function<Outcome(StopToken, Progress&)> work);
    void loop(const std::stop_token& quit);
    void requestStop(const std::function<bool(const JobInfo&)>& chosen);
    void changed();

    Deliver deliver_;
    mutable std::mutex mutex_;
    std::condition_variable_any wake_;
    std::condition_variable idle_;
    std::deque<std::shared_ptr<Entry>> queue_;
    std::vector<std::shared_ptr<Entry>> entries_;
    std::function<void()> onChanged_;
    int nextId_ = 1;
    int unfinished_ = 0;
    std::vector<std::jthread> threads_; // last: joined first
};

} // namespace precordia
