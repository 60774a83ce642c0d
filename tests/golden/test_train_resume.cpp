// SPDX-License-Identifier: GPL-3.0-or-later
// A run is a folder that survives: stopped, cut off or failed, it goes on bit for bit.
#include "core/train/checkpoint.h"
#include "core/train/engine_impl.h"
#include "tests/golden/train_fixture.h"

#include <QScopeGuard>
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

#include <fstream>
#include <limits>

using namespace precordia;
using namespace precordia::test;
namespace fs = std::filesystem;

namespace {

class Folder {
public:
    fs::path operator/(const char* name) const { return fs::path(dir_.path().toStdString()) / name; }

private:
    QTemporaryDir dir_;
};

// Asks the run to stop right after the given step.
Result<RunSummary> runUntil(Engine& engine, PretrainRequest request, std::int64_t stopAfter) {
    std::stop_source stop;
    request.stop = stop.get_token();
    request.onUpdate = [&stop, stopAfter](const TrainUpdate& update) {
        if (update.step == stopAfter)
            stop.request_stop();
    };
    return engine.pretrain(request);
}

PretrainRequest request(const std::shared_ptr<const WindowSource>& windows, const fs::path& folder,
                        const std::string& config) {
    PretrainRequest r;
    r.windows = windows;
    r.configJson = config;
    r.runFolder = folder;
    r.device = "cpu";
    return r;
}

QStringList stepsOf(const fs::path& metrics) {
    QStringList steps;
    for (const auto& line : QString::fromUtf8(contents(metrics)).split(QLatin1Char('\n'), Qt::SkipEmptyParts))
        steps << line.section(QLatin1Char(','), 0, 0);
    return steps;
}

} // namespace

class TestTrainResume : public QObject {
    Q_OBJECT

    EngineImpl engine_;
    std::shared_ptr<MemoryWindows> windows_ = tinyWindows(16);

private Q_SLOTS:
    void twentyStepsAreTenAndTen_data();
    void twentyStepsAreTenAndTen();
    void aCheckpointCutOffIsNotTaken();
    void keepsTheNewestTwo();
    void metricsAreCutBack();
    void refusesOtherData();
    void nonFiniteInputStopsWithTheLastGoodState();
    void stopsAfterAnEpoch();
    void servesRequestsBetweenSteps();
    void aFolderWithARunIsNotOverwritten();
};

void TestTrainResume::twentyStepsAreTenAndTen_data() {
    QTest::addColumn<int>("stopAfter");
    QTest::addColumn<QString>("regulariser");
    QTest::newRow("in the middle") << 10 << "vicreg";
    QTest::newRow("between checkpoints, inside an epoch, random directions") << 13 << "sigreg";
}

void TestTrainResume::twentyStepsAreTenAndTen() {
    QFETCH(int, stopAfter);
    QFETCH(QString, regulariser);
    const auto config = tinyConfig({"checkpoint_every=5", "regulariser=" + regulariser.toStdString()});
    const Folder folder;
    const auto whole = engine_.pretrain(request(windows_, folder / "whole", config));
    QVERIFY2(whole.ok(), failureText(whole).c_str());
    QCOMPARE(whole->steps, 20);

    auto parts = request(windows_, folder / "parts", config);
    QVERIFY(runUntil(engine_, parts, stopAfter).cancelled());
    QVERIFY(!fs::exists(folder / "parts/model.safetensors"));
    parts.resume = true;
    const auto resumed = engine_.pretrain(parts);
    QVERIFY2(resumed.ok(), failureText(resumed).c_str());

    // The files hold every weight, the teacher's included, and the last checkpoint both moments: one bit would show.
    const auto model = contents(whole->model);
    QVERIFY(model.size() > 10000);
    QCOMPARE(contents(resumed->model), model);
    QCOMPARE(contents(folder / "parts/checkpoints/step-20.safetensors"),
             contents(folder / "whole/checkpoints/step-20.safetensors"));
    QCOMPARE(resumed->last.total, whole->last.total);
    QCOMPARE(stepsOf(folder / "parts/metrics.csv"), stepsOf(folder / "whole/metrics.csv"));
}

