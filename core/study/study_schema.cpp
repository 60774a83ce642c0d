// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/study_schema.h"

#include <array>

namespace precordia {

namespace {

// "PREC" in ASCII: tells a study from any other SQLite file.
constexpr int kApplicationId = 0x50524543;

// Step i brings version i to version i + 1. A step once released is never changed.
// Patients are pseudonyms only; sample_hash is over the decoded samples, so that the same ECG in two files is one.
const std::array<std::vector<const char*>, 7> kSteps = {
    {{
         "CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
         "CREATE TABLE patients (id INTEGER PRIMARY KEY, pseudonym TEXT NOT NULL UNIQUE)",
         "CREATE TABLE recordings (id INTEGER PRIMARY KEY, name TEXT NOT NULL, dataset TEXT NOT NULL,"
         " patient_id INTEGER REFERENCES patients(id), path TEXT NOT NULL UNIQUE, file_size INTEGER NOT NULL,"
         " file_modified INTEGER NOT NULL, file_sha256 TEXT NOT NULL, sample_hash TEXT NOT NULL UNIQUE,"
         " format TEXT NOT NULL, sampling_rate REAL NOT NULL, samples INTEGER NOT NULL, leads INTEGER NOT NULL,"
         " age_years REAL, sex TEXT NOT NULL, recorded_at TEXT NOT NULL, device TEXT NOT NULL, imported_at TEXT NOT "
         "NULL)",
         "CREATE INDEX recordings_by_dataset ON recordings(dataset)",
         "CREATE INDEX recordings_by_patient ON recordings(patient_id)",
         "CREATE TABLE label_names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL)",
         "CREATE TABLE labels (recording_id INTEGER NOT NULL REFERENCES recordings(id) ON DELETE CASCADE,"
         " label_id INTEGER NOT NULL REFERENCES label_names(id), source TEXT NOT NULL,"
         " PRIMARY KEY (recording_id, label_id, source)) WITHOUT ROWID",
         "CREATE INDEX labels_by_name ON labels(label_id, recording_id)",
         "CREATE TABLE annotations (recording_id INTEGER NOT NULL REFERENCES recordings(id) ON DELETE CASCADE,"
         " position INTEGER NOT NULL, sample INTEGER NOT NULL, lead INTEGER, symbol TEXT NOT NULL, text TEXT NOT NULL,"
         " source TEXT NOT NULL, PRIMARY KEY (recording_id, position)) WITHOUT ROWID",
         "CREATE TABLE measurements (recording_id INTEGER NOT NULL REFERENCES recordings(id) ON DELETE CASCADE,"
         " source TEXT NOT NULL, name TEXT NOT NULL, value REAL NOT NULL, PRIMARY KEY (recording_id, source, name))"
         " WITHOUT ROWID",
         "CREATE INDEX measurements_by_name ON measurements(source, name, recording_id, value)",
         "CREATE TABLE warnings (recording_id INTEGER NOT NULL REFERENCES recordings(id) ON DELETE CASCADE,"
         " position INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, place TEXT NOT NULL,"
         " PRIMARY KEY (recording_id, position)) WITHOUT ROWID",
         "CREATE TABLE surprise (model_hash TEXT NOT NULL,"
         " recording_id INTEGER NOT NULL REFERENCES recordings(id) ON DELETE CASCADE, value REAL NOT NULL,"
         " per_interval BLOB, PRIMARY KEY (model_hash, recording_id)) WITHOUT ROWID",
         "CREATE INDEX surprise_by_recording ON surprise(recording_id)",
         "CREATE TABLE maps (model_hash TEXT PRIMARY KEY, parameters TEXT NOT NULL) WITHOUT ROWID",
         "CREATE TABLE map_points (model_hash TEXT NOT NULL REFERENCES maps(model_hash) ON DELETE CASCADE,"
         " recording_id INTEGER NOT NULL REFERENCES recordings(id) ON DELETE CASCADE, x REAL NOT NULL, y REAL NOT NULL,"
         " cluster INTEGER NOT NULL, PRIMARY KEY (model_hash, recording_id)) WITHOUT ROWID",
         "CREATE INDEX map_points_by_recording ON map_points(recording_id)",
     },
     {
         // Surprise in terms of the study, and what it was calibrated with.
         "ALTER TABLE surprise ADD COLUMN percentile REAL",
         "ALTER TABLE surprise ADD COLUMN interval_percentiles BLOB",
         "CREATE TABLE surprise_calibrations (model_hash TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID",
     },
     {
         // One file may hold many recordings; a recording's file has companions; splits, and what imports said.
         "CREATE TABLE recordings_3 (id INTEGER PRIMARY KEY, name TEXT NOT NULL, dataset TEXT NOT NULL,"
         " patient_id INTEGER REFERENCES patients(id), path TEXT NOT NULL, item INTEGER NOT NULL, items INTEGER NOT"
         " NULL, file_size INTEGER NOT NULL, file_modified INTEGER NOT NULL, companions TEXT NOT NULL,"
         " file_sha256 TEXT NOT NULL, sample_hash TEXT NOT NULL UNIQUE, format TEXT NOT NULL, sampling_rate REAL NOT"
         " NULL, samples INTEGER NOT NULL, leads INTEGER NOT NULL, age_years REAL, sex TEXT NOT NULL,"
         " recorded_at TEXT NOT NULL, device TEXT NOT NULL, imported_at TEXT NOT NULL, UNIQUE (path, item))",
         "INSERT INTO recordings_3 SELECT id, name, dataset, patient_id, path, 0, 1, file_size, file_modified, '',"
         " file_sha256, sample_hash, format, sampling_rate, samples, leads, age_years, sex, recorded_at, device,"
         " imported_at FROM recordings",
         "DROP TABLE recordings",
         "ALTER TABLE recordings_3 RENAME TO recordings",
         "CREATE INDEX recordings_by_dataset ON recordings(dataset)",
         "CREATE INDEX recordings_by_patient ON recordings(patient_id)",
         "ALTER TABLE labels ADD COLUMN likelihood REAL",
         "CREATE TABLE signatures (recording_id INTEGER PRIMARY KEY REFERENCES recordings(id) ON DELETE CASCADE,"
         " data BLOB NOT NULL)",
         "CREATE TABLE splits (recording_id INTEGER PRIMARY KEY REFERENCES recordings(id) ON DELETE CASCADE,"
         " fold INTEGER NOT NULL)",
         "CREATE TABLE imports (id INTEGER PRIMARY KEY, ended_at TEXT NOT NULL, report TEXT NOT NULL)",
     },
     {
         // Which version of our own measuring a recording's computed values are of, and the worst of its signal.
         "CREATE TABLE measured (recording_id INTEGER PRIMARY KEY REFERENCES recordings(id) ON DELETE CASCADE,"
         " version INTEGER NOT NULL, quality TEXT NOT NULL, quality_leads TEXT NOT NULL)",
         // A list of many rows wants the values without the intervals beside them.
         "CREATE INDEX surprise_values ON surprise(model_hash, recording_id, value, percentile)",
     },
     {
         // Fiducial points that readers moved on the median beat, s from its R peak: a journal that only grows.
         "CREATE TABLE fiducial_edits (id INTEGER PRIMARY KEY,"
         " recording_id INTEGER NOT NULL REFERENCES recordings(id) ON DELETE CASCADE, p_on REAL, p_off REAL,"
         " qrs_on REAL, qrs_off REAL, t_off REAL, reader TEXT NOT NULL, edited_at TEXT NOT NULL)",
         "CREATE INDEX fiducial_edits_by_recording ON fiducial_edits(recording_id)",
     },
     {
         // Labels of readers: journals that are only added to, and what follows from them. An ECG is its sample_hash:
         // its labels outlive its row. Term 0: the recording was read.
         "CREATE TABLE vocabulary (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, code TEXT NOT NULL,"
         " key INTEGER CHECK (key BETWEEN 1 AND 9), active INTEGER NOT NULL)",
         "INSERT INTO vocabulary VALUES(0, '', '', NULL, 0)",
         "CREATE TABLE vocabulary_edits (id INTEGER PRIMARY KEY AUTOINCREMENT, made_at TEXT NOT NULL, reader TEXT NOT"
         " NULL, term_id INTEGER NOT NULL, name TEXT NOT NULL, code TEXT NOT NULL, key INTEGER, active INTEGER NOT"
         " NULL)",
         "CREATE TABLE label_edits (id INTEGER PRIMARY KEY AUTOINCREMENT, batch INTEGER NOT NULL, made_at TEXT NOT"
         " NULL, reader TEXT NOT NULL, made_by TEXT NOT NULL, term_id INTEGER NOT NULL REFERENCES vocabulary(id),"
         " sample_hash TEXT NOT NULL, target TEXT NOT NULL CHECK (target IN ('recording', 'lead', 'interval',"
         " 'beat')), lead TEXT NOT NULL, from_sample INTEGER NOT NULL, to_sample INTEGER NOT NULL,"
         " value INTEGER CHECK (value IN (0, 1)), before INTEGER CHECK (before IN (0, 1)),"
         " reverses INTEGER REFERENCES label_edits(id))",
         "CREATE INDEX label_edits_by_recording ON label_edits(sample_hash)",
         "CREATE INDEX label_edits_by_batch ON label_edits(batch)",
         "CREATE TABLE reader_labels (sample_hash TEXT NOT NULL, reader TEXT NOT NULL, term_id INTEGER NOT NULL,"
         " target TEXT NOT NULL, lead TEXT NOT NULL, from_sample INTEGER NOT NULL, to_sample INTEGER NOT NULL,"
         " value INTEGER NOT NULL, PRIMARY KEY (sample_hash, reader, term_id, target, lead, from_sample, to_sample))"
         " WITHOUT ROWID",
         "CREATE TRIGGER vocabulary_edited AFTER INSERT ON vocabulary_edits BEGIN"
         " INSERT INTO vocabulary(id, name, code, key, active) VALUES(NEW.term_id, NEW.name, NEW.code, NEW.key,"
         " NEW.active) ON CONFLICT(id) DO UPDATE SET name = excluded.name, code = excluded.code, key = excluded.key,"
         " active = excluded.active; END",
         "CREATE TRIGGER label_given AFTER INSERT ON label_edits WHEN NEW.value IS NOT NULL BEGIN"
         " INSERT OR REPLACE INTO reader_labels VALUES(NEW.sample_hash, NEW.reader, NEW.term_id, NEW.target, NEW.lead,"
         " NEW.from_sample, NEW.to_sample, NEW.value); END",
         "CREATE TRIGGER label_taken_back AFTER INSERT ON label_edits WHEN NEW.value IS NULL BEGIN"
         " DELETE FROM reader_labels WHERE sample_hash = NEW.sample_hash AND reader = NEW.reader AND"
         " term_id = NEW.term_id AND target = NEW.target AND lead = NEW.lead AND from_sample = NEW.from_sample AND"
         " to_sample = NEW.to_sample; END",
         "CREATE TRIGGER label_edits_stay BEFORE UPDATE ON label_edits BEGIN"
         " SELECT RAISE(ABORT, 'the journal of labels is only added to'); END",
         "CREATE TRIGGER label_edits_remain BEFORE DELETE ON label_edits BEGIN"
         " SELECT RAISE(ABORT, 'the journal of labels is only added to'); END",
         "CREATE TRIGGER vocabulary_edits_stay BEFORE UPDATE ON vocabulary_edits BEGIN"
         " SELECT RAISE(ABORT, 'the journal of the vocabulary is only added to'); END",
         "CREATE TRIGGER vocabulary_edits_remain BEFORE DELETE ON vocabulary_edits BEGIN"
         " SELECT RAISE(ABORT, 'the journal of the vocabulary is only added to'); END",
     },
     {
         // Points moved on a single beat: the sample of its R peak. NULL: on the median beat.
         "ALTER TABLE fiducial_edits ADD COLUMN r_sample INTEGER",
     }}};

Result<int> pragma(const Database& database, const QString& name) {
    const auto value = database.scalar("PRAGMA " + name);
    if (!value)
        return value.as<int>();
    return value->toInt();
}

} // namespace

int currentSchemaVersion() {
    return static_cast<int>(kSteps.size());
}

Result<Done> migrate(Database& database) {
    const auto before = pragma(database, "user_version");
    const auto owner = pragma(database, "application_id");
    if (before && owner && *before == currentSchemaVersion() && *owner == kApplicationId)
        return Done{};
    // A table that is made anew is dropped first: its references must not follow it. Not to be switched in a
    // transaction.
    if (const auto off = database.change("PRAGMA foreign_keys = OFF"); !off)
        return off;
    auto migrated = database.transaction([&]() -> Result<Done> {
        // Asked again inside: another process may have migrated it while this one waited.
        const auto version = pragma(database, "user_version");
        const auto application = pragma(database, "application_id");
        const auto tables = database.scalar("SELECT COUNT(*) FROM sqlite_master");
        if (!version || !application || !tables)
            return makeError(ErrorCode::DatabaseFailed, "its version cannot be read");
        const bool empty = *version == 0 && tables->toInt() == 0;
        if (!empty && *application != kApplicationId)
            return makeError(ErrorCode::DatabaseFailed, "it is an SQLite file, but no study of this program");
        if (*version > currentSchemaVersion())
            return makeError(ErrorCode::DatabaseFailed, "it was written by a newer program (schema " +
                                                            std::to_string(*version) + ", this one knows up to " +
                                                            std::to_string(currentSchemaVersion()) + ")");
        for (auto step = static_cast<std::size_t>(*version); step < kSteps.size(); ++step)
            for (const auto* sql : kSteps[step])
                if (const auto done = database.change(sql); !done)
                    return done;
        for (const auto& sql : {QStringLiteral("PRAGMA application_id = %1").arg(kApplicationId),
                                QStringLiteral("PRAGMA user_version = %1").arg(currentSchemaVersion())})
            if (const auto done = database.change(sql); !done)
                return done;
        return Done{};
    });
    const auto on = database.change("PRAGMA foreign_keys = ON");
    return migrated.ok() && !on ? on : migrated;
}

} // namespace precordia
