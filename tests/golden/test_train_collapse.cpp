// SPDX-License-Identifier: GPL-3.0-or-later
// Diagnostics against encodings whose figures are known, alarms, the k-NN probe, and the verdict in words.
#include "core/base/file.h"
#include "core/engine/alarms.h"
#include "core/engine/run_history.h"
#include "core/train/diagnostics.h"
#include "core/train/engine_impl.h"
#include "core/train/knn_probe.h"
#include "core/train/run_folder.h"
#include "tests/golden/train_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

using namespace precordia;
using namespace precordia::test;

namespace {

Diagnostics all(const LevelDiagnostics& d) {
    return {{"lead", d}, {"interval", d}, {"event", d}, {"recording", {d.std, d.effectiveRank, d.meanCosine, 0, 0}}};
}

const LevelDiagnostics kStart{0.8, 40, 0.3, 0.5, 0};

} // namespace

class TestTrainCollapse : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void figuresOfKnownEncodings();
    void batchesAddUp();
    void verdicts_data();
    void verdicts();
    void fewStepsTellNothing();
    void adviceFollowsTheConfiguration();
    void secondEpochIsTestedOnce();
    void distanceToTheTeacher();
    void alarmsByHand();
    void neighboursByHand();
    void neighboursOfManyAgreeWithLoops();
    void aCollapsingRunIsCalledSo();
    void oldMetricsAreReadAndGoneOnWith();
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
    const auto verdict = judge(all(kStart), all({std, rank, cosine, temporal, 0}));
    QCOMPARE(QString::fromStdString(verdict.word), word);
    QVERIFY2(QString::fromStdString(verdict.text).contains(mentions), verdict.text.c_str());
}

// One step cannot show a collapse, so it is not praised; a sign of one is told at any step.
void TestTrainCollapse::fewStepsTellNothing() {
    const auto good = all({1.0, 55, 0.1, 0.7, 0}), bad = all({0.6, 30, 0.999, 0.4, 0});
    const auto early = judge(all(kStart), good, {}, 1);
    QCOMPARE(early.word, std::string("early"));
    QVERIFY(early.text.find("1 step is too few") != std::string::npos && early.advice.empty());
    QVERIFY(earlyTest(1, early).word.empty());
    QCOMPARE(judge(all(kStart), good, {}, kTellingStep).word, std::string("healthy"));
    QCOMPARE(judge(all(kStart), bad, {}, 1).word, std::string("collapsed"));
}

void TestTrainCollapse::adviceFollowsTheConfiguration() {
    const auto bad = all({0.7, 3, 0.4, 0.5, 0});
    VerdictContext fast;
    fast.ema = 0.9, fast.regulariser = "none", fast.width = 96;
    const auto verdict = judge(all(kStart), bad, fast);
    QVERIFY(verdict.text.find("from 40 to 3 of 96") != std::string::npos);
    QVERIFY(verdict.advice.find("slow the teacher: ema=[0.996,1.0]; it began at 0.9") == 0);
    QVERIFY(verdict.advice.find("regulariser=vicreg") != std::string::npos);
    QVERIFY(verdict.advice.find("learning rate") == std::string::npos); // that was as it should be
    VerdictContext usual;
    usual.dropout = 0.1, usual.learningRate = 0.005;
    const auto other = judge(all(kStart), bad, usual);
    QVERIFY(other.advice.find("slow the teacher") == std::string::npos);
    QVERIFY(other.advice.find("regulariser_weight=0.2; it was 0.05") != std::string::npos);
    QVERIFY(other.advice.find("learning_rate=0.001; it was 0.005") != std::string::npos);
    QVERIFY(other.advice.find("dropout") == std::string::npos);
    QVERIFY(judge(all(kStart), all(kStart), fast).advice.empty());
    const auto read = verdictContext(tinyConfig({"ema=[0.9,0.95]", "regulariser=none", "warmup=0.02"}));
    QCOMPARE(read.ema, 0.9);
    QCOMPARE(read.regulariser, std::string("none"));
    QCOMPARE(read.warmup, 0.02);
    QCOMPARE(read.width, 24);
}

void TestTrainCollapse::secondEpochIsTestedOnce() {
    QCOMPARE(earlyTestStep(180'000, 64, 100'000), std::int64_t{5625}); // 2 * 180,000 / 64
    QCOMPARE(earlyTestStep(404, 32, 2000), kEarlyTestStep);            // two epochs are 26 steps: too early to tell
    QCOMPARE(earlyTestStep(404, 32, 100), std::int64_t{100});          // a run that ends before
    QCOMPARE(earlyTest(300, judge(all(kStart), all(kStart))).word, std::string("passed"));
    const auto failed = earlyTest(300, judge(all(kStart), all({0.7, 3, 0.4, 0.5, 0})));
    QCOMPARE(failed.word, std::string("failed"));
    QVERIFY(failed.text.find("at step 300: failed. Encodings have lost") != std::string::npos);
}