void TestTrainResume::aCheckpointCutOffIsNotTaken() {
    const Folder folder;
    const auto config = tinyConfig({"checkpoint_every=4"});
    auto r = request(windows_, folder / "run", config);
    QVERIFY(runUntil(engine_, r, 9).cancelled());
    QCOMPARE(newestCheckpoint(folder / "run")->state.step, 9);
    // As a crash leaves it: weights shorter than promised; weights without their .json; a .json cut off.
    const auto weights = newestCheckpoint(folder / "run")->weights;
    fs::resize_file(weights, fs::file_size(weights) - 1);
    QCOMPARE(newestCheckpoint(folder / "run")->state.step, 8);
    fs::copy_file(folder / "run/checkpoints/step-8.safetensors", folder / "run/checkpoints/step-12.safetensors");
    QCOMPARE(newestCheckpoint(folder / "run")->state.step, 8);
    std::ofstream(folder / "run/checkpoints/step-12.json") << R"({"step": 12, "posi)";
    QCOMPARE(newestCheckpoint(folder / "run")->state.step, 8);
    fs::resize_file(folder / "run/checkpoints/step-8.safetensors", 100);
    QVERIFY(!newestCheckpoint(folder / "run"));
    r.resume = true;
    const auto result = engine_.pretrain(r);
    QVERIFY(result.failed()); // never silently from the start
    QCOMPARE(result.error().code, ErrorCode::NotFound);
}

void TestTrainResume::keepsTheNewestTwo() {
    const Folder folder;
    QVERIFY(engine_.pretrain(request(windows_, folder / "run", tinyConfig({"steps=9", "checkpoint_every=2"}))).ok());
    QStringList names;
    for (const auto& entry : fs::directory_iterator(folder / "run/checkpoints"))
        names << QString::fromStdString(entry.path().filename().string());
    names.sort();
    QCOMPARE(names, QStringList({"step-8.json", "step-8.safetensors", "step-9.json", "step-9.safetensors"}));
}

void TestTrainResume::metricsAreCutBack() {
    const Folder folder;
    auto r = request(windows_, folder / "run", tinyConfig({"steps=8", "checkpoint_every=5", "diagnose_every=4"}));
    QVERIFY(runUntil(engine_, r, 5).cancelled());
    // What a killed run leaves: rows after its last checkpoint, the last one without its end.
    std::ofstream(folder / "run/metrics.csv", std::ios::app) << "6,1,1,1,1,1,1,1,1,1,1,,,,,,,,,,,,,,,,,\n7,1,0.";
    r.resume = true;
    QVERIFY(engine_.pretrain(r).ok());
    QCOMPARE(stepsOf(folder / "run/metrics.csv"), QStringList({"step", "0", "1", "2", "3", "4", "5", "6", "7", "8"}));
    // Every row has as many fields as the head has; diagnosis at 0, 4 and 8.
    const auto lines =
        QString::fromUtf8(contents(folder / "run/metrics.csv")).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    for (const auto& line : lines)
        QCOMPARE(line.count(QLatin1Char(',')), lines.front().count(QLatin1Char(',')));
    const auto verdict = lines.front().split(QLatin1Char(',')).indexOf(QStringLiteral("verdict"));
    QVERIFY(verdict > 0);
    for (int i = 1; i < lines.size(); ++i)
        QCOMPARE(lines[i].split(QLatin1Char(','))[verdict].isEmpty(), (i - 1) % 4 != 0);
    const auto environment = nlohmann::json::parse(contents(folder / "run/environment.json").toStdString());
    QCOMPARE(environment["resumed_at_step"].get<std::vector<int>>(), std::vector<int>{5});
    QCOMPARE(environment["threads"].get<int>(), 1);
    QCOMPARE(environment["data_hash"].get<std::string>(), windows_->dataHash());
}

