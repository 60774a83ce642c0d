// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/hash.h"
#include "core/io/wfdb_reader.h"
#include "core/signal/r_peaks.h"
#include "core/study/demo.h"
#include "core/study/import_preview.h"
#include "core/study/import_scan.h"
#include "core/study/pseudonym.h"
#include "core/study/signal_cache.h"
#include "core/study/signal_summary.h"
#include "study_test_data.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTest>

#include <cmath>
#include <fstream>
#include <set>
#include <unistd.h>

using namespace precordia;
using testing::Folder;
namespace fs = std::filesystem;

namespace {

// One file, many recordings: an HDF5 of tracings, say.
class ManyReader final : public Reader {
public:
    explicit ManyReader(std::string patient = {}) : patient_(std::move(patient)) {}
    std::string_view key() const override { return "many"; }
    std::string_view description() const override { return "many in one"; }
    int recognises(const FileHead& head) const override { return head.path.extension() == ".many" ? 2 : 0; }
    Result<Recording> read(const fs::path& path, const ReadOptions& options) const override {
        const auto bytes = readFile(path);
        if (!bytes)
            return bytes.as<Recording>();
        const auto items = static_cast<std::int64_t>(bytes->size()); // a byte each, the seed of its ECG
        if (options.item >= items)
            return makeError(ErrorCode::ValueOutOfRange, "no such recording", path.string());
        const auto seed = std::to_integer<std::uint64_t>((*bytes)[static_cast<std::size_t>(options.item)]);
        if (seed == 'x')
            return makeError(ErrorCode::FormatInvalid, "it is damaged", path.string());
        auto recording = testing::ecg(seed, 1);
        recording.name = "exam " + std::to_string(1000 + options.item);
        recording.items = items;
        recording.metadata.format = "many";
        recording.metadata.identity.patientName = patient_;
        return recording;
    }

private:
    std::string patient_;
};

// Gives any part of one recording, and remembers the longest it was asked for.
class RangeReader final : public Reader {
public:
    explicit RangeReader(Recording whole) : whole_(std::move(whole)) {}
    std::string_view key() const override { return "range"; }
    std::string_view description() const override { return "ranges"; }
    int recognises(const FileHead&) const override { return 2; }
    bool readsRanges() const override { return true; }
    Result<Recording> read(const fs::path&, const ReadOptions& options) const override {
        auto out = whole_;
        const auto length = static_cast<std::int64_t>(whole_.samples());
        const auto range = options.range.value_or(SampleRange{0, length});
        out.samplesPromised = length;
        out.firstSample = range.first;
        const auto count = std::min(range.count, length - range.first);
        longest = std::max(longest, options.metadataOnly ? 0 : count);
        for (auto& lead : out.leads) {
            lead.samples.erase(lead.samples.begin(), lead.samples.begin() + range.first);
            lead.samples.resize(options.metadataOnly ? 0 : static_cast<std::size_t>(count));
        }
        return out;
    }
    mutable std::int64_t longest = 0;

private:
    Recording whole_;
};

} // namespace

class TestStudyImport : public QObject {
    Q_OBJECT

    static std::vector<RecordingRow> rows(const fs::path& folder) {
        const auto study = Study::open(folder);
        auto all = (*study)->query();
        return *std::move(all);
    }

    static std::map<std::string, double> rates(const fs::path& folder) {
        std::map<std::string, double> out;
        for (const auto& row : rows(folder))
            out[row.name] = row.samplingRate;
        return out;
    }

    // Three columns of millivolts.
    static std::string tableOf(const Recording& recording, const std::string& heading) {
        std::string out = heading + "\n";
        for (std::size_t i = 0; i < recording.samples(); ++i)
            for (const std::size_t lead : {0U, 1U, 6U})
                out += std::to_string(recording.leads[lead].samples[i] / 1000) + (lead == 6 ? "\n" : ",");
        return out;
    }

    // Distinct one-second records, written without a wait for the disk at each.
    static void writeMany(const Folder& dir, int count) {
        testing::writeRecord(dir / "in/r0.hea", testing::ecg(1, 1, 100));
        const auto header = readFile(dir / "in/r0.hea");
        auto signal = readFile(dir / "in/r0.dat");
        const std::string text(reinterpret_cast<const char*>(header->data()), header->size());
        for (int i = 1; i < count; ++i) {
            const auto name = "r" + std::to_string(i);
            auto own = text;
            for (auto at = own.find("r0"); at != std::string::npos; at = own.find("r0", at + name.size()))
                own.replace(at, 2, name);
            (*signal)[0] = static_cast<std::byte>(i);
            std::ofstream(dir / ("in/" + name + ".hea")) << own;
            std::ofstream(dir / ("in/" + name + ".dat"), std::ios::binary)
                .write(reinterpret_cast<const char*>(signal->data()), static_cast<std::streamsize>(signal->size()));
        }
    }

