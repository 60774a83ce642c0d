// SPDX-License-Identifier: GPL-3.0-or-later
// Two processes do together what one does alone. Here they are two engines of one process: each has its own compute
// thread, and they talk over the loopback as processes do.
#include "core/base/hash.h"
#include "core/train/checkpoint.h"
#include "core/train/engine_impl.h"
#include "tests/golden/train_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <fstream>
#include <sstream>
#include <thread>

using namespace precordia;
using namespace precordia::test;
namespace fs = std::filesystem;

namespace {

struct Row {
    double total = 0, channel = 0, temporal = 0, regulariser = 0, gradientNorm = 0;
};

class TestTrainProcesses : public QObject {
    Q_OBJECT

    QTemporaryDir dir_;
    std::shared_ptr<MemoryWindows> windows_ = tinyWindows(23);
    int runs_ = 0;

    fs::path fresh() { return fs::path(dir_.path().toStdString()) / std::to_string(runs_++); }
    PretrainRequest request(const fs::path& folder, const std::string& config);
    std::vector<Result<RunSummary>> together(int processes, const std::vector<PretrainRequest>& requests);

private Q_SLOTS:
    void theLossIsThatOfOneProcess_data();
    void theLossIsThatOfOneProcess();
    void anyOfThemStopsAllAndEitherNumberGoesOn();
    void whatDoesNotFitTogetherIsRefused();
    void anAddressElsewhereIsRefused();
};

} // namespace

PretrainRequest TestTrainProcesses::request(const fs::path& folder, const std::string& config) {
    PretrainRequest r;
    r.windows = windows_;
    r.configJson = config;
    r.runFolder = folder;
    r.device = "cpu";
    return r;
}

// Each request by an engine of its own, all at the same time.
std::vector<Result<RunSummary>> TestTrainProcesses::together(int processes,
                                                             const std::vector<PretrainRequest>& requests) {
    const auto store = fresh().string() + ".store";
    std::vector<std::optional<Result<RunSummary>>> results(requests.size());
    {
        std::vector<std::jthread> threads;
        for (std::size_t rank = 0; rank < requests.size(); ++rank)
            threads.emplace_back([&, rank] {
                EngineImpl engine;
                auto mine = requests[rank];
                mine.place = ProcessPlace{static_cast<int>(rank), processes, store, {}, 0, false, {}};
                results[rank].emplace(engine.pretrain(mine));
            });
    }
    std::vector<Result<RunSummary>> out;
    for (auto& result : results)
        out.push_back(std::move(*result));
    return out;
}

void TestTrainProcesses::theLossIsThatOfOneProcess_data() {
    QTest::addColumn<int>("processes");
    QTest::addColumn<QString>("regulariser");
    QTest::newRow("two, VICReg") << 2 << "vicreg";
    QTest::newRow("two, SIGReg") << 2 << "sigreg";
    QTest::newRow("two, none") << 2 << "none";
    QTest::newRow("three with shares of 2, 2 and 3") << 3 << "vicreg";
}

void TestTrainProcesses::theLossIsThatOfOneProcess() {
    QFETCH(int, processes);
    QFETCH(QString, regulariser);
    // A heavy regulariser: it is what looks past a process's own recordings. Dropout: its chance must be the same too.
    const auto config = tinyConfig(
        {"batch=7", "steps=25", "regulariser_weight=0.5", "dropout=0.1", "regulariser=" + regulariser.toStdString()});
    const auto record = [](PretrainRequest& r, std::vector<Row>& rows) {
        r.onUpdate = [&rows](const TrainUpdate& u) {
            if (u.step > 0)
                rows.push_back({u.total, u.channel, u.temporal, u.regulariser, u.gradientNorm});
        };
    };
    std::vector<Row> alone;
    auto one = request(fresh(), config);
    record(one, alone);
    EngineImpl engine;
    const auto whole = engine.pretrain(one);
    QVERIFY2(whole.ok(), failureText(whole).c_str());

    std::vector<std::vector<Row>> shared(static_cast<std::size_t>(processes));
    const auto folder = fresh();
    std::vector<PretrainRequest> requests(static_cast<std::size_t>(processes), request(folder, config));
    for (std::size_t rank = 0; rank < requests.size(); ++rank)
        record(requests[rank], shared[rank]);
    for (const auto& result : together(processes, requests))
        QVERIFY2(result.ok(), failureText(result).c_str());

    double worst = 0;
    QCOMPARE(alone.size(), std::size_t{25});
    for (const auto& rows : shared) {
        QCOMPARE(rows.size(), alone.size());
        for (std::size_t i = 0; i < rows.size(); ++i)
            for (const auto value :
                 {&Row::total, &Row::channel, &Row::temporal, &Row::regulariser, &Row::gradientNorm}) {
                const double expected = alone[i].*value;
                if (expected != 0)
                    worst = std::max(worst, std::abs(rows[i].*value - expected) / std::abs(expected));
                else
                    QCOMPARE(rows[i].*value, 0.0);
            }
    }
    qInfo("largest relative difference in 25 steps: %.2g", worst);
    QVERIFY2(worst < 1e-5, qPrintable(QString::number(worst)));
    QVERIFY(fs::exists(folder / "model.safetensors"));
    const auto rows = QString::fromUtf8(contents(folder / "metrics.csv")).count(QLatin1Char('\n'));
    QCOMPARE(rows, 2 + 25); // head, start, steps: written by one process alone
}

