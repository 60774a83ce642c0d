// SPDX-License-Identifier: GPL-3.0-or-later
// Splits by patient, and what leaks between them.
#include "core/signal/filter.h"
#include "core/study/signal_summary.h"
#include "core/study/splits.h"
#include "core/study/study_impl.h"
#include "study_test_data.h"

#include <QTest>

#include <algorithm>
#include <map>

using namespace precordia;
using testing::Folder;
namespace fs = std::filesystem;

class TestStudySplits : public QObject {
    Q_OBJECT

    Progress silent_;

    static Recording atRate(const Recording& recording, double rate, double gain = 1) {
        auto out = recording;
        out.samplingRate = rate;
        for (auto& lead : out.leads) {
            lead.samples = *resample(lead.samples, recording.samplingRate, rate);
            for (auto& sample : lead.samples)
                sample = static_cast<float>(sample * gain);
        }
        return out;
    }

private Q_SLOTS:
    // Twins at 100 Hz (and another gain) are found; a hundred other hearts are not taken for them.
    void theSignatureKnowsASignalAtAnotherRate() {
        std::vector<Signature> signatures;
        for (std::uint64_t seed = 1; seed <= 100; ++seed)
            signatures.push_back(signatureOf(testing::ecg(seed, 10, 500)));
        double highest = -1, lowest = 2;
        for (std::size_t i = 0; i < signatures.size(); ++i)
            for (std::size_t k = 0; k < i; ++k)
                highest = std::max(highest, similarity(signatures[i], signatures[k]));
        for (std::uint64_t seed = 1; seed <= 20; ++seed)
            for (const double rate : {100.0, 128.0, 250.0, 400.0, 1000.0})
                lowest = std::min(lowest, similarity(signatures[seed - 1],
                                                     signatureOf(atRate(testing::ecg(seed, 10, 500), rate, 0.5))));
        qInfo("other hearts up to %.3f, twins from %.3f", highest, lowest);
        QVERIFY(lowest > 0.98);
        QVERIFY(highest < kNearDuplicate - 0.05);
    }

    void silenceIsLikeNothing() {
        auto flat = testing::ecg(1, 10);
        for (auto& lead : flat.leads)
            std::fill(lead.samples.begin(), lead.samples.end(), 3.0F);
        const auto signature = signatureOf(flat);
        QCOMPARE(similarity(signature, signature), 0.0);
        QVERIFY(signatureOf(testing::ecg(1, 1)).empty());
        const auto one = signatureOf(testing::ecg(1, 10));
        QVERIFY(similarity(one, one) > 0.999);
    }

    void patientsAndTwinsStayTogether() {
        const Folder dir;
        std::string csv = "record_path,patient\n";
        for (std::uint64_t i = 0; i < 12; ++i) {
            const auto name = "r" + std::to_string(i);
            testing::writeRecord(dir / ("in/" + name + ".hea"), testing::ecg(i + 1, 6, 500));
            csv += "in/" + name + ",p" + std::to_string(i / 3) + "\n"; // four patients of three
        }
        for (std::uint64_t i = 20; i < 26; ++i) { // six of nobody known, and their twins
            const auto name = "n" + std::to_string(i);
            const auto ecg = testing::ecg(i, 6, 500);
            testing::writeRecord(dir / ("in/" + name + ".hea"), ecg);
            testing::writeRecord(dir / ("in/" + name + "_lr.hea"), atRate(ecg, 100));
        }
        dir.write("labels.csv", csv);
        QCOMPARE(testing::import(dir / "study", {dir / "in"}, dir / "labels.csv")->imported, 24);
        const auto study = Study::open(dir / "study");
        Progress silent;
        QVERIFY(checkSplits(**study, {}, silent).error().code == ErrorCode::NotFound);
        const auto near = nearDuplicates(**study, {}, silent);
        QCOMPARE(near->size(), 6U);
        QVERIFY(makeSplits(**study, 5, 1, {}, silent).ok());
        const auto folds = storedFolds(**study);
        QCOMPARE(folds->size(), 24U);
        const auto check = checkSplits(**study, {}, silent);
        QVERIFY2(check.ok(), failureText(check).c_str());
        QVERIFY(check->leaks.empty());
        QCOMPARE(check->withoutFold, 0);
        QCOMPARE(check->withoutPatient, 12);
        QCOMPARE(check->recordings.size(), 5U);
        for (const auto& [fold, count] : check->recordings)
            QVERIFY(fold >= 1 && fold <= 5 && count >= 4 && count <= 6); // 24 in 5, groups of three and two
        // The same seed again, and another.
        QVERIFY(makeSplits(**study, 5, 1, {}, silent).ok());
        QVERIFY(*storedFolds(**study) == *folds);
        QVERIFY(makeSplits(**study, 5, 2, {}, silent).ok());
        QVERIFY(*storedFolds(**study) != *folds);
        QVERIFY(makeSplits(**study, 11, 1, {}, silent).error().code == ErrorCode::WrongUse);
        QVERIFY(makeSplits(**study, 1, 1, {}, silent).error().code == ErrorCode::WrongUse);
    }