// Twice the teacher lies as far from it as it is long; orthogonal and of equal length, sqrt(2) as far.
void TestTrainCollapse::distanceToTheTeacher() {
    const auto teacher = at::tensor({3.F, 4.F, 1.F, 0.F}).view({1, 2, 1, 2});
    LevelStatistics same;
    same.add(teacher);
    same.compare(teacher, teacher);
    QCOMPARE(same.result().teacherGap, 0.0);
    LevelStatistics twice;
    twice.add(teacher);
    twice.compare(2 * teacher, teacher);
    QVERIFY(std::abs(twice.result().teacherGap - 1) < 1e-9);
    LevelStatistics turned;
    turned.add(teacher);
    turned.compare(at::tensor({-4.F, 3.F, 0.F, 1.F}).view({1, 2, 1, 2}), teacher);
    QVERIFY(std::abs(turned.result().teacherGap - std::sqrt(2.0)) < 1e-9);
}

void TestTrainCollapse::alarmsByHand() {
    OutlierDetector detector;
    for (int i = 0; i < 128; ++i) // mean 5, deviation 2
        QVERIFY(std::isnan(detector.add(i % 2 == 0 ? 3 : 7)));
    QVERIFY(std::abs(detector.add(25) - 10) < 1e-12);
    // Now one 3 has gone and a 25 has come: mean 5 + 22/128; the next value is judged by that.
    const double mean = 5 + 22.0 / 128, squares = (63 * 9 + 64 * 49 + 625) / 128.0 - mean * mean;
    QVERIFY(std::abs(detector.add(4) - (4 - mean) / std::sqrt(squares)) < 1e-9);
    QVERIFY(std::isnan(detector.add(std::nan(""))));
    QCOMPARE(detector.window().size(), OutlierDetector::kWindow);
    OutlierDetector again;
    again.restore(detector.window());
    QCOMPARE(again.add(6), detector.add(6));
    OutlierDetector flat;
    for (int i = 0; i < 200; ++i)
        QVERIFY(std::isnan(flat.add(0.25)));

    TrainUpdate u;
    u.step = 812, u.total = 0.91, u.lossZ = 9.2, u.gradientZ = -1;
    QCOMPARE(alarmOf(u), std::string("loss"));
    QCOMPARE(alarmText(u),
             std::string("Step 812: the loss 0.91 lies 9.2 deviations above the mean of the 128 steps before."));
    u.gradientZ = -kAlarmZ;
    QCOMPARE(alarmOf(u), std::string("loss gradient"));
    u.lossZ = u.gradientZ = std::nan("");
    QVERIFY(alarmOf(u).empty() && alarmText(u).empty());
}

// Two pairs, each of one direction and one label. Alone, the nearest of each is its twin: every score is right. When
// twins are one patient, the nearest allowed one is of the other pair: every score is wrong.
void TestTrainCollapse::neighboursByHand() {
    // Each dimension is standardised: twins agree in three of four (cosine 0.5), others in none or one (-1, -0.5).
    const auto x =
        at::tensor({1.F, 2.F, 3.F, 0.1F, 1.F, 2.F, 3.F, -0.1F, -1.F, -2.F, -3.F, 0.1F, -1.F, -2.F, -3.F, -0.1F})
            .view({4, 4});
    QCOMPARE(knnAuroc(x, {1, 1, 0, 0}, {0, 1, 2, 3}, 1), 1.0);
    QCOMPARE(knnAuroc(x, {1, 1, 0, 0}, {0, 0, 1, 1}, 1), 0.0);
    QVERIFY(std::isnan(knnAuroc(x, {1, 1, 1, 1}, {0, 1, 2, 3}, 1))); // nothing to tell apart
    // Two labels, of which the second is not known of the first pair and has one kind only: the first counts alone.
    QCOMPARE(knnAuroc(x, {1, -1, 1, -1, 0, 1, 0, 1}, {0, 1, 2, 3}, 1), 1.0);
    QVERIFY(std::isnan(knnAuroc(at::full({4, 2}, std::nanf("")), {1, 1, 0, 0}, {0, 1, 2, 3}, 1)));
}

