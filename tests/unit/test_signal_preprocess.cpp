// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/result.h" // before <compare>: moc 6.4 trips over it when nothing of libstdc++ came before
#include "core/ecg/synthesis.h"
#include "core/ecg/window_source.h"
#include "core/signal/preprocess.h"

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
};

QTEST_GUILESS_MAIN(TestSignalPreprocess)
#include "test_signal_preprocess.moc"
