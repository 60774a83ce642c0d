// SPDX-License-Identifier: GPL-3.0-or-later
// Rows for a worklist, their filters and orders against plain loops over Study::query(), and measuring a study.
#include "core/signal/measurements.h"
#include "core/signal/r_peaks.h"
#include "core/study/bench_rows.h"
#include "core/study/measure_study.h"
#include "core/study/study_writer.h"
#include "core/study/worklist_rows.h"
#include "tests/unit/study_test_data.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <set>

using namespace precordia;
using testing::Folder;

namespace {

std::unique_ptr<Study> benchStudy(const Folder& folder, int rows) {
    Progress silent;
    if (const auto made = makeBenchRows(folder / "study", rows, 3, {}, silent); !made)
        qFatal("%s", failureText(made).c_str());
    auto study = Study::open(folder / "study");
    if (!study)
        qFatal("%s", failureText(study).c_str());
    return std::move(*study);
}

RecordingRow row(std::int64_t id, const char* name, std::optional<double> age = {},
                 std::vector<std::string> labels = {}) {
    RecordingRow made;
    made.id = RecordingId(id);
    made.name = name;
    made.ageYears = age;
    made.labels = std::move(labels);
    return made;
}

std::shared_ptr<const WorklistIndex> indexOf(std::vector<RecordingRow> rows) {
    return WorklistIndex::build(std::make_shared<const std::vector<RecordingRow>>(std::move(rows)));
}

std::vector<std::int64_t> ids(const WorklistIndex& index, const std::vector<int>& positions) {
    std::vector<std::int64_t> out;
    for (const int position : positions)
        out.push_back(index.rows()[static_cast<std::size_t>(position)].id.value);
    return out;
}
using Ids = std::vector<std::int64_t>;

// The ids of the rows that a plain loop finds, in the order of ids.
template <typename Fits>
Ids plainly(const std::vector<RecordingRow>& rows, Fits fits) {
    Ids out;
    for (const auto& one : rows)
        if (fits(one))
            out.push_back(one.id.value);
    return out;
}

Ids answer(const WorklistIndex& index, const WorklistFilter& filter) {
    return ids(index, index.matching(filter, index.sorted("", false)));
}

Result<StudyMeasureReport> measure(const std::filesystem::path& folder, bool again = false, StopToken stop = {}) {
    Progress silent;
    StudyMeasureOptions options;
    options.threads = 2;
    options.background = true;
    options.again = again;
    return measureStudy(folder, options, stop, silent);
}

// As if a program had imported it that did not measure.
bool forgetMeasured(const Study& study) {
    const auto& database = *study.impl().database;
    return database.change("DELETE FROM measured").ok() &&
           database.change("DELETE FROM measurements WHERE source = 'computed'").ok();
}

} // namespace

