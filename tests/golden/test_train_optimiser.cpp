// SPDX-License-Identifier: GPL-3.0-or-later
// The arithmetic of a step: AdamW, clipping, schedules, and the order of the data.
#include "core/train/batch_loader.h"
#include "core/train/optimiser.h"
#include "core/train/train_config.h"
#include "tests/golden/train_fixture.h"

#include <QTest>

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <set>

using namespace precordia;
using namespace precordia::test;

class TestTrainOptimiser : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agreesWithTorchAdamW();
    void clipsTheGradient();
    void stateIsRestoredExactly();
    void refusesAForeignState();
    void schedules();
    void samplerCoversEachEpochOnce();
    void loaderResumesWhereItWas();
    void loaderPassesOverMissingLeads();
    void chanceIsOfItsOwnForEachUse();
};

namespace {

// Two tensors whose gradient at step k is sin(k + element) resp. 0.5 cos(k): easy to write down elsewhere.
struct Problem {
    at::Tensor matrix = at::arange(6, at::kFloat).view({2, 3}).div_(10).requires_grad_(true);
    at::Tensor vector = at::arange(3, at::kFloat).sub_(1).requires_grad_(true);

    NamedTensors parameters() const { return {{"vector", vector}, {"matrix", matrix}}; }
    void setGradient(int k) {
        const at::NoGradGuard noGrad;
        matrix.mutable_grad().copy_((at::arange(6, at::kFloat).view({2, 3}) + k).sin());
        vector.mutable_grad().copy_(at::full({3}, 0.5 * std::cos(k)));
    }
};

} // namespace

// Golden values: torch 1.13 (Debian's python3-torch), torch.optim.AdamW with groups [matrix: weight_decay 0.05],
// [vector: 0], betas (0.9, 0.98), the gradients above, learning rate 0.01 * (k + 1), five steps.
void TestTrainOptimiser::agreesWithTorchAdamW() {
    Problem problem;
    AdamW optimiser(problem.parameters(), {0.9, 0.98}, 0.05);
    for (int k = 0; k < 5; ++k) {
        problem.setGradient(k);
        optimiser.step(0.01 * (k + 1));
    }
    const std::vector<float> matrix = {-0.0842386782F, 0.0375566147F, 0.203015149F,
                                       0.369695812F,   0.466284066F,  0.5022735F};
    const std::vector<float> vector = {-1.0265739F, -0.026573997F, 0.973425984F};
    for (std::size_t i = 0; i < matrix.size(); ++i)
        QVERIFY2(std::abs(problem.matrix.data_ptr<float>()[i] - matrix[i]) < 2e-7F, std::to_string(i).c_str());
    for (std::size_t i = 0; i < vector.size(); ++i)
        QVERIFY2(std::abs(problem.vector.data_ptr<float>()[i] - vector[i]) < 2e-7F, std::to_string(i).c_str());
}

void TestTrainOptimiser::clipsTheGradient() {
    Problem problem;
    AdamW optimiser(problem.parameters(), {0.9, 0.98}, 0.05);
    const auto set = [&problem](float value) {
        const at::NoGradGuard noGrad;
        problem.matrix.mutable_grad().fill_(value);
        problem.vector.mutable_grad().fill_(value);
    };
    set(2); // nine elements of 2: norm 6
    QCOMPARE(optimiser.clipGradient(0).item<float>(), 6.0F);
    QCOMPARE(problem.vector.grad().data_ptr<float>()[0], 2.0F); // 0 only measures
    QCOMPARE(optimiser.clipGradient(3).item<float>(), 6.0F);
    QVERIFY(std::abs(problem.vector.grad().data_ptr<float>()[0] - 1) < 1e-6F);
    set(0.1F); // norm 0.3: left as it is
    (void)optimiser.clipGradient(3);
    QCOMPARE(problem.matrix.grad().data_ptr<float>()[5], 0.1F);
}

void TestTrainOptimiser::stateIsRestoredExactly() {
    Problem whole;
    AdamW one(whole.parameters(), {0.9, 0.98}, 0.05);
    Problem first;
    AdamW two(first.parameters(), {0.9, 0.98}, 0.05);
    for (int k = 0; k < 7; ++k) {
        whole.setGradient(k);
        one.step(0.01);
        if (k < 4) {
            first.setGradient(k);
            two.step(0.01);
        }
    }
    TensorFile file;
    for (const auto& [name, tensor] : two.state())
        file.tensors.emplace_back(name, tensor.clone());
    Problem second;
    second.matrix = first.matrix.detach().clone().requires_grad_(true);
    second.vector = first.vector.detach().clone().requires_grad_(true);
    AdamW three(second.parameters(), {0.9, 0.98}, 0.05);
    QVERIFY(three.restore(file, 4).ok());
    for (int k = 4; k < 7; ++k) {
        second.setGradient(k);
        three.step(0.01);
    }
    QVERIFY(at::equal(second.matrix, whole.matrix));
    QVERIFY(at::equal(second.vector, whole.vector));
}

void TestTrainOptimiser::refusesAForeignState() {
    Problem problem;
    AdamW optimiser(problem.parameters(), {0.9, 0.98}, 0.05);
    TensorFile file;
    for (const auto& [name, tensor] : optimiser.state())
        file.tensors.emplace_back(name, tensor.clone());
    file.tensors.back().second = at::zeros({7});
    const auto result = optimiser.restore(file, 1);
    QVERIFY(result.failed());
    QCOMPARE(result.error().code, ErrorCode::ModelInvalid);
    QVERIFY(result.error().message.find(file.tensors.back().first) != std::string::npos);
}