    // Copies a study as a killed process leaves it: with its write-ahead log.
    static void copyAsIs(const fs::path& from, const fs::path& to) {
        fs::create_directories(to);
        for (const auto* name : {"study.sqlite", "study.sqlite-wal"})
            if (fs::exists(from / name))
                fs::copy_file(from / name, to / name);
    }

private Q_SLOTS:
    void goodFilesComeInAndBadOnesAreNamed() {
        const Folder dir;
        testing::writeRecord(dir / "in/good.hea", testing::ecg(1));
        testing::writeRecord(dir / "in/deep/er/good2.hea", testing::ecg(2));
        testing::writeRecord(dir / "in/cut.hea", testing::ecg(3));
        fs::remove(dir / "in/cut.dat");
        dir.write("in/noise.bin", std::string(3000, '\x07'));
        dir.write("in/broken.hea", "broken 12 500 99999999\n");
        dir.write("in/empty.hea", "");
        dir.write("in/README", "read me");
        dir.write("in/notes.md", "# notes");
        dir.write("in/LICENSE.txt", "do as you like");
        dir.write("in/.hidden", "x");
        const auto report = testing::import(dir / "study", {dir / "in", dir / "nowhere"});
        QVERIFY2(report.ok(), failureText(report).c_str());
        QCOMPARE(report->imported, 2);
        QCOMPARE(report->duplicates, 0);
        std::map<std::string, std::string> failed;
        for (const auto& failure : report->failed)
            failed[failure.path.filename().string()] = failure.reason;
        QCOMPARE(failed.size(), 5U);
        QVERIFY2(failed["cut.hea"].find("cut.dat") != std::string::npos, failed["cut.hea"].c_str());
        QVERIFY(failed["noise.bin"].starts_with("the format is not known"));
        QVERIFY(!failed["broken.hea"].empty());
        QVERIFY(!failed["empty.hea"].empty());
        QCOMPARE(failed["nowhere"], std::string("the file is not there"));
        for (const auto& [name, reason] : failed) // the path stands beside the reason, not in it
            QVERIFY2(reason.find(dir.path.string()) == std::string::npos, reason.c_str());
        QCOMPARE(report->skipped, 2 + 4); // the signal files of the two, and the documents
        const auto all = rows(dir / "study");
        QCOMPARE(all.size(), 2U);
        QCOMPARE(all[0].name, std::string("good2")); // in the order of the paths
        QCOMPARE(all[1].name, std::string("good"));
        QVERIFY(all[1].heartRateBpm.has_value());
        QVERIFY(all[1].rrSdMs.has_value());
        QCOMPARE(all[1].sha256, *sha256OfFile(dir / "in/good.hea"));
    }

    void aMistypedPathLeavesNoStudy() {
        const Folder dir;
        const auto report = testing::import(dir / "study", {dir / "nope", dir / "neither"});
        QCOMPARE(report.error().code, ErrorCode::FileNotFound);
        QVERIFY2(report.error().text().find("neither") != std::string::npos, report.error().text().c_str());
        QVERIFY(!fs::exists(dir / "study"));
    }

    void measuresTheHeartRate() {
        const Folder dir;
        SynthesisOptions options;
        options.heartRate = 72;
        options.rhythm = Rhythm::Sinus;
        options.noise = 0.3;
        const auto made = synthesise(options, 5);
        testing::writeRecord(dir / "in/hr.hea", made.recording);
        QVERIFY(testing::import(dir / "study", {dir / "in/hr"}).ok()); // named as WFDB names records
        const auto row = rows(dir / "study").front();
        const double truth = made.truth.measurements.at("heart_rate_bpm");
        QVERIFY2(std::abs(*row.heartRateBpm - truth) < 2, std::to_string(*row.heartRateBpm).c_str());
    }

    void theSameSamplesAreOneRecording() {
        const Folder dir;
        const auto ecg = testing::ecg(1, 3);
        testing::writeRecord(dir / "in/a.hea", ecg);
        testing::writeRecord(dir / "in/b.hea", ecg);
        auto other = ecg;
        other.leads[3].samples[100] += 5;
        testing::writeRecord(dir / "in/c.hea", other);
        const auto report = testing::import(dir / "study", {dir / "in"});
        QCOMPARE(report->imported, 2);
        QCOMPARE(report->duplicates, 1);
        QCOMPARE(rows(dir / "study")[0].name, std::string("a"));
    }