void TestTrainCollapse::neighboursOfManyAgreeWithLoops() {
    constexpr int kN = 40, kF = 5, kK = 4;
    Random random(3);
    std::vector<double> x(kN * kF);
    std::vector<int> y(kN);
    std::vector<std::int64_t> group(kN);
    for (int i = 0; i < kN; ++i) {
        y[static_cast<std::size_t>(i)] = random.below(4) == 0 ? -1 : static_cast<int>(random.below(2));
        group[static_cast<std::size_t>(i)] = i / 3;
        for (int f = 0; f < kF; ++f)
            x[static_cast<std::size_t>(i * kF + f)] =
                (f + 1) * (random.uniform() + 0.4 * std::max(0, y[static_cast<std::size_t>(i)]));
    }
    const double got = knnAuroc(at::tensor(x).view({kN, kF}), y, group, kK);

    auto z = x;
    for (int f = 0; f < kF; ++f) {
        double mean = 0, squares = 0;
        for (int i = 0; i < kN; ++i)
            mean += x[static_cast<std::size_t>(i * kF + f)] / kN;
        for (int i = 0; i < kN; ++i)
            squares += std::pow(x[static_cast<std::size_t>(i * kF + f)] - mean, 2) / kN;
        for (int i = 0; i < kN; ++i)
            z[static_cast<std::size_t>(i * kF + f)] =
                (x[static_cast<std::size_t>(i * kF + f)] - mean) / std::sqrt(squares);
    }
    const auto cosine = [&](int a, int b) {
        double ab = 0, aa = 0, bb = 0;
        for (int f = 0; f < kF; ++f) {
            const double p = z[static_cast<std::size_t>(a * kF + f)], q = z[static_cast<std::size_t>(b * kF + f)];
            ab += p * q, aa += p * p, bb += q * q;
        }
        return ab / std::sqrt(aa * bb);
    };
    const auto label = [&](int i) { return y[static_cast<std::size_t>(i)]; };
    std::vector<double> score(kN);
    for (int i = 0; i < kN; ++i) {
        std::vector<std::pair<double, int>> others;
        for (int j = 0; j < kN; ++j)
            if (label(j) >= 0 && group[static_cast<std::size_t>(j)] != group[static_cast<std::size_t>(i)])
                others.emplace_back(-cosine(i, j), j);
        std::sort(others.begin(), others.end());
        for (int k = 0; k < kK; ++k)
            score[static_cast<std::size_t>(i)] += label(others[static_cast<std::size_t>(k)].second) / double(kK);
    }
    double right = 0, pairs = 0;
    for (int i = 0; i < kN; ++i)
        for (int j = 0; j < kN; ++j)
            if (label(i) == 1 && label(j) == 0) {
                const double a = score[static_cast<std::size_t>(i)], b = score[static_cast<std::size_t>(j)];
                right += a > b + 1e-12 ? 1 : a > b - 1e-12 ? 0.5 : 0;
                pairs += 1;
            }
    QVERIFY2(std::abs(got - right / pairs) < 1e-9, qPrintable(QString("%1 %2").arg(got).arg(right / pairs)));
    QVERIFY(got > 0.55 && got < 1);
}

// A teacher that follows too fast and nothing that holds the encodings apart: the loss falls to almost nothing.
void TestTrainCollapse::aCollapsingRunIsCalledSo() {
    EngineImpl engine;
    const QTemporaryDir dir;
    const auto runs = std::filesystem::path(dir.path().toStdString());
    auto labels = std::make_shared<ProbeLabels>();
    labels->names = {"even"};
    for (int i = 0; i < 24; ++i) {
        labels->windows.push_back(i);
        labels->groups.push_back(i);
        labels->values.push_back(i % 2);
    }
    PretrainRequest request;
    request.windows = tinyWindows(48);
    request.labels = labels;
    request.device = "cpu";
    std::vector<TrainUpdate> told;
    request.onUpdate = [&told](const TrainUpdate& u) { told.push_back(u); };
    const auto run = [&](const std::string& name, const std::vector<std::string>& settings) {
        told.clear();
        request.runFolder = runs / name;
        auto all = settings;
        all.insert(all.begin(), {"steps=300", "batch=16", "diagnose_every=50"});
        request.configJson = tinyConfig(all);
        return engine.pretrain(request);
    };
    const auto called = [&told] { // at which step first; 0: never
        for (const auto& u : told)
            if (u.verdict == "collapsing" || u.verdict == "collapsed")
                return u.step;
        return std::int64_t{0};
    };

    const auto bad = run("1-bad", {"ema=[0.9,0.9]", "regulariser=none", "dropout=0", "learning_rate=0.005"});
    QVERIFY2(bad.ok(), failureText(bad).c_str());
    QVERIFY2(bad->last.verdict == "collapsing" || bad->last.verdict == "collapsed", bad->last.verdictText.c_str());
    QVERIFY(called() > 0 && called() <= 300);
    QVERIFY(bad->last.advice.find("slow the teacher") == 0);
    QCOMPARE(bad->last.earlyTest, std::string("failed"));
    QCOMPARE(std::count_if(told.begin(), told.end(), [](const auto& u) { return !u.earlyTest.empty(); }), 1);
    for (const auto& u : told) {
        QCOMPARE(std::isfinite(u.knn), !u.diagnostics.empty());
        QCOMPARE(std::isfinite(u.lossZ), u.step > 128);
        QCOMPARE(std::isfinite(u.gradientZ), u.step > 128);
    }
    const double lossOfBad = bad->last.total;
    for (const auto* seed : {"seed=0", "seed=1"}) {
        const auto good = run(std::string("2-good-") + seed, {"regulariser_weight=0.3", seed});
        QVERIFY2(good.ok(), failureText(good).c_str());
        QVERIFY2(called() == 0, qPrintable(QString::number(called())));
        QCOMPARE(good->last.earlyTest, std::string("passed"));
        QVERIFY(good->last.advice.empty());
        QVERIFY(lossOfBad < good->last.total); // a falling loss is no success
        QVERIFY(good->last.diagnostics[2].second.teacherGap > 0);
    }

    // What the folders tell afterwards is what was told.
    const auto read = readRuns(runs);
    QCOMPARE(read.size(), 3U);
    QCOMPARE(read[2].name, std::string("1-bad"));
    const auto& last = read[2].updates.back();
    QCOMPARE(last.verdict, bad->last.verdict);
    QCOMPARE(last.earlyTest, std::string("failed"));
    QCOMPARE(last.advice, bad->last.advice);
    QVERIFY(std::abs(last.knn - bad->last.knn) < 1e-5);
    QVERIFY(std::abs(last.lossZ - bad->last.lossZ) < 1e-4 * (1 + std::abs(last.lossZ)));
    QVERIFY(std::abs(last.diagnostics[2].second.teacherGap - bad->last.diagnostics[2].second.teacherGap) < 1e-4);
    QVERIFY(std::isnan(read[2].updates[1].lossZ));
}

