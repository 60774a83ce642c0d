// SPDX-License-Identifier: GPL-3.0-or-later
// Beats found piece by piece against the beats that the recording was made with; trend and events of beats written down
// by hand.
#include "core/ecg/synthesis.h"
#include "core/signal/r_peaks.h"
#include "core/signal/rhythm_trend.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace precordia;

namespace {

constexpr double kRate = 250;

Recording slice(const Recording& whole, std::size_t from, std::size_t to) {
    Recording part = whole;
    for (std::size_t l = 0; l < part.leads.size(); ++l) {
        const auto& samples = whole.leads[l].samples;
        part.leads[l].samples.assign(samples.begin() + static_cast<std::ptrdiff_t>(from),
                                     samples.begin() + static_cast<std::ptrdiff_t>(to));
    }
    return part;
}

// Beats at these seconds, 1000 samples a second.
std::vector<SampleIndex> beatsAt(const std::vector<double>& seconds) {
    std::vector<SampleIndex> out;
    for (const double s : seconds)
        out.emplace_back(std::llround(1000 * s));
    return out;
}

const TrendEvent* eventOf(const RhythmTrend& trend, TrendEventKind kind) {
    for (const auto& event : trend.events)
        if (event.kind == kind)
            return &event;
    return nullptr;
}

} // namespace

