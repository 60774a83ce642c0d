// SPDX-License-Identifier: GPL-3.0-or-later
// The probes against scikit-learn's decision values and hand-made cases; folds that never cut a patient.
#include "core/explore/logistic.h"
#include "core/explore/probe.h"
#include "test_explore_golden.h"
#include "test_explore_table.h"

#include <QtTest>

#include <map>
#include <numeric>
#include <set>

using namespace precordia;
using namespace precordia::test;

namespace {

std::vector<std::int64_t> oneGroupEach(int rows) {
    std::vector<std::int64_t> groups(static_cast<std::size_t>(rows));
    std::iota(groups.begin(), groups.end(), 0);
    return groups;
}

} // namespace

class TestExploreProbe : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void probesAreThoseOfScikitLearn_data();
    void probesAreThoseOfScikitLearn();
    void aucCountsTiesHalf();
    void foldsKeepPatientsWholeAndLabelsEven();
    void tooFewPositivesAreAnError();
    void theJudgedRowsDoNotEnterTheFit();
    void aConstantFeatureChangesNothing();
    void intervalsHoldTheValueAndNarrowWithMorePatients();
    void pairedDifferenceOfEqualScoresIsNothing();
    void pairedDifferenceSeesTheBetter();
    void repeatedRowsOfOnePatientWidenTheInterval();
    void simpleFeaturesAreThoseOfTheReference();
    void simpleFeaturesDoNotDependOnGain();
};

void TestExploreProbe::probesAreThoseOfScikitLearn_data() {
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("columns");
    QTest::newRow("more rows than columns") << 60 << 7;
    QTest::newRow("more columns than rows") << 40 << 90;
}

void TestExploreProbe::probesAreThoseOfScikitLearn() {
    QFETCH(int, rows);
    QFETCH(int, columns);
    const auto table = goldenTable(5, rows, columns);
    std::vector<int> foldOf;
    for (int i = 0; i < rows; ++i)
        foldOf.push_back(i % 4);
    const auto scores = probeScores(table.values, table.labels, foldOf, 0.02);
    const auto guesses = probeValues(table.values, table.measured, foldOf);
    QVERIFY(scores.ok() && guesses.ok());
    const auto& logistic = rows == 60 ? kLogisticTall : kLogisticWide;
    const auto& ridge = rows == 60 ? kRidgeTall : kRidgeWide;
    for (std::size_t i = 0; i < logistic.size(); ++i) { // fold 0 is every fourth row
        QVERIFY2(std::abs((*scores)[4 * i] - logistic[i]) < 1e-5,
                 qPrintable(QString::number((*scores)[4 * i] - logistic[i])));
        QVERIFY2(std::abs((*guesses)[4 * i] - ridge[i]) < 1e-5,
                 qPrintable(QString::number((*guesses)[4 * i] - ridge[i])));
    }
}

void TestExploreProbe::aucCountsTiesHalf() {
    const auto table = goldenTable(9, 80, 6);
    std::vector<double> coarse;
    for (const double v : table.measured)
        coarse.push_back(std::nearbyint(v / 4));
    QVERIFY(std::abs(auroc(coarse, table.labels) - kAuroc[0]) < 1e-9);
    // Pairs of a positive and a negative: 3 > 1 won, 1 = 1 half, 3 > 2 won, 1 < 2 lost: 2.5 of 4.
    QCOMPARE(auroc({3, 1, 1, 2}, {1, 1, 0, 0}), 0.625);
    QCOMPARE(auroc({1, 2}, {1, 1}), 0.5);
}