// lr = 1e-3 * min(1, (i + 1) / (0.1 * 100)) * (0.05 + 0.475 * (1 + cos(pi * i / 100))), by hand.
void TestTrainOptimiser::schedules() {
    TrainConfig config;
    config.learningRate = 1e-3;
    const auto at = [&config](std::int64_t i) { return learningRateAt(config, i, 100); };
    QVERIFY(std::abs(at(0) - 1e-4) < 1e-12);     // 0.1 of the way up, cosine still 1
    QVERIFY(std::abs(at(9) - 9.8114e-4) < 1e-8); // 0.05 + 0.475 * (1 + cos 0.2827) = 0.98114
    QVERIFY(std::abs(at(50) - 5.25e-4) < 1e-12); // 0.05 + 0.475
    QVERIFY(std::abs(at(100) - 0.05e-3) < 1e-12);
    config.warmup = 0;
    QVERIFY(std::abs(at(0) - 1e-3) < 1e-12);
    QCOMPARE(momentumAt({0.996, 1.0}, 0, 100), 0.996);
    QVERIFY(std::abs(momentumAt({0.996, 1.0}, 50, 100) - 0.998) < 1e-12);
    config.steps = 0;
    config.epochs = 3;
    config.batch = 32;
    QCOMPARE(totalSteps(config, 100), 10); // 300 recordings in batches of 32, the last one begun
}

void TestTrainOptimiser::samplerCoversEachEpochOnce() {
    Sampler sampler(37, 5);
    std::vector<std::vector<std::int64_t>> epochs;
    for (int e = 0; e < 3; ++e) {
        std::vector<std::int64_t> order;
        for (int i = 0; i < 37; ++i)
            order.push_back(sampler.at(37 * e + i));
        const std::set<std::int64_t> all(order.begin(), order.end());
        QCOMPARE(all.size(), 37U);
        QCOMPARE(*all.begin(), 0);
        QCOMPARE(*all.rbegin(), 36);
        epochs.push_back(order);
    }
    QVERIFY(epochs[0] != epochs[1]);
    QVERIFY(!std::is_sorted(epochs[0].begin(), epochs[0].end()));
    QCOMPARE(Sampler(37, 5).at(37 * 2 + 11), epochs[2][11]); // known from the position alone
    QVERIFY(Sampler(37, 6).at(0) != epochs[0][0] || Sampler(37, 6).at(1) != epochs[0][1]);
}

void TestTrainOptimiser::loaderResumesWhereItWas() {
    const auto windows = tinyWindows(10);
    BatchLoader whole(windows, 4, 3, 0, false);
    const auto first = whole.next();
    const auto second = whole.next();
    const auto third = whole.next(); // goes over into the second epoch
    BatchLoader resumed(windows, 4, 3, first.positionAfter, false);
    const auto again = resumed.next();
    QCOMPARE(again.windows, second.windows);
    QVERIFY(at::equal(again.microvolts, second.microvolts));
    QCOMPARE(resumed.next().windows, third.windows);
    QCOMPARE(third.positionAfter, 12);
    const auto expected = tinyWindow(second.windows[2]);
    QVERIFY(std::equal(expected.begin(), expected.end(), second.microvolts[2].data_ptr<float>()));
}

void TestTrainOptimiser::loaderPassesOverMissingLeads() {
    auto windows = std::make_shared<MemoryWindows>(WindowShape{4, 200, 100});
    for (std::int64_t i = 0; i < 6; ++i)
        windows->add(tinyWindow(i), i == 2 ? std::vector<std::uint8_t>{1, 1, 0, 1} : std::vector<std::uint8_t>{});
    BatchLoader loader(windows, 5, 1, 0, false);
    const auto batch = loader.next();
    QVERIFY(std::find(batch.windows.begin(), batch.windows.end(), 2) == batch.windows.end());
    QCOMPARE(batch.windows.size(), 5U);
    (void)loader.next(); // into the second epoch: window 2 was met at least once
    QCOMPARE(loader.passedOver(), 1);

    auto none = std::make_shared<MemoryWindows>(WindowShape{4, 200, 100});
    none->add(tinyWindow(0), {1, 0, 1, 1});
    BatchLoader empty(none, 2, 1, 0, false);
    QVERIFY(empty.next().windows.empty()); // says so instead of looking for ever
}

void TestTrainOptimiser::chanceIsOfItsOwnForEachUse() {
    std::set<std::uint64_t> seeds;
    for (std::uint64_t seed = 0; seed < 5; ++seed)
        for (const auto use : {Chance::Masks, Chance::Step, Chance::Order})
            for (std::int64_t i = 0; i < 50; ++i)
                seeds.insert(chanceSeed(seed, use, i));
    QCOMPARE(seeds.size(), 5U * 3U * 50U);
    QCOMPARE(chanceSeed(3, Chance::Masks, 7), chanceSeed(3, Chance::Masks, 7));
}

QTEST_GUILESS_MAIN(TestTrainOptimiser)
#include "test_train_optimiser.moc"
