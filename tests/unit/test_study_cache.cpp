// SPDX-License-Identifier: GPL-3.0-or-later
// The signal cache against the preprocessing itself.
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/io/reader.h"
#include "core/study/cache_index.h"
#include "core/study/demo.h"
#include "core/study/signal_cache.h"
#include "core/study/training_windows.h"
#include "study_test_data.h"

#include <QTest>

#include <fstream>
#include <map>
#include <thread>

using namespace precordia;
using testing::Folder;
namespace fs = std::filesystem;

class TestStudyCache : public QObject {
    Q_OBJECT

    using Cache = std::shared_ptr<SignalCache>;

    static Cache build(const fs::path& study, const PreprocessingConfig& config = {}) {
        Progress silent;
        auto cache = SignalCache::build(study, config, {}, silent);
        if (!cache)
            qFatal("%s", failureText(cache).c_str());
        return *std::move(cache);
    }
    static std::vector<float> window(const SignalCache& cache, std::int64_t index,
                                     std::vector<std::uint8_t>* present = nullptr) {
        const auto shape = cache.shape();
        std::vector<float> out(static_cast<std::size_t>(shape.leads * shape.samples));
        std::vector<std::uint8_t> there(static_cast<std::size_t>(shape.leads));
        cache.read(index, out, there);
        if (present != nullptr)
            *present = there;
        return out;
    }
    static void addRecords(const Folder& dir, int from, int to, double seconds = 10) {
        for (int i = from; i < to; ++i)
            testing::writeRecord(dir / ("in/r" + std::to_string(i) + ".hea"),
                                 testing::ecg(static_cast<std::uint64_t>(i) + 1, seconds));
        if (const auto report = testing::import(dir / "study", {dir / "in"}); !report || !report->failed.empty())
            qFatal("import failed");
    }
    static fs::path folderOf(const Folder& dir, const PreprocessingConfig& config = {}) {
        return dir / ("study/cache/" + config.hash());
    }

private Q_SLOTS:
    void syntheticEcgsStandBesideTheStudys() {
        const Folder dir;
        addRecords(dir, 0, 3);
        Progress progress;
        const auto alone = trainingWindows(dir / "study", {}, 0, {}, progress);
        QVERIFY2(alone.ok(), failureText(alone).c_str());
        QCOMPARE(alone->all->size(), 3);
        QCOMPARE(alone->all->dataHash(), alone->study->dataHash()); // runs of before go on
        const auto mixed = trainingWindows(dir / "study", {}, 5, {}, progress);
        QVERIFY2(mixed.ok(), failureText(mixed).c_str());
        QCOMPARE(mixed->all->size(), 8);
        QCOMPARE(mixed->study->size(), 3);
        QVERIFY(mixed->all->dataHash() != alone->all->dataHash());
        const auto shape = mixed->all->shape();
        const auto samples = static_cast<std::size_t>(shape.leads * shape.samples);
        std::vector<float> joined(samples), own(samples), member(samples);
        std::vector<std::uint8_t> present(static_cast<std::size_t>(shape.leads));
        for (int i = 0; i < 3; ++i) { // the study's windows keep their numbers
            mixed->all->read(i, joined, present);
            mixed->study->read(i, own, present);
            QCOMPARE(joined, own);
            QCOMPARE(mixed->all->origin(i), mixed->study->origin(i));
        }
        // The fourth synthetic one is the fourth member of a population, prepared as any recording: in a demo study of
        // that seed it is the same.
        QVERIFY(makeDemoStudy(dir / "demo", 5, 260'701'145, {}, progress).ok());
        const auto demo = build(dir / "demo");
        mixed->all->read(6, joined, present);
        demo->read(3, member, present);
        QCOMPARE(joined, member);
        QVERIFY(QString::fromStdString(mixed->all->origin(6)).startsWith("synthetic "));
        // Not in the study.
        const auto study = Study::open(dir / "study");
        QVERIFY(study.ok());
        QCOMPARE(*(*study)->count(), 3);
        // Thrown away, they are made again, the same: the run goes on.
        const auto before = mixed->all->dataHash();
        fs::remove_all(dir / "study/cache/synthetic-5");
        const auto again = trainingWindows(dir / "study", {}, 5, {}, progress);
        QVERIFY2(again.ok(), failureText(again).c_str());
        QCOMPARE(again->all->dataHash(), before);
        PreprocessingConfig other;
        other.leads = {"PLETH"};
        QCOMPARE(trainingWindows(dir / "study", other, 5, {}, progress).error().code, ErrorCode::ConfigInvalid);
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(trainingWindows(dir / "study", {}, 7, stop.get_token(), progress).cancelled());
    }
    void windowsComeBackWithinHalfAQuantum() {
        const Folder dir;
        auto longer = testing::ecg(50, 25);           // two whole windows and a half one
        longer.leads.erase(longer.leads.begin() + 7); // no V2
        longer.leads[8].samples[500] = std::numeric_limits<float>::quiet_NaN();
        testing::writeRecord(dir / "in/longer.hea", longer);
        addRecords(dir, 0, 3);
        const auto cache = build(dir / "study");
        QCOMPARE(cache->size(), 3 + 3);
        QVERIFY(cache->skipped().empty());
        const auto study = Study::open(dir / "study");
        std::int64_t at = 0;
        const auto rows = (*study)->query();
        for (const auto& row : *rows) {
            const auto recording = (*study)->readRecording(row.id);
            const auto expected = preprocess(*recording, {});
            for (const auto& want : *expected) {
                std::vector<std::uint8_t> present;
                const auto got = window(*cache, at, &present);
                QCOMPARE(cache->recording(at), row.id);
                QCOMPARE(cache->startSeconds(at), want.startSeconds);
                QCOMPARE(present, want.leadPresent);
                float largest = 0;
                for (const float v : want.samples)
                    largest = std::max(largest, std::abs(v));
                const double half = 0.5 * static_cast<double>(largest) / 32767 * (1 + 1e-4) + 1e-6 * largest;
                for (std::size_t i = 0; i < got.size(); ++i)
                    QVERIFY(std::abs(static_cast<double>(got[i]) - static_cast<double>(want.samples[i])) <= half);
                ++at;
            }
        }
        QCOMPARE(at, cache->size());
    }