    void importingAgainChangesNothing() {
        const Folder dir;
        for (std::uint64_t i = 0; i < 5; ++i)
            testing::writeRecord(dir / ("in/r" + std::to_string(i) + ".hea"), testing::ecg(i + 1, 2));
        QCOMPARE(testing::import(dir / "study", {dir / "in"})->imported, 5);
        fs::last_write_time(dir / "in/r3.hea", fs::file_time_type::clock::now() + std::chrono::seconds(5)); // touched
        const auto again = testing::import(dir / "study", {dir / "in", dir / "in/r0.hea"});
        QCOMPARE(again->imported, 0);
        QCOMPARE(again->duplicates, 5);
        QCOMPARE(rows(dir / "study").size(), 5U);
        // A file that holds another ECG now takes the place of what it held.
        testing::writeRecord(dir / "in/r2.hea", testing::ecg(77, 3));
        const auto changed = testing::import(dir / "study", {dir / "in"});
        QCOMPARE(changed->imported, 1);
        const auto all = rows(dir / "study");
        QCOMPARE(all.size(), 5U);
        QCOMPARE(std::count_if(all.begin(), all.end(), [](const auto& r) { return r.samples == 750; }), 1);
    }

    void aLabelOfFileAndTableIsCountedOnce() {
        const Folder dir;
        auto ecg = testing::ecg(1, 2);
        ecg.metadata.comments = {"Dx: 164889003"};
        testing::writeRecord(dir / "in/a.hea", ecg);
        dir.write("labels.csv", "record_path,labels\nin/a,Atrial fibrillation;Old infarction\n");
        const auto report = testing::import(dir / "study", {dir / "in"}, dir / "labels.csv");
        QVERIFY2(report.ok(), failureText(report).c_str());
        QCOMPARE(rows(dir / "study")[0].labels.size(), 2U);
        QCOMPARE(report->labels, 2);
        QCOMPARE(report->labelled, 1);
    }

    void aTableAddsToWhatTheFileSays() {
        const Folder dir;
        auto ecg = testing::ecg(1, 2);
        ecg.metadata.comments = {"Age: 66", "Sex: Female", "Dx: 164889003,999999999"};
        testing::writeRecord(dir / "in/a.hea", ecg);
        testing::writeRecord(dir / "in/b.hea", testing::ecg(2, 2));
        QVERIFY(testing::import(dir / "study", {dir / "in"}).ok());
        auto first = rows(dir / "study")[0];
        QCOMPARE(first.labels, (std::vector<std::string>{"atrial fibrillation", "code 999999999"}));
        QCOMPARE(first.sex, std::string("female"));
        QCOMPARE(*first.ageYears, 66.0);
        QCOMPARE(first.dataset, std::string());
        // The table comes later: labels are added, unknown facts are filled in, known ones stay.
        dir.write("in/labels.csv",
                  "record_path,dataset,age,sex,labels\na,Set,70,M,Old infarction\nb,Set,33,M,\nc,Set,1,M,\n");
        const auto report = testing::import(dir / "study", {dir / "in"}, dir / "in/labels.csv");
        QCOMPARE(report->duplicates, 2);
        QVERIFY(report->failed.empty()); // the table itself is no failure
        QCOMPARE(report->notes, (std::vector<std::string>{"labels.csv: 1 row names no recording that came in"}));
        first = rows(dir / "study")[0];
        QCOMPARE(first.labels, (std::vector<std::string>{"Old infarction", "atrial fibrillation", "code 999999999"}));
        QCOMPARE(*first.ageYears, 66.0);
        QCOMPARE(first.dataset, std::string("Set"));
        QCOMPARE(*rows(dir / "study")[1].ageYears, 33.0);
        QVERIFY(testing::import(dir / "study", {dir / "in"}, dir / "none.csv").failed());
    }

    void patientIdsNeverEnterTheStudy() {
        const Folder dir;
        testing::writeRecord(dir / "in/a.hea", testing::ecg(1, 2));
        dir.write("labels.csv", "record_path,patient,labels\nin/a,Zebrafink-4711,\n");
        QVERIFY(testing::import(dir / "study", {dir / "in"}, dir / "labels.csv").ok());
        QVERIFY(rows(dir / "study")[0].patient.starts_with("P"));
        for (const auto& entry : fs::recursive_directory_iterator(dir / "study")) {
            if (!entry.is_regular_file())
                continue;
            const auto bytes = readFile(entry.path());
            const std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
            QVERIFY2(text.find("Zebrafink") == std::string_view::npos, entry.path().c_str());
        }
    }

    void warningsAndAnnotationsComeAlong() {
        const Folder dir;
        testing::writeRecord(dir / "in/a.hea", testing::ecg(1, 2));
        auto header = readFile(dir / "in/a.hea");
        std::string text(reinterpret_cast<const char*>(header->data()), header->size());
        text.replace(text.find("1000(0)/mV"), 10, "0(0)/mV   "); // a gain of 0: not known
        dir.write("in/a.hea", text);
        // MIT format: N at sample 50, V at 50 + 100, end.
        const std::string marks{50, 0x04, 100, 0x14, 0, 0};
        dir.write("in/a.atr", marks);
        const auto report = testing::import(dir / "study", {dir / "in"});
        QVERIFY(report->failed.empty());
        QCOMPARE(report->imported, 1);
        const auto study = Study::open(dir / "study");
        QVERIFY((*study)->row(RecordingId(1))->warnings >= 1);
        const auto warnings = (*study)->warnings(RecordingId(1));
        QVERIFY(std::any_of(warnings->begin(), warnings->end(),
                            [](const Warning& w) { return w.code == WarningCode::GainMissing; }));
        const auto annotations = (*study)->annotations(RecordingId(1));
        QCOMPARE(annotations->size(), 2U);
        QCOMPARE((*annotations)[1].sample, SampleIndex(150));
        QCOMPARE((*annotations)[1].symbol, std::string("V"));
        QVERIFY(!(*annotations)[1].lead.valid());
    }

