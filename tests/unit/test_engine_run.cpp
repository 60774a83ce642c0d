// SPDX-License-Identifier: GPL-3.0-or-later
// The folder of a new run is nobody else's; a verdict is told once and not at every diagnosis.
#include "core/engine/new_run.h"
#include "core/engine/run_history.h"
#include "core/engine/verdict.h"
#include "core/engine/verdict_news.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

using namespace precordia;
namespace fs = std::filesystem;

class TestEngineRun : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void runsOfOneSecondHaveNamesOfTheirOwn();
    void whatWasWrittenStays();
    void aFolderThatCannotBeMadeIsAnError();
    void aVerdictIsToldWhenItChanges();

private:
    static constexpr const char* kConfig = R"({"name": "nano"})";
    static std::chrono::system_clock::time_point noon() {
        std::tm local{};
        local.tm_year = 126, local.tm_mon = 10, local.tm_mday = 28, local.tm_hour = 12, local.tm_isdst = -1;
        return std::chrono::system_clock::from_time_t(std::mktime(&local));
    }
};

void TestEngineRun::runsOfOneSecondHaveNamesOfTheirOwn() {
    const QTemporaryDir dir;
    const fs::path runs = fs::path(dir.path().toStdString()) / "study" / "runs"; // not there yet
    std::vector<NewRunFolder> kept;
    for (const char* name : {"2026-11-28-120000-nano", "2026-11-28-120000-nano-2", "2026-11-28-120000-nano-3"}) {
        auto made = NewRunFolder::make(runs, kConfig, noon());
        QVERIFY2(made.ok(), failureText(made).c_str());
        QCOMPARE(made->path(), runs / name);
        QVERIFY(fs::is_directory(made->path()));
        kept.push_back(std::move(*made));
    }
    auto other = NewRunFolder::make(runs, R"({"name": "small"})", noon());
    QCOMPARE(other->path().filename().string(), std::string("2026-11-28-120000-small"));

    std::mutex mutex;
    std::set<fs::path> names;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&] {
                for (int one = 0; one < 5; ++one) {
                    auto made = NewRunFolder::make(runs, kConfig, noon());
                    const std::lock_guard lock(mutex);
                    names.insert(made->path());
                    kept.push_back(std::move(*made));
                }
            });
    }
    QCOMPARE(names.size(), 40U);
}

void TestEngineRun::whatWasWrittenStays() {
    const QTemporaryDir dir;
    const fs::path runs = dir.path().toStdString();
    fs::path empty, begun;
    {
        auto first = NewRunFolder::make(runs, kConfig, noon());
        auto second = NewRunFolder::make(runs, kConfig, noon());
        empty = first->path(), begun = second->path();
        std::ofstream(begun / "config.json") << kConfig;
        QVERIFY(fs::exists(empty) && fs::exists(begun));
    }
    QVERIFY(!fs::exists(empty));
    QVERIFY(fs::exists(begun / "config.json"));
    QCOMPARE(readRuns(runs).size(), 1U);
}

void TestEngineRun::aFolderThatCannotBeMadeIsAnError() {
    const QTemporaryDir dir;
    const fs::path file = fs::path(dir.path().toStdString()) / "file";
    std::ofstream(file) << "no folder";
    const auto made = NewRunFolder::make(file, kConfig, noon());
    QVERIFY(made.failed());
    QCOMPARE(made.error().code, ErrorCode::FileUnwritable);
}

// The words are those of judge(): other figures are no news, another level or another sign is.
void TestEngineRun::aVerdictIsToldWhenItChanges() {
    constexpr LevelDiagnostics kStart{0.5, 20, 0.5, 0.4, 0};
    const auto update = [&](std::int64_t step, LevelDiagnostics event, LevelDiagnostics interval) {
        const auto verdict =
            judge({{"interval", kStart}, {"event", kStart}}, {{"interval", interval}, {"event", event}}, {}, step);
        TrainUpdate out;
        out.step = step;
        out.verdict = verdict.word, out.verdictText = verdict.text, out.advice = verdict.advice;
        return out;
    };
    const auto narrow = [](double rank) { return LevelDiagnostics{0.5, rank, 0.5, 0.4, 0}; };
    VerdictNews news;
    const auto told = [&](std::int64_t step, LevelDiagnostics event, LevelDiagnostics interval) {
        const auto one = update(step, event, interval);
        const bool isNews = news.isNews(one);
        return (isNews ? "* " : "") + one.verdict;
    };
    QCOMPARE(told(50, kStart, kStart), std::string("early")); // nothing to say yet
    QVERIFY(!news.isNews(TrainUpdate{}));                     // between two diagnoses
    QCOMPARE(told(100, kStart, kStart), std::string("* healthy"));
    QCOMPARE(told(150, narrow(19), kStart), std::string("healthy"));
    QCOMPARE(told(200, narrow(6.5), kStart), std::string("* collapsing"));
    for (int i = 0; i < 100; ++i)
        QCOMPARE(told(250 + i, narrow(6.4 - 0.02 * i), kStart), std::string("collapsing"));
    QCOMPARE(told(400, narrow(5), narrow(5)), std::string("* collapsing")); // the intervals too
    QCOMPARE(told(450, narrow(4.8), narrow(4.9)), std::string("collapsing"));
    QCOMPARE(told(500, narrow(3), narrow(5)), std::string("* collapsed"));
    QCOMPARE(told(550, narrow(1.5), narrow(5)), std::string("collapsed"));
    QCOMPARE(told(600, narrow(0.00001), narrow(5)), std::string("collapsed")); // "1e-05"
    QCOMPARE(told(650, narrow(5), kStart), std::string("* collapsing"));
    QCOMPARE(told(700, kStart, kStart), std::string("* healthy"));
    QCOMPARE(told(750, kStart, kStart), std::string("healthy"));
    // A resumed run begins where it is.
    VerdictNews again;
    QVERIFY(again.isNews(update(700, narrow(5), kStart)));
    QVERIFY(!again.isNews(update(750, narrow(5.1), kStart)));
}

QTEST_GUILESS_MAIN(TestEngineRun)
#include "test_engine_run.moc"