// A metrics.csv of a version that knew fewer columns: it opens, and new rows go under the right names.
void TestTrainCollapse::oldMetricsAreReadAndGoneOnWith() {
    const QTemporaryDir dir;
    const auto folder = std::filesystem::path(dir.path().toStdString()) / "run";
    auto made = RunFolder::create(folder, tinyConfig());
    QVERIFY(made.ok());
    const std::string old =
        "step,epoch,total,channel,temporal,regulariser,learning_rate,momentum,gradient_norm,recordings_per_second,"
        "data_share,lead_std,lead_effective_rank,lead_mean_cosine,lead_temporal_std,interval_std,"
        "interval_effective_rank,interval_mean_cosine,interval_temporal_std,event_std,event_effective_rank,"
        "event_mean_cosine,event_temporal_std,recording_std,recording_effective_rank,recording_mean_cosine,"
        "recording_temporal_std,verdict\n"
        "0,,,,,,,,,,,0.5,20,0.4,0.3,0.5,20,0.4,0.3,0.5,20,0.4,0.3,0.5,20,0.4,0,healthy\n"
        "1,0.1,0.9,0.4,0.5,0,0.001,0.996,1.5,30,0.01,,,,,,,,,,,,,,,,,\n"
        "2,0.2,0.8,0.3,0.5,0,0.001,0.996,1.4,30,0.01,,,,,,,,,,,,,,,,,\n";
    QVERIFY(writeFileAtomically(folder / "metrics.csv", old).ok());
    auto runs = readRuns(folder.parent_path());
    QCOMPARE(runs.size(), 1U);
    QCOMPARE(runs[0].updates.size(), 3U);
    QCOMPARE(runs[0].updates[0].diagnostics[2].second.effectiveRank, 20.0);
    QVERIFY(std::isnan(runs[0].updates[0].knn) && std::isnan(runs[0].updates[1].lossZ));

    QVERIFY(made->openMetrics(1).ok()); // step 2 is done again
    TrainUpdate u;
    u.step = 2, u.total = 0.7, u.gradientNorm = 1.25, u.lossZ = -9, u.gradientZ = 2.5, u.knn = 0.75;
    u.verdict = "healthy";
    u.diagnostics = {{"event", {0.6, 21, 0.3, 0.2, 0.125}}};
    QVERIFY(made->addMetrics(u).ok());
    runs = readRuns(folder.parent_path());
    QCOMPARE(runs[0].updates.size(), 3U);
    const auto& now = runs[0].updates;
    QCOMPARE(now[0].diagnostics[0].second.meanCosine, 0.4);
    QCOMPARE(now[0].verdict, std::string("healthy"));
    QCOMPARE(now[1].gradientNorm, 1.5);
    QCOMPARE(now[2].total, 0.7);
    QCOMPARE(now[2].gradientNorm, 1.25);
    QCOMPARE(now[2].diagnostics[0].second.teacherGap, 0.125);
    QCOMPARE(now[2].lossZ, -9.0);
    QCOMPARE(now[2].gradientZ, 2.5);
    QCOMPARE(now[2].knn, 0.75);
    QVERIFY(now[2].alarm.find("deviations below") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestTrainCollapse)
#include "test_train_collapse.moc"
