// SPDX-License-Identifier: GPL-3.0-or-later
// The study's database: making, opening, versions, the worklist query and what is kept beside it.
#include "core/study/study.h"
#include "study_test_data.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTest>

#include <cmath>
#include <limits>
#include <unistd.h>

using namespace precordia;
using testing::Folder;

class TestStudyStore : public QObject {
    Q_OBJECT

    // Runs statements on a database file outside any Study.
    static QVariant sql(const std::filesystem::path& file, const QStringList& statements) {
        QVariant last;
        {
            auto db = QSqlDatabase::addDatabase("QSQLITE", "test");
            db.setDatabaseName(QString::fromStdString(file.string()));
            if (!db.open())
                qFatal("no database");
            QSqlQuery query(db);
            for (const auto& statement : statements) {
                if (!query.exec(statement))
                    qFatal("%s", qPrintable(statement));
                if (query.next())
                    last = query.value(0);
            }
        }
        QSqlDatabase::removeDatabase("test");
        return last;
    }

    static std::vector<std::string> found(const Study& study, const WorklistQuery& query) {
        std::vector<std::string> names;
        const auto rows = study.query(query);
        if (!rows)
            qFatal("%s", failureText(rows).c_str());
        for (const auto& row : *rows)
            names.push_back(row.name);
        return names;
    }

    // Four recordings: r2 AF, r9 normal, r10 AF and LVH, x without facts.
    static std::unique_ptr<Study> sample(const Folder& dir) {
        const char* names[] = {"r10", "r2", "r9", "x"};
        for (std::uint64_t i = 0; i < 4; ++i)
            testing::writeRecord(dir / ("in/" + std::string(names[i]) + ".hea"), testing::ecg(i + 1, 4));
        dir.write("labels.csv", "record_path,dataset,patient,age,sex,labels\n"
                                "in/r2,Alpha,7,80,F,Atrial fibrillation\n"
                                "in/r9,Alpha,8,40,M,Sinus rhythm\n"
                                "in/r10,Beta,7,61,M,atrial fibrillation; LEFT ventricular hypertrophy.\n");
        const auto report = testing::import(dir / "study", {dir / "in"}, dir / "labels.csv");
        if (!report || report->imported != 4)
            qFatal("no sample");
        auto study = Study::open(dir / "study");
        return *std::move(study);
    }

private Q_SLOTS:
    void createsOnceOpensOften() {
        const Folder dir;
        QVERIFY(Study::open(dir / "s").error().code == ErrorCode::NotFound);
        {
            const auto made = Study::create(dir / "s");
            QVERIFY2(made.ok(), failureText(made).c_str());
            QVERIFY((*made)->setValue("note", "kept").ok());
        }
        QVERIFY(Study::create(dir / "s").error().code == ErrorCode::AlreadyExists);
        const auto opened = Study::openOrCreate(dir / "s");
        QVERIFY(opened.ok());
        QCOMPARE((*opened)->value("note"), std::string("kept"));
        QCOMPARE((*opened)->value("other"), std::string());
        QCOMPARE(*(*opened)->count(), 0);
        QVERIFY(std::filesystem::is_directory((*opened)->runsFolder()));
        QCOMPARE(sql(dir / "s/study.sqlite", {"PRAGMA journal_mode"}).toString(), QString("wal"));
        dir.write("file", "x");
        QVERIFY(Study::create(dir / "file/s").error().code == ErrorCode::FileUnwritable);
    }

    void aStudyThatCannotBeWrittenIsRead() {
        namespace fs = std::filesystem;
        const Folder dir;
        const auto folder = dir / "a? #study";
        QVERIFY((*Study::create(folder))->setValue("note", "kept").ok());
        QVERIFY(!fs::exists(folder / "study.sqlite-wal"));
        const auto readable = fs::perms(0555);
        fs::permissions(dir.path, fs::perms(0755));
        fs::permissions(folder, readable);
        fs::permissions(folder / "study.sqlite", fs::perms(0444));
        const bool root = ::geteuid() == 0; // who may write everywhere; for a moment nobody does
        if (root && ::seteuid(65534) != 0)
            QSKIP("the permissions cannot be tried as this user");
        QString failure;
        {
            const auto study = Study::open(folder);
            if (!study)
                failure = QString::fromStdString(failureText(study));
            else if ((*study)->value("note") != "kept")
                failure = "not read";
            else
                for (const auto& written :
                     {(*study)->setValue("note", "new"), (*study)->inTransaction([] { return Result<Done>(Done{}); })})
                    if (!written.failed() || written.error().code != ErrorCode::FileUnwritable ||
                        written.error().where != fs::canonical(folder).string())
                        failure = "written: " + QString::fromStdString(failureText(written));
        }
        if (root)
            QVERIFY(::seteuid(0) == 0);
        fs::permissions(folder, fs::perms(0755));
        QVERIFY2(failure.isEmpty(), qPrintable(failure));
        QCOMPARE(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 6); // nothing new beside it
    }