class TestStudyWorklist : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void rowsAreThoseOfTheQuery() {
        const Folder folder;
        const auto study = benchStudy(folder, 700);
        const auto quick = worklistRows(*study), slow = study->query();
        QVERIFY(quick.ok() && slow.ok());
        QCOMPARE(quick->size(), std::size_t(700));
        for (std::size_t i = 0; i < quick->size(); ++i) {
            const RecordingRow &a = (*quick)[i], &b = (*slow)[i];
            QCOMPARE(a.id, b.id);
            QCOMPARE(a.name, b.name);
            QCOMPARE(a.dataset, b.dataset);
            QCOMPARE(a.patient, b.patient);
            QCOMPARE(a.format, b.format);
            QCOMPARE(a.samplingRate, b.samplingRate);
            QCOMPARE(a.samples, b.samples);
            QCOMPARE(a.leads, b.leads);
            QVERIFY(a.ageYears == b.ageYears);
            QCOMPARE(a.sex, b.sex);
            QCOMPARE(a.recordedAt, b.recordedAt);
            QVERIFY(a.labels == b.labels);
            QVERIFY(a.heartRateBpm == b.heartRateBpm && a.rrSdMs == b.rrSdMs);
            QVERIFY(a.surprise == b.surprise && a.surprisePercentile == b.surprisePercentile);
            QVERIFY(a.cluster == b.cluster);
            QCOMPARE(a.warnings, b.warnings);
        }
        const auto first = firstRows(*study, 5);
        QVERIFY(first.ok());
        QCOMPARE(first->size(), std::size_t(5));
        QCOMPARE(first->back().id, (*slow)[4].id);
    }

    // Every kind of filter against a loop over what the study says.
    void filtersAreThoseOfALoop() {
        const Folder folder;
        const auto study = benchStudy(folder, 900);
        auto rows = worklistRows(*study);
        QVERIFY(rows.ok());
        auto index = WorklistIndex::build(std::make_shared<const std::vector<RecordingRow>>(*rows));
        auto qrs = measurementNumbers(*study, *rows, "computed/qrs_ms");
        QVERIFY(qrs.ok());
        index = index->with("computed/qrs_ms", std::make_shared<const NumberColumn>(std::move(*qrs)));
        std::map<RecordingId, double> values;
        const auto column = study->measurementColumn("computed", "qrs_ms");
        for (const auto& [id, value] : *column)
            values[id] = value;

        WorklistFilter filter;
        filter.choices["sex"] = {"Female"};
        QCOMPARE(answer(*index, filter), plainly(*rows, [](const auto& r) { return r.sex == "female"; }));
        filter = {};
        filter.choices["label"] = {"sinus rhythm", "ATRIAL FIBRILLATION"};
        QCOMPARE(answer(*index, filter), plainly(*rows, [](const auto& r) {
                     return std::any_of(r.labels.begin(), r.labels.end(), [](const auto& label) {
                         return label == "sinus rhythm" || label == "atrial fibrillation";
                     });
                 }));
        filter = {};
        filter.ranges["age"] = {60, 70};
        QCOMPARE(answer(*index, filter),
                 plainly(*rows, [](const auto& r) { return r.ageYears && *r.ageYears >= 60 && *r.ageYears <= 70; }));
        filter = {};
        filter.ranges["computed/qrs_ms"] = {120, {}};
        QCOMPARE(answer(*index, filter),
                 plainly(*rows, [&](const auto& r) { return values.count(r.id) > 0 && values.at(r.id) >= 120; }));
        filter = {};
        filter.ranges["surprise"] = {{}, 10};
        QCOMPARE(answer(*index, filter), plainly(*rows, [](const auto& r) { return *r.surprisePercentile <= 10; }));
        filter = {};
        filter.choices["cluster"] = {"3", "7"};
        QCOMPARE(answer(*index, filter),
                 plainly(*rows, [](const auto& r) { return r.cluster == 3 || r.cluster == 7; }));
        filter = {};
        filter.ranges["date"] = {daysOf("2010-01-01"), *daysOf("2012-06-30") + 0.9999};
        const Ids dated =
            plainly(*rows, [](const auto& r) { return r.recordedAt >= "2010-01-01" && r.recordedAt < "2012-07-01"; });
        QVERIFY(dated.size() > 50 && dated.size() < 300);
        QCOMPARE(answer(*index, filter), dated);
        // All together, and words.
        filter.choices["sex"] = {"male"};
        filter.text = "block  WARD";
        QCOMPARE(answer(*index, filter), plainly(*rows, [&](const auto& r) {
                     return std::find(dated.begin(), dated.end(), r.id.value) != dated.end() && r.sex == "male" &&
                            r.dataset.find("ward") != std::string::npos &&
                            std::any_of(r.labels.begin(), r.labels.end(),
                                        [](const auto& label) { return label.find("block") != std::string::npos; });
                 }));
        filter = {};
        filter.ranges["computed/no_such"] = {0, 1};
        QVERIFY(answer(*index, filter).empty());
    }

    void wordsBeyondAscii() {
        const auto index =
            indexOf({row(1, "A", {}, {"AV-\u00DCberleitungsst\u00F6rung"}), row(2, "\u00C4rztin"), row(3, "B")});
        WorklistFilter filter;
        filter.text = "\u00FCberleitung";
        QCOMPARE(answer(*index, filter), (Ids{1}));
        filter.text = "\u00E4RZTIN";
        QCOMPARE(answer(*index, filter), (Ids{2}));
    }

    void orders() {
        const auto index = indexOf({row(1, "A10", 72, {"b"}), row(2, "a9", {}, {"a", "c"}), row(3, "", 45),
                                    row(4, "A9b", 72, {"a"}), row(5, "A090", 3, {"a", "b"})});
        QCOMPARE(ids(*index, index->sorted("name", false)), (Ids{2, 4, 1, 5, 3}));
        QCOMPARE(ids(*index, index->sorted("name", true)), (Ids{5, 1, 4, 2, 3}));
        QCOMPARE(ids(*index, index->sorted("age", false)), (Ids{5, 3, 1, 4, 2}));
        QCOMPARE(ids(*index, index->sorted("age", true)), (Ids{1, 4, 3, 5, 2}));
        QCOMPARE(ids(*index, index->sorted("label", false)), (Ids{4, 5, 2, 1, 3}));
        QCOMPARE(ids(*index, index->sorted("label", true)), (Ids{1, 2, 5, 4, 3}));
        QCOMPARE(ids(*index, index->sorted("no such", false)), (Ids{1, 2, 3, 4, 5}));
    }

    // Digits far beyond any number, and keys that agree in their first eight bytes.
    void longNumbersInNames() {
        const std::string nines(300, '9'), more = "1" + std::string(300, '0');
        const auto index = indexOf({row(1, ("R" + more).c_str()), row(2, ("R" + nines).c_str()), row(3, "recording-b"),
                                    row(4, "recording-a")});
        QCOMPARE(ids(*index, index->sorted("name", false)), (Ids{2, 1, 4, 3}));
    }

    void labelsComeFromOnePlace() {
        auto rows = std::make_shared<const std::vector<RecordingRow>>(
            std::vector<RecordingRow>{row(1, "A", {}, {"atrial fibrillation"})});
        const auto blind = WorklistIndex::build(rows, [](const RecordingRow&) { return std::vector<std::string>(); });
        WorklistFilter filter;
        filter.text = "fibrillation";
        QVERIFY(answer(*blind, filter).empty());
        QVERIFY(blind->counts("label").empty());
        QCOMPARE(blind->termLine("label", 0), std::string());
        QCOMPARE(answer(*WorklistIndex::build(rows), filter), (Ids{1}));
    }

    void dates() {
        QCOMPARE(daysOf("1970-01-01"), std::optional(0.0));
        QCOMPARE(daysOf("2000-02-29"), std::optional(11016.0)); // 30 years, 7 leap days, 31 + 28 days
        QCOMPARE(daysOf("2000-02-29T18:00:00"), std::optional(11016.75));
        QCOMPARE(isoDate(11016.75), std::string("2000-02-29"));
        QCOMPARE(isoDate(-1), std::string("1969-12-31"));
        for (const char* none : {"", "2001-02-29", "2001", "29.02.2000", "2001-13-01", "20010229"})
            QVERIFY(!daysOf(none));
    }

    void measuresWhatIsMissing() {
        const Folder folder;
        std::vector<Recording> made;
        for (int i = 0; i < 4; ++i) {
            made.push_back(testing::ecg(static_cast<std::uint64_t>(i + 1)));
            if (i == 2)
                std::fill(made.back().leads[7].samples.begin(), made.back().leads[7].samples.end(), 0.0F);
            testing::writeRecord(folder / ("in/r" + std::to_string(i) + ".hea"), made.back());
        }
        const auto study = folder / "study";
        QVERIFY(testing::import(study, {folder / "in"}).ok());
        const auto opened = Study::open(study);
        QVERIFY(opened.ok());
        // The import measured on its way, and to the same values as is done here again.
        QCOMPARE(measuredState(**opened)->measured, 4);
        QCOMPARE(measure(study)->measured, 0);
        QCOMPARE(measuredQualities(**opened)->size(), std::size_t(4));
        QCOMPARE((*measuredQualities(**opened))[2].second.word, std::string("flat"));
        std::vector<Measurements> byImport;
        for (std::int64_t id = 1; id <= 4; ++id)
            byImport.push_back(*(*opened)->measurements(RecordingId(id), "computed"));
        QVERIFY(forgetMeasured(**opened));
        QCOMPARE(measuredState(**opened)->measured, 0);
        std::filesystem::rename(folder / "in/r1.dat", folder / "in/r1.away");
        auto report = measure(study);
        QVERIFY2(report.ok(), failureText(report).c_str());
        QCOMPARE(report->measured, 3);
        QCOMPARE(report->failed.size(), std::size_t(1));
        QCOMPARE(report->failed.front().name, std::string("r1"));
        std::filesystem::rename(folder / "in/r1.away", folder / "in/r1.dat");
        report = measure(study);
        QCOMPARE(report->measured, 1); // the others are there
        QCOMPARE(report->upToDate, 3);
        QVERIFY(report->failed.empty());

        // What stands there is what the analysis says of the file.
        const auto rows = (*opened)->query();
        for (const auto& one : *rows) {
            auto recording = (*opened)->readRecording(one.id);
            QVERIFY(recording.ok());
            deriveLimbLeads(*recording);
            const auto expected = flat(analyseEcg(*recording).measurements);
            const auto kept = (*opened)->measurements(one.id, "computed");
            QVERIFY(expected.count("qrs_ms") == 1 && expected.count("qtc_bazett_ms") == 1);
            for (const auto& [name, value] : expected)
                QVERIFY2(std::abs(kept->at(name) - value) < 1e-9, name.c_str());
            QVERIFY(*kept == byImport[static_cast<std::size_t>(one.id.value - 1)]);
        }
        const auto qualities = measuredQualities(**opened);
        QVERIFY(qualities.ok());
        QCOMPARE(qualities->size(), std::size_t(4));
        QCOMPARE((*qualities)[2].second.word, std::string("flat"));
        QVERIFY((*qualities)[2].second.leads == std::vector<std::string>{made[2].leads[7].name});
        const auto words = qualityTerms(**opened, *rows);
        QVERIFY(std::find(words->names.begin(), words->names.end(), "flat") != words->names.end());

        // Another version measures again; of a file that was imported anew there is nothing to do.
        QVERIFY((*opened)->impl().database->change("UPDATE measured SET version = 0 WHERE recording_id = 1").ok());
        QVERIFY((*opened)
                    ->impl()
                    .database->change("INSERT INTO measurements VALUES(1, 'computed', 'of_an_old_version', 1)")
                    .ok());
        QCOMPARE(measure(study)->measured, 1);
        QCOMPARE((*opened)->measurements(RecordingId(1), "computed")->count("of_an_old_version"), std::size_t(0));
        testing::writeRecord(folder / "in/r3.hea", testing::ecg(99));
        QVERIFY(testing::import(study, {folder / "in"}).ok());
        QCOMPARE(measuredState(**opened)->measured, 4);
        QCOMPARE(measure(study)->measured, 0);
        QCOMPARE(measure(study, true)->measured, 4);
    }

    // Of more than ten minutes the first ten are measured, rate and rhythm are of the whole: by the import, which reads
    // it in chunks, and again. Of more than half an hour there is the rhythm alone.
    void longRecordingsAreMeasuredByTheirBeginning() {
        const Folder folder;
        auto made = testing::ecg(5, 700, 100);
        const auto faster = testing::ecg(6, 100, 100); // another heart in the last 100 s
        for (std::size_t l = 0; l < made.leads.size(); ++l)
            std::copy(faster.leads[l].samples.begin(), faster.leads[l].samples.end(),
                      made.leads[l].samples.begin() + 60000);
        testing::writeRecord(folder / "in/a.hea", made);
        testing::writeRecord(folder / "in/b.hea", testing::ecg(7, 1810, 100));
        QVERIFY(testing::import(folder / "study", {folder / "in"}).ok());
        const auto opened = Study::open(folder / "study");
        QVERIFY(opened.ok());
        QCOMPARE(measuredState(**opened)->recordings, 1);
        QCOMPARE(measuredState(**opened)->measured, 1);
        const auto rows = (*opened)->query();
        auto beginning = *(*opened)->readRecording(rows->front().id);
        const auto whole = measureRhythm(detectRPeaks(beginning), 100);
        for (auto& lead : beginning.leads)
            lead.samples.resize(60000);
        deriveLimbLeads(beginning);
        auto expected = flat(analyseEcg(beginning).measurements);
        QVERIFY(std::abs(expected.at("heart_rate_bpm") - *whole.heartRateBpm) > 0.01);
        expected["heart_rate_bpm"] = *whole.heartRateBpm;
        expected["rr_sd_ms"] = *whole.rrSdMs;
        for (const bool again : {false, true}) {
            QCOMPARE(measure(folder / "study", again)->measured, again ? 1 : 0);
            auto kept = *(*opened)->measurements(rows->front().id, "computed");
            // A window of the import sees a beat by a sample earlier or later.
            for (const char* ofWhole : {"heart_rate_bpm", "rr_sd_ms"}) {
                QVERIFY(std::abs(kept.at(ofWhole) - expected.at(ofWhole)) < 0.01);
                kept[ofWhole] = expected.at(ofWhole);
            }
            QVERIFY(kept == expected);
        }
        const auto longer = *(*opened)->measurements(rows->back().id, "computed");
        QCOMPARE(longer.size(), std::size_t(2));
        QVERIFY(longer.contains("heart_rate_bpm") && longer.contains("rr_sd_ms"));
    }

    // A number may be given to another recording while the one that had it is measured.
    void measuredIsWhatHasTheSamples() {
        const Folder folder;
        testing::writeRecord(folder / "in/a.hea", testing::ecg(1));
        QVERIFY(testing::import(folder / "study", {folder / "in"}).ok());
        const auto study = Study::open(folder / "study");
        const auto writer = StudyWriter::create(**study);
        const auto before = *(*study)->measurements(RecordingId(1), "computed");
        const MeasuredSignal other{{{"qrs_ms", 1}}, {"noise", {"V1"}}};
        QCOMPARE(*(*writer)->setMeasured(RecordingId(1), "of another", other), false);
        QVERIFY(*(*study)->measurements(RecordingId(1), "computed") == before);
        QCOMPARE(*(*writer)->setMeasured(RecordingId(1), *(*study)->sampleHash(RecordingId(1)), other), true);
        QCOMPARE((*study)->measurements(RecordingId(1), "computed")->at("qrs_ms"), 1.0);
    }

    // What a file calls a lead does not bring a name into the study.
    void leadsTellNobody() {
        auto recording = testing::ecg(1);
        recording.metadata.identity.patientName = "Mustermann^Max";
        for (const char* called : {"V1", "V1 Mustermann"}) {
            recording.leads[6].name = called;
            std::fill(recording.leads[6].samples.begin(), recording.leads[6].samples.end(), 0.0F);
            const auto measured = measureSignal(recording, recording.seconds());
            QCOMPARE(measured->quality.word, std::string("flat"));
            QCOMPARE(measured->quality.leads.size(), called == std::string("V1") ? std::size_t(1) : std::size_t(0));
        }
    }

    // Stopped, and begun again: what was measured is kept.
    void measuringGoesOn() {
        const Folder folder;
        for (int i = 0; i < 6; ++i)
            testing::writeRecord(folder / ("in/r" + std::to_string(i) + ".hea"),
                                 testing::ecg(static_cast<std::uint64_t>(i + 1)));
        QVERIFY(testing::import(folder / "study", {folder / "in"}).ok());
        QVERIFY(forgetMeasured(**Study::open(folder / "study")));
        std::stop_source stop;
        stop.request_stop();
        for (int i = 0; i < 50; ++i) // however early the workers end
            QVERIFY(measure(folder / "study", false, stop.get_token()).cancelled());
        const auto report = measure(folder / "study");
        QVERIFY(report.ok());
        QCOMPARE(report->measured, 6);
        QVERIFY(measure(folder / "nowhere").failed());
    }
};

QTEST_GUILESS_MAIN(TestStudyWorklist)
#include "test_study_worklist.moc"