    void isBuiltOnceAndExtended() {
        const Folder dir;
        addRecords(dir, 0, 3);
        const auto first = build(dir / "study");
        const auto before = window(*first, 1);
        const auto shard = shardPath(folderOf(dir), 0);
        const auto size = fs::file_size(shard);
        QCOMPARE(size, 3U * 12 * 2500 * 2);
        fs::rename(dir / "in/r1.dat", dir / "elsewhere"); // the cache needs the source no more
        const auto again = build(dir / "study");
        QCOMPARE(again->size(), 3);
        QCOMPARE(again->dataHash(), first->dataHash());
        QCOMPARE(fs::file_size(shard), size);
        fs::rename(dir / "elsewhere", dir / "in/r1.dat");
        addRecords(dir, 3, 5);
        const auto extended = build(dir / "study");
        QCOMPARE(extended->size(), 5);
        QVERIFY(extended->dataHash() != first->dataHash());
        QCOMPARE(window(*extended, 1), before);
        QCOMPARE(window(*first, 1), before); // the older view stays valid
        QCOMPARE(fs::file_size(shard), size / 3 * 5);
    }

    void theHashFollowsDataAndPreprocessing() {
        const Folder one;
        const Folder two;
        addRecords(one, 0, 2);
        addRecords(two, 0, 2);
        QCOMPARE(build(one / "study")->dataHash(), build(two / "study")->dataHash());
        PreprocessingConfig other;
        other.lowHz = 0.5;
        const auto changed = build(one / "study", other);
        QVERIFY(changed->dataHash() != build(one / "study")->dataHash());
        QVERIFY(fs::exists(folderOf(one, other) / "index.bin"));
        QCOMPARE(changed->config().lowHz, 0.5);
    }

