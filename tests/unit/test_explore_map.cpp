// SPDX-License-Identifier: GPL-3.0-or-later
// Neighbours, projections and clusters against brute force, scikit-learn's figures and clouds of known membership.
#include "core/explore/map.h"
#include "test_explore_golden.h"
#include "test_explore_table.h"

#include <QtTest>

#include <algorithm>
#include <set>

using namespace precordia;
using namespace precordia::test;

class TestExploreMap : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void exactNeighboursAreThoseOfBruteForce();
    void nearPointsFarFromTheOriginAreToldApart();
    void approximateNeighboursRecallMostOfTheExact();
    void neighboursRefuseWhatHasNoAnswer();
    void pcaIsThatOfScikitLearn_data();
    void pcaIsThatOfScikitLearn();
    void umapAndLeidenSeparateAMixture();
    void aStopEndsTheLayout();
    void kMeansFindsTheClouds();
    void equalPointsBreakNothing();
    void qualityFiguresAreThoseOfScikitLearn();
};

void TestExploreMap::exactNeighboursAreThoseOfBruteForce() {
    const auto m = mixture(1, 700, 20, 3, 1.0); // more than one block
    Progress progress;
    const auto found = nearestNeighbours(m.values, 7, {}, progress);
    QVERIFY(found.ok());
    for (int i = 0; i < 700; i += 13) {
        std::vector<std::pair<float, int>> all;
        for (int j = 0; j < 700; ++j)
            if (j != i)
                all.emplace_back((m.values.row(i) - m.values.row(j)).norm(), j);
        std::sort(all.begin(), all.end());
        for (int j = 0; j < 7; ++j) {
            const auto at = static_cast<std::size_t>(i * 7 + j);
            QCOMPARE(found->index[at], all[static_cast<std::size_t>(j)].second);
            QVERIFY(std::abs(found->distance[at] - all[static_cast<std::size_t>(j)].first) < 1e-4F);
        }
    }
}

void TestExploreMap::nearPointsFarFromTheOriginAreToldApart() {
    // |a|^2 + |b|^2 - 2ab alone has no digit left here: squares of 4e6, distances of 0.01.
    Matrix values(40, 4);
    for (int i = 0; i < 40; ++i)
        values.row(i) << 1000.0F + 0.01F * static_cast<float>(i), i < 20 ? 1000.0F : -1000.0F, 1000, 1000;
    Progress progress;
    const auto found = nearestNeighbours(values, 1, {}, progress);
    QVERIFY(found.ok());
    QCOMPARE(found->index[0], 1);
    QVERIFY(found->index[10] == 9 || found->index[10] == 11);
    QVERIFY(found->distance[10] < 0.02F);
}

void TestExploreMap::approximateNeighboursRecallMostOfTheExact() {
    const auto m = mixture(2, 1500, 16, 5, 0.5);
    Progress progress;
    const auto exact = nearestNeighbours(m.values, 15, {}, progress);
    const auto about = nearestNeighbours(m.values, 15, {}, progress, 100);
    QVERIFY(exact.ok() && about.ok());
    int hits = 0;
    for (std::size_t i = 0; i < 1500; ++i) {
        const std::set<int> truth(exact->index.begin() + static_cast<int>(i) * 15,
                                  exact->index.begin() + static_cast<int>(i + 1) * 15);
        for (std::size_t j = i * 15; j < (i + 1) * 15; ++j) {
            QVERIFY(about->index[j] != static_cast<int>(i));
            hits += static_cast<int>(truth.count(about->index[j]));
        }
    }
    QVERIFY2(hits > 0.97 * 1500 * 15, qPrintable(QString::number(hits)));
}

void TestExploreMap::neighboursRefuseWhatHasNoAnswer() {
    Progress progress;
    Matrix values = Matrix::Zero(3, 2);
    QCOMPARE(nearestNeighbours(values, 3, {}, progress).error().code, ErrorCode::ValueOutOfRange);
    QCOMPARE(nearestNeighbours(Matrix(), 1, {}, progress).error().code, ErrorCode::ValueOutOfRange);
    values(1, 1) = std::numeric_limits<float>::quiet_NaN();
    QCOMPARE(nearestNeighbours(values, 1, {}, progress).error().code, ErrorCode::NotFinite);
}

void TestExploreMap::pcaIsThatOfScikitLearn_data() {
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("columns");
    QTest::newRow("by covariance") << 60 << 7;
    QTest::newRow("by Gram matrix") << 40 << 90;
}

