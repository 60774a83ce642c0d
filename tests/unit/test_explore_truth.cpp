// SPDX-License-Identifier: GPL-3.0-or-later
// Corpora in which everything is known, and the linear probes that read them.
#include "core/ecg/pulse_synthesis.h"
#include "core/explore/factor_probe.h"
#include "core/explore/probe.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace precordia;

namespace {

std::size_t indexOf(const std::vector<KnownFactor>& factors, const char* name) {
    for (std::size_t i = 0; i < factors.size(); ++i)
        if (factors[i].name == name)
            return i;
    return factors.size();
}

double correlation(const std::vector<std::vector<double>>& rows, std::size_t a, std::size_t b) {
    double n = 0, sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
    for (const auto& row : rows) {
        if (!std::isfinite(row[a]) || !std::isfinite(row[b]))
            continue;
        n += 1, sa += row[a], sb += row[b], saa += row[a] * row[a], sbb += row[b] * row[b], sab += row[a] * row[b];
    }
    return (sab - sa * sb / n) / std::sqrt((saa - sa * sa / n) * (sbb - sb * sb / n));
}

// Beats a minute by counting the tops above half of the highest.
double ratedByTops(const std::vector<float>& x, std::size_t samples, double rate) {
    const float high = *std::max_element(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(samples));
    std::vector<double> tops;
    for (std::size_t i = 0; i < samples;) {
        if (x[i] < 0.7F * high) { // the wave of the valve's opening reaches half of the main one
            ++i;
            continue;
        }
        std::size_t best = i;
        for (; i < samples && x[i] >= 0.3F * high; ++i)
            if (x[i] > x[best])
                best = i;
        tops.push_back(static_cast<double>(best) / rate);
    }
    return 60 * static_cast<double>(tops.size() - 1) / (tops.back() - tops.front());
}

} // namespace