    void aStudyCutOffAtItsBirthIsCompleted() { // version 0, no table: the state before the first commit
        const Folder dir;
        dir.write("s/study.sqlite", "");
        const auto study = Study::open(dir / "s");
        QVERIFY2(study.ok(), failureText(study).c_str());
        QCOMPARE(*(*study)->count(), 0);
        QVERIFY(sql(dir / "s/study.sqlite", {"PRAGMA user_version"}).toInt() >= 1);
    }

    void aNewerStudyAndAForeignFileAreRefusedUntouched() {
        const Folder dir;
        QVERIFY(Study::create(dir / "new").ok());
        sql(dir / "new/study.sqlite", {"PRAGMA user_version = 999"});
        const auto newer = Study::open(dir / "new");
        QVERIFY(newer.failed() && newer.error().code == ErrorCode::DatabaseFailed);
        QVERIFY2(newer.error().text().find("newer program") != std::string::npos, newer.error().text().c_str());
        QCOMPARE(sql(dir / "new/study.sqlite", {"PRAGMA user_version"}).toInt(), 999);

        std::filesystem::create_directory(dir / "foreign");
        sql(dir / "foreign/study.sqlite", {"CREATE TABLE birds(name TEXT)"});
        QVERIFY(Study::open(dir / "foreign").error().code == ErrorCode::DatabaseFailed);
        QCOMPARE(sql(dir / "foreign/study.sqlite", {"SELECT COUNT(*) FROM sqlite_master"}).toInt(), 1);

        dir.write("junk/study.sqlite", std::string(5000, 'j'));
        QVERIFY(Study::open(dir / "junk").error().code == ErrorCode::DatabaseFailed);
    }

    void rowsCarryWhatIsKnown() {
        const Folder dir;
        const auto study = sample(dir);
        WorklistQuery query;
        query.text = "r10";
        const auto rows = study->query(query);
        QCOMPARE(rows->size(), 1U);
        const auto& row = rows->front();
        QCOMPARE(row.labels, (std::vector<std::string>{"atrial fibrillation", "left ventricular hypertrophy"}));
        QCOMPARE(row.dataset, std::string("Beta"));
        QCOMPARE(row.sex, std::string("male"));
        QCOMPARE(*row.ageYears, 61.0);
        QCOMPARE(row.samplingRate, 250.0);
        QCOMPARE(row.samples, 1000);
        QCOMPARE(row.leads, 12);
        QCOMPARE(row.format, std::string("wfdb"));
        QCOMPARE(row.sha256.size(), 64U);
        QCOMPARE(row.source, std::filesystem::canonical(dir / "in/r10.hea"));
        QVERIFY(!row.patient.empty() && row.patient != "7");
        QVERIFY(!row.surprise && !row.cluster);
        const auto again = study->row(row.id);
        QCOMPARE(again->name, row.name);
        QVERIFY(study->row(RecordingId(12345)).error().code == ErrorCode::NotFound);
        const auto counts = study->labels();
        QCOMPARE(counts->front(), (std::pair<std::string, int>{"atrial fibrillation", 2}));
        QCOMPARE(counts->size(), 3U);
    }

