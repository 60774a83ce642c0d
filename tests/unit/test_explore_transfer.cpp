// SPDX-License-Identifier: GPL-3.0-or-later
// Transfer between signal families: the pulse rate that real signals are judged by, the ridge that reads it, and the
// table of a small run with a real file beside it.
#include "core/ecg/pulse_synthesis.h"
#include "core/engine/engine_loader.h"
#include "core/explore/transfer.h"
#include "study_test_data.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <cmath>
#include <random>

using namespace precordia;
using namespace precordia::testing;
using Json = nlohmann::json;

namespace {

constexpr double kRate = 250;

// Two strokes a beat, the second one later, lower and slower, as a dicrotic wave is.
std::vector<float> pulses(double bpm, double second, double seconds = 10, double rate = kRate) {
    std::vector<float> out;
    for (double t = 0; t < seconds; t += 1 / rate) {
        const double phase = std::fmod(t, 60 / bpm);
        const auto bump = [phase](double at, double width) { return std::exp(-std::pow((phase - at) / width, 2)); };
        out.push_back(static_cast<float>(1000 * (bump(0.15, 0.06) + second * bump(0.42, 0.08))));
    }
    return out;
}

} // namespace

class TestExploreTransfer : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void thePulseRateIsThatOfTheBeats();
    void noPulseIsNotInvented();
    void valuesAreReadFromOtherRows();
    void bothDecompositionsAreOneRidge();
    void realSignalsStandBesideTheTable();
    void wrongRealSignalsAreRefused();

private:
    TransferOptions tiny() const;
    Folder folder_;
};

void TestExploreTransfer::thePulseRateIsThatOfTheBeats() {
    for (const double bpm : {40.0, 58.0, 72.0, 100.0, 150.0, 200.0})
        for (const double second : {0.0, 0.5}) {
            const double found = pulseRate(pulses(bpm, second), kRate);
            QVERIFY2(std::abs(found - bpm) < 0.02 * bpm, std::to_string(found).c_str());
        }
    QVERIFY(std::abs(pulseRate(pulses(72, 0.5, 10, 100), 100) - 72) < 2);
    int right = 0; // against the synthesis' own rate, with its noise and its variability of RR
    constexpr int members = 40;
    for (int i = 0; i < members; ++i) {
        const auto one = synthesisePpg(5, i, 2500, kRate);
        right += std::abs(pulseRate({one.samples.begin(), one.samples.begin() + 2500}, kRate) - one.values[0]) <
                 0.06 * one.values[0];
    }
    QVERIFY2(right >= 34, std::to_string(right).c_str());
}

void TestExploreTransfer::noPulseIsNotInvented() {
    QCOMPARE(pulseRate(std::vector<float>(2500, 7), kRate), 0.0);
    QCOMPARE(pulseRate(std::vector<float>(10, 7), kRate), 0.0);
    QCOMPARE(pulseRate({}, kRate), 0.0);
    std::mt19937 random(3);
    std::normal_distribution<float> normal;
    std::vector<float> noise(2500);
    for (float& v : noise)
        v = normal(random);
    QCOMPARE(pulseRate(noise, kRate), 0.0);
}

// Few rows of many features and many rows of few: the same ridge, decomposed one way or the other.
void TestExploreTransfer::bothDecompositionsAreOneRidge() {
    std::mt19937 random(2);
    std::normal_distribution<float> normal;
    constexpr Eigen::Index rows = 30, features = 12;
    Matrix x(rows, features), others(4, features);
    for (auto* m : {&x, &others})
        for (Eigen::Index i = 0; i < m->size(); ++i)
            m->data()[i] = normal(random);
    std::vector<double> y;
    for (Eigen::Index i = 0; i < rows; ++i)
        y.push_back(2 * static_cast<double>(x(i, 3)) + static_cast<double>(normal(random)));
    const auto thin = readValues(x, y, others);
    // More features than rows, all of the new ones constant: they say nothing.
    Matrix wide = Matrix::Ones(rows, 40), wideOthers = Matrix::Ones(4, 40);
    wide.leftCols(features) = x;
    wideOthers.leftCols(features) = others;
    const auto dual = readValues(wide, y, wideOthers);
    for (std::size_t i = 0; i < 4; ++i)
        QVERIFY2(std::abs(thin[i] - dual[i]) < 1e-6, std::to_string(thin[i] - dual[i]).c_str());
}

