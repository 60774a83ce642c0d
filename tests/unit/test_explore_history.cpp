// SPDX-License-Identifier: GPL-3.0-or-later
// Evaluations kept in a study: what the command line's JSON says is what a view reads.
#include "core/base/file.h"
#include "core/explore/evaluate.h"
#include "core/explore/evaluation_history.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace precordia;

class TestExploreHistory : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // Through the program's own writer: a key renamed on one side only is found here.
    void readsWhatTheEvaluationWrites() {
        Evaluation evaluation;
        evaluation.modelHash = "0123456789abcdef";
        evaluation.recordings = 40;
        for (const char* name : {"a", "b"}) {
            LabelEvaluation label;
            label.label = name;
            label.positives = 12;
            label.negatives = 28;
            label.recording = {0.91, 0.84, 0.97, 0.8, {0.11, 0.02, 0.2}};
            label.interval.auroc = 0.75;
            label.event.auroc = 0.85;
            label.simple = 0.88;
            label.aboveSimple = {0.03, -0.05, 0.1};
            evaluation.labels.push_back(label);
        }
        evaluation.mean = evaluation.labels.front();
        evaluation.heartRate = HeartRateEvaluation{40, 0.7, 0.5, 0.4, {}};
        evaluation.refused = {{"c", "3 recordings only"}};
        auto read = evaluation;
        read.labels.front().byReadersAlone = 7;
        read.labels.front().differing = 3;
        const auto table = evaluationTable(read);
        QVERIFY(table.find("a: 7 of the 12 with it by readers alone") != std::string::npos);
        QVERIFY(table.find("a: 3 in which readers differ are left out") != std::string::npos);
        QVERIFY(table.find("b: ") == std::string::npos);
        QVERIFY(evaluationTable(evaluation).find("readers") == std::string::npos);
        const auto json = evaluationJson(read);
        QVERIFY(json.find("\"positives_by_readers_alone\": 7") != std::string::npos);
        QVERIFY(json.find("\"left_out_as_readers_differ\": 3") != std::string::npos);
        const auto entry = parseEvaluation(evaluationJson(evaluation));
        QVERIFY(entry.ok());
        QCOMPARE(entry->protocol, std::string("linear"));
        QCOMPARE(entry->model, std::string("0123456789abcdef"));
        QCOMPARE(entry->recordings, 40);
        QCOMPARE(entry->labels.size(), std::size_t(2));
        const auto& row = entry->labels[1];
        QCOMPARE(row.name, std::string("b"));
        QCOMPARE(row.positives, 12);
        QCOMPARE(row.recording.value, 0.91);
        QCOMPARE(row.recording.low, 0.84);
        QCOMPARE(row.recording.high, 0.97);
        QCOMPARE(row.interval.value, 0.75);
        QCOMPARE(row.event.value, 0.85);
        QCOMPARE(row.random, 0.8);
        QCOMPARE(row.simple, 0.88);
        QCOMPARE(row.aboveRandom.low, 0.02);
        QCOMPARE(row.aboveSimple.value, 0.03);
        QVERIFY(entry->mean.recording.known());
        QCOMPARE(entry->mean.recording.low, 0.84);
        QCOMPARE(entry->heartRateRandom, 0.5);
        QCOMPARE(entry->refused.front().second, std::string("3 recordings only"));
        // One label: its object is the whole document.
        evaluation.labels.resize(1);
        evaluation.mean.reset();
        const auto single = parseEvaluation(evaluationJson(evaluation));
        QVERIFY(single.ok());
        QCOMPARE(single->labels.size(), std::size_t(1));
        QCOMPARE(single->labels.front().name, std::string("a"));
        QVERIFY(!single->mean.recording.known());
    }

    void keepsAndReadsNewestFirst() {
        const QTemporaryDir temporary;
        const std::filesystem::path study = temporary.path().toStdString();
        QVERIFY(readEvaluations(study).empty());
        const std::string json = R"({"label": "x", "auroc": 0.5, "protocol": "linear"})";
        const auto first = keepEvaluation(study, json);
        const auto second = keepEvaluation(study, json); // however soon after: a name of its own
        QVERIFY(first.ok() && second.ok());
        QVERIFY(*first != *second);
        QVERIFY(writeFileAtomically(study / "evaluations" / "20200131T235900.000Z-linear.json", json).ok());
        QVERIFY(writeFileAtomically(study / "evaluations" / "29990101T000000.000Z-linear.json", "{ cut").ok());
        const auto all = readEvaluations(study);
        QCOMPARE(all.size(), std::size_t(3)); // the broken one is left out
        QCOMPARE(all.back().finished, std::string("2020-01-31 23:59"));
    }

    void refusesWhatIsNone() {
        const QTemporaryDir temporary;
        const std::filesystem::path study = temporary.path().toStdString();
        for (const char* json : {"", "[]", "{}", "{\"labels\": 3}"}) {
            const auto kept = keepEvaluation(study, json);
            QVERIFY(kept.failed());
            QCOMPARE(kept.error().code, ErrorCode::FormatInvalid);
        }
        QVERIFY(!std::filesystem::exists(study / "evaluations"));
    }
};

QTEST_GUILESS_MAIN(TestExploreHistory)
#include "test_explore_history.moc"