class TestSignalTrend : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void beatsAcrossTheSeams() {
        SynthesisOptions options;
        options.seconds = 420;
        options.samplingRate = kRate;
        options.heartRate = 83;
        const auto made = synthesise(options, 3);
        BeatFinder finder(made.recording);
        QCOMPARE(finder.leads().size(), std::size_t(3));
        QCOMPARE(finder.leads()[0], made.recording.find("II"));
        // Chunks of no round length: 37 s, and one longer than a window.
        for (std::size_t at = 0; at < made.recording.samples();) {
            const auto to = std::min(made.recording.samples(), at + (at == 0 ? 40'001U : 9'257U));
            finder.add(slice(made.recording, at, to));
            at = to;
        }
        finder.finish();
        const auto beats = finder.takeBeats();
        QVERIFY(finder.takeGaps().empty());
        std::size_t expected = 0, found = 0, next = 0;
        for (const auto& beat : made.truth.beats) {
            if (beat.rPeak < 0.2 || beat.rPeak > options.seconds - 0.2)
                continue;
            ++expected;
            const double at = beat.rPeak * kRate;
            while (next < beats.size() && static_cast<double>(beats[next].value) < at - 15)
                ++next;
            if (next < beats.size() && std::abs(static_cast<double>(beats[next].value) - at) <= 15)
                ++found;
        }
        QVERIFY(expected > 500);
        QCOMPARE(found, expected);
        QVERIFY(beats.size() <= expected + 2); // those at the ends
        for (std::size_t i = 1; i < beats.size(); ++i)
            QVERIFY(beats[i].value - beats[i - 1].value > 0.3 * kRate); // none twice
    }

    void gapsOfTheSignal() {
        SynthesisOptions options;
        options.seconds = 60;
        options.samplingRate = kRate;
        auto recording = synthesise(options, 4).recording;
        for (auto& lead : recording.leads) {
            for (std::size_t i = 5000; i < 6000; ++i) // 20 s to 24 s
                lead.samples[i] = std::numeric_limits<float>::quiet_NaN();
            for (std::size_t i = 9000; i < 9200; ++i) // 0.8 s: too short to tell
                lead.samples[i] = std::numeric_limits<float>::quiet_NaN();
            for (std::size_t i = 14'600; i < 15'000; ++i) // to the end
                lead.samples[i] = std::numeric_limits<float>::quiet_NaN();
        }
        BeatFinder finder(recording);
        finder.add(slice(recording, 0, 5500));
        finder.add(slice(recording, 5500, 15'000));
        finder.finish();
        const std::vector<SampleSpan> expected{{5000, 6000}, {14'600, 15'000}};
        QCOMPARE(finder.takeGaps(), expected);
    }

    void withoutVoltageThereAreNoBeats() {
        Recording pressure;
        pressure.samplingRate = 100;
        pressure.leads.push_back({"ABP", std::vector<float>(1000, 1.0F), "mmHg", "mmHg", 0, false});
        BeatFinder finder(pressure);
        finder.add(pressure);
        finder.finish();
        QVERIFY(finder.takeBeats().empty());
    }

    // A polysomnography: the EEG stands first, in microvolts too.
    void beatsAreOfTheEcgAlone() {
        SynthesisOptions options;
        options.seconds = 30;
        options.samplingRate = kRate;
        const auto made = synthesise(options, 5);
        auto recording = made.recording;
        const Lead heart = recording.leads[static_cast<std::size_t>(recording.find("II").value)];
        recording.leads.clear();
        for (const char* name : {"EEG Fpz-Cz", "EEG Pz-Oz", "EOG horizontal", "ECG"}) {
            recording.leads.push_back(heart);
            recording.leads.back().name = name;
        }
        BeatFinder finder(recording);
        QCOMPARE(finder.leads(), std::vector<LeadIndex>{LeadIndex(3)});
        finder.add(recording);
        finder.finish();
        QVERIFY(finder.takeBeats().size() + 2 >= made.truth.beats.size());
        for (auto& lead : recording.leads)
            lead.unit = ""; // a device that tells none: as analyseEcg has it
        QCOMPARE(BeatFinder(recording).leads(), std::vector<LeadIndex>{LeadIndex(3)});
    }

    // 0 to 20 s at 0.8 s (75 bpm), a pause of 2.5 s, ten beats at 0.4 s (150 bpm), then 12 s without a beat, then at
    // 2 s (30 bpm), over a gap of the signal.
    void trendByHand() {
        std::vector<double> at;
        for (int i = 0; i <= 25; ++i)
            at.push_back(0.8 * i); // to 20.0
        at.push_back(22.5);
        for (int i = 1; i <= 10; ++i)
            at.push_back(22.5 + 0.4 * i); // to 26.5
        at.push_back(38.5);
        for (int i = 1; i <= 5; ++i)
            at.push_back(38.5 + 2 * i); // to 48.5
        at.push_back(60);               // over the gap
        const std::vector<SampleSpan> gaps{{50'000, 58'000}};
        const auto trend = rhythmTrend(beatsAt(at), gaps, 1000, 65'000);
        QCOMPARE(trend.points.size(), std::size_t(7));
        QCOMPARE(trend.points[0].seconds, 5.0);
        QCOMPARE(*trend.points[0].heartRateBpm, 75.0);
        QVERIFY(*trend.points[0].rrSdMs < 1e-6);
        QCOMPARE(std::round(*trend.points[2].heartRateBpm), 150.0); // median of 0.8, 2.5 and nine of 0.4
        QVERIFY(!trend.points[5].heartRateBpm);                     // nothing ends in 50 to 60 s
        QVERIFY(!trend.points[6].heartRateBpm);                     // only the one over the gap
        const auto* pause = eventOf(trend, TrendEventKind::Pause);
        QVERIFY(pause != nullptr);
        QCOMPARE(pause->from, 20.0);
        QCOMPARE(pause->to, 22.5);
        QCOMPARE(pause->value, 2.5);
        const auto* fast = eventOf(trend, TrendEventKind::Fast);
        QVERIFY(fast != nullptr);
        QCOMPARE(fast->from, 22.5);
        QCOMPARE(fast->to, 26.5);
        QVERIFY(std::abs(fast->value - 150) < 1e-9);
        const auto* none = eventOf(trend, TrendEventKind::NoBeats);
        QVERIFY(none != nullptr);
        QCOMPARE(none->value, 12.0);
        const auto* slow = eventOf(trend, TrendEventKind::Slow);
        QVERIFY(slow != nullptr);
        QCOMPARE(slow->from, 38.5);
        QCOMPARE(slow->to, 48.5);
        QVERIFY(std::abs(slow->value - 30) < 1e-9);
        const auto* gap = eventOf(trend, TrendEventKind::NoSignal);
        QVERIFY(gap != nullptr);
        QCOMPARE(gap->value, 8.0);
        QCOMPARE(trend.events.size(), std::size_t(5)); // the RR over the gap is no pause
        QVERIFY(std::is_sorted(trend.events.begin(), trend.events.end(),
                               [](const auto& a, const auto& b) { return a.from < b.from; }));
    }

    void sevenFastBeatsAreNoRun() {
        std::vector<double> at;
        for (int i = 0; i <= 7; ++i)
            at.push_back(1 + 0.4 * i);
        QVERIFY(rhythmTrend(beatsAt(at), {}, 1000, 10'000).events.empty());
        at.push_back(1 + 0.4 * 8);
        QCOMPARE(rhythmTrend(beatsAt(at), {}, 1000, 10'000).events.size(), std::size_t(1));
    }

    void ofNothing() {
        const auto trend = rhythmTrend({}, {}, 1000, 25'000);
        QCOMPARE(trend.points.size(), std::size_t(3));
        QVERIFY(trend.events.empty());
        QVERIFY(rhythmTrend({}, {}, 0, 0).points.empty());
    }
};

QTEST_APPLESS_MAIN(TestSignalTrend)
#include "test_signal_trend.moc"