    void filtersAndOrders() {
        const Folder dir;
        const auto study = sample(dir);
        using Names = std::vector<std::string>;
        using Order = WorklistQuery::Order;
        WorklistQuery q;
        q.order = Order::Name;
        QCOMPARE(found(*study, q), (Names{"r2", "r9", "r10", "x"})); // numbers as numbers
        q.descending = true;
        QCOMPARE(found(*study, q), (Names{"x", "r10", "r9", "r2"}));
        q = {};
        q.order = Order::Age;
        QCOMPARE(found(*study, q), (Names{"r9", "r10", "r2", "x"}));
        q.descending = true;
        QCOMPARE(found(*study, q), (Names{"r2", "r10", "r9", "x"})); // unknown ages last both ways
        q.label = "FIBRILL";
        QCOMPARE(found(*study, q), (Names{"r2", "r10"}));
        q.dataset = "Alpha";
        QCOMPARE(found(*study, q), (Names{"r2"}));
        q = {};
        q.text = "hypertrophy BETA";
        QCOMPARE(found(*study, q), (Names{"r10"}));
        q.text = "hypertrophy alpha";
        QVERIFY(found(*study, q).empty());
        q.text = "100%"; // no wildcard meaning
        QVERIFY(found(*study, q).empty());
        q = {};
        q.ageFrom = 50;
        q.ageTo = 61;
        QCOMPARE(found(*study, q), (Names{"r10"}));
        q = {};
        q.sex = "male";
        q.order = Order::Label;
        QCOMPARE(found(*study, q), (Names{"r10", "r9"}));
        q = {};
        q.dataset = "' OR 1=1 --";
        QVERIFY(found(*study, q).empty());
    }

    void manyIdsAndFewIdsFilterAlike() {
        const Folder dir;
        const auto study = sample(dir);
        WorklistQuery q;
        q.among = {RecordingId(1), RecordingId(3)};
        const auto few = found(*study, q);
        QCOMPARE(few.size(), 2U);
        for (int i = 1000; i < 3000; ++i)
            q.among.emplace_back(i);
        QCOMPARE(found(*study, q), few);
    }

    void measurementsReplaceAndComputedComesFirst() {
        const Folder dir;
        const auto study = sample(dir);
        const RecordingId id(1);
        QVERIFY(study->setMeasurements(id, "file", {{"heart_rate_bpm", 50}, {"qt_ms", 400}}).ok());
        QVERIFY(study->setMeasurements(id, "computed", {{"heart_rate_bpm", 71}}).ok());
        QVERIFY(study->setMeasurements(id, "computed", {{"heart_rate_bpm", 72}}).ok());
        QCOMPARE(*study->row(id)->heartRateBpm, 72.0);
        QCOMPARE(*study->measurements(id, "file"), (Measurements{{"heart_rate_bpm", 50}, {"qt_ms", 400}}));
        const auto column = study->measurementColumn("file", "qt_ms");
        QCOMPARE(column->size(), 1U);
        QCOMPARE(column->front().second, 400.0);
        WorklistQuery q;
        q.heartRateFrom = 71.9;
        q.heartRateTo = 72.1;
        QCOMPARE(study->query(q)->size(), 1U);
        const double nan = std::numeric_limits<double>::quiet_NaN();
        QVERIFY(study->setMeasurements(id, "truth", {{"a", 1}, {"b", nan}}).error().code == ErrorCode::NotFinite);
        QVERIFY(study->measurements(id, "truth")->empty());                            // all or nothing
        QVERIFY(study->setMeasurements(RecordingId(99), "file", {{"a", 1}}).failed()); // no such recording
    }