void TestExploreProbe::foldsKeepPatientsWholeAndLabelsEven() {
    std::vector<int> labels;
    std::vector<std::int64_t> groups;
    for (int i = 0; i < 200; ++i) {
        labels.push_back(i % 8 == 0); // 25 positives
        groups.push_back(i < 60 ? i / 3 : i);
    }
    const auto folds = makeFolds(labels, groups, 5, 1);
    QVERIFY(folds.ok());
    std::map<std::int64_t, std::set<int>> foldsOfGroup;
    std::vector<int> size(5), positives(5);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const int fold = (*folds)[i];
        QVERIFY(fold >= 0 && fold < 5);
        foldsOfGroup[groups[i]].insert(fold);
        ++size[static_cast<std::size_t>(fold)];
        positives[static_cast<std::size_t>(fold)] += labels[i];
    }
    for (const auto& [group, in] : foldsOfGroup)
        QCOMPARE(in.size(), std::size_t(1));
    for (std::size_t f = 0; f < 5; ++f) {
        QCOMPARE(positives[f], 5);
        QVERIFY(size[f] >= 36 && size[f] <= 44);
    }
    QCOMPARE(*makeFolds(labels, groups, 5, 1), *folds);
    QVERIFY(*makeFolds(labels, groups, 5, 2) != *folds);
}

void TestExploreProbe::tooFewPositivesAreAnError() {
    const std::vector<int> labels = {1, 1, 1, 0, 0, 0, 0, 0, 0, 0};
    QCOMPARE(makeFolds(labels, oneGroupEach(10), 5, 0).error().code, ErrorCode::ValueOutOfRange);
    // Enough recordings, but all of two patients: a fold would have no positive.
    const std::vector<int> many = {1, 1, 1, 1, 1, 1, 0, 0, 0, 0};
    QCOMPARE(makeFolds(many, {1, 1, 1, 2, 2, 2, 3, 4, 5, 6}, 3, 0).error().code, ErrorCode::ValueOutOfRange);
    QCOMPARE(makeFolds({1, 2}, 5, 0).error().code, ErrorCode::ValueOutOfRange);
}

void TestExploreProbe::theJudgedRowsDoNotEnterTheFit() {
    auto table = goldenTable(5, 60, 7);
    std::vector<int> foldOf;
    for (int i = 0; i < 60; ++i)
        foldOf.push_back(i % 4);
    const auto before = probeScores(table.values, table.labels, foldOf, 0.02);
    // Row 0 is judged in fold 0: whatever it holds, the other rows of its fold keep their scores.
    table.values.row(0) *= 1000.0F;
    table.labels[0] = 1 - table.labels[0];
    const auto after = probeScores(table.values, table.labels, foldOf, 0.02);
    QCOMPARE((*after)[4], (*before)[4]);
    QVERIFY((*after)[0] != (*before)[0]);
    QVERIFY((*after)[1] != (*before)[1]);
}

void TestExploreProbe::aConstantFeatureChangesNothing() {
    const auto table = goldenTable(5, 60, 7);
    Matrix more(60, 8);
    more << table.values, Matrix::Constant(60, 1, 123.456F);
    std::vector<int> foldOf;
    for (int i = 0; i < 60; ++i)
        foldOf.push_back(i % 4);
    const auto a = probeScores(table.values, table.labels, foldOf, 0.02);
    const auto b = probeScores(more, table.labels, foldOf, 0.02);
    for (std::size_t i = 0; i < 60; ++i)
        QVERIFY(std::abs((*a)[i] - (*b)[i]) < 1e-6);
    QVERIFY(standardiseColumns(more).col(7).isZero());
    QVERIFY(std::abs(standardiseColumns(more).col(2).squaredNorm() / 60 - 1) < 1e-5F);
}

void TestExploreProbe::intervalsHoldTheValueAndNarrowWithMorePatients() {
    double width[2] = {0, 0};
    int at = 0;
    for (const int rows : {100, 800}) {
        const auto table = goldenTable(11, rows, 5);
        const auto groups = oneGroupEach(rows);
        const auto folds = makeFolds(table.labels, groups, 5, 0);
        const auto result = probeLabel(table.values, table.labels, *folds, groups, {});
        QVERIFY(result.ok());
        QVERIFY(result->auroc > 0.75 && result->auroc < 1);
        QVERIFY(result->low < result->auroc && result->auroc < result->high);
        width[at++] = result->high - result->low;
    }
    QVERIFY(width[1] < width[0]);
}

