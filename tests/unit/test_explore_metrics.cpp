// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of an evaluation and the probe's choice of its penalty against scikit-learn's and hand calculations.
#include "core/explore/linear_probe.h"
#include "core/explore/metrics.h"
#include "core/explore/probe.h"
#include "core/explore/softmax.h"
#include "test_explore_metrics_golden.h"
#include "test_explore_table.h"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

using namespace precordia;
using namespace precordia::test;

namespace {

constexpr int kRows = 120;

bool near(double a, double b, double tolerance = 1e-6) {
    return std::abs(a - b) < tolerance;
}

struct Table {
    GoldenTable golden = goldenTable(21, kRows, 9);
    std::vector<double> coarse, centred;
    std::vector<int> classOf;
    std::vector<std::int64_t> groups;
    RowsD rows = golden.values.cast<double>();
    Table() {
        for (const double v : golden.measured) {
            coarse.push_back(std::nearbyint(v / 3));
            centred.push_back((v - 70) / 10);
            classOf.push_back(v >= 72 ? 2 : v >= 64 ? 1 : 0);
            groups.push_back(static_cast<std::int64_t>(groups.size()));
        }
    }
};

std::vector<int> everyNth(int n) {
    std::vector<int> folds;
    for (int i = 0; i < kRows; ++i)
        folds.push_back(i % n);
    return folds;
}

} // namespace

class TestExploreMetrics : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void precisionAndOperatingPoints();
    void confusionByHand();
    void plattAndCalibration();
    void calibrationByHand();
    void softmaxIsThatOfScikitLearn();
    void oneVersusOneIsThatOfScikitLearn();
    void thePenaltyIsChosenAsScikitLearnChoosesIt();
    void theChoiceDoesNotSeeTheTestRows();
    void aShareKeepsPatientsAndBothClasses();
    void aShareTooSmallToDivideFallsBack();
    void classFoldsSpreadEveryClass();
};

void TestExploreMetrics::precisionAndOperatingPoints() {
    const Table t;
    const auto& y = t.golden.labels;
    QVERIFY(near(averagePrecision(t.golden.measured, y), kMetricAp[0]));
    QVERIFY(near(averagePrecision(t.coarse, y), kMetricAp[1]));
    QCOMPARE(averagePrecision({1, 2}, {0, 0}), 0.0);
    QCOMPARE(youdenThreshold(t.coarse, y), kMetricYouden[0]);
    QCOMPARE(sensitivityThreshold(t.coarse, y, 0.9), kMetricYouden[1]);
    std::vector<std::uint8_t> called;
    for (const double s : t.coarse)
        called.push_back(s >= kMetricYouden[0] ? 1 : 0);
    const Confusion c = confusionOf(called, y);
    QVERIFY(near(c.f1(), kMetricCalled[0]) && near(c.accuracy(), kMetricCalled[1]));
}

void TestExploreMetrics::confusionByHand() {
    // Called 1 1 0 0 1 of 1 0 0 1 1: two hits, one false alarm, one right no, one missed.
    const Confusion c = confusionOf({1, 1, 0, 0, 1}, {1, 0, 0, 1, 1});
    QCOMPARE(c.truePositive, 2);
    QCOMPARE(c.falsePositive, 1);
    QCOMPARE(c.trueNegative, 1);
    QCOMPARE(c.falseNegative, 1);
    QCOMPARE(c.sensitivity(), 2.0 / 3);
    QCOMPARE(c.specificity(), 0.5);
    QCOMPARE(c.precision(), 2.0 / 3);
    QCOMPARE(confusionOf({0, 0}, {0, 0}).f1(), 0.0);
}

void TestExploreMetrics::plattAndCalibration() {
    const Table t;
    const Platt platt = fitPlatt(t.centred, t.golden.labels);
    QVERIFY2(near(platt.slope, kMetricPlatt[0], 1e-3), qPrintable(QString::number(platt.slope)));
    QVERIFY(near(platt.offset, kMetricPlatt[1], 1e-3));
    std::vector<double> p;
    for (const double s : t.centred)
        p.push_back(platt(s));
    const Calibration c = calibrationOf(p, t.golden.labels);
    QVERIFY(near(c.brier, kMetricPlatt[2], 1e-4));
    QVERIFY(near(c.expectedError, kMetricEce[0], 2e-3));
    QVERIFY(near(platt(1e4), 1) && near(platt(-1e4), 0)); // no overflow
}

