// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/signal/filter.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>
#include <span>

using namespace precordia;

namespace {

constexpr double pi = std::numbers::pi;

std::vector<float> sine(double hz, double rate, std::size_t n, double amplitude = 1, double offset = 0) {
    std::vector<float> x(n);
    for (std::size_t i = 0; i < n; ++i)
        x[i] = static_cast<float>(offset + amplitude * std::sin(2 * pi * hz * static_cast<double>(i) / rate));
    return x;
}

// Amplitude of the part in phase with sin(2 pi f t) and of the part in quadrature, over whole periods in the middle.
std::pair<double, double> response(const std::vector<float>& y, double hz, double rate) {
    const std::size_t from = y.size() / 4, to = 3 * y.size() / 4;
    double in = 0, out = 0;
    for (std::size_t i = from; i < to; ++i) {
        in += static_cast<double>(y[i]) * std::sin(2 * pi * hz * static_cast<double>(i) / rate);
        out += static_cast<double>(y[i]) * std::cos(2 * pi * hz * static_cast<double>(i) / rate);
    }
    const double half = static_cast<double>(to - from) / 2;
    return {in / half, out / half};
}

// Butterworth through the bilinear transform, prewarped, squared because it runs both ways.
double lowPassGain(double hz, double corner, double rate) {
    return 1 / (1 + std::pow(std::tan(pi * hz / rate) / std::tan(pi * corner / rate), 4));
}
double highPassGain(double hz, double corner, double rate) {
    return 1 / (1 + std::pow(std::tan(pi * corner / rate) / std::tan(pi * hz / rate), 4));
}

} // namespace