void TestExploreProbe::pairedDifferenceOfEqualScoresIsNothing() {
    const auto table = goldenTable(9, 80, 6);
    const auto d = compareProbes(table.measured, table.measured, table.labels, oneGroupEach(80), 200, 1);
    QCOMPARE(d.difference, 0.0);
    QCOMPARE(d.low, 0.0);
    QCOMPARE(d.high, 0.0);
    const auto r2 = compareR2({table.measured}, {table.measured}, table.measured, oneGroupEach(80), 100, 1);
    QCOMPARE(r2.high, 0.0);
}

void TestExploreProbe::pairedDifferenceSeesTheBetter() {
    const auto table = goldenTable(9, 400, 6);
    RandomSource random(1);
    std::vector<double> good, poor;
    for (const int label : table.labels) {
        good.push_back(label + bell(random));
        poor.push_back(bell(random));
    }
    const auto groups = oneGroupEach(400);
    const auto d = compareProbes(good, poor, table.labels, groups, 500, 1);
    QVERIFY(std::abs(d.difference - (auroc(good, table.labels) - auroc(poor, table.labels))) < 1e-12);
    QVERIFY(d.low > 0 && d.low < d.difference && d.difference < d.high);
    // A mean over two findings, one of them equal on both sides, is half as much.
    const auto mean =
        compareMeanAuroc({{{good}, {poor}, table.labels, groups}, {{poor}, {poor}, table.labels, groups}}, 100, 1);
    QVERIFY(std::abs(mean.difference - d.difference / 2) < 1e-12);
    const auto gain = compareR2({table.measured}, {std::vector<double>(400, 70.0)}, table.measured, groups, 100, 1);
    QVERIFY(gain.difference >= 1 && gain.low >= 1); // all of the variance and what the guess of 70 misses
}

void TestExploreProbe::repeatedRowsOfOnePatientWidenTheInterval() {
    // The same 50 patients, each four times: no more is known than from 50 rows.
    const auto table = goldenTable(13, 50, 6);
    std::vector<double> scores;
    std::vector<int> labels;
    std::vector<std::int64_t> patients;
    for (int copy = 0; copy < 4; ++copy)
        for (std::size_t i = 0; i < 50; ++i) {
            scores.push_back(table.measured[i]);
            labels.push_back(table.labels[i]);
            patients.push_back(static_cast<std::int64_t>(i));
        }
    const std::vector<double> none(200, 0);
    const auto byPatient = compareProbes(scores, none, labels, patients, 500, 1);
    const auto byRow = compareProbes(scores, none, labels, oneGroupEach(200), 500, 1);
    QVERIFY(byPatient.high - byPatient.low > 1.5 * (byRow.high - byRow.low));
}

void TestExploreProbe::simpleFeaturesAreThoseOfTheReference() {
    RandomSource random(3);
    std::vector<float> window;
    for (int l = 0; l < 12; ++l) {
        double sum = 0;
        for (int t = 0; t < 2500; ++t)
            window.push_back(static_cast<float>(sum += bell(random)) * 20.0F);
    }
    const auto features = simpleFeatures(window, 12, 2500);
    QCOMPARE(features.size(), std::size_t(108));
    QCOMPARE(kSimple.size(), std::size_t(108));
    for (std::size_t i = 0; i < 108; ++i)
        QVERIFY2(std::abs(features[i] - kSimple[i]) < 1e-4 * std::max(1.0, std::abs(kSimple[i])),
                 qPrintable(QString::number(i)));
    QVERIFY(simpleFeatures(window, 12, 2499).empty());
}

void TestExploreProbe::simpleFeaturesDoNotDependOnGain() {
    RandomSource random(4);
    std::vector<float> window(12 * 500), loud;
    for (float& v : window)
        v = static_cast<float>(100 * bell(random));
    for (const float v : window)
        loud.push_back(3 * v);
    const auto a = simpleFeatures(window, 12, 500), b = simpleFeatures(loud, 12, 500);
    for (std::size_t i = 0; i < a.size(); ++i)
        QVERIFY(std::abs(a[i] - b[i]) < 1e-4F * std::max(1.0F, std::abs(a[i])));
    for (const float v : simpleFeatures(std::vector<float>(12 * 500, 0.0F), 12, 500))
        QCOMPARE(v, 0.0F);
}

QTEST_APPLESS_MAIN(TestExploreProbe)
#include "test_explore_probe.moc"