    // Real recordings at 500 Hz and their twins at 100 Hz: each pair is found, and nothing else.
    void realTwins() {
        const auto given = qEnvironmentVariable("PRECORDIA_DATA");
        const fs::path data =
            given.isEmpty()
                ? fs::path(qEnvironmentVariable("PRECORDIA_SOURCE_DIR", ".").toStdString()) / "../shared/data"
                : fs::path(given.toStdString());
        if (!fs::exists(data / "ptbxl"))
            QSKIP("no real recordings here (PRECORDIA_DATA)");
        const Folder dir;
        QVERIFY(testing::import(dir / "study", {data / "ptbxl"}).ok());
        const auto study = Study::open(dir / "study");
        const auto rows = (*study)->query();
        std::map<std::string, int> rates; // of one ECG
        for (const auto& row : *rows)
            ++rates[row.name.substr(0, 5)];
        const auto twins = std::count_if(rates.begin(), rates.end(), [](const auto& r) { return r.second == 2; });
        Progress silent;
        const auto near = nearDuplicates(**study, {}, silent);
        QCOMPARE(static_cast<std::ptrdiff_t>(near->size()), twins);
        for (const auto& pair : *near)
            QCOMPARE((*study)->row(pair.a)->name.substr(0, 5), (*study)->row(pair.b)->name.substr(0, 5));
    }

    // Signatures of a study that has none are made from the files, while others write; what says nothing is kept so.
    void missingSignaturesAreMadeBesideOtherWriters() {
        const Folder dir;
        const auto ecg = testing::ecg(1, 30, 500);
        testing::writeRecord(dir / "in/a.hea", ecg);
        testing::writeRecord(dir / "in/a_lr.hea", atRate(ecg, 100));
        testing::writeRecord(dir / "in/short.hea", testing::ecg(2, 1));
        QCOMPARE(testing::import(dir / "study", {dir / "in"})->imported, 3);
        const auto study = Study::open(dir / "study");
        const auto& database = *(*study)->impl().database;
        const auto kept = [&] {
            return database.scalar("SELECT GROUP_CONCAT(LENGTH(data)) FROM signatures")->toString();
        };
        QCOMPARE(kept(), QStringLiteral("500,500,0"));
        const auto before = nearDuplicates(**study, {}, silent_);
        QCOMPARE(before->size(), 1U);
        QVERIFY(database.change("DELETE FROM signatures").ok());
        const auto other = Study::open(dir / "study");
        int wrote = 0;
        Progress progress([&](const ProgressState&) { wrote += (*other)->setValue("x", "y").ok() ? 1 : -100; },
                          std::chrono::milliseconds(0));
        const auto after = nearDuplicates(**study, {}, progress);
        QVERIFY2(wrote >= 3, std::to_string(wrote).c_str());
        QCOMPARE(after->size(), 1U);
        QCOMPARE(after->front().similarity, before->front().similarity); // of the first ten seconds
        QCOMPARE(kept(), QStringLiteral("500,500,0"));
    }