void TestTrainResume::refusesOtherData() {
    const Folder folder;
    auto r = request(windows_, folder / "run", tinyConfig());
    QVERIFY(runUntil(engine_, r, 3).cancelled());
    r.resume = true;
    r.windows = tinyWindows(17);
    const auto result = engine_.pretrain(r);
    QVERIFY(result.failed());
    QCOMPARE(result.error().code, ErrorCode::WrongUse);
}

void TestTrainResume::nonFiniteInputStopsWithTheLastGoodState() {
    const auto bad = tinyWindows(15);
    auto window = tinyWindow(99);
    window[300] = std::numeric_limits<float>::quiet_NaN();
    bad->add(window);
    const Folder folder;
    const auto result = engine_.pretrain(request(bad, folder / "run", tinyConfig()));
    QVERIFY(result.failed());
    QCOMPARE(result.error().code, ErrorCode::NotFinite);
    QVERIFY2(result.error().message.find("window 15") != std::string::npos, result.error().message.c_str());
    const auto kept = newestCheckpoint(folder / "run");
    QVERIFY(kept);
    const auto loaded = engine_.loadModel(folder / "run"); // refuses weights that are not finite
    QVERIFY2(loaded.ok(), failureText(loaded).c_str());
}

void TestTrainResume::stopsAfterAnEpoch() {
    const Folder folder;
    auto r = request(windows_, folder / "run", tinyConfig());
    r.control = std::make_shared<TrainControl>();
    r.control->stopAfterEpoch = true;
    const auto result = engine_.pretrain(r);
    QVERIFY2(result.ok(), failureText(result).c_str());
    QCOMPARE(result->steps, 3); // 16 windows, 6 a step: the third step ends the epoch
    QVERIFY(fs::exists(result->model));
}

void TestTrainResume::servesRequestsBetweenSteps() {
    const Folder folder;
    auto r = request(windows_, folder / "run", tinyConfig({"steps=2000"}));
    r.control = std::make_shared<TrainControl>();
    std::stop_source stop;
    r.stop = stop.get_token();
    std::atomic<std::int64_t> step = 0;
    r.onUpdate = [&step](const TrainUpdate& update) { step = update.step; };
    std::optional<Result<RunSummary>> result;
    std::jthread training([&] { result.emplace(engine_.pretrain(r)); });
    const auto end = qScopeGuard([&] { r.control->paused = false, stop.request_stop(); }); // also when a check fails
    QTRY_VERIFY(step > 3);
    const auto model = engine_.randomModel(tinyConfig(), 1);
    QVERIFY(model.ok());
    const auto surprise = engine_.surprise(model->hash, *windows_, 0, {});
    QVERIFY(surprise.ok());
    QVERIFY(step < 2000);

    r.control->paused = true;
    QTest::qWait(200);
    const auto at = step.load();
    QVERIFY(engine_.surprise(model->hash, *windows_, 1, {}).ok()); // also while paused
    QTest::qWait(100);
    QCOMPARE(step.load(), at);
    r.control->paused = false;
    QTRY_VERIFY(step > at);
    stop.request_stop();
    training.join();
    QVERIFY(result->cancelled());
    QCOMPARE(newestCheckpoint(folder / "run")->state.step, step.load());
}

void TestTrainResume::aFolderWithARunIsNotOverwritten() {
    const Folder folder;
    const auto r = request(windows_, folder / "run", tinyConfig({"steps=2"}));
    QVERIFY(engine_.pretrain(r).ok());
    const auto again = engine_.pretrain(r);
    QVERIFY(again.failed());
    QCOMPARE(again.error().code, ErrorCode::AlreadyExists);
}

QTEST_GUILESS_MAIN(TestTrainResume)
#include "test_train_resume.moc"
