// SPDX-License-Identifier: GPL-3.0-or-later
// A study of an earlier program opens with all that it held.
#include "core/study/near_duplicates.h"
#include "core/study/splits.h"
#include "core/study/study_impl.h"
#include "core/study/study_schema.h"
#include "study_test_data.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTest>

using namespace precordia;
using testing::Folder;
namespace fs = std::filesystem;

class TestStudySchema : public QObject {
    Q_OBJECT

    static void run(const QString& file, const std::vector<QString>& statements) {
        {
            auto database = QSqlDatabase::addDatabase("QSQLITE", "old");
            database.setDatabaseName(file);
            QVERIFY(database.open());
            QSqlQuery query(database);
            for (const auto& sql : statements)
                QVERIFY2(query.exec(sql), qPrintable(query.lastError().text() + ": " + sql));
        }
        QSqlDatabase::removeDatabase("old");
    }

    // The tables of schema 2, as that program made them, with two recordings.
    static std::vector<QString> schema2(const QString& recording) {
        return {
            "PRAGMA foreign_keys = ON",
            "CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
            "CREATE TABLE patients (id INTEGER PRIMARY KEY, pseudonym TEXT NOT NULL UNIQUE)",
            "CREATE TABLE recordings (id INTEGER PRIMARY KEY, name TEXT NOT NULL, dataset TEXT NOT NULL,"
            " patient_id INTEGER REFERENCES patients(id), path TEXT NOT NULL UNIQUE, file_size INTEGER NOT NULL,"
            " file_modified INTEGER NOT NULL, file_sha256 TEXT NOT NULL, sample_hash TEXT NOT NULL UNIQUE,"
            " format TEXT NOT NULL, sampling_rate REAL NOT NULL, samples INTEGER NOT NULL, leads INTEGER NOT NULL,"
            " age_years REAL, sex TEXT NOT NULL, recorded_at TEXT NOT NULL, device TEXT NOT NULL,"
            " imported_at TEXT NOT NULL)",
            "CREATE INDEX recordings_by_dataset ON recordings(dataset)",
            "CREATE INDEX recordings_by_patient ON recordings(patient_id)",
            "CREATE TABLE label_names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL)",
            "CREATE TABLE labels (recording_id INTEGER NOT NULL REFERENCES recordings(id) ON DELETE CASCADE,"
            " label_id INTEGER NOT NULL REFERENCES label_names(id), source TEXT NOT NULL,"
            " PRIMARY KEY (recording_id, label_id, source)) WITHOUT ROWID",
            "CREATE INDEX labels_by_name ON labels(label_id, recording_id)",
            "CREATE TABLE annotations (recording_id INTEGER NOT NULL REFERENCES recordings(id) ON DELETE CASCADE,"
            " position INTEGER NOT NULL, sample INTEGER NOT NULL, lead INTEGER, symbol TEXT NOT NULL, text TEXT NOT "
            "NULL,"
            " source TEXT NOT NULL, PRIMARY KEY (recording_id, position)) WITHOUT ROWID",
            "CREATE TABLE measurements (recording_id INTEGER NOT NULL REFERENCES recordings(id) ON DELETE CASCADE,"
            " source TEXT NOT NULL, name TEXT NOT NULL, value REAL NOT NULL, PRIMARY KEY (recording_id, source, name))"
            " WITHOUT ROWID",
            "CREATE TABLE warnings (recording_id INTEGER NOT NULL REFERENCES recordings(id) ON DELETE CASCADE,"
            " position INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, place TEXT NOT NULL,"
            " PRIMARY KEY (recording_id, position)) WITHOUT ROWID",
            "CREATE TABLE surprise (model_hash TEXT NOT NULL,"
            " recording_id INTEGER NOT NULL REFERENCES recordings(id) ON DELETE CASCADE, value REAL NOT NULL,"
            " per_interval BLOB, percentile REAL, interval_percentiles BLOB, PRIMARY KEY (model_hash, recording_id))"
            " WITHOUT ROWID",
            "CREATE TABLE maps (model_hash TEXT PRIMARY KEY, parameters TEXT NOT NULL) WITHOUT ROWID",
            "CREATE TABLE map_points (model_hash TEXT NOT NULL REFERENCES maps(model_hash) ON DELETE CASCADE,"
            " recording_id INTEGER NOT NULL REFERENCES recordings(id) ON DELETE CASCADE, x REAL NOT NULL, y REAL NOT "
            "NULL,"
            " cluster INTEGER NOT NULL, PRIMARY KEY (model_hash, recording_id)) WITHOUT ROWID",
            "CREATE TABLE surprise_calibrations (model_hash TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID",
            "INSERT INTO patients VALUES(4, 'P0123456789ab')",
            "INSERT INTO recordings VALUES(7, 'a', 'Set', 4, '" + recording +
                "', 11, 12, 'sha', 'hash-a', 'wfdb', 250, 2500, 12, 61, 'female', '2011-01-02', 'dev', '2024')",
            "INSERT INTO recordings VALUES(9, 'b', '', NULL, '/gone/b.hea', 21, 22, 'sha', 'hash-b', 'wfdb', 500, 5000,"
            " 12, NULL, '', '', '', '2024')",
            "INSERT INTO label_names VALUES(1, 'sinus rhythm', 'rhythm')",
            "INSERT INTO labels VALUES(7, 1, 'file')",
            "INSERT INTO measurements VALUES(7, 'computed', 'heart_rate_bpm', 71)",
            "INSERT INTO warnings VALUES(9, 0, 'short-file', 'm', 'p')",
            "INSERT INTO annotations VALUES(7, 0, 100, NULL, 'N', '', 'atr')",
            "INSERT INTO maps VALUES('m', '{}')",
            "INSERT INTO map_points VALUES('m', 7, 1, 2, 3)",
            "PRAGMA application_id = 1347568963", // "PREC"
            "PRAGMA user_version = 2",
        };
    }

private Q_SLOTS:
    void anEarlierStudyKeepsEverything() {
        const Folder dir;
        testing::writeRecord(dir / "in/a.hea", testing::ecg(1, 10));
        fs::create_directories(dir / "study");
        const auto path = QString::fromStdString((dir / "in/a.hea").string());
        run(QString::fromStdString((dir / "study/study.sqlite").string()), schema2(path));
        const auto study = Study::open(dir / "study");
        QVERIFY2(study.ok(), failureText(study).c_str());
        const auto rows = (*study)->query();
        QCOMPARE(rows->size(), 2U);
        QCOMPARE((*rows)[0].id, RecordingId(7));
        QCOMPARE((*rows)[0].patient, std::string("P0123456789ab"));
        QCOMPARE((*rows)[0].labels, (std::vector<std::string>{"sinus rhythm"}));
        QCOMPARE(*(*rows)[0].heartRateBpm, 71.0);
        QCOMPARE((*rows)[1].warnings, 1);
        QCOMPARE((*study)->annotations(RecordingId(7))->size(), 1U);
        QCOMPARE((*study)->readRecording(RecordingId(7))->samples(), 2500U);
        auto& database = *(*study)->impl().database;
        QCOMPARE(database.scalar("PRAGMA user_version")->toInt(), currentSchemaVersion());
        QCOMPARE(database.scalar("PRAGMA foreign_keys")->toInt(), 1);
        QVERIFY(!database.scalar("PRAGMA foreign_key_check")->isValid());
        QCOMPARE(database.scalar("SELECT COUNT(*) FROM map_points")->toInt(), 1);
        // References follow the new table.
        QVERIFY(database.change("DELETE FROM recordings WHERE id = 7").ok());
        QCOMPARE(database.scalar("SELECT COUNT(*) FROM labels")->toInt(), 0);
        QCOMPARE(database.scalar("SELECT COUNT(*) FROM map_points")->toInt(), 0);
    }

    // Signatures are made when they are first asked for; a file that is gone is left out.
    void signaturesOfAnEarlierStudy() {
        const Folder dir;
        testing::writeRecord(dir / "in/a.hea", testing::ecg(1, 10));
        fs::create_directories(dir / "study");
        const auto path = QString::fromStdString((dir / "in/a.hea").string());
        run(QString::fromStdString((dir / "study/study.sqlite").string()), schema2(path));
        const auto study = Study::open(dir / "study");
        Progress silent;
        const auto near = nearDuplicates(**study, {}, silent);
        QVERIFY2(near.ok(), failureText(near).c_str());
        QVERIFY(near->empty());
        QCOMPARE((*study)->impl().database->scalar("SELECT COUNT(*) FROM signatures")->toInt(), 1);
        QVERIFY(makeSplits(**study, 2, 1, {}, silent).ok());
        QCOMPARE(storedFolds(**study)->size(), 2U);
    }
};

QTEST_GUILESS_MAIN(TestStudySchema)
#include "test_study_schema.moc"
