// SPDX-License-Identifier: GPL-3.0-or-later
// By hand: which of two values in the middle, what is not finite, none at all.
#include "core/base/result.h" // before <compare>: moc 6.4 trips over it when nothing of libstdc++ came before
#include "core/signal/statistics.h"

#include <QTest>

#include <limits>

using namespace precordia::signal;

class TestSignalStatistics : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void medians() {
        const std::vector<double> odd{9, 1, 4}, even{9, 1, 4, 6};
        QCOMPARE(upperMedian(odd, -1), 4.0);
        QCOMPARE(upperMedian(even, -1), 6.0);
        QCOMPARE(upperMedian({}, -1), -1.0);
        std::vector<double> few{9, 1, 4}, many;
        QCOMPARE(middleOf(few), 4.0);
        for (int i = 0; i < 101; ++i)
            many.push_back(i * 37 % 101);
        QCOMPARE(middleOf(many), 50.0);
    }

    void products() {
        for (const std::size_t n : {0U, 1U, 3U, 4U, 11U}) {
            std::vector<float> a, b;
            float sum = 0;
            for (std::size_t i = 0; i < n; ++i) {
                a.push_back(static_cast<float>(i + 1));
                b.push_back(static_cast<float>(2 * i));
                sum += a.back() * b.back();
            }
            QCOMPARE(dot(a, b), sum);
        }
    }

    void quantiles() {
        const std::vector<float> x{5, 1, 4, 2, 3};
        QCOMPARE(quantile(x, 0), 1.0F);
        QCOMPARE(quantile(x, 0.49), 2.0F); // place 1.96: the lower one
        QCOMPARE(quantile(x, 1), 5.0F);
        QCOMPARE(quantile(std::vector<float>{}, 0.5), 0.0F);
    }

    void notFiniteDoesNotCount() {
        constexpr double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
        const std::vector<double> x{nan, 3, inf, 1, nan, 2, -inf, nan};
        QCOMPARE(quantile(x, 1), 3.0);
        QCOMPARE(upperMedian(x, -1), 2.0);
        QCOMPARE(quantile(std::vector<double>{nan, nan}, 0.5), 0.0);
        QCOMPARE(upperMedian({nan}, -1), -1.0);
    }
};

QTEST_GUILESS_MAIN(TestSignalStatistics)
#include "test_signal_statistics.moc"
