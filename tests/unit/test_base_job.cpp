// SPDX-License-Identifier: GPL-3.0-or-later
// The runner without an event loop: each test waits on the runner itself, never on a clock.
#include "core/base/job.h"

#include <QTest>

#include <atomic>
#include <future>
#include <stdexcept>

using namespace precordia;

namespace {

// Works until it is asked to stop; tells when it began.
Job<int> endless(std::promise<void>& began) {
    return [&began](StopToken stop, Progress&) -> Result<int> {
        began.set_value();
        std::mutex mutex;
        std::condition_variable_any wake;
        std::unique_lock lock(mutex);
        wake.wait(lock, stop, [] { return false; });
        return Cancelled{};
    };
}

} // namespace

class TestBaseJob : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aResultArrivesOnceThroughDeliver() {
        std::mutex mutex;
        std::vector<std::function<void()>> posted;
        JobRunner runner(2, [&](std::function<void()> f) {
            const std::lock_guard lock(mutex);
            posted.push_back(std::move(f));
        });
        std::vector<int> got;
        runner.start<int>(
            "six", [](StopToken, Progress&) -> Result<int> { return 6; }, [&](Result<int> r) { got.push_back(*r); });
        runner.waitForAll();
        QVERIFY(got.empty()); // only what is delivered runs
        for (const auto& f : posted)
            f();
        QCOMPARE(got, std::vector<int>{6});
        QVERIFY(runner.jobs().front().status == JobStatus::Finished);
        QVERIFY(!runner.busy());
    }

    void failureCancelAndExceptionAreToldApart() {
        JobRunner runner(1);
        std::string failure, thrown, odd;
        bool memory = false, cancelled = false;
        using R = Result<int>;
        runner.start<int>(
            "fails", [](StopToken, Progress&) -> R { return makeError(ErrorCode::NotFound, "no such run"); },
            [&](R r) { failure = r.error().message; });
        runner.start<int>(
            "throws", [](StopToken, Progress&) -> R { throw std::runtime_error("boom"); },
            [&](R r) { thrown = r.error().text(); });
        runner.start<int>(
            "odd", [](StopToken, Progress&) -> R { throw 42; }, [&](R r) { odd = r.error().text(); });
        runner.start<int>(
            "memory", [](StopToken, Progress&) -> R { throw std::bad_alloc(); },
            [&](R r) { memory = r.error().code == ErrorCode::OutOfMemory; });
        runner.start<int>(
            "stopped", [](StopToken, Progress&) -> R { return Cancelled{}; }, [&](R r) { cancelled = r.cancelled(); });
        runner.waitForAll();
        QCOMPARE(failure, std::string("no such run"));
        QVERIFY(thrown.find("boom") != std::string::npos && thrown.find("defect") != std::string::npos);
        QVERIFY(odd.find("defect") != std::string::npos);
        QVERIFY(memory && cancelled);
        const auto jobs = runner.jobs();
        QVERIFY(jobs[0].status == JobStatus::Failed && !jobs[0].error.empty());
        QVERIFY(jobs[4].status == JobStatus::Cancelled && jobs[4].error.empty());
    }

    void stopReachesTheRunningJobAndOneThatWaits() {
        JobRunner runner(1);
        std::promise<void> began;
        bool cancelled = false, waitingCancelled = false, waitingRan = false;
        const int running =
            runner.start<int>("runs", endless(began), [&](Result<int> r) { cancelled = r.cancelled(); });
        const int waiting = runner.start<int>(
            "waits",
            [&](StopToken, Progress&) -> Result<int> {
                waitingRan = true;
                return 1;
            },
            [&](Result<int> r) { waitingCancelled = r.cancelled(); });
        began.get_future().wait();
        runner.stop(waiting);
        runner.stop(running);
        runner.waitForAll();
        QVERIFY(cancelled);
        QVERIFY(waitingCancelled);
        QVERIFY(!waitingRan);
        for (const auto& job : runner.jobs())
            QVERIFY(job.status == JobStatus::Cancelled && job.stopRequested);
    }

    void aStopCallbackMayAskTheRunner() {
        JobRunner runner(1);
        std::promise<void> began;
        std::atomic<int> asked = 0;
        runner.start<int>("asks",
                          [&](StopToken stop, Progress&) -> Result<int> {
                              std::promise<void> stopped;
                              const std::stop_callback callback(stop, [&] {
                                  asked = static_cast<int>(runner.jobs().size()); // would hang under the runner's lock
                                  stopped.set_value();
                              });
                              began.set_value();
                              stopped.get_future().wait();
                              return Cancelled{};
                          },
                          {});
        began.get_future().wait();
        runner.stopAll();
        runner.waitForAll();
        QCOMPARE(asked.load(), 1);
    }

    void destructionStopsWhatRunsAndWaits() {
        std::promise<void> began;
        std::atomic<int> done = 0;
        {
            JobRunner runner(1);
            runner.start<int>("runs", endless(began), [&](Result<int> r) { done += r.cancelled() ? 1 : 100; });
            for (int i = 0; i < 3; ++i)
                runner.start<int>(
                    "waits", [](StopToken, Progress&) -> Result<int> { return 1; },
                    [&](Result<int> r) { done += r.cancelled() ? 1 : 100; });
            began.get_future().wait();
        }
        QCOMPARE(done.load(), 4); // each told, none run
    }

    void changesAreToldAndBusyIsTrueToTheEnd() {
        std::atomic<bool> lastBusy = true;
        std::atomic<int> progressSeen = 0;
        {
            JobRunner runner(1);
            runner.onChanged([&] {
                lastBusy = runner.busy();
                for (const auto& job : runner.jobs())
                    if (job.progress.phase == "half")
                        progressSeen = static_cast<int>(job.progress.total);
            });
            std::promise<void> told;
            runner.start<int>("works",
                              [](StopToken, Progress& p) -> Result<int> {
                                  p.begin("half", 8);
                                  return 0;
                              },
                              {});
            runner.waitForAll();
            QTRY_VERIFY(!lastBusy); // the last change comes after the count went down
        }
        QCOMPARE(progressSeen.load(), 8);
    }

    void twoThreadsRunTwoJobsAtOnce() {
        JobRunner runner(2);
        std::promise<void> a, b;
        auto fa = a.get_future(), fb = b.get_future();
        // Each waits for the other: with one thread this would never end.
        runner.start<int>("a",
                          [&](StopToken, Progress&) -> Result<int> {
                              a.set_value();
                              fb.wait();
                              return 0;
                          },
                          {});
        runner.start<int>("b",
                          [&](StopToken, Progress&) -> Result<int> {
                              b.set_value();
                              fa.wait();
                              return 0;
                          },
                          {});
        runner.waitForAll();
        QVERIFY(!runner.busy());
    }

    void theListStaysShort() {
        JobRunner runner(1);
        for (int i = 0; i < 200; ++i) {
            runner.start<int>("n", [](StopToken, Progress&) -> Result<int> { return 0; }, {});
            runner.waitForAll();
        }
        QVERIFY(runner.jobs().size() <= 51);
        QCOMPARE(runner.jobs().back().id, 200);
    }
};

QTEST_APPLESS_MAIN(TestBaseJob)
#include "test_base_job.moc"