    void stopKeepsWhatWasConfirmedAndAKillToo() {
        const Folder dir;
        constexpr int kFiles = 200;
        writeMany(dir, kFiles);
        std::stop_source stop;
        std::int64_t confirmed = 0;
        Progress progress(
            [&](const ProgressState& state) {
                if (state.phase != "importing" || state.done == 0 || confirmed > 0)
                    return;
                const auto study = Study::open(dir / "study");
                confirmed = *(*study)->count();
                copyAsIs(dir / "study", dir / "killed");
                stop.request_stop();
            },
            std::chrono::milliseconds(0));
        const auto report = importInto(dir / "study", ImportRequest{{dir / "in"}, {}, 2}, stop.get_token(), progress);
        QVERIFY(report.cancelled());
        QVERIFY2(confirmed > 0 && confirmed < kFiles, std::to_string(confirmed).c_str());
        QCOMPARE(static_cast<std::int64_t>(rows(dir / "study").size()), confirmed);
        const auto killed = Study::open(dir / "killed");
        QVERIFY2(killed.ok(), failureText(killed).c_str());
        QCOMPARE(*(*killed)->count(), confirmed);
        const auto rest = testing::import(dir / "study", {dir / "in"});
        QCOMPARE(rest->duplicates, confirmed);
        QCOMPARE(rest->imported, kFiles - confirmed);
    }

    void threadsDoNotChangeTheResult() {
        const Folder dir;
        for (std::uint64_t i = 0; i < 20; ++i)
            testing::writeRecord(dir / ("in/r" + std::to_string(i) + ".hea"), testing::ecg(i / 2 + 1, 1));
        Progress silent;
        const auto names = [&](const char* study, int threads) {
            (void)importInto(dir / study, ImportRequest{{dir / "in"}, {}, threads}, {}, silent);
            std::vector<std::string> out;
            for (const auto& row : rows(dir / study))
                out.push_back(row.name);
            return out;
        };
        const auto one = names("one", 1);
        QCOMPARE(one.size(), 10U);
        QCOMPARE(names("four", 4), one);
    }

    void foldersThatCannotBeReadAreNamed() {
        if (::geteuid() == 0)
            QSKIP("root reads everything");
        const Folder dir;
        fs::create_directories(dir / "in/secret");
        fs::permissions(dir / "in/secret", fs::perms::none);
        const auto report = testing::import(dir / "study", {dir / "in"});
        fs::permissions(dir / "in/secret", fs::perms::owner_all);
        QCOMPARE(report->failed.size(), 1U);
    }

    void hashTellsSamplesNotRounding() {
        auto a = testing::ecg(1, 1);
        auto b = a;
        b.leads[5].samples[9] = std::nextafter(b.leads[5].samples[9], 1e9F);
        QCOMPARE(hashSamples(a), hashSamples(b)); // the last bit of a float
        b.leads[5].samples[9] += 1;
        QVERIFY(hashSamples(a) != hashSamples(b));
        b = a;
        b.samplingRate = 500;
        QVERIFY(hashSamples(a) != hashSamples(b));
        b = a;
        std::swap(b.leads[0].name, b.leads[1].name);
        QVERIFY(hashSamples(a) != hashSamples(b));
        b = a;
        b.leads[0].samples[3] = std::numeric_limits<float>::quiet_NaN();
        QVERIFY(hashSamples(a) != hashSamples(b));
    }

    void aStudyInsideIsWalkedForItsRecordingsOnly() {
        const Folder dir;
        dir.write("in/s/study.sqlite", "x");
        dir.write("in/s/cache/shard.bin", "x");
        dir.write("in/s/recordings/a.hea", "x");
        dir.write("in/b.hea", "x");
        const auto scanned = scanForImport({dir / "in"}, {});
        QCOMPARE(scanned->files.size(), 2U);
    }