    void surpriseAndMapBelongToAModel() {
        const Folder dir;
        const auto study = sample(dir);
        QVERIFY(study->setSurprise("m1", {{RecordingId(1), 0.5}, {RecordingId(2), 0.9}}, {{1, 2, 3}, {4, 5, 6}}).ok());
        QVERIFY(study->setMap("m1", "{\"seed\":1}", {{RecordingId(1), 1, 2, 0}, {RecordingId(2), 3, 4, 1}}).ok());
        QVERIFY(!study->row(RecordingId(1))->surprise); // no model chosen yet
        QVERIFY(study->setCurrentModel("m1").ok());
        QCOMPARE(study->currentModel(), std::string("m1"));
        QCOMPARE(*study->row(RecordingId(1))->surprise, 0.5);
        QCOMPARE(*study->surpriseOfIntervals(RecordingId(2)), (std::vector<float>{4, 5, 6}));
        QVERIFY(study->surpriseOfIntervals(RecordingId(3))->empty());
        WorklistQuery q;
        q.cluster = 1;
        QCOMPARE(study->query(q)->size(), 1U);
        q = {};
        q.order = WorklistQuery::Order::Surprise;
        q.descending = true;
        QCOMPARE(study->query(q)->front().id, RecordingId(2));
        // In terms of the study: beside the raw values, and what the list is sorted by.
        QVERIFY(study->surpriseCalibration("m1")->empty());
        QVERIFY(study
                    ->setSurprisePercentiles("m1", {{RecordingId(1), 80}, {RecordingId(2), 20}},
                                             {{70, 80, 90}, {10, 20, 30}})
                    .ok());
        const std::string bytes("a\0b", 3);
        QVERIFY(study->setSurpriseCalibration("m1", bytes).ok());
        QCOMPARE(*study->surpriseCalibration("m1"), bytes);
        QCOMPARE(*study->row(RecordingId(1))->surprise, 0.5);
        QCOMPARE(*study->row(RecordingId(1))->surprisePercentile, 80.0);
        QCOMPARE(*study->surprisePercentilesOfIntervals(RecordingId(2)), (std::vector<float>{10, 20, 30}));
        QCOMPARE(study->query(q)->front().id, RecordingId(1)); // by latent error it was the other
        QVERIFY(study->setMap("m1", "{\"seed\":2}", {{RecordingId(3), 7, 8, 2}}).ok()); // replaces
        QCOMPARE(study->map()->size(), 1U);
        QCOMPARE(study->map()->front().x, 7.0F);
        QCOMPARE(study->mapParameters(), std::string("{\"seed\":2}"));
        const float nan = std::numeric_limits<float>::quiet_NaN();
        QVERIFY(study->setMap("m1", "{}", {{RecordingId(1), nan, 0, 0}}).failed());
        QCOMPARE(study->map()->size(), 1U); // the old map stands
        QVERIFY(study->setCurrentModel("m2").ok());
        QVERIFY(study->map()->empty());
        QVERIFY(study->setSurprise("m2", {{RecordingId(1), 1}}, {{1}, {2}}).error().code == ErrorCode::WrongUse);
    }

    void transactionsAreAllOrNothing() {
        const Folder dir;
        const auto study = sample(dir);
        const auto refused = study->inTransaction([&]() -> Result<Done> {
            if (const auto done = study->setValue("a", "1"); !done)
                return done;
            if (const auto done = study->setMeasurements(RecordingId(1), "truth", {{"x", 1}}); !done)
                return done;
            return Cancelled{};
        });
        QVERIFY(refused.cancelled());
        QCOMPARE(study->value("a"), std::string());
        QVERIFY(study->measurements(RecordingId(1), "truth")->empty());
        QVERIFY(study->inTransaction([&] { return study->setValue("a", "2"); }).ok());
        QCOMPARE(study->value("a"), std::string("2"));
    }

    void twoConnectionsSeeEachOther() {
        const Folder dir;
        const auto one = sample(dir);
        const auto two = Study::open(dir / "study");
        QVERIFY(one->setValue("k", "v").ok());
        QCOMPARE((*two)->value("k"), std::string("v"));
    }

    void recordingsAreReadAgainFromTheirSource() {
        const Folder dir;
        const auto study = sample(dir);
        const auto recording = study->readRecording(RecordingId(1));
        QVERIFY2(recording.ok(), failureText(recording).c_str());
        QCOMPARE(recording->samples(), 1000U);
        std::filesystem::remove(dir / "in/r10.hea");
        const auto gone = study->readRecording(RecordingId(1));
        QVERIFY(gone.failed() && gone.error().code == ErrorCode::NotFound);
        QVERIFY(gone.error().where.find("r10.hea") != std::string::npos);
        QVERIFY(study->readRecording(RecordingId(99)).error().code == ErrorCode::NotFound);
    }

    void aStudyWithItsOwnRecordingsCanBeMoved() {
        const Folder dir;
        testing::writeRecord(dir / "s/recordings/own.hea", testing::ecg(1, 2));
        QCOMPARE(testing::import(dir / "s", {dir / "s/recordings"})->imported, 1);
        std::filesystem::rename(dir / "s", dir / "moved");
        const auto study = Study::open(dir / "moved");
        QVERIFY((*study)->readRecording(RecordingId(1)).ok());
        QCOMPARE(testing::import(dir / "moved", {dir / "moved"})->duplicates, 1);
    }
};

QTEST_GUILESS_MAIN(TestStudyStore)
#include "test_study_store.moc"
