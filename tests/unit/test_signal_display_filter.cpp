// SPDX-License-Identifier: GPL-3.0-or-later
// Display filters: what they take, what they leave, and that nothing moves in time.
#include "core/signal/display_filter.h"
#include "core/signal/filter.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace precordia;

namespace {

constexpr double kRate = 500;

std::vector<float> sine(double hz, double seconds = 20) {
    std::vector<float> out(static_cast<std::size_t>(kRate * seconds));
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<float>(1000 * std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / kRate));
    return out;
}

// Amplitude of the middle half at this frequency, by projection on sine and cosine.
double amplitude(const std::vector<float>& x, double hz) {
    double s = 0, c = 0;
    const std::size_t from = x.size() / 4, to = 3 * x.size() / 4;
    for (std::size_t i = from; i < to; ++i) {
        const double w = 2 * std::numbers::pi * hz * static_cast<double>(i) / kRate;
        s += static_cast<double>(x[i]) * std::sin(w);
        c += static_cast<double>(x[i]) * std::cos(w);
    }
    return 2 * std::hypot(s, c) / static_cast<double>(to - from);
}

Recording of(std::vector<float> samples, const std::string& unit = "uV") {
    Recording recording;
    recording.samplingRate = kRate;
    Lead lead;
    lead.name = "II";
    lead.unit = unit;
    lead.samples = std::move(samples);
    recording.leads.push_back(lead);
    return recording;
}

std::vector<float> filtered(const std::vector<float>& x, const DisplayFilters& filters) {
    const auto out = withDisplayFilters(of(x), filters);
    return out ? out->leads[0].samples : std::vector<float>{};
}

} // namespace

class TestSignalDisplayFilter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void notchTakesMainsAlone() {
        const DisplayFilters mains{0, 50, 0};
        QVERIFY(amplitude(filtered(sine(50), mains), 50) < 2);
        // H(f) of a notch of quality 25 one way: |f0^2 - f^2| / hypot(f0^2 - f^2, f f0 / 25), squared for both ways.
        for (const double hz : {5.0, 20.0, 45.0, 60.0, 100.0}) {
            const double d = 2500 - hz * hz;
            const double expected = 1000 * d * d / (d * d + hz * hz * 4);
            const double got = amplitude(filtered(sine(hz), mains), hz);
            QVERIFY2(std::abs(got - expected) < 10,
                     qPrintable(QStringLiteral("%1 Hz: %2, %3").arg(hz).arg(got).arg(expected)));
        }
        QVERIFY(amplitude(filtered(sine(60), {0, 60, 0}), 60) < 2);
        QVERIFY(amplitude(filtered(sine(60), mains), 60) > 950);
    }

    // Butterworth of order 2 both ways: half of the amplitude at the corner.
    void cornersHalve() {
        QVERIFY(std::abs(amplitude(filtered(sine(40), {0, 0, 40}), 40) - 500) < 10);
        QVERIFY(std::abs(amplitude(filtered(sine(0.5, 80), {0.5, 0, 0}), 0.5) - 500) < 15);
        QVERIFY(amplitude(filtered(sine(10), {0.5, 50, 100}), 10) > 990);
    }

    // Zero phase: a symmetric peak stays symmetric and where it was.
    void nothingMoves() {
        std::vector<float> peak(4001);
        for (std::size_t i = 0; i < peak.size(); ++i) {
            const double t = (static_cast<double>(i) - 2000) / kRate;
            peak[i] = static_cast<float>(1000 * std::exp(-t * t / (2 * 0.01 * 0.01)));
        }
        const auto out = filtered(peak, {0.5, 50, 40});
        QCOMPARE(std::max_element(out.begin(), out.end()) - out.begin(), std::ptrdiff_t(2000));
        for (std::size_t k = 1; k < 300; ++k)
            QVERIFY(std::abs(out[2000 - k] - out[2000 + k]) < 0.5F);
    }

    void gapsAndOtherSignalsStay() {
        auto x = sine(5, 4);
        std::fill(x.begin() + 700, x.begin() + 800, std::nanf(""));
        const auto out = filtered(x, {0.5, 50, 40});
        for (std::size_t i = 0; i < x.size(); ++i)
            QCOMPARE(std::isnan(out[i]), i >= 700 && i < 800);
        const auto pressure = withDisplayFilters(of(sine(50), "mmHg"), {0, 50, 0});
        QVERIFY(pressure.ok());
        QCOMPARE(pressure->leads[0].samples, sine(50));
    }

    // At 80 Hz nothing lies above 40 Hz: filters of 50 Hz and 100 Hz have nothing to take and do no harm.
    void cornersBeyondTheRateAreLeftOut() {
        auto slow = of(sine(10, 2));
        slow.samplingRate = 80;
        const auto out = withDisplayFilters(slow, {0, 50, 100});
        QVERIFY(out.ok());
        QCOMPARE(out->leads[0].samples, slow.leads[0].samples);
    }

    void words() {
        QCOMPARE(*parseDisplayFilters("off"), DisplayFilters{});
        QCOMPARE(*parseDisplayFilters("40,0.5,60"), (DisplayFilters{0.5, 60, 40}));
        for (const char* wrong : {"0.5,0.05", "41", "50,50", "fifty", "50,", "0", "nan"})
            QVERIFY2(!parseDisplayFilters(wrong), wrong);
        QVERIFY(notch(sine(10, 1), 500, 250).failed());
    }
};

QTEST_GUILESS_MAIN(TestSignalDisplayFilter)
#include "test_signal_display_filter.moc"