    void theDemoStudyKnowsItsTruth() {
        const Folder dir;
        Progress silent;
        const auto made = makeDemoStudy(dir / "demo", 12, 3, {}, silent);
        QVERIFY2(made.ok(), failureText(made).c_str());
        const auto all = rows(dir / "demo");
        QCOMPARE(all.size(), 12U);
        QCOMPARE(all[11].name, std::string("DEMO-0012"));
        QCOMPARE(all[0].dataset, std::string("Precordia demo"));
        const auto study = Study::open(dir / "demo");
        const auto truth = (*study)->measurementColumn("truth", "heart_rate_bpm");
        QCOMPARE(truth->size(), 12U);
        QCOMPARE(truth->at(4).second, synthesiseMember(3, 4).truth.measurements.at("heart_rate_bpm"));
        for (const auto& row : all)
            QVERIFY(!row.labels.empty() && row.ageYears && !row.sex.empty());
        // Again: the same one is done at once, another is refused, and so is a study of someone's own.
        QVERIFY(makeDemoStudy(dir / "demo", 12, 3, {}, silent).ok());
        QVERIFY(makeDemoStudy(dir / "demo", 13, 3, {}, silent).error().code == ErrorCode::AlreadyExists);
        testing::writeRecord(dir / "in/a.hea", testing::ecg(1, 2));
        QVERIFY(testing::import(dir / "own", {dir / "in"}).ok());
        QVERIFY(makeDemoStudy(dir / "own", 2, 3, {}, silent).error().code == ErrorCode::AlreadyExists);
    }

    void aStoppedDemoGoesOn() {
        const Folder dir;
        std::stop_source stop;
        Progress progress(
            [&](const ProgressState& state) {
                if (state.phase == "importing")
                    stop.request_stop();
            },
            std::chrono::milliseconds(0));
        QVERIFY(makeDemoStudy(dir / "demo", 4, 1, stop.get_token(), progress).cancelled());
        Progress silent;
        QVERIFY(makeDemoStudy(dir / "demo", 4, 1, {}, silent).ok());
        QCOMPARE(rows(dir / "demo").size(), 4U);
    }

    void oneFileOfManyRecordings() {
        const Folder dir;
        dir.write("in/a.many", "abcdexgh");
        testing::writeRecord(dir / "in/b.hea", testing::ecg(1, 2));
        dir.write("in/exams.csv", "exam_id,trace_file,AF,patient_id\n1002,a.many,True,7\n1003,a.many,False,7\n"
                                  "1002,b.many,True,9\n");
        Registry registry;
        registry.add(std::make_unique<ManyReader>());
        registry.add(std::make_unique<WfdbReader>());
        ImportRequest request{{dir / "in"}, dir / "in/exams.csv", 3};
        request.registry = &registry;
        Progress silent;
        const auto report = importInto(dir / "study", request, {}, silent);
        QVERIFY2(report.ok(), failureText(report).c_str());
        QCOMPARE(report->imported, 8);
        QCOMPARE(report->failed.size(), 1U);
        QCOMPARE(report->failed[0].path, dir / "in/a.many#5");
        auto all = rows(dir / "study");
        QCOMPARE(all.size(), 8U);
        for (std::size_t i = 0; i < 5; ++i)
            QCOMPARE(all[i].name, "exam " + std::to_string(1000 + i)); // in the order of the file
        QCOMPARE(all[5].name, std::string("exam 1006"));
        QCOMPARE(all[7].name, std::string("b"));
        QCOMPARE(all[2].labels, (std::vector<std::string>{"atrial fibrillation"}));
        QVERIFY(all[3].labels.empty() && !all[3].patient.empty() && all[3].patient == all[2].patient);
        // Again; then a file with other and fewer recordings in its place.
        const auto again = importInto(dir / "study", request, {}, silent);
        QCOMPARE(again->imported, 0);
        QCOMPARE(again->duplicates, 8);
        QCOMPARE(again->failed.size(), 1U);
        dir.write("in/a.many", "azc");
        const auto changed = importInto(dir / "study", request, {}, silent);
        QCOMPARE(changed->imported, 1);
        all = rows(dir / "study");
        QCOMPARE(all.size(), 4U);
        QCOMPARE(std::count_if(all.begin(), all.end(), [](const auto& r) { return r.format == "many"; }), 3);
    }