void TestExploreMetrics::calibrationByHand() {
    // 0.05 and 0.15 say no, 0.95 and 1.0 say yes, and one of each pair is right.
    const Calibration c = calibrationOf({0.05, 0.15, 0.95, 1.0}, {0, 1, 1, 0});
    QVERIFY(near(c.brier, (0.0025 + 0.7225 + 0.0025 + 1) / 4));
    QCOMPARE(c.bins[9].count, 2);
    QVERIFY(near(c.bins[9].meanProbability, 0.975) && near(c.bins[9].share, 0.5));
    QVERIFY(near(c.expectedError, 0.25 * 0.05 + 0.25 * 0.85 + 0.5 * 0.475));
}

void TestExploreMetrics::softmaxIsThatOfScikitLearn() {
    const Table t;
    LinearProbeOptions options;
    options.c = 0.05;
    auto splits = probeSplits(everyNth(4));
    splits.resize(1); // tested on every fourth row
    const auto probe = softmaxProbe(t.golden.values, t.classOf, 3, t.groups, splits, options);
    QVERIFY2(probe.ok(), failureText(probe).c_str());
    const RowsD p = softmaxOf(probe->scores);
    for (int i = 0; i < kRows / 4; ++i)
        for (int k = 0; k < 3; ++k)
            QVERIFY2(near(p(4 * i, k), kMetricSoftmax[static_cast<std::size_t>(3 * i + k)], 1e-5),
                     qPrintable(QString::number(p(4 * i, k))));
    QVERIFY(std::isnan(p(1, 0))); // in no test part
    std::vector<int> two = t.classOf;
    std::replace(two.begin(), two.end(), 2, 1);
    QCOMPARE(fitSoftmax(t.rows, two, 3, 1).error().code, ErrorCode::ValueOutOfRange);
}

void TestExploreMetrics::oneVersusOneIsThatOfScikitLearn() {
    const Table t;
    RowsD train(kRows - kRows / 4, 9);
    std::vector<int> y;
    for (int i = 0, at = 0; i < kRows; ++i)
        if (i % 4 != 0) {
            train.row(at++) = t.rows.row(i);
            y.push_back(t.classOf[static_cast<std::size_t>(i)]);
        }
    const auto scale = Standardiser::fit(train);
    const auto model = fitSoftmax(scale.apply(train), y, 3, 0.05);
    QVERIFY(model.ok());
    const RowsD p = softmaxOf(model->apply(scale.apply(t.rows)));
    QVERIFY(near(aurocOneVersusOne(p, t.classOf), kMetricOvo[0]));
    QVERIFY(near(aurocOneVersusRest(p, t.classOf), kMetricOvo[1]));
    QVERIFY(near(aurocOneVersusOne(p, t.classOf, std::vector<int>(kRows, 3)), kMetricOvo[0]));
    const ClassFigures figures = classFiguresOf(p, t.classOf);
    QVERIFY(near(figures.accuracy, kMetricClass[0]) && near(figures.balancedAccuracy, kMetricClass[1]));
    QVERIFY(near(figures.macroF1, kMetricClass[2]));
    QVERIFY(std::isnan(aurocOneVersusOne(p, std::vector<int>(kRows, 1))));
}

void TestExploreMetrics::thePenaltyIsChosenAsScikitLearnChoosesIt() {
    const auto table = goldenTable(22, kRows, 70); // where the best penalty lies within the grid
    const RowsD rows = table.values.cast<double>();
    std::vector<int> classOf;
    for (const double v : table.measured)
        classOf.push_back(v >= 72 ? 2 : v >= 64 ? 1 : 0);
    LinearProbeOptions options;
    QCOMPARE(*chooseC(rows, table.labels, everyNth(3), options), kMetricChosenLogLoss[0]);
    QCOMPARE(*chooseSoftmaxC(rows, classOf, 3, everyNth(3), options), kMetricChosenSoftmax[0]);
    options.criterion = LinearProbeOptions::Criterion::Auroc;
    QCOMPARE(*chooseC(rows, table.labels, everyNth(3), options), kMetricChosenAuroc[0]);
}

