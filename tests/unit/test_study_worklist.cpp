// SPDX-License-Identifier: GPL-3.0-or-later
// Rows for a worklist, their filters and orders against plain loops over Study::query(), and measuring a study.
#include "core/signal/measurements.h"
#include "core/study/bench_rows.h"
#include "core/study/measure_study.h"
#include "core/study/study_impl.h"
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
        }
        const auto qualities = measuredQualities(**opened);
        QVERIFY(qualities.ok());
        QCOMPARE(qualities->size(), std::size_t(4));
        QCOMPARE((*qualities)[2].second.word, std::string("flat"));
        QVERIFY((*qualities)[2].second.leads == std::vector<std::string>{made[2].leads[7].name});
        const auto words = qualityTerms(**opened, *rows);
        QVERIFY(std::find(words->names.begin(), words->names.end(), "flat") != words->names.end());

        // Another version measures again; a file that was imported anew, too.
        QVERIFY((*opened)->impl().database->change("UPDATE measured SET version = 0 WHERE recording_id = 1").ok());
        QVERIFY((*opened)
                    ->impl()
                    .database->change("INSERT INTO measurements VALUES(1, 'computed', 'of_an_old_version', 1)")
                    .ok());
        QCOMPARE(measure(study)->measured, 1);
        QCOMPARE((*opened)->measurements(RecordingId(1), "computed")->count("of_an_old_version"), std::size_t(0));
        testing::writeRecord(folder / "in/r3.hea", testing::ecg(99));
        QVERIFY(testing::import(study, {folder / "in"}).ok());
        QCOMPARE(measure(study)->measured, 1);
        QCOMPARE(measure(study)->measured, 0);
        QCOMPARE(measure(study, true)->measured, 4);
    }

    // Stopped, and begun again: what was measured is kept.
    void measuringGoesOn() {
        const Folder folder;
        for (int i = 0; i < 6; ++i)
            testing::writeRecord(folder / ("in/r" + std::to_string(i) + ".hea"),
                                 testing::ecg(static_cast<std::uint64_t>(i + 1)));
        QVERIFY(testing::import(folder / "study", {folder / "in"}).ok());
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(measure(folder / "study", false, stop.get_token()).cancelled());
        const auto report = measure(folder / "study");
        QVERIFY(report.ok());
        QCOMPARE(report->measured + report->upToDate, 6);
        QVERIFY(measure(folder / "nowhere").failed());
    }
};

QTEST_GUILESS_MAIN(TestStudyWorklist)
#include "test_study_worklist.moc"