    void aFolderWithoutAnEcg() {
        const Folder dir;
        dir.write("in/notes.txt", "nothing of a heart");
        dir.write("in/read.md", "nor here");
        fs::create_directories(dir / "none");
        const auto nothing = testing::import(dir / "study", {dir / "none"});
        QVERIFY(nothing.failed());
        QCOMPARE(nothing.error().text(), "no ECG was found in " + (dir / "none").string() + ": 0 files of other kinds");
        QVERIFY(!fs::exists(dir / "study"));
        const auto others = testing::import(dir / "study", {dir / "in", dir / "none"});
        QVERIFY(others.failed());
        QVERIFY(others.error().code == ErrorCode::NotFound);
        QVERIFY(others.error().message.ends_with(": 2 files of other kinds"));
        QVERIFY(!fs::exists(dir / "study"));
        // A folder that was there stays; a study stays with all that it holds.
        fs::create_directories(dir / "empty");
        QVERIFY(testing::import(dir / "empty", {dir / "in"}).failed());
        QVERIFY(fs::is_directory(dir / "empty") && fs::is_empty(dir / "empty"));
        dir.write("full/mine.txt", "mine");
        QVERIFY(testing::import(dir / "full", {dir / "in"}).failed());
        QVERIFY(fs::exists(dir / "full/mine.txt"));
        testing::writeRecord(dir / "ecg/r1.hea", testing::ecg(1, 2));
        QCOMPARE(testing::import(dir / "study", {dir / "ecg"})->imported, 1);
        QVERIFY(testing::import(dir / "study", {dir / "in"}).failed());
        QCOMPARE(rows(dir / "study").size(), 1U);
        // All of it is in already; one that cannot be read is named.
        const auto again = testing::import(dir / "study", {dir / "ecg"});
        QVERIFY(again.ok() && again->imported == 0 && again->duplicates == 1);
        dir.write("bad/r2.hea", "r2 1 500 1000\nr2.dat 16 200 16 0 0 0 0 II\n");
        QCOMPARE(testing::import(dir / "other", {dir / "bad"})->failed.size(), 1U);
    }

    // The first of many that cannot be read does not take the others with it, and says of what kind it is.
    void theFirstOfManyFails() {
        const Folder dir;
        dir.write("in/a.many", "xbcx");
        Registry registry;
        registry.add(std::make_unique<ManyReader>());
        ImportRequest request{{dir / "in"}, {}, 2};
        request.registry = &registry;
        Progress silent;
        const auto report = importInto(dir / "study", request, {}, silent);
        QVERIFY2(report.ok(), failureText(report).c_str());
        QCOMPARE(report->imported, 2);
        QCOMPARE(report->failed.size(), 2U);
        QCOMPARE(report->failed[0].path, dir / "in/a.many");
        QCOMPARE(report->failed[1].path, dir / "in/a.many#3");
        QVERIFY(report->failed[0].code == ErrorCode::FormatInvalid);
        QVERIFY(report->failed[0].reason.find("it is damaged") != std::string::npos);
        const auto kept = lastImportReport(**Study::open(dir / "study"));
        QVERIFY(kept->failed[1].code == ErrorCode::FormatInvalid && kept->failed[1].reason == report->failed[1].reason);
        QCOMPARE(importInto(dir / "study", request, {}, silent)->duplicates, 2);
        dir.write("in/a.many", "x"); // of one
        QCOMPARE(importInto(dir / "study", request, {}, silent)->failed.size(), 1U);
    }

    // A table that comes later is held against the file's identity, which the study does not keep.
    void labelsOfALaterTableThatTellWhoItIs() {
        const Folder dir;
        dir.write("in/a.many", "a");
        dir.write("in/b.many", "b");
        Registry registry;
        registry.add(std::make_unique<ManyReader>("Zebrafink^Quirina"));
        ImportRequest request{{dir / "in"}, {}, 2};
        request.registry = &registry;
        Progress silent;
        QCOMPARE(importInto(dir / "study", request, {}, silent)->imported, 2);
        request.labelsCsv = dir / "labels.csv";
        dir.write("labels.csv", "record_path,labels\nin/a,Sinus rhythm;ask Zebrafink\nin/b,Old infarction\n");
        const auto report = importInto(dir / "study", request, {}, silent);
        QVERIFY2(report.ok() && report->failed.empty(), failureText(report).c_str());
        QCOMPARE(report->duplicates, 2);
        QCOMPARE(report->withheld, 1);
        QCOMPARE(report->notes.size(), 1U);
        QVERIFY(report->notes[0].find("left out") != std::string::npos);
        const auto all = rows(dir / "study");
        QCOMPARE(all[0].labels, (std::vector<std::string>{"sinus rhythm"}));
        QCOMPARE(all[1].labels, (std::vector<std::string>{"Old infarction"}));
        QCOMPARE(report->wordsLeftOut, 2);
        QCOMPARE(report->labels, 2);
        QCOMPARE(report->labelled, 2);
        QCOMPARE(lastImportReport(**Study::open(dir / "study"))->wordsLeftOut, 2);
        // Again: nothing new.
        QCOMPARE(importInto(dir / "study", request, {}, silent)->labels, 0);
    }