class TestSignalFilter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void gainFollowsTheFormulaWithoutPhase_data() {
        QTest::addColumn<double>("hz");
        for (const double hz : {0.25, 0.5, 0.75, 1.0, 5.0, 20.0, 40.0, 60.0, 100.0})
            QTest::addRow("%g Hz", hz) << hz;
    }
    void gainFollowsTheFormulaWithoutPhase() {
        QFETCH(double, hz);
        constexpr double rate = 500;
        // 80 s: the middle half holds whole periods of every frequency above.
        const auto y = bandPass(sine(hz, rate, 40000), rate, 0.67, 40);
        QVERIFY(y.ok());
        const auto [in, out] = response(*y, hz, rate);
        const double expected = highPassGain(hz, 0.67, rate) * lowPassGain(hz, 40, rate);
        QVERIFY2(std::abs(in - expected) < 2e-4, qPrintable(QString("%1 expected %2").arg(in).arg(expected)));
        QVERIFY2(std::abs(out) < 2e-4, qPrintable(QString::number(out)));
    }

    void halfAmplitudeAtTheCorner() {
        const auto y = bandPass(sine(40, 500, 40000), 500, 0, 40);
        QVERIFY(y.ok());
        QVERIFY(std::abs(response(*y, 40, 500).first - 0.5) < 1e-4);
    }

    void impulseStaysWhereItIs() {
        std::vector<float> x(2001, 0.0F);
        x[1000] = 1000;
        const auto y = bandPass(x, 500, 0.67, 40);
        QVERIFY(y.ok());
        QCOMPARE(std::max_element(y->begin(), y->end()) - y->begin(), 1000);
        for (std::size_t k = 1; k < 400; ++k)
            QVERIFY(std::abs((*y)[1000 - k] - (*y)[1000 + k]) < 0.02F);
    }

    void edgesFollowOffsetAndSlope() {
        std::vector<float> x(5000);
        for (std::size_t i = 0; i < x.size(); ++i)
            x[i] = 3000.0F + 0.05F * static_cast<float>(i);
        const auto y = bandPass(x, 500, 0.67, 40);
        QVERIFY(y.ok());
        for (const float v : *y)
            QVERIFY2(std::abs(v) < 2, qPrintable(QString::number(static_cast<double>(v))));
    }

    void gapsAreBridgedAndStayGaps() {
        constexpr float nan = std::numeric_limits<float>::quiet_NaN();
        std::vector<float> whole = sine(2, 500, 5000, 100, 4000);
        std::vector<float> holed = whole;
        std::fill(holed.begin() + 2000, holed.begin() + 2010, nan);
        holed.front() = nan;
        holed.back() = nan;
        const auto a = bandPass(whole, 500, 0.67, 40);
        const auto b = bandPass(holed, 500, 0.67, 40);
        QVERIFY(a.ok() && b.ok());
        for (std::size_t i = 0; i < whole.size(); ++i) {
            QCOMPARE(std::isnan((*b)[i]), std::isnan(holed[i]));
            if (!std::isnan((*b)[i]))
                QVERIFY2(std::abs((*b)[i] - (*a)[i]) < 3, qPrintable(QString::number(i)));
        }
        const auto nothing = bandPass(std::vector<float>(100, nan), 500, 0.67, 40);
        QVERIFY(nothing.ok());
        QVERIFY(std::all_of(nothing->begin(), nothing->end(), [](float v) { return std::isnan(v); }));
    }

    // Side by side in fours and twos, of other lengths alone: what each gives by itself, to the last bit.
    void severalAtOnceAreEachTheSame() {
        std::vector<std::vector<float>> x;
        for (const std::size_t n : {900, 900, 900, 900, 900, 900, 900, 450, 0, 900, 900}) {
            x.push_back(sine(3.0 + static_cast<double>(x.size()), 500, n));
            for (std::size_t i = 0; i < n; ++i)
                x.back()[i] += static_cast<float>(i * x.size()) * 0.1F;
        }
        for (std::size_t i = 100; i < 160; ++i)
            x[2][i] = std::numeric_limits<float>::quiet_NaN();
        x[5].assign(900, std::numeric_limits<float>::quiet_NaN());
        const std::vector<std::span<const float>> spans(x.begin(), x.end());
        const auto all = bandPassAll(spans, 500, 0.67, 40);
        QVERIFY(all.ok());
        QCOMPARE(all->size(), x.size());
        for (std::size_t k = 0; k < x.size(); ++k) {
            const auto one = bandPass(x[k], 500, 0.67, 40);
            QVERIFY(one.ok());
            QCOMPARE((*all)[k].size(), x[k].size());
            QVERIFY(x[k].empty() || std::memcmp((*all)[k].data(), one->data(), x[k].size() * sizeof(float)) == 0);
        }
        QVERIFY(bandPassAll(spans, 500, 0.67, 300).failed());
    }

    void refusesImpossibleCorners() {
        const std::vector<float> x(100, 1.0F);
        for (const auto& [low, high] : {std::pair{-1.0, 40.0}, std::pair{0.67, 250.0}, std::pair{0.67, 300.0}}) {
            const auto y = bandPass(x, 500, low, high);
            QVERIFY(y.failed());
            QCOMPARE(y.error().code, ErrorCode::ValueOutOfRange);
        }
        QVERIFY(bandPass(x, 0, 0.67, 40).failed());
        QVERIFY(resample(x, 0, 250).failed());
        QVERIFY(resample(x, 500, -1).failed());
        QVERIFY(bandPass(x, 500, 0, 0).ok()); // open on both sides: the signal itself
        QVERIFY(bandPass({}, 500, 0.67, 40)->empty());
        QCOMPARE(bandPass(std::vector<float>(1, 5.0F), 500, 0.67, 40)->size(), std::size_t(1));
    }

    void resampledSineIsTheSine_data() {
        QTest::addColumn<double>("from");
        QTest::addColumn<double>("to");
        for (const auto& [from, to] : {std::pair{500.0, 250.0},
                                       {100.0, 250.0},
                                       {360.0, 250.0},
                                       {400.0, 250.0},
                                       {257.0, 250.0},
                                       {1000.0, 250.0},
                                       {977.5, 250.0},
                                       {128.0, 500.0}})
            QTest::addRow("%g to %g Hz", from, to) << from << to;
    }
    void resampledSineIsTheSine() {
        QFETCH(double, from);
        QFETCH(double, to);
        const auto n = static_cast<std::size_t>(std::lround(10 * from));
        const auto y = resample(sine(7, from, n, 1000, 5000), from, to);
        QVERIFY(y.ok());
        QCOMPARE(y->size(), static_cast<std::size_t>(std::llround(static_cast<double>(n) * to / from)));
        // Sample 0 at time 0, all through; the first and last tenth of a second depend on what lies beyond the edge,
        // and the last samples of a higher rate lie beyond the last one of the lower.
        const auto edge = static_cast<std::size_t>(0.1 * to);
        for (std::size_t i = 0; i < y->size(); ++i) {
            const double expected = 5000 + 1000 * std::sin(2 * pi * 7 * static_cast<double>(i) / to);
            const double limit = i < edge || i + edge >= y->size() ? 60 : 0.5;
            QVERIFY2(std::abs(static_cast<double>((*y)[i]) - expected) < limit,
                     qPrintable(QString("%1: %2 for %3").arg(i).arg(static_cast<double>((*y)[i])).arg(expected)));
        }
    }

    void resamplingKeepsGapsInPlace() {
        std::vector<float> x = sine(3, 500, 5000, 100);
        std::fill(x.begin() + 1000, x.begin() + 1500, std::numeric_limits<float>::quiet_NaN());
        const auto y = resample(x, 500, 250);
        QVERIFY(y.ok());
        for (std::size_t i = 0; i < y->size(); ++i)
            QCOMPARE(std::isnan((*y)[i]), i >= 500 && i < 750);
    }

    void equalRatesChangeNothing() {
        const std::vector<float> x = sine(3, 500, 777);
        QVERIFY(*resample(x, 500, 500) == x);
    }
};

QTEST_GUILESS_MAIN(TestSignalFilter)
#include "test_signal_filter.moc"