void TestExploreMetrics::theChoiceDoesNotSeeTheTestRows() {
    Table t;
    const auto splits = probeSplits(everyNth(4));
    const auto before = linearProbe(t.golden.values, t.golden.labels, t.groups, splits, {});
    QVERIFY(before.ok());
    for (int i = 0; i < kRows; i += 4) { // the rows of fold 0
        t.golden.values.row(i) *= -50.0F;
        t.golden.labels[static_cast<std::size_t>(i)] = 1 - t.golden.labels[static_cast<std::size_t>(i)];
    }
    const auto after = linearProbe(t.golden.values, t.golden.labels, t.groups, splits, {});
    QCOMPARE(after->c[0], before->c[0]);
    QVERIFY(after->c != before->c || after->scores[1] != before->scores[1]); // the other folds learn from them
}

void TestExploreMetrics::aShareKeepsPatientsAndBothClasses() {
    std::vector<int> labels;
    std::vector<std::int64_t> groups;
    for (int i = 0; i < 400; ++i) {
        labels.push_back(i < 80 ? 1 : 0); // 40 patients of two recordings with the label, 160 without
        groups.push_back(i / 2);
    }
    const auto folds = makeFolds(labels, groups, 5, 3);
    const auto splits = probeSplits(*folds);
    const auto drawn = drawShare(splits, labels, groups, 0.1, 7);
    for (std::size_t f = 0; f < splits.size(); ++f) {
        QCOMPARE(drawn[f].test, splits[f].test);
        std::set<std::int64_t> with, without;
        for (const int row : drawn[f].train)
            (labels[static_cast<std::size_t>(row)] == 1 ? with : without).insert(groups[static_cast<std::size_t>(row)]);
        QCOMPARE(drawn[f].train.size(), 2 * (with.size() + without.size())); // patients whole
        QCOMPARE(with.size(), std::size_t(3));                               // a tenth of 32
        QCOMPARE(without.size(), std::size_t(13));                           // of 128
        const std::set<int> mine(splits[f].train.begin(), splits[f].train.end());
        QVERIFY(std::all_of(drawn[f].train.begin(), drawn[f].train.end(), [&](int r) { return mine.contains(r); }));
    }
    QVERIFY(drawShare(splits, labels, groups, 0.1, 8)[0].train != drawn[0].train);
    QCOMPARE(drawShare(splits, labels, groups, 0.1, 7)[0].train, drawn[0].train);
    QCOMPARE(drawShare(splits, labels, groups, 0.01, 7)[0].train.size(), std::size_t(8)); // two of each at least
}

void TestExploreMetrics::aShareTooSmallToDivideFallsBack() {
    const Table t;
    auto splits = drawShare(probeSplits(everyNth(4)), t.golden.labels, t.groups, 0.01, 1);
    splits.resize(1);
    splits[0].train.resize(3); // one class has a single row
    std::vector<int> labels(kRows, 0);
    labels[static_cast<std::size_t>(splits[0].train[0])] = 1;
    const auto probe = linearProbe(t.golden.values, labels, t.groups, splits, {});
    QVERIFY(probe.ok());
    QCOMPARE(probe->c[0], kFallbackC);
}

void TestExploreMetrics::classFoldsSpreadEveryClass() {
    std::vector<int> classOf;
    std::vector<std::int64_t> groups;
    for (int i = 0; i < 120; ++i) {
        classOf.push_back(i % 12 == 0 ? 2 : i % 3 == 0 ? 1 : 0);
        groups.push_back(i < 30 ? i / 2 : i);
    }
    const auto folds = makeClassFolds(classOf, 3, groups, 5, 2);
    QVERIFY(folds.ok());
    for (int k = 0; k < 3; ++k)
        for (int f = 0; f < 5; ++f) {
            int here = 0;
            for (std::size_t i = 0; i < classOf.size(); ++i)
                here += classOf[i] == k && (*folds)[i] == f ? 1 : 0;
            QVERIFY2(here >= 1, qPrintable(QStringLiteral("class %1 fold %2").arg(k).arg(f)));
        }
    for (std::size_t i = 1; i < 30; i += 2)
        QCOMPARE((*folds)[i], (*folds)[i - 1]);
    QCOMPARE(makeClassFolds({0, 0, 0, 1}, 2, {1, 2, 3, 4}, 2, 0).error().code, ErrorCode::ValueOutOfRange);
}

QTEST_GUILESS_MAIN(TestExploreMetrics)
#include "test_explore_metrics.moc"