    // What a person said of a table goes with its file: into the study, the signal cache and the next import.
    void tablesAreReadAsAPersonSaid() {
        const Folder dir;
        dir.write("in/told.csv", tableOf(testing::ecg(1, 12, 250), "I,II,V1"));
        dir.write("in/own.csv", "# sampling rate: 500\n" + tableOf(testing::ecg(2, 12, 500), "I (mV),II (mV),V1 (mV)"));
        ImportRequest request{{dir / "in"}, {}, 2};
        Progress silent;
        const auto before = previewImport(dir / "study", request, {}, silent);
        QCOMPARE(before->undescribedTables, (std::vector<fs::path>{dir / "in/told.csv"}));
        TableLayout layout;
        layout.samplingRate = 250;
        layout.unit = "mV";
        request.tableLayouts[dir / "in/told.csv"] = layout;
        const auto described = previewImport(dir / "study", request, {}, silent);
        QVERIFY(described->undescribedTables.empty());
        QCOMPARE(described->rates, (std::map<double, int>{{250.0, 1}, {500.0, 1}}));
        const auto report = importInto(dir / "study", request, {}, silent);
        QVERIFY2(report.ok() && report->failed.empty(), failureText(report).c_str());
        QCOMPARE(rates(dir / "study"), (std::map<std::string, double>{{"own", 500.0}, {"told", 250.0}}));
        {
            const auto study = Study::open(dir / "study");
            for (const auto& row : rows(dir / "study"))
                QCOMPARE((*study)->readRecording(row.id)->samplingRate, row.samplingRate);
        }
        const auto cache = SignalCache::build(dir / "study", {}, {}, silent);
        QVERIFY2(cache.ok(), failureText(cache).c_str());
        QCOMPARE((*cache)->skipped().size(), 0U);
        std::set<RecordingId> windowed;
        for (std::int64_t i = 0; i < (*cache)->size(); ++i)
            windowed.insert((*cache)->recording(i));
        QCOMPARE(windowed.size(), 2U);
        // The next import knows without being told again, also of a file that was changed since.
        dir.write("in/told.csv", tableOf(testing::ecg(3, 10, 250), "I,II,V1"));
        QVERIFY(previewImport(dir / "study", {{dir / "in"}, {}, 2}, {}, silent)->undescribedTables.empty());
        const auto again = testing::import(dir / "study", {dir / "in"});
        QVERIFY(again->failed.empty());
        QCOMPARE(again->imported, 1);
        QCOMPARE(again->duplicates, 1);
        // What is said anew stands before what was said, although the file is the same.
        layout.samplingRate = 500;
        request.tableLayouts[dir / "in/told.csv"] = layout;
        QCOMPARE(importInto(dir / "study", request, {}, silent)->imported, 1);
        QCOMPARE(rates(dir / "study"), (std::map<std::string, double>{{"own", 500.0}, {"told", 500.0}}));
        QCOMPARE(importInto(dir / "study", request, {}, silent)->duplicates, 2);
        // Kept under what only this person's key makes of the path.
        const auto pseudonyms = Pseudonyms::load();
        const auto study = Study::open(dir / "study");
        const auto kept = (*study)->value("table-layout/" + pseudonyms->settingKey((dir / "in/told.csv").string()));
        QVERIFY(!kept.empty() && *layoutFromJson(kept, "") == layout);
        QVERIFY((*study)->value("table-layout/" + pseudonyms->settingKey((dir / "in/own.csv").string())).empty());
    }

    // What the window keeps under a recording's number goes with it: the number is given again.
    void calipersGoWithTheirRecording() {
        const Folder dir;
        dir.write("in/a.many", "abc");
        testing::writeRecord(dir / "in/b.hea", testing::ecg(2, 2));
        Registry registry;
        registry.add(std::make_unique<ManyReader>());
        registry.add(std::make_unique<WfdbReader>());
        ImportRequest request{{dir / "in"}, {}, 1};
        request.registry = &registry;
        Progress silent;
        QCOMPARE(importInto(dir / "study", request, {}, silent)->imported, 4);
        const auto study = Study::open(dir / "study");
        const auto kept = [&] {
            QString out;
            for (int i = 1; i <= 4; ++i)
                out += (*study)->value("calipers/" + std::to_string(i)).empty() ? '-' : 'c';
            return out;
        };
        for (int i = 1; i <= 4; ++i)
            QVERIFY((*study)->setValue("calipers/" + std::to_string(i), "[1]").ok());
        dir.write("in/a.many", "az"); // the first is what it was, the second another, the third gone
        QCOMPARE(importInto(dir / "study", request, {}, silent)->imported, 1);
        QCOMPARE(kept(), QStringLiteral("c--c"));
        testing::writeRecord(dir / "in/b.hea", testing::ecg(77, 3));
        QCOMPARE(importInto(dir / "study", request, {}, silent)->imported, 1);
        QCOMPARE(kept(), QStringLiteral("c---"));
    }