class TestExploreTruth : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void probesAsTheLabelProbesDo() {
        constexpr Eigen::Index n = 80, d = 6;
        Matrix x(n, d);
        std::vector<std::vector<double>> values;
        std::vector<double> y;
        std::vector<int> labels;
        for (Eigen::Index i = 0; i < n; ++i) {
            for (Eigen::Index j = 0; j < d; ++j)
                x(i, j) = static_cast<float>(std::sin(0.7 * static_cast<double>(i * (j + 1) + j)) +
                                             0.3 * std::cos(1.3 * static_cast<double>(i + 2 * j)));
            const double v = 2 * static_cast<double>(x(i, 0)) - static_cast<double>(x(i, 3)) +
                             0.5 * std::sin(5.1 * static_cast<double>(i));
            y.push_back(v);
            labels.push_back(v > 0.3 ? 1 : 0);
            values.push_back({v, v > 0.3 ? 1.0 : 0.0, 7.0, i < 60 ? v : NAN, i < 20 ? v : NAN});
        }
        const std::vector<KnownFactor> factors{
            {"value", "ms"}, {"class", "", true}, {"constant", ""}, {"in part", "ms"}, {"hardly there", "ms"}};
        const auto scores = scoreFactors(x, values, factors, 5, 3, {});
        QVERIFY(scores.ok());
        // The ridge that is checked against scikit-learn (test_explore_probe), on the same folds; it chooses lambda 1.
        std::vector<std::int64_t> own(static_cast<std::size_t>(n));
        std::iota(own.begin(), own.end(), 0);
        const auto folds = makeFolds(own, 5, 3);
        QVERIFY(std::abs(*(*scores)[0].score - *probeValue(x, y, *folds)) < 1e-6);
        double error = 0;
        const auto guesses = probeValues(x, y, *folds);
        for (std::size_t i = 0; i < y.size(); ++i)
            error += std::abs((*guesses)[i] - y[i]) / static_cast<double>(n);
        QVERIFY(std::abs((*scores)[0].error - error) < 1e-6);
        const auto labelFolds = makeFolds(labels, own, 5, 3);
        QCOMPARE(*(*scores)[1].score, auroc(*probeScores(x, labels, *labelFolds, 0.02), labels));
        QVERIFY(!(*scores)[2].score); // all alike
        QCOMPARE((*scores)[3].rows, 60);
        QVERIFY((*scores)[3].score.has_value() && *(*scores)[3].score != *(*scores)[0].score);
        QVERIFY(!(*scores)[4].score); // too few rows
        QCOMPARE(scoreFactors(x, {}, factors, 5, 3, {}).error().code, ErrorCode::Bug);
    }

    void diagnosticFactorsAreKnownAndIndependent() {
        const auto& factors = diagnosticFactors();
        std::vector<std::vector<double>> rows;
        constexpr int n = 250;
        for (int i = 0; i < n; ++i) {
            const auto one = synthesiseDiagnostic(1, i);
            QCOMPARE(one.values.size(), factors.size());
            const auto at = [&](const char* name) { return one.values[indexOf(factors, name)]; };
            const auto& m = one.ecg.truth.measurements;
            QCOMPARE(at("heart_rate"), m.at("heart_rate_bpm"));
            QCOMPARE(at("qt"), m.at("qt_ms"));
            QVERIFY(std::abs(at("qtc") - m.at("qt_ms") * std::cbrt(m.at("heart_rate_bpm") / 60)) < 1e-9);
            QCOMPARE(at("p_absent") > 0.5, !std::isfinite(at("pr")));
            QVERIFY(std::abs(std::hypot(at("qrs_axis_cos"), at("qrs_axis_sin")) - 1) < 1e-9);
            QVERIFY(std::abs(at("st_anterior") - (m.at("st_V2_uv") + m.at("st_V3_uv") + m.at("st_V4_uv")) / 3) < 1e-9);
            QCOMPARE(at("pvc") + at("pac") > 0, at("ectopic_share") > 0);
            rows.push_back(one.values);
        }
        // Chance correlations of 250 rows stay below 0.2; in a hospital these go together.
        for (const auto& [a, b] : {std::pair{"heart_rate", "pr"},
                                   {"heart_rate", "qrs"},
                                   {"heart_rate", "qtc"},
                                   {"pr", "qrs"},
                                   {"pr", "qtc"},
                                   {"log_noise", "heart_rate"},
                                   {"log_noise", "st_inferior"},
                                   {"qrs_axis_sin", "heart_rate"}})
            QVERIFY2(std::abs(correlation(rows, indexOf(factors, a), indexOf(factors, b))) < 0.2, a);
        for (std::size_t f = 0; f < factors.size(); ++f) {
            double low = 1e9, high = -1e9;
            int ones = 0;
            for (const auto& row : rows)
                if (std::isfinite(row[f])) {
                    low = std::min(low, row[f]), high = std::max(high, row[f]);
                    ones += row[f] > 0.5 ? 1 : 0;
                }
            QVERIFY2(high > low, factors[f].name.c_str());
            if (factors[f].isClass)
                QVERIFY2(ones > n / 15 && ones < n * 2 / 3, factors[f].name.c_str());
        }
        QCOMPARE(synthesiseDiagnostic(1, 3).ecg.recording.leads[1].samples,
                 synthesiseDiagnostic(1, 3).ecg.recording.leads[1].samples);
    }

    void genericComponentsAreWhereTheySay() {
        const auto& factors = genericFactors();
        constexpr int channels = 3, samples = 2500;
        int oscillations = 0;
        for (int i = 0; i < 400; ++i) {
            const auto one = synthesiseGeneric(2, i, channels, samples, 250);
            QCOMPARE(one.samples.size(), std::size_t(channels * samples));
            QCOMPARE(one.values.size(), factors.size());
            const auto at = [&](const char* name) { return one.values[indexOf(factors, name)]; };
            QCOMPARE(at("trend") > 0.5, std::isfinite(at("trend_slope")));
            QCOMPARE(at("oscillation") > 0.5, std::isfinite(at("oscillation_frequency")));
            QCOMPARE(at("event") > 0.5, std::isfinite(at("event_time")));
            // Where hardly anything else is: the correlation with a sine of this frequency and phase is the
            // amplitude's.
            if (at("oscillation") < 0.5 || at("sawtooth") > 0.5 || at("trend") > 0.5 || at("event") > 0.5)
                continue;
            const double hz = at("oscillation_frequency");
            const double phase = std::atan2(at("oscillation_phase_sin"), at("oscillation_phase_cos"));
            double largest = 0;
            for (int k = 0; k < channels; ++k) {
                double sum = 0;
                for (int t = 0; t < samples; ++t)
                    sum += static_cast<double>(one.samples[static_cast<std::size_t>(k * samples + t)]) *
                           std::sin(6.283185307179586 * hz * t / 250 + phase) * 2 / samples;
                largest = std::max(largest, std::abs(sum));
            }
            QVERIFY2(largest > 0.3 * at("oscillation_amplitude") && largest < 1.9 * at("oscillation_amplitude"),
                     qPrintable(QString::number(i)));
            ++oscillations;
        }
        QVERIFY(oscillations > 10);
    }

    void pulsesBeatAsTheySay() {
        constexpr int samples = 2500;
        int quiet = 0;
        for (int i = 0; i < 60; ++i) {
            const auto icg = synthesiseIcg(4, i, samples, 250);
            QCOMPARE(icg.samples.size(), std::size_t(2 * samples));
            QCOMPARE(icg.values.size(), icgFactors().size());
            const auto ppg = synthesisePpg(4, i, samples, 250);
            QCOMPARE(ppg.samples.size(), std::size_t(2 * samples));
            QCOMPARE(ppg.values.size(), ppgFactors().size());
            for (const double v : ppg.values)
                QVERIFY(std::isfinite(v));
            if (icg.values.back() > std::log(0.04) || icg.values[1] > 80)
                continue; // noise or a rhythm too uneven to count by tops
            const double counted = ratedByTops(icg.samples, samples, 250);
            QVERIFY2(std::abs(counted / icg.values[0] - 1) < 0.1,
                     qPrintable(QStringLiteral("%1: %2, %3").arg(i).arg(counted).arg(icg.values[0])));
            ++quiet;
        }
        QVERIFY(quiet > 10);
    }
};

QTEST_GUILESS_MAIN(TestExploreTruth)
#include "test_explore_truth.moc"