    void whatCannotBePreparedIsNamed() {
        const Folder dir;
        testing::writeRecord(dir / "in/short.hea", testing::ecg(9, 3));
        addRecords(dir, 0, 2);
        fs::rename(dir / "in/r0.dat", dir / "elsewhere");
        const auto cache = build(dir / "study");
        QCOMPARE(cache->size(), 1);
        QCOMPARE(cache->skipped().size(), 2U);
        for (const auto& skipped : cache->skipped())
            QVERIFY(!skipped.reason.empty());
        fs::rename(dir / "elsewhere", dir / "in/r0.dat"); // back again: tried again
        const auto mended = build(dir / "study");
        QCOMPARE(mended->size(), 2);
        QCOMPARE(mended->skipped().size(), 1U);
        QVERIFY2(mended->skipped()[0].reason.find("too short") != std::string::npos,
                 mended->skipped()[0].reason.c_str());
    }

    void aStoppedBuildGoesOnWhereItWas() {
        const Folder dir;
        addRecords(dir, 0, 8, 6);
        std::stop_source stop;
        Progress progress(
            [&](const ProgressState& state) {
                if (state.done >= 2)
                    stop.request_stop();
            },
            std::chrono::milliseconds(0));
        QVERIFY(SignalCache::build(dir / "study", {}, stop.get_token(), progress, 1).cancelled());
        const auto kept = readCacheIndex(folderOf(dir), 12, 2500);
        QVERIFY2(kept.ok(), failureText(kept).c_str());
        QCOMPARE(kept->recordings.size(), 2U);
        std::int64_t todo = 0;
        Progress counting([&](const ProgressState& state) { todo = state.total; });
        const auto cache = SignalCache::build(dir / "study", {}, {}, counting, 2);
        QVERIFY(cache.ok());
        QCOMPARE(todo, 6);
        QCOMPARE((*cache)->size(), 8);
        for (std::int64_t i = 1; i < 8; ++i)
            QVERIFY((*cache)->recording(i - 1) < (*cache)->recording(i)); // in the order of the study
    }

