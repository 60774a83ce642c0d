// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/result.h" // before <compare>: moc 6.4 trips over it when nothing of libstdc++ came before
#include "core/ecg/synthesis.h"
#include "core/ecg/window_source.h"
#include "core/signal/preprocess.h"
#include "core/signal/preprocess_parts.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <set>

using namespace precordia;

namespace {

Recording ecg(double seconds, double rate) {
    SynthesisOptions options;
    options.seconds = seconds;
    options.samplingRate = rate;
    return synthesise(options, 5).recording;
}

void removeLead(Recording& recording, const std::string& name) {
    std::erase_if(recording.leads, [&name](const Lead& lead) { return lead.name == name; });
}

double correlation(std::span<const float> a, std::span<const float> b) {
    double ab = 0, aa = 0, bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        ab += static_cast<double>(a[i]) * static_cast<double>(b[i]);
        aa += static_cast<double>(a[i]) * static_cast<double>(a[i]);
        bb += static_cast<double>(b[i]) * static_cast<double>(b[i]);
    }
    return ab / std::sqrt(aa * bb);
}

// Beats, breathing, hum and noise of a repeatable kind: quick to make for half an hour.
Recording longRecording(double seconds, double rate) {
    Recording out;
    out.name = "long";
    out.samplingRate = rate;
    const auto count = static_cast<std::size_t>(seconds * rate);
    std::uint32_t state = 12345;
    for (const char* name : {"I", "II", "V1", "V2"}) {
        Lead lead;
        lead.name = name;
        for (std::size_t i = 0; i < count; ++i) {
            state = state * 1664525U + 1013904223U;
            const double t = static_cast<double>(i) / rate, beat = t * 1.17 - std::floor(t * 1.17);
            lead.samples.push_back(static_cast<float>(
                1200 * std::exp(-std::pow((beat - 0.3) / 0.02, 2)) + 300 * std::sin(2 * std::numbers::pi * t / 5.1) +
                40 * std::sin(2 * std::numbers::pi * 50 * t) + static_cast<double>(state >> 24U) / 4 - 700));
        }
        out.leads.push_back(std::move(lead));
    }
    return out;
}

void loseSamples(Lead& lead, double from, double to, double rate) {
    for (auto i = static_cast<std::size_t>(from * rate);
         i < std::min(lead.samples.size(), static_cast<std::size_t>(to * rate)); ++i)
        lead.samples[i] = std::numeric_limits<float>::quiet_NaN();
}

LongRecording asLong(const Recording& whole, std::int64_t& most) {
    return {whole.name, whole.samplingRate, static_cast<std::int64_t>(whole.samples()),
            [&whole, &most](std::int64_t first, std::int64_t count) -> Result<Recording> {
                most = std::max(most, count);
                Recording part;
                part.name = whole.name;
                part.samplingRate = whole.samplingRate;
                part.firstSample = first;
                for (const Lead& lead : whole.leads) {
                    part.leads.push_back({lead.name, {}, lead.unit, lead.fileUnit, lead.quantum, lead.derived});
                    part.leads.back().samples.assign(lead.samples.begin() + first,
                                                     lead.samples.begin() + first + count);
                }
                return part;
            }};
}

} // namespace