void TestTrainProcesses::anyOfThemStopsAllAndEitherNumberGoesOn() {
    const auto config = tinyConfig({"batch=6", "steps=20"});
    EngineImpl engine;
    const auto whole = engine.pretrain(request(fresh(), config));
    QVERIFY(whole.ok());
    for (const std::size_t stopper : {0, 1}) {
        const auto folder = fresh();
        std::stop_source stop;
        std::vector<PretrainRequest> requests(2, request(folder, config));
        requests[stopper].stop = stop.get_token();
        requests[stopper].onUpdate = [&stop](const TrainUpdate& u) {
            if (u.step == 8)
                stop.request_stop();
        };
        for (const auto& result : together(2, requests))
            QVERIFY(result.cancelled());
        QCOMPARE(newestCheckpoint(folder)->state.step, 8);
        const auto copy = fresh();
        fs::copy(folder, copy, fs::copy_options::recursive);

        auto onward = request(folder, config); // by one
        onward.resume = true;
        const auto resumed = engine.pretrain(onward);
        QVERIFY2(resumed.ok(), failureText(resumed).c_str());
        QVERIFY(std::abs(resumed->last.total - whole->last.total) < 1e-5 * whole->last.total);
        onward.runFolder = copy; // by two
        for (const auto& result : together(2, {onward, onward})) {
            QVERIFY2(result.ok(), failureText(result).c_str());
            QVERIFY(std::abs(result->last.total - whole->last.total) < 1e-5 * whole->last.total);
        }
    }
}

void TestTrainProcesses::whatDoesNotFitTogetherIsRefused() {
    // Another configuration, or a folder where a run is already: every process ends, and nothing is overwritten.
    const auto folder = fresh();
    auto results = together(2, {request(folder, tinyConfig({"learning_rate=0.001"})),
                                request(folder, tinyConfig({"learning_rate=0.002"}))});
    for (const auto& result : results) {
        QVERIFY(result.failed());
        QCOMPARE(result.error().code, ErrorCode::WrongUse);
    }
    const auto taken = request(folder, tinyConfig());
    results = together(2, {taken, taken});
    QVERIFY(results[0].failed());
    QCOMPARE(results[0].error().code, ErrorCode::AlreadyExists);
    QVERIFY(results[1].failed());
    QCOMPARE(results[1].error().code, kProcessLost);
    const auto small = request(fresh(), tinyConfig({"batch=2"}));
    for (const auto& result : together(3, {small, small, small})) {
        QVERIFY(result.failed());
        QCOMPARE(result.error().code, ErrorCode::ConfigInvalid);
    }
}

void TestTrainProcesses::anAddressElsewhereIsRefused() {
    EngineImpl engine;
    auto r = request(fresh(), tinyConfig());
    r.place = ProcessPlace{0, 2, {}, "192.0.2.1", 29500, false, {}};
    const auto result = engine.pretrain(r);
    QVERIFY(result.failed());
    QCOMPARE(result.error().code, ErrorCode::WrongUse);
    QVERIFY(!fs::exists(r.runFolder));
}

QTEST_GUILESS_MAIN(TestTrainProcesses)
#include "test_train_processes.moc"