    void aDamagedCacheIsBuiltAnew_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<qint64>("length"); // cut to; -1: one byte flipped
        QTest::newRow("index flipped") << "index.bin" << qint64(-1);
        QTest::newRow("index cut") << "index.bin" << qint64(60);
        QTest::newRow("index empty") << "index.bin" << qint64(0);
        QTest::newRow("shard cut") << "shard-0000.bin" << qint64(1000);
    }
    void aDamagedCacheIsBuiltAnew() {
        QFETCH(QString, file);
        QFETCH(qint64, length);
        const Folder dir;
        addRecords(dir, 0, 2);
        const auto good = build(dir / "study");
        const auto expected = window(*good, 1);
        const auto path = folderOf(dir) / file.toStdString();
        // Damage a copy put in its place: the mapped file itself stays whole.
        fs::copy_file(path, dir / "copy");
        if (length >= 0) {
            fs::resize_file(dir / "copy", static_cast<std::uintmax_t>(length));
        } else {
            std::fstream stream(dir / "copy", std::ios::in | std::ios::out | std::ios::binary);
            stream.seekp(100);
            stream.put('\x5A');
        }
        fs::rename(dir / "copy", path);
        QVERIFY(readCacheIndex(folderOf(dir), 12, 2500).failed());
        const auto again = build(dir / "study");
        QCOMPARE(again->size(), 2);
        QCOMPARE(window(*again, 1), expected);
        QCOMPARE(again->dataHash(), good->dataHash());
    }

    void theRestOfAKilledBuildIsOverwritten() {
        const Folder dir;
        addRecords(dir, 0, 1);
        (void)build(dir / "study");
        {
            std::ofstream tail(shardPath(folderOf(dir), 0), std::ios::app | std::ios::binary);
            tail << std::string(777, 'x');
        }
        addRecords(dir, 1, 2);
        const auto cache = build(dir / "study");
        QCOMPARE(fs::file_size(shardPath(folderOf(dir), 0)), 2U * 12 * 2500 * 2);
        QCOMPARE(cache->size(), 2);
    }

    void threadsReadTogetherAndBuildInTurn() {
        const Folder dir;
        addRecords(dir, 0, 4);
        std::vector<Cache> caches(3);
        {
            std::vector<std::jthread> builders;
            for (auto& cache : caches)
                builders.emplace_back([&] { cache = build(dir / "study"); });
        }
        QCOMPARE(fs::file_size(shardPath(folderOf(dir), 0)), 4U * 12 * 2500 * 2); // built once
        const auto expected = window(*caches[0], 2);
        std::atomic<int> equal = 0;
        {
            std::vector<std::jthread> readers;
            for (int i = 0; i < 4; ++i)
                readers.emplace_back([&, i] {
                    for (int k = 0; k < 20; ++k)
                        equal += window(*caches[static_cast<std::size_t>(i % 3)], 2) == expected ? 1 : 0;
                });
        }
        QCOMPARE(equal.load(), 80);
    }

    void anEmptyStudyGivesAnEmptyCache() {
        const Folder dir;
        QVERIFY(Study::create(dir / "study").ok());
        QCOMPARE(build(dir / "study")->size(), 0);
        Progress silent;
        QVERIFY(SignalCache::build(dir / "none", {}, {}, silent).error().code == ErrorCode::NotFound);
        PreprocessingConfig none;
        none.leads.clear();
        QVERIFY(SignalCache::build(dir / "study", none, {}, silent).error().code == ErrorCode::ConfigInvalid);
    }

    // A recording that is read in parts gives the windows of the whole.
    void longRecordingsGoInParts() {
        const Folder dir;
        auto recording = testing::ecg(7, 20);
        const auto once = recording.samples();
        for (auto& lead : recording.leads) // 11 minutes and 27 s of it
            for (std::size_t i = once; i < 171750; ++i)
                lead.samples.push_back(lead.samples[i % once]);
        recording.leads[3].samples[160000] = std::numeric_limits<float>::quiet_NaN();
        testing::writeRecord(dir / "in/long.hea", recording);
        addRecords(dir, 0, 1);
        const auto cache = build(dir / "study");
        const auto whole = preprocess(*Registry::standard().read(dir / "in/long.hea"), {});
        QVERIFY(whole.ok());
        QCOMPARE(cache->size(), static_cast<std::int64_t>(whole->size()) + 1);
        for (std::size_t w = 0; w < whole->size(); ++w) {
            const auto& expected = (*whole)[w].samples;
            std::vector<std::uint8_t> present;
            const auto samples = window(*cache, static_cast<std::int64_t>(w), &present);
            QCOMPARE(present, (*whole)[w].leadPresent);
            QCOMPARE(cache->startSeconds(static_cast<std::int64_t>(w)), (*whole)[w].startSeconds);
            float largest = 0;
            for (const float v : expected)
                largest = std::max(largest, std::abs(v));
            float worst = 0;
            for (std::size_t i = 0; i < samples.size(); ++i)
                worst = std::max(worst, std::abs(samples[i] - expected[i]));
            QVERIFY(worst <= 0.501F * largest / 32767);
        }
    }

    // A stop in the middle of a long one leaves nothing of it; the next build makes it whole.
    void aStopLeavesNoHalfOfALongRecording() {
        const Folder dir;
        addRecords(dir, 0, 1, 610);
        std::stop_source stop;
        Progress stopping([&stop](const ProgressState& state) {
            if (state.phase == "preparing signals")
                stop.request_stop();
        });
        QVERIFY(SignalCache::build(dir / "study", {}, stop.get_token(), stopping).cancelled());
        QCOMPARE(build(dir / "study")->size(), 61);
    }

    void signalsThatAreNoEcgSayWhy() {
        const Folder dir;
        auto eeg = testing::ecg(3, 12);
        eeg.leads.resize(2);
        eeg.leads[0].name = "EEG Fpz-Cz";
        eeg.leads[1].name = "PLETH";
        testing::writeRecord(dir / "in/eeg.hea", eeg);
        addRecords(dir, 0, 1);
        const auto cache = build(dir / "study");
        QCOMPARE(cache->size(), 1);
        QCOMPARE(cache->leadsPresent(0), 12);
        QCOMPARE(cache->skipped().size(), 1U);
        QVERIFY(cache->skipped()[0].reason.find("no ECG leads") != std::string::npos);
        QCOMPARE(cache->skipped()[0].code, ErrorCode::LeadMissing);
        QVERIFY(cache->skipped()[0].withoutEcg);
    }

    // Which of the reasons it is stands in the index, whatever words, names and paths say.
    void skippedRecordingsKeepTheirReason() {
        const Folder dir;
        auto chest = testing::ecg(3, 12); // ECG leads, none of which is asked for
        chest.leads.erase(chest.leads.begin(), chest.leads.begin() + 6);
        testing::writeRecord(dir / "in/chest.hea", chest);
        auto pulse = testing::ecg(4, 12);
        pulse.leads.resize(1);
        pulse.leads[0].name = "PLETH";
        testing::writeRecord(dir / "in/x2.hea", pulse);
        testing::writeRecord(dir / "in/x3.hea", testing::ecg(5, 3));
        addRecords(dir, 0, 2);
        fs::rename(dir / "in/r0.dat", dir / "elsewhere");
        PreprocessingConfig limb;
        limb.leads = {"I", "II"};
        for (int again = 0; again < 2; ++again) { // made, and as the index has it
            const auto cache = build(dir / "study", limb);
            QCOMPARE(cache->size(), 1);
            std::map<std::pair<int, bool>, int> reasons;
            for (const auto& one : cache->skipped())
                ++reasons[{static_cast<int>(one.code), one.withoutEcg}];
            const auto count = [&](ErrorCode code, bool withoutEcg) {
                return reasons[{static_cast<int>(code), withoutEcg}];
            };
            QCOMPARE(cache->skipped().size(), 4U);
            QCOMPARE(count(ErrorCode::LeadMissing, false), 1);
            QCOMPARE(count(ErrorCode::LeadMissing, true), 1);
            QCOMPARE(count(ErrorCode::SignalTooShort, false), 1);
            QCOMPARE(count(ErrorCode::FileNotFound, false), 1);
        }
    }

    // An index of the first layout has words alone: what it left out is looked at again, its windows stay.
    void anIndexWithoutKindsOfReasons() {
        const Folder dir;
        auto pulse = testing::ecg(3, 12);
        pulse.leads.resize(1);
        pulse.leads[0].name = "PLETH";
        testing::writeRecord(dir / "in/a.hea", pulse);
        addRecords(dir, 0, 2);
        QCOMPARE(build(dir / "study")->skipped().size(), 1U);
        const auto file = folderOf(dir) / "index.bin";
        const auto bytes = readFile(file);
        QVERIFY(bytes.ok());
        std::string text(reinterpret_cast<const char*>(bytes->data()), bytes->size() - 64);
        const auto index = readCacheIndex(folderOf(dir), 12, 2500);
        QVERIFY2(index.ok(), failureText(index).c_str());
        const std::string magic = "PRECORDIA-CACHE-";
        text.replace(magic.size(), 1, "1");
        auto at = magic.size() + 2 + 4 + 4 + 8 + 8 + 8 + 8 * index->shardBytes.size();
        for (const auto& recording : index->recordings) {
            at += 8 + 4 + recording.sampleHash.size() + 4 + 4 + recording.reason.size();
            text.erase(at, 1); // the kind
        }
        QVERIFY(writeFileAtomically(file, text + sha256Hex(text)).ok());
        const auto first = readCacheIndex(folderOf(dir), 12, 2500);
        QVERIFY2(first.ok(), failureText(first).c_str());
        QCOMPARE(first->recordings.size(), 2U);
        QCOMPARE(first->windows.size(), 2U);
        const auto cache = build(dir / "study");
        QCOMPARE(cache->size(), 2);
        QCOMPARE(cache->skipped().size(), 1U);
        QVERIFY(cache->skipped()[0].withoutEcg);
        QCOMPARE(readCacheIndex(folderOf(dir), 12, 2500)->recordings.size(), 3U);
    }
};

QTEST_GUILESS_MAIN(TestStudyCache)
#include "test_study_cache.moc"