void TestExploreTransfer::valuesAreReadFromOtherRows() {
    std::mt19937 random(1);
    std::normal_distribution<float> normal;
    Matrix x(80, 5), others(3, 5);
    for (auto* m : {&x, &others})
        for (Eigen::Index i = 0; i < m->size(); ++i)
            m->data()[i] = normal(random);
    const auto law = [](const Matrix& m, Eigen::Index row) {
        return 60.0 + 8.0 * static_cast<double>(m(row, 1)) - 3.0 * static_cast<double>(m(row, 4));
    };
    std::vector<double> y;
    for (Eigen::Index i = 0; i < x.rows(); ++i)
        y.push_back(i % 9 == 0 ? std::nan("") : law(x, i)); // rows without a value do not count
    const auto read = readValues(x, y, others);
    QCOMPARE(read.size(), std::size_t(3));
    for (Eigen::Index i = 0; i < 3; ++i)
        QVERIFY(std::abs(read[static_cast<std::size_t>(i)] - law(others, i)) < 0.5);
}

TransferOptions TestExploreTransfer::tiny() const {
    TransferOptions options;
    options.families = {"ppg", "icg"};
    options.pretraining = 40;
    options.probing = 60;
    options.steps = 2;
    options.settings = {"width=12",  "heads=2",          "predictor_width=12", "predictor_heads=2",
                        "batch=8",   "channel_depth=1",  "temporal_depth=1",   "temporal_predictor_depth=1",
                        "threads=1", "precision=float32"};
    return options;
}

void TestExploreTransfer::realSignalsStandBesideTheTable() {
    Recording recording; // 14 s of one channel at 100 Hz: five windows of 10 s, one a second
    recording.samplingRate = 100;
    recording.leads.push_back({});
    recording.leads[0].name = "PLETH";
    recording.leads[0].samples = pulses(75, 0.3, 14, 100);
    writeRecord(folder_ / "pulse.hea", recording);
    auto options = tiny();
    options.real = {{"ppg", folder_ / "pulse.hea"}};
    Progress progress;
    const auto table = transferBetweenFamilies(options, {}, progress);
    QVERIFY2(table.ok(), failureText(table).c_str());
    QCOMPARE(table->cells.size(), std::size_t(6)); // random, ppg, icg; to ppg, icg
    QCOMPARE(table->real.size(), std::size_t(3));
    const char* from[] = {"random", "ppg", "icg"};
    for (std::size_t i = 0; i < 3; ++i) {
        const auto& row = table->real[i];
        QCOMPARE(row.from, std::string(from[i]));
        QCOMPARE(row.family, std::string("ppg"));
        QCOMPARE(row.windows, 5);
        QVERIFY2(std::abs(row.rate - 75) < 1, std::to_string(row.rate).c_str());
        QVERIFY(std::isfinite(row.error) && row.error >= 0 && row.error < 150);
    }
    QVERIFY(table->real[0].error != table->real[1].error); // each encoder's own
    const auto json = Json::parse(transferJson(*table));
    QCOMPARE(json.at("real").size(), std::size_t(3));
    QCOMPARE(json.at("real")[2].at("error_bpm").get<double>(), table->real[2].error);
    QVERIFY(transferText(*table).find("of pulse.hea") != std::string::npos);
}

void TestExploreTransfer::wrongRealSignalsAreRefused() {
    Progress progress;
    const auto errorOf = [&](const RealSignal& signal) {
        auto options = tiny();
        options.real = {signal};
        const auto table = transferBetweenFamilies(options, {}, progress);
        return table.ok() ? ErrorCode::Bug : table.error().code;
    };
    QCOMPARE(errorOf({"eeg", folder_ / "pulse.hea"}), ErrorCode::WrongUse);
    QCOMPARE(errorOf({"ecg", folder_ / "pulse.hea"}), ErrorCode::WrongUse); // not among the families asked for
    QCOMPARE(errorOf({"ppg", folder_ / "nowhere.hea"}), ErrorCode::FileNotFound);
    Recording recording;
    recording.samplingRate = 100;
    recording.leads.push_back({});
    recording.leads[0].name = "PLETH";
    recording.leads[0].samples = pulses(75, 0.3, 4, 100);
    writeRecord(folder_ / "short.hea", recording);
    QCOMPARE(errorOf({"ppg", folder_ / "short.hea"}), ErrorCode::SignalTooShort);
    recording.leads[0].samples.assign(1200, 5.0F);
    writeRecord(folder_ / "flat.hea", recording);
    QCOMPARE(errorOf({"ppg", folder_ / "flat.hea"}), ErrorCode::NotFound);
}

QTEST_MAIN(TestExploreTransfer)
#include "test_explore_transfer.moc"