    // A recording that comes in while a split is made is in no fold of it.
    void aRecordingThatComesInMeanwhile() {
        const Folder dir;
        for (std::uint64_t i = 0; i < 4; ++i)
            testing::writeRecord(dir / ("in/r" + std::to_string(i) + ".hea"), testing::ecg(i + 1, 6, 500));
        testing::writeRecord(dir / "late/r0.hea", atRate(testing::ecg(1, 6, 500), 100));
        QCOMPARE(testing::import(dir / "study", {dir / "in"})->imported, 4);
        const auto study = Study::open(dir / "study");
        QVERIFY((*study)->impl().database->change("DELETE FROM signatures WHERE recording_id = 4").ok());
        int came = 0;
        Progress progress(
            [&](const ProgressState&) {
                if (came == 0)
                    came = testing::import(dir / "study", {dir / "late"})->imported;
            },
            std::chrono::milliseconds(0));
        QVERIFY(makeSplits(**study, 2, 1, {}, progress).ok());
        QCOMPARE(came, 1);
        QCOMPARE(nearDuplicates(**study, {}, silent_)->size(), 1U);
        QCOMPARE(storedFolds(**study)->size(), 4U);
    }

    // A table's folds are none of a split that was made here.
    void foldsOfATableDoNotMixIntoASplit() {
        const Folder dir;
        for (std::uint64_t i = 0; i < 4; ++i)
            testing::writeRecord(dir / ("in/r" + std::to_string(i) + ".hea"), testing::ecg(i + 1, 6));
        QVERIFY(testing::import(dir / "study", {dir / "in"}).ok());
        const auto study = Study::open(dir / "study");
        QVERIFY(makeSplits(**study, 2, 1, {}, silent_).ok());
        const auto folds = *storedFolds(**study);
        testing::writeRecord(dir / "in/new.hea", testing::ecg(9, 6));
        dir.write("labels.csv", "record_path,fold\nin/r0,7\nin/new,8\n");
        const auto report = testing::import(dir / "study", {dir / "in"}, dir / "labels.csv");
        QCOMPARE(report->imported, 1);
        QVERIFY(*storedFolds(**study) == folds);
        QCOMPARE(report->notes, (std::vector<std::string>{"the folds of 2 recordings in the table were left out: the "
                                                          "study has a split of its own"}));
    }

    void leaksAreNamed() {
        const Folder dir;
        const auto ecg = testing::ecg(9, 6, 500);
        testing::writeRecord(dir / "in/a.hea", testing::ecg(1, 6));
        testing::writeRecord(dir / "in/b.hea", testing::ecg(2, 6));
        testing::writeRecord(dir / "in/c.hea", ecg);
        testing::writeRecord(dir / "in/d.hea", atRate(ecg, 100));
        dir.write("labels.csv", "record_path,patient,fold\nin/a,p,1\nin/b,p,2\nin/c,q,1\nin/d,r,2\n");
        QVERIFY(testing::import(dir / "study", {dir / "in"}, dir / "labels.csv").ok());
        const auto study = Study::open(dir / "study");
        Progress silent;
        const auto check = checkSplits(**study, {}, silent);
        QCOMPARE(check->leaks.size(), 2U);
        QVERIFY(check->leaks[0].kind == SplitLeak::Kind::SamePatient);
        QCOMPARE(check->leaks[0].a, RecordingId(1));
        QCOMPARE(check->leaks[0].b, RecordingId(2));
        QVERIFY(check->leaks[1].kind == SplitLeak::Kind::NearDuplicate);
        QCOMPARE(check->leaks[1].a, RecordingId(3));
        QCOMPARE(check->leaks[1].b, RecordingId(4));
        QVERIFY(check->leaks[1].similarity > 0.98);
    }
};

QTEST_GUILESS_MAIN(TestStudySplits)
#include "test_study_splits.moc"
