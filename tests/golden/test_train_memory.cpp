// SPDX-License-Identifier: GPL-3.0-or-later
// Memory: what a step will take is told before it begins, and running out of it says what to change.
#include "core/train/engine_impl.h"
#include "core/train/guard.h"
#include "core/train/memory_estimate.h"
#include "tests/golden/train_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <c10/util/Exception.h>

#include <new>

using namespace precordia;
using namespace precordia::test;
namespace fs = std::filesystem;

class TestTrainMemory : public QObject {
    Q_OBJECT

    EngineImpl engine_;

private Q_SLOTS:
    void weightsAreCounted();
    void activationsGrowWithTheBatch();
    void refusesWhatCannotFit();
    void refusedBeforeAFolderIsMade();
    void runningOutSaysWhatToChange();
};

// By hand: encoder patch_weight 2 x 4 x 16, lead 2 x 16, two norms of 32, event 16 x 16 + 16 = 496; channel predictor
// mask 16, place 2 x 16, embed and out 272 each, norm 32 = 624; temporal predictor with 4 places = 656; teacher 496.
// Value, gradient and two moments of four bytes each for all but the teacher.
void TestTrainMemory::weightsAreCounted() {
    const auto model = parseModelConfig(R"({"leads": ["I", "II"], "interval_samples": 4, "intervals": 4, "width": 16,
        "heads": 1, "channel_depth": 0, "temporal_depth": 0, "predictor_width": 16, "predictor_heads": 1,
        "channel_predictor_depth": 0, "temporal_predictor_depth": 0, "min_block": 1})");
    QVERIFY2(model.ok(), failureText(model).c_str());
    QCOMPARE(estimateMemory(*model, 2, Precision::Float32).weights, (496 + 624 + 656) * 16 + 496 * 4);
}

void TestTrainMemory::activationsGrowWithTheBatch() {
    const auto model = parseModelConfig(R"({"width": 192})");
    const auto one = estimateMemory(*model, 16, Precision::BFloat16),
               two = estimateMemory(*model, 32, Precision::BFloat16);
    QCOMPARE(two.weights, one.weights);
    QVERIFY(std::abs(two.activations - 2 * one.activations) <= 2);
    QVERIFY(estimateMemory(*model, 16, Precision::Float32).activations > one.activations);
}

void TestTrainMemory::refusesWhatCannotFit() {
    const auto model = parseModelConfig(R"({"width": 192})");
    const auto needed = estimateMemory(*model, 64, Precision::Float32).total();
    QVERIFY(checkMemory(*model, 64, Precision::Float32, needed, "a device").ok());
    QVERIFY(checkMemory(*model, 64, Precision::Float32, 0, "a device of unknown memory").ok());
    const auto refused = checkMemory(*model, 64, Precision::Float32, needed - 1, "a device");
    QVERIFY(refused.failed());
    QCOMPARE(refused.error().code, ErrorCode::OutOfMemory);
    for (const char* word : {"a device", "GiB", "\"batch\" (64)", "\"intervals\"", "\"width\""})
        QVERIFY2(refused.error().message.find(word) != std::string::npos, refused.error().message.c_str());
}

void TestTrainMemory::refusedBeforeAFolderIsMade() {
    const QTemporaryDir folder;
    PretrainRequest request;
    request.windows = tinyWindows(8);
    request.configJson = tinyConfig({"width=8190", "channel_depth=64", "temporal_depth=64", "mlp_ratio=16"});
    request.runFolder = fs::path(folder.path().toStdString()) / "run";
    request.device = "cpu";
    const auto result = engine_.pretrain(request);
    QVERIFY(result.failed());
    QCOMPARE(result.error().code, ErrorCode::OutOfMemory);
    QVERIFY2(result.error().message.find("\"width\"") != std::string::npos, result.error().message.c_str());
    QVERIFY(!fs::exists(request.runFolder));
}

void TestTrainMemory::runningOutSaysWhatToChange() {
    const QTemporaryDir folder;
    PretrainRequest request;
    request.windows = tinyWindows(8);
    request.configJson = tinyConfig();
    request.runFolder = fs::path(folder.path().toStdString()) / "run";
    request.device = "cpu";
    request.onUpdate = [](const TrainUpdate& update) {
        if (update.step == 3)
            throw std::bad_alloc();
    };
    const auto result = engine_.pretrain(request);
    QVERIFY(result.failed());
    QCOMPARE(result.error().code, ErrorCode::OutOfMemory);
    QVERIFY(result.error().message.find("\"batch\"") != std::string::npos);
    // As LibTorch says it on a GPU and on a processor.
    for (const char* text :
         {"CUDA out of memory. Tried to allocate 20.00 GiB (GPU 0; 23.69 GiB total capacity)",
          "[enforce fail at alloc_cpu.cpp:66] . DefaultCPUAllocator: can't allocate memory: you tried "
          "to allocate 1000000000000 bytes."})
        QCOMPARE(errorOf(c10::Error(text, "")).code, ErrorCode::OutOfMemory);
    QCOMPARE(errorOf(c10::Error("The size of tensor a (3) must match the size of tensor b (4)", "")).code,
             ErrorCode::Bug);
}

QTEST_GUILESS_MAIN(TestTrainMemory)
#include "test_train_memory.moc"
