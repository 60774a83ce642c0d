// SPDX-License-Identifier: GPL-3.0-or-later
// Latent errors in terms of a study.
#include "core/explore/random_source.h"
#include "core/explore/surprise_calibration.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace precordia;

namespace {

constexpr int kIntervals = 10, kWidth = 4;

double normal(RandomSource& random) { // Box-Muller
    return std::sqrt(-2 * std::log(1 - random.uniform())) * std::cos(6.283185307179586 * random.uniform());
}

// Edges are three times as hard, and the first direction varies ten times as much as the others anywhere.
std::vector<float> usual(std::uint64_t seed) {
    RandomSource random(seed);
    std::vector<float> residual;
    for (int t = 0; t < kIntervals; ++t)
        for (int d = 0; d < kWidth; ++d)
            residual.push_back(
                static_cast<float>((t == 0 || t == kIntervals - 1 ? 3 : 1) * (d == 0 ? 10 : 1) * normal(random)));
    return residual;
}

std::vector<std::vector<float>> study(int windows) {
    std::vector<std::vector<float>> out;
    for (int i = 0; i < windows; ++i)
        out.push_back(usual(static_cast<std::uint64_t>(i)));
    return out;
}

double mean(const std::vector<float>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

} // namespace

class TestExploreSurprise : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void edgesAreJudgedByTheirPlace() {
        const auto calibration = SurpriseCalibration::fit(study(400), kIntervals, kWidth, 1);
        QVERIFY(calibration.ok());
        // Of fresh windows of the same kind, each place surprises half of the time more than the median.
        std::vector<std::vector<float>> byPlace(kIntervals);
        for (std::uint64_t i = 1000; i < 1300; ++i) {
            const auto judged = (*calibration)(usual(i));
            for (std::size_t t = 0; t < kIntervals; ++t)
                byPlace[t].push_back(judged.percentile[t]);
        }
        for (const auto& place : byPlace)
            QVERIFY2(std::abs(mean(place) - 50) < 6, qPrintable(QString::number(mean(place))));
    }

    void directionsCountByHowUsualTheyAre() {
        const auto calibration = SurpriseCalibration::fit(study(400), kIntervals, kWidth, 1);
        auto one = usual(5), other = one;
        // Eight units where ten are usual, and where one is: only the second is news.
        for (std::size_t t = 4; t <= 6; ++t)
            for (std::size_t d = 0; d < kWidth; ++d) {
                one[t * kWidth + d] = d == 0 ? 8 : 0;
                other[t * kWidth + d] = d == 1 ? 8 : 0;
            }
        const auto usualWay = (*calibration)(one), news = (*calibration)(other);
        QVERIFY(usualWay.percentile[5] < 50);
        QVERIFY(news.percentile[5] > 99);
        QCOMPARE(std::max_element(news.score.begin(), news.score.end()) - news.score.begin(), 5);
        QVERIFY(news.recordingPercentile > 95);
        QVERIFY(news.recordingScore >= *std::max_element(news.score.begin(), news.score.end()) - 1e-6F); // one of ten
    }

    void comesBackFromItsBytes() {
        const auto calibration = SurpriseCalibration::fit(study(60), kIntervals, kWidth, 3);
        const auto bytes = calibration->bytes();
        const auto back = SurpriseCalibration::fromBytes(bytes);
        QVERIFY(back.ok());
        QCOMPARE(back->block(), 3);
        QCOMPARE(back->windows(), 60);
        QCOMPARE((*back)(usual(77)).percentile, (*calibration)(usual(77)).percentile);
        QCOMPARE((*back)(usual(77)).recordingPercentile, (*calibration)(usual(77)).recordingPercentile);
        // Cut anywhere, or with other numbers in its head, it is refused.
        for (std::size_t size = 0; size < bytes.size(); size += 7)
            QVERIFY(SurpriseCalibration::fromBytes(std::string_view(bytes).substr(0, size)).failed());
        for (std::size_t at = 0; at < 28; ++at) {
            auto bad = bytes;
            bad[at] = static_cast<char>(bad[at] ^ 0x40);
            const auto result = SurpriseCalibration::fromBytes(bad);
            QVERIFY(result.failed() || (at >= 12 && at < 20)); // block and windows may be any small number
        }
    }

    void refusesWhatIsNotThere() {
        QCOMPARE(SurpriseCalibration::fit({}, kIntervals, kWidth, 1).error().code, ErrorCode::ValueOutOfRange);
        QCOMPARE(SurpriseCalibration::fit({std::vector<float>(7)}, kIntervals, kWidth, 1).error().code,
                 ErrorCode::ValueOutOfRange);
        auto bad = study(3);
        bad[1][4] = NAN;
        QCOMPARE(SurpriseCalibration::fit(bad, kIntervals, kWidth, 1).error().code, ErrorCode::NotFinite);
        // Two windows only, all alike: no division by nothing.
        const auto calibration = SurpriseCalibration::fit(
            std::vector<std::vector<float>>(2, std::vector<float>(kIntervals * kWidth, 1)), kIntervals, kWidth, 1);
        QVERIFY(calibration.ok());
        const auto judged = (*calibration)(std::vector<float>(kIntervals * kWidth, 1));
        for (const float v : judged.score)
            QVERIFY(std::isfinite(v));
    }
};

QTEST_GUILESS_MAIN(TestExploreSurprise)
#include "test_explore_surprise.moc"