class TestSignalPreprocess : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void oneWindowOfTheRightShape() {
        const auto windows = preprocess(ecg(10, 500), {});
        QVERIFY(windows.ok());
        QCOMPARE(windows->size(), std::size_t(1));
        const ModelWindow& w = windows->front();
        QCOMPARE(w.samples.size(), std::size_t(12 * 2500));
        QCOMPARE(w.leadPresent, std::vector<std::uint8_t>(12, 1));
        QCOMPARE(w.missingShare, 0.0);
        // The offset is gone: the mean of each lead is far below its deviation.
        for (std::size_t l = 0; l < 12; ++l) {
            double sum = 0, square = 0;
            for (std::size_t i = 0; i < 2500; ++i) {
                sum += static_cast<double>(w.samples[l * 2500 + i]);
                square += std::pow(static_cast<double>(w.samples[l * 2500 + i]), 2);
            }
            QVERIFY(std::abs(sum / 2500) < 0.2 * std::sqrt(square / 2500));
        }
    }

    void unfilteredWindowIsTheRecording() {
        const Recording recording = ecg(10, 250);
        PreprocessingConfig config;
        config.lowHz = config.highHz = 0;
        const auto windows = preprocess(recording, config);
        QVERIFY(windows.ok());
        for (std::size_t l = 0; l < 12; ++l)
            QVERIFY(std::equal(recording.leads[l].samples.begin(), recording.leads[l].samples.end(),
                               windows->front().samples.begin() + static_cast<std::ptrdiff_t>(l * 2500)));
    }

    void otherRatesGiveTheSameWindow() {
        // A slow sine is the same signal at every rate.
        std::vector<std::vector<float>> made;
        for (const double rate : {100.0, 400.0, 1000.0}) {
            Recording r;
            r.samplingRate = rate;
            Lead lead;
            lead.name = "II";
            for (int i = 0; i < static_cast<int>(10 * rate); ++i)
                lead.samples.push_back(static_cast<float>(500 * std::sin(2 * std::numbers::pi * 5 * i / rate)));
            r.leads.push_back(lead);
            const auto windows = preprocess(r, {});
            QVERIFY(windows.ok());
            const auto start = windows->front().samples.begin() + 2500 + 250; // lead II, without its edges
            made.emplace_back(start, start + 2000);
        }
        QVERIFY(correlation(made[0], made[1]) > 0.9995);
        QVERIFY(correlation(made[1], made[2]) > 0.9999);
    }

    void shortOnesArePaddedAtTheEnd() {
        const auto windows = preprocess(ecg(7.3, 400), {});
        QVERIFY(windows.ok());
        QCOMPARE(windows->size(), std::size_t(1));
        const ModelWindow& w = windows->front();
        QVERIFY(std::abs(w.missingShare - 0.27) < 1e-9);
        for (std::size_t l = 0; l < 12; ++l) {
            QVERIFY(std::all_of(w.samples.begin() + static_cast<std::ptrdiff_t>(l * 2500 + 1825),
                                w.samples.begin() + static_cast<std::ptrdiff_t>((l + 1) * 2500),
                                [](float v) { return v == 0; }));
            QVERIFY(w.samples[l * 2500 + 1824] != 0);
        }
    }

    void tooShortIsAnError() {
        Recording recording = ecg(4.9, 500);
        recording.name = "tiny";
        const auto windows = preprocess(recording, {});
        QVERIFY(windows.failed());
        QCOMPARE(windows.error().code, ErrorCode::SignalTooShort);
        QCOMPARE(windows.error().where, std::string("tiny"));
        QVERIFY(preprocess(ecg(5.0, 500), {}).ok());
    }

    void longOnesGiveSeveral() {
        const auto windows = preprocess(ecg(36, 500), {});
        QVERIFY(windows.ok());
        QCOMPARE(windows->size(), std::size_t(4)); // the rest of 6 s is more than half a window
        QCOMPARE((*windows)[3].startSeconds, 30.0);
        QCOMPARE(preprocess(ecg(34, 500), {})->size(), std::size_t(3));
    }

    void missingLimbLeadsAreDerived() {
        const Recording whole = ecg(10, 500);
        Recording few = whole;
        for (const char* name : {"III", "aVR", "aVL", "aVF"})
            removeLead(few, name);
        const auto a = preprocess(whole, {});
        const auto b = preprocess(few, {});
        QVERIFY(a.ok() && b.ok());
        QCOMPARE(few.leads.size(), std::size_t(8)); // the caller's recording stays as it was
        QCOMPARE(b->front().leadPresent, std::vector<std::uint8_t>(12, 1));
        for (std::size_t i = 0; i < a->front().samples.size(); ++i) // a quantum of the recording is 1 uV
            QVERIFY(std::abs(a->front().samples[i] - b->front().samples[i]) < 1.0F);
    }

    void missingLeadsAreMarkedAndZero() {
        Recording recording = ecg(10, 500);
        removeLead(recording, "V4");
        auto& v2 = recording.leads[static_cast<std::size_t>(recording.find("V2").value)].samples;
        std::fill(v2.begin(), v2.end(), std::numeric_limits<float>::quiet_NaN());
        const auto windows = preprocess(recording, {});
        QVERIFY(windows.ok());
        QCOMPARE(windows->front().leadPresent, (std::vector<std::uint8_t>{1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 1, 1}));
        for (const std::size_t l : {std::size_t(7), std::size_t(9)})
            QVERIFY(std::all_of(windows->front().samples.begin() + static_cast<std::ptrdiff_t>(l * 2500),
                                windows->front().samples.begin() + static_cast<std::ptrdiff_t>((l + 1) * 2500),
                                [](float v) { return v == 0; }));

        Recording strange;
        strange.samplingRate = 500;
        Lead pleth;
        pleth.name = "PLETH";
        pleth.samples.assign(5000, 1.0F);
        strange.leads.push_back(pleth);
        const auto none = preprocess(strange, {});
        QVERIFY(none.failed());
        QCOMPARE(none.error().code, ErrorCode::LeadMissing);
    }

    void gapsBecomeZeroAndCount() {
        Recording recording = ecg(10, 500);
        for (Lead& lead : recording.leads)
            std::fill(lead.samples.begin() + 1000, lead.samples.begin() + 2000,
                      std::numeric_limits<float>::quiet_NaN());
        const auto windows = preprocess(recording, {});
        QVERIFY(windows.ok());
        QVERIFY(std::abs(windows->front().missingShare - 0.2) < 1e-9);
        QVERIFY(std::all_of(windows->front().samples.begin() + 500, windows->front().samples.begin() + 1000,
                            [](float v) { return v == 0; }));
        QVERIFY(std::all_of(windows->front().samples.begin(), windows->front().samples.end(),
                            [](float v) { return std::isfinite(v); }));
    }

    void slowRecordingsNeedNoLowPass() {
        QVERIFY(preprocess(ecg(10, 75), {}).ok()); // 40 Hz is beyond half of 75 Hz
    }

    void hashTellsConfigurationsApart() {
        std::set<std::string> hashes;
        PreprocessingConfig config;
        hashes.insert(config.hash());
        QCOMPARE(config.hash().size(), std::size_t(16));
        QCOMPARE(config.hash(), PreprocessingConfig{}.hash());
        config.lowHz = 0.5;
        hashes.insert(config.hash());
        config.highHz = 0;
        hashes.insert(config.hash());
        config.samplingRate = 500;
        hashes.insert(config.hash());
        config.windowSeconds = 5;
        hashes.insert(config.hash());
        std::swap(config.leads[0], config.leads[1]);
        hashes.insert(config.hash());
        config.leads = {"I,II"}; // must not read as two leads
        hashes.insert(config.hash());
        config.leads = {"I", "II"};
        hashes.insert(config.hash());
        QCOMPARE(hashes.size(), std::size_t(8));
        // By hand, with ' for ".
        QCOMPARE(QString::fromStdString(PreprocessingConfig{}.json()).replace('"', '\''),
                 QString("{'high_hz':40,'leads':['I','II','III','aVR','aVL','aVF','V1','V2','V3','V4','V5','V6'],"
                         "'low_hz':0.67,'sampling_rate_hz':250,'version':1,'window_s':10}"));
    }

    void windowsInMemory() {
        MemoryWindows windows({2, 3, 250});
        windows.add({1, 2, 3, 4, 5, 6});
        const std::string before = windows.dataHash();
        windows.add({0, 0, 0, 7, 8, 9}, {0, 1});
        QCOMPARE(windows.size(), std::int64_t(2));
        std::vector<float> out(6);
        std::vector<std::uint8_t> present(2);
        windows.read(1, out, present);
        QCOMPARE(out, (std::vector<float>{0, 0, 0, 7, 8, 9}));
        QCOMPARE(present, (std::vector<std::uint8_t>{0, 1}));
        windows.read(0, out, present);
        QCOMPARE(out, (std::vector<float>{1, 2, 3, 4, 5, 6}));
        QCOMPARE(present, (std::vector<std::uint8_t>{1, 1}));
        QVERIFY(windows.dataHash() != before);
        MemoryWindows other({2, 3, 500});
        other.add({1, 2, 3, 4, 5, 6});
        QVERIFY(other.dataHash() != before);
    }

    void partsGiveTheWindowsOfTheWhole_data() {
        QTest::addColumn<double>("rate");
        QTest::addColumn<double>("seconds");
        QTest::newRow("1000 Hz") << 1000.0 << 664.9; // its last window is too short to be one
        QTest::newRow("360 Hz") << 360.0 << 1267.3;
        QTest::newRow("250 Hz, nothing to resample") << 250.0 << 1245.0;
        QTest::newRow("128 Hz") << 128.0 << 1845.0;
    }

    void partsGiveTheWindowsOfTheWhole() {
        QFETCH(double, rate);
        QFETCH(double, seconds);
        auto whole = longRecording(seconds, rate);
        loseSamples(whole.leads[0], 598, 602.5, rate); // a gap over the edge of a part
        loseSamples(whole.leads[2], 0, 700, rate);     // a lead that comes late
        loseSamples(whole.leads[3], 0, seconds, rate); // one that never comes
        const auto expected = preprocess(whole, {});
        QVERIFY(expected.ok());
        std::vector<ModelWindow> windows;
        std::int64_t most = 0;
        const auto present = preprocessInParts(asLong(whole, most), {}, [&](const ModelWindow& window) -> Result<Done> {
            windows.push_back(window);
            return Done{};
        });
        QVERIFY2(present.ok(), failureText(present).c_str());
        QCOMPARE(*present, expected->front().leadPresent);
        QCOMPARE(windows.size(), expected->size());
        QVERIFY(static_cast<double>(most) < 650 * rate);
        int others = 0; // in 16 bits, as a cache keeps them
        float worst = 0;
        for (std::size_t w = 0; w < windows.size(); ++w) {
            QCOMPARE(windows[w].startSeconds, (*expected)[w].startSeconds);
            QCOMPARE(windows[w].samples.size(), (*expected)[w].samples.size());
            float largest = 1;
            for (const float v : (*expected)[w].samples)
                largest = std::max(largest, std::abs(v));
            for (std::size_t i = 0; i < windows[w].samples.size(); ++i) {
                const float a = windows[w].samples[i], b = (*expected)[w].samples[i];
                others += std::round(a / largest * 32767) != std::round(b / largest * 32767) ? 1 : 0;
                worst = std::max(worst, std::abs(a - b) / std::max(1.0F, std::abs(b)));
            }
        }
        QVERIFY2(worst <= 1e-6F, qPrintable(QString::number(static_cast<double>(worst))));
        // What the last bits of the filter's sums move is far below half a step: once in many millions it shows.
        QVERIFY2(others <= 1, qPrintable(QString::number(others)));
    }

    void partsSayWhyNot() {
        std::int64_t most = 0;
        const auto use = [](const ModelWindow&) -> Result<Done> { return Done{}; };
        auto whole = longRecording(700, 100);
        for (Lead& lead : whole.leads)
            lead.name = "EEG " + lead.name;
        const auto eeg = preprocessInParts(asLong(whole, most), {}, use);
        QVERIFY(eeg.failed());
        QCOMPARE(eeg.error().code, ErrorCode::LeadMissing);
        QVERIFY(eeg.error().message.find("no ECG leads") != std::string::npos);
        QCOMPARE(preprocess(whole, {}).error().message, eeg.error().message);
        whole = longRecording(4, 100);
        QCOMPARE(preprocessInParts(asLong(whole, most), {}, use).error().code, ErrorCode::SignalTooShort);
        whole = longRecording(700, 100);
        for (Lead& lead : whole.leads)
            loseSamples(lead, 0, 700, 100);
        QCOMPARE(preprocessInParts(asLong(whole, most), {}, use).error().code, ErrorCode::LeadMissing);
        whole = longRecording(1300, 100);
        int used = 0;
        const auto refused = preprocessInParts(asLong(whole, most), {}, [&](const ModelWindow&) -> Result<Done> {
            return ++used < 70 ? Result<Done>(Done{}) : makeError(ErrorCode::FileUnwritable, "full");
        });
        QCOMPARE(refused.error().code, ErrorCode::FileUnwritable);
        QCOMPARE(used, 70);
    }
};

QTEST_GUILESS_MAIN(TestSignalPreprocess)
#include "test_signal_preprocess.moc"