void TestExploreMap::pcaIsThatOfScikitLearn() {
    QFETCH(int, rows);
    QFETCH(int, columns);
    const auto result = pca(goldenTable(5, rows, columns).values, 3);
    const auto& points = rows == 60 ? kPcaTall : kPcaWide;
    const auto& shares = rows == 60 ? kPcaShareTall : kPcaShareWide;
    for (int i = 0; i < 15; ++i)
        QVERIFY(std::abs(result.projected(i / 3, i % 3) - points[static_cast<std::size_t>(i)]) < 1e-4);
    for (std::size_t i = 0; i < 3; ++i)
        QVERIFY(std::abs(result.explained[i] - shares[i]) < 1e-5);
}

void TestExploreMap::umapAndLeidenSeparateAMixture() {
    const auto m = mixture(3, 900, 40, 6, 1.5);
    Progress progress;
    const auto neighbours = nearestNeighbours(m.values, 14, {}, progress);
    QVERIFY(neighbours.ok());
    const auto clusters = leiden(*neighbours, 900, 1.0, 7);
    QVERIFY(clusters.ok());
    QVERIFY(adjustedRandIndex(*clusters, m.cloud) > 0.95);
    QCOMPARE(*leiden(*neighbours, 900, 1.0, 7), *clusters);

    UmapOptions options;
    const auto layout = umap(m.values, options, {}, progress);
    QVERIFY(layout.ok());
    QVERIFY2(trustworthiness(m.values, *layout, 15) > 0.9,
             qPrintable(QString::number(trustworthiness(m.values, *layout, 15))));
    // Seen in the picture alone, each point lies with its own cloud.
    const auto near = nearestNeighbours(*layout, 1, {}, progress);
    int own = 0;
    for (std::size_t i = 0; i < 900; ++i)
        own += m.cloud[i] == m.cloud[static_cast<std::size_t>(near->index[i])];
    QVERIFY2(own > 890, qPrintable(QString::number(own)));
    QVERIFY(*umap(m.values, options, {}, progress) == *layout);
    options.seed = 43;
    QVERIFY(*umap(m.values, options, {}, progress) != *layout);
}

void TestExploreMap::aStopEndsTheLayout() {
    std::stop_source source;
    source.request_stop();
    Progress progress;
    const auto m = mixture(3, 100, 4, 2, 1.0);
    QVERIFY(umap(m.values, {}, source.get_token(), progress).cancelled());
    QVERIFY(nearestNeighbours(m.values, 5, source.get_token(), progress, 10).cancelled());
}

void TestExploreMap::kMeansFindsTheClouds() {
    const auto m = mixture(4, 500, 10, 5, 4.0);
    const auto clusters = kMeans(m.values, 5, 1);
    QCOMPARE(adjustedRandIndex(clusters, m.cloud), 1.0);
    // Numbered by size: of 7 rows in clouds of 5 and 2, the two are number 1.
    Matrix few(7, 1);
    few << 9, 0, 0.1F, 0.2F, 9.1F, 0.3F, 0.4F;
    QCOMPARE(kMeans(few, 2, 3), (std::vector<int>{1, 0, 0, 0, 1, 0, 0}));
    QCOMPARE(kMeans(few, 50, 3).size(), std::size_t(7));
}

void TestExploreMap::equalPointsBreakNothing() {
    const Matrix same = Matrix::Constant(50, 3, 2.0F);
    Progress progress;
    const auto neighbours = nearestNeighbours(same, 10, {}, progress);
    QVERIFY(neighbours.ok());
    QVERIFY(leiden(*neighbours, 50, 1.0, 1).ok());
    const auto layout = umap(same, {}, {}, progress);
    QVERIFY(layout.ok() && layout->allFinite());
    QCOMPARE(kMeans(same, 3, 1).size(), std::size_t(50));
    QVERIFY(nearestNeighbours(same, 10, {}, progress, 5).ok());
}

void TestExploreMap::qualityFiguresAreThoseOfScikitLearn() {
    const Matrix values = goldenTable(9, 80, 6).values;
    QVERIFY(std::abs(trustworthiness(values, values.leftCols(2), 5) - kTrust[0]) < 1e-9);
    std::vector<int> a, b;
    for (int i = 0; i < 50; ++i)
        a.push_back(i % 3), b.push_back((i * i) % 4);
    QVERIFY(std::abs(adjustedRandIndex(a, b) - kRand[0]) < 1e-9);
    QCOMPARE(adjustedRandIndex(a, a), 1.0);
}

QTEST_APPLESS_MAIN(TestExploreMap)
#include "test_explore_map.moc"
