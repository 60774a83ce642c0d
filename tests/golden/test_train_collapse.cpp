// SPDX-License-Identifier: GPL-3.0-or-later
// Diagnostics against encodings whose figures are known, and the verdict in words.
#include "core/train/diagnostics.h"
#include "core/train/engine_impl.h"
#include "tests/golden/train_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <ATen/ATen.h>

#include <cmath>

using namespace precordia;
using namespace precordia::test;

namespace {

Diagnostics all(const LevelDiagnostics& d) {
    return {{"lead", d}, {"interval", d}, {"event", d}, {"recording", {d.std, d.effectiveRank, d.meanCosine, 0}}};
}

const LevelDiagnostics kStart{0.8, 40, 0.3, 0.5};

} // namespace

class TestTrainCollapse : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void figuresOfKnownEncodings();
    void batchesAddUp();
    void verdicts_data();
    void verdicts();
    void aCollapsingRunIsCalledSo();
};

// Two recordings, two intervals, one row each, width 2:  (1,0) (-1,0) | (0,1) (0,-1). By hand: mean 0; the variance of
// each dimension 2/3 with n - 1; two equal singular values, so rank 2; unit vectors of each recording sum to 0, so the
// cosines between recordings average 0; over time std is sqrt(2) in one dimension and 0 in the other.
void TestTrainCollapse::figuresOfKnownEncodings() {
    LevelStatistics s;
    s.add(at::tensor({1.F, 0.F, -1.F, 0.F, 0.F, 1.F, 0.F, -1.F}).view({2, 2, 1, 2}));
    const auto d = s.result();
    QVERIFY(std::abs(d.std - std::sqrt(2.0 / 3)) < 1e-9);
    QVERIFY(std::abs(d.effectiveRank - 2) < 1e-6);
    QVERIFY(std::abs(d.meanCosine) < 1e-9);
    QVERIFY(std::abs(d.temporalStd - std::sqrt(2.0) / 2) < 1e-6);

    LevelStatistics same; // three recordings that are all one vector
    same.add(at::tensor({3.F, 4.F}).expand({3, 5, 1, 2}));
    QVERIFY(same.result().std < 1e-6);
    QVERIFY(std::abs(same.result().meanCosine - 1) < 1e-9);
    QVERIFY(same.result().temporalStd < 1e-6);

    LevelStatistics line; // all on one line: rank 1
    line.add(at::arange(12, at::kFloat).view({3, 4, 1, 1}) * at::tensor({1.F, 2.F, -1.F}));
    QVERIFY(std::abs(line.result().effectiveRank - 1) < 0.01);

    LevelStatistics broken;
    broken.add(at::full({2, 2, 1, 2}, std::nanf("")));
    QCOMPARE(broken.result().effectiveRank, 0.0); // and no exception out of the linear algebra
}

void TestTrainCollapse::batchesAddUp() {
    const auto x = (at::arange(5 * 6 * 2 * 3, at::kFloat).mul_(0.7).sin_()).view({5, 6, 2, 3});
    LevelStatistics once;
    once.add(x);
    LevelStatistics parts;
    parts.add(x.narrow(0, 0, 2));
    parts.add(x.narrow(0, 2, 3));
    const auto a = once.result();
    const auto b = parts.result();
    QVERIFY(std::abs(a.std - b.std) < 1e-9);
    QVERIFY(std::abs(a.effectiveRank - b.effectiveRank) < 1e-6);
    QVERIFY(std::abs(a.meanCosine - b.meanCosine) < 1e-9);
    QVERIFY(std::abs(a.temporalStd - b.temporalStd) < 1e-9);
}

void TestTrainCollapse::verdicts_data() {
    QTest::addColumn<double>("std");
    QTest::addColumn<double>("rank");
    QTest::addColumn<double>("cosine");
    QTest::addColumn<double>("temporal");
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("mentions");
    QTest::newRow("as at the start") << 0.8 << 40.0 << 0.3 << 0.5 << "healthy"
                                     << "effective rank";
    QTest::newRow("richer") << 1.0 << 55.0 << 0.1 << 0.7 << "healthy"
                            << "40";
    QTest::newRow("rank 3, as an EMA of 0.95 without regulariser ends") << 0.7 << 3.0 << 0.4 << 0.5 << "collapsed"
                                                                        << "rank";
    QTest::newRow("rank falling") << 0.8 << 12.0 << 0.3 << 0.5 << "collapsing"
                                  << "40 to 12";
    QTest::newRow("all recordings alike") << 0.6 << 30.0 << 0.999 << 0.4 << "collapsed"
                                          << "cosine";
    QTest::newRow("no spread") << 0.01 << 30.0 << 0.5 << 0.4 << "collapsed"
                               << "spread";
    QTest::newRow("time forgotten") << 0.7 << 30.0 << 0.3 << 0.02 << "collapsed"
                                    << "over time";
}

void TestTrainCollapse::verdicts() {
    QFETCH(double, std);
    QFETCH(double, rank);
    QFETCH(double, cosine);
    QFETCH(double, temporal);
    QFETCH(QString, word);
    QFETCH(QString, mentions);
    const auto verdict = judge(all(kStart), all({std, rank, cosine, temporal}));
    QCOMPARE(QString::fromStdString(verdict.word), word);
    QVERIFY2(QString::fromStdString(verdict.text).contains(mentions), verdict.text.c_str());
}

// A teacher that follows at once and nothing that holds the encodings apart: the loss falls to almost nothing.
void TestTrainCollapse::aCollapsingRunIsCalledSo() {
    EngineImpl engine;
    const QTemporaryDir dir;
    PretrainRequest request;
    request.windows = tinyWindows(48);
    request.device = "cpu";
    request.runFolder = std::filesystem::path(dir.path().toStdString()) / "collapsed";
    request.configJson =
        tinyConfig({"steps=200", "ema=[0.5,0.5]", "regulariser=none", "dropout=0", "learning_rate=0.005", "batch=16"});
    const auto bad = engine.pretrain(request);
    QVERIFY2(bad.ok(), failureText(bad).c_str());
    request.runFolder = std::filesystem::path(dir.path().toStdString()) / "healthy";
    request.configJson = tinyConfig({"steps=200", "batch=16", "regulariser_weight=0.3"});
    const auto good = engine.pretrain(request);
    QVERIFY2(good.ok(), failureText(good).c_str());
    QVERIFY2(bad->last.verdict == "collapsed", bad->last.verdictText.c_str());
    QVERIFY2(good->last.verdict == "healthy", good->last.verdictText.c_str());
    QVERIFY(bad->last.total < good->last.total); // a falling loss is no success
}

QTEST_GUILESS_MAIN(TestTrainCollapse)
#include "test_train_collapse.moc"