    void aChangedSignalBesideAnUnchangedHeader() {
        const Folder dir;
        testing::writeRecord(dir / "in/a.hea", testing::ecg(1, 2));
        testing::writeRecord(dir / "in/b.hea", testing::ecg(2, 2));
        QCOMPARE(testing::import(dir / "study", {dir / "in"})->imported, 2);
        const auto before = rows(dir / "study");
        auto signal = *readFile(dir / "in/a.dat");
        signal[40] ^= std::byte{3};
        std::ofstream(dir / "in/a.dat", std::ios::binary)
            .write(reinterpret_cast<const char*>(signal.data()), static_cast<std::streamsize>(signal.size()));
        fs::last_write_time(dir / "in/a.dat", fs::file_time_type::clock::now() + std::chrono::seconds(5));
        const auto report = testing::import(dir / "study", {dir / "in"});
        QCOMPARE(report->imported, 1);
        QCOMPARE(report->duplicates, 1);
        const auto after = rows(dir / "study");
        QCOMPARE(after.size(), 2U);
        QCOMPARE(after[0].name, std::string("b"));
        QCOMPARE(after[1].name, std::string("a"));
        QCOMPARE(testing::import(dir / "study", {dir / "in"})->duplicates, 2); // settled
        // It holds the other's ECG now: what it held is gone.
        fs::copy_file(dir / "in/b.dat", dir / "in/a.dat", fs::copy_options::overwrite_existing);
        fs::last_write_time(dir / "in/a.dat", fs::file_time_type::clock::now() + std::chrono::seconds(9));
        QCOMPARE(testing::import(dir / "study", {dir / "in"})->duplicates, 2);
        QCOMPARE(rows(dir / "study").size(), 1U);
        Q_UNUSED(before);
    }

    // The same hash and the same beats as from the whole.
    void longRecordingsAreReadInChunks() {
        const auto whole = testing::ecg(3, 1500, 100);
        const RangeReader reader(whole);
        Recording first;
        const auto length = static_cast<std::int64_t>(whole.samples());
        const auto chunked = summariseInChunks(reader, "x", {}, length, 100, first);
        QVERIFY2(chunked.ok(), failureText(chunked).c_str());
        const auto once = summarise(whole);
        QVERIFY(reader.longest < 620 * 100);
        QCOMPARE(chunked->sampleHash, once.sampleHash);
        QCOMPARE(chunked->samples, once.samples);
        const auto beats = measureRhythm(detectRPeaks(whole), 100);
        QVERIFY((once.rhythm == Measurements{{"heart_rate_bpm", *beats.heartRateBpm}, {"rr_sd_ms", *beats.rrSdMs}}));
        // A window sees a beat by a sample earlier or later.
        QCOMPARE(chunked->rhythm.at("heart_rate_bpm"), *beats.heartRateBpm);
        QVERIFY(std::abs(chunked->rhythm.at("rr_sd_ms") - *beats.rrSdMs) < 0.01);
        QVERIFY(chunked->measured && once.measured && once.measured->values.contains("qrs_ms"));
        QVERIFY(chunked->measured->values == once.measured->values);
        QCOMPARE(chunked->measured->quality.word, once.measured->quality.word);
        QVERIFY(chunked->signature == once.signature);
        QCOMPARE(first.leads.size(), whole.leads.size());
        auto other = whole;
        other.leads[3].samples[149900] += 1;
        QVERIFY(hashSamples(other) != once.sampleHash);
    }

    // Real recordings: every one whose format is read comes in, every other file is named.
    void realRecordings() {
        const auto given = qEnvironmentVariable("PRECORDIA_DATA");
        const fs::path data =
            given.isEmpty()
                ? fs::path(qEnvironmentVariable("PRECORDIA_SOURCE_DIR", ".").toStdString()) / "../shared/data"
                : fs::path(given.toStdString());
        if (!fs::exists(data / "labels.csv"))
            QSKIP("no real recordings here (PRECORDIA_DATA)");
        const Folder dir;
        const std::vector<fs::path> paths = {data / "cinc2021-a", data / "ptbxl", data / "formats/dicom",
                                             data / "formats/wfdb"};
        const auto report = testing::import(dir / "study", paths, data / "labels.csv");
        QVERIFY2(report.ok(), failureText(report).c_str());
        std::size_t files = 0;
        for (const auto& path : paths)
            for (const auto& entry : fs::recursive_directory_iterator(path))
                files += entry.is_regular_file() ? 1 : 0;
        QCOMPARE(static_cast<std::size_t>(report->imported + report->duplicates + report->skipped) +
                     report->failed.size(),
                 files);
        for (const auto& failure : report->failed)
            QVERIFY2(failure.path.string().find("/formats/wfdb/") != std::string::npos && !failure.reason.empty(),
                     failure.path.c_str());
        int labelled = 0, headers = 0;
        for (const auto& row : rows(dir / "study")) {
            labelled += row.dataset.empty() ? 0 : 1;
            if (!row.dataset.empty())
                QVERIFY2(row.heartRateBpm && *row.heartRateBpm > 25 && *row.heartRateBpm < 250, row.name.c_str());
        }
        for (const auto& entry : fs::directory_iterator(data / "cinc2021-a"))
            headers += entry.path().extension() == ".hea" ? 1 : 0;
        QVERIFY(labelled >= headers && headers > 0);
    }
};

QTEST_GUILESS_MAIN(TestStudyImport)
#include "test_study_import.moc"
